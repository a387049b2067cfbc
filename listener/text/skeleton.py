"""What a text looks like: characters replaced by the Latin letter or digit people read (UTS #39)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from listener.text.confusables import CONFUSABLES
from listener.text.fold import audible, unmarked

# UTS #39 compares within one case and so leaves these lower-case pairs apart; each was looked at in three common fonts.
SUPPLEMENT: dict[int, str] = {
    ord(source): reads for source, reads in zip("кмтвнзпиьκτχωμєэ", "kmtbh3nubktxwuee", strict=True)
}
# Drawn letters, which UTS #39 leaves out: small capitals, white letters on a black disc or square, halves of flags.
# Each is the letter that Unicode's own name of it ends with, so the table is made from the names in these blocks.
_DRAWN_BLOCKS = ((0x250, 0x2B0), (0x1D00, 0x1D80), (0xA720, 0xA800), (0x1F150, 0x1F18A), (0x1F1E6, 0x1F200))
_DRAWN_NAME = re.compile(
    "(?:LATIN LETTER SMALL CAPITAL|NEGATIVE (?:CIRCLED|SQUARED) LATIN CAPITAL LETTER|REGIONAL INDICATOR SYMBOL LETTER)"
    " ([A-Z]|AE|OE)"
)
DRAWN: dict[int, str] = {
    code: named[1].lower()
    for start, end in _DRAWN_BLOCKS
    for code in range(start, end)
    if (named := _DRAWN_NAME.fullmatch(unicodedata.name(chr(code), "")))
}
_READS = DRAWN | CONFUSABLES | SUPPLEMENT
# What two halves of a flag may stand for, by first letter: ISO 3166-1, with the codes kept for EU, UN and some islands.
_SECONDS = """
    acdefgilmoqrstuwxz babdefghijlmnoqrstvwyz cacdfghiklmnopruvwxyz degjkmoz eaceghrstu fijkmor
    gabdefghilmnpqrstuwy hkmnrtu icdelmnoqrst jemop keghimnprwyz labcikrstuvy macdefghklmnopqrstuvwxyz
    nacefgilopruz om paefghklmnrstwy qa reosuw sabcdeghijklmnorstvxyz tacdfghjklmnortvwz uagmnsyz vaceginu wfs xk
    yet zamw
"""
_COUNTRIES = frozenset(row[0] + second for row in _SECONDS.split() for second in row[1:])
OVERRIDE = "\u202e"  # shows all that follows from right to left, up to its end or that of the text
_TURNED = re.compile(f"{OVERRIDE}([^\u202c\u2028\u2029\n]*)")
_HALVES = re.compile("[\U0001f1e6-\U0001f1ff]+")
# Characters younger than Python's own Unicode data, which would drop them as unassigned.
_YOUNG = {code: reads for code, reads in CONFUSABLES.items() if unicodedata.category(chr(code)) == "Cn"}
# Letters of European alphabets that stand in ordinary names: folded, but never called odd.
_ORDINARY = frozenset("æøœđðłħþßÆØŒĐÐŁĦÞẞ")

# What people read over in a handle: digits and strokes for letters, and letter pairs for a letter.
VISUAL = {"0": "o", "1": "l", "i": "l", "|": "l", "3": "e", "4": "a", "5": "s", "7": "t", "8": "b", "9": "g"}
VISUAL_PAIRS = {"rn": "m", "vv": "w", "cl": "d"}
_VISUAL = str.maketrans(VISUAL)
# Signs that stand for a letter inside a display name.
_SIGNS = str.maketrans({"$": "s", "@": "a", "|": "l", "!": "i", "\u20ac": "e", "\u00a3": "l"})


class Swap(NamedTuple):
    """One odd character and the letter it is read as; an empty `reads` is a character that shows nothing."""

    char: str
    reads: str

    def __str__(self) -> str:
        name = f"U+{ord(self.char):04X} {unicodedata.name(self.char, 'without a name')}"
        return f"{name} for '{self.reads}'" if self.reads else f"{name}, which cannot be seen"


def skeleton(text: str) -> str:
    """`text` as it is read: NFKC, confusable characters replaced by ASCII, marks dropped; case stays."""
    if text.isascii():
        return text if text.isprintable() else audible(text)
    text = _without_flags(text)
    text = unicodedata.normalize("NFKC", audible(text.translate(_YOUNG)))
    return unmarked(_latin(unmarked(text)))


def _without_flags(text: str) -> str:
    """`text` with a space for each run of flags; halves that make no flags are letters and stay."""
    return text if max(text) < "\U0001f1e6" else _HALVES.sub(_letters_or_flags, text)


def _letters_or_flags(halves: re.Match[str]) -> str:
    letters = "".join(DRAWN[ord(half)] for half in halves[0])
    pairs = {letters[n : n + 2] for n in range(0, len(letters), 2)}
    return " " if pairs <= _COUNTRIES else halves[0]


def _latin(text: str) -> str:
    if text.isascii():
        return text
    return "".join(c if c.isascii() else _reads(c) for c in text)


def _reads(char: str) -> str:
    found = _READS.get(ord(char))
    if found is None:
        upper = char.upper()
        found = _READS.get(ord(upper)) if len(upper) == 1 and upper != char else None
    if found is None:
        return char
    return found.upper() if char.isupper() and char.isalpha() else found  # a drawn capital is decoration


def visual(letters: str) -> str:
    """A key that is equal when two lower-case strings look alike: 0 and o, 1, i and l, rn and m, vv and w, cl and d."""
    letters = letters.translate(_VISUAL)
    for pair, letter in VISUAL_PAIRS.items():
        letters = letters.replace(pair, letter)
    return letters


def visuals(names: Sequence[str]) -> list[str]:
    """`visual` of each of many names, all at once; they hold no line breaks."""
    return visual("\n".join(names)).split("\n") if names else []


def without_signs(text: str) -> str:
    """`text` with the letters that signs stand for: `Örn$jö` as `Örnsjö`."""
    return text.translate(_SIGNS)


def odd_characters(text: str) -> tuple[Swap, ...]:
    """The characters of `text` that pretend to be another or show nothing, each once, in order of appearance."""
    return () if text.isascii() and text.isprintable() else _odd_ones(text)


@lru_cache(maxsize=64)  # several features ask about one name
def _odd_ones(text: str) -> tuple[Swap, ...]:
    found: dict[str, Swap] = {}
    for char in unicodedata.normalize("NFC", _without_flags(text)):
        if char not in found and (swap := _odd(char)) is not None:
            found[char] = swap
    return tuple(found.values())


def _odd(char: str) -> Swap | None:
    if char.isascii() or char in _ORDINARY:
        return None if char.isprintable() else Swap(char, "")
    if unicodedata.category(char) in ("Cf", "Cc") and char not in "\u200d\ufe0f":  # the joiner holds emoji together
        return Swap(char, "")
    wide = unicodedata.normalize("NFKC", char)
    if wide.isascii() and wide.isalnum():
        return Swap(char, wide.lower())
    base = unicodedata.normalize("NFKD", char)[0]
    reads = unmarked(_reads(base))
    if not base.isascii() and reads.isascii() and reads.isalnum():
        return Swap(char, reads.lower())
    return None


def turned(text: str) -> str:
    """`text` as it is shown where U+202E turns it round, Latin letters too; an embedding (U+202B) turns none."""
    return _TURNED.sub(lambda found: found[1][::-1], text)


def describe(swaps: tuple[Swap, ...]) -> str:
    """The odd characters as part of a sentence, five at most."""
    named = "; ".join(str(swap) for swap in swaps[:5])
    return f"{named} and {len(swaps) - 5} more" if len(swaps) > 5 else named
