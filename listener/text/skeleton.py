"""What a text looks like: characters replaced by the Latin letter or digit people read (UTS #39)."""

from __future__ import annotations

import unicodedata
from typing import NamedTuple

from listener.text.confusables import CONFUSABLES
from listener.text.fold import audible, unmarked

# UTS #39 compares within one case and so leaves these lower-case pairs apart; each was looked at in three common fonts.
SUPPLEMENT: dict[int, str] = {
    ord(source): reads for source, reads in zip("кмтвнзпиьκτχωμєэ", "kmtbh3nubktxwuee", strict=True)
}
_READS = CONFUSABLES | SUPPLEMENT
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
    text = unicodedata.normalize("NFKC", audible(text.translate(_YOUNG)))
    return unmarked(_latin(unmarked(text)))


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
    return found.upper() if char.isupper() else found


def visual(letters: str) -> str:
    """A key that is equal when two lower-case strings look alike: 0 and o, 1, i and l, rn and m, vv and w, cl and d."""
    letters = letters.translate(_VISUAL)
    for pair, letter in VISUAL_PAIRS.items():
        letters = letters.replace(pair, letter)
    return letters


def without_signs(text: str) -> str:
    """`text` with the letters that signs stand for: `Örn$jö` as `Örnsjö`."""
    return text.translate(_SIGNS)


def odd_characters(text: str) -> tuple[Swap, ...]:
    """The characters of `text` that pretend to be another or show nothing, each once, in order of appearance."""
    if text.isascii() and text.isprintable():
        return ()
    found: dict[str, Swap] = {}
    for char in unicodedata.normalize("NFC", text):
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


def describe(swaps: tuple[Swap, ...]) -> str:
    """The odd characters as part of a sentence, five at most."""
    named = "; ".join(str(swap) for swap in swaps[:5])
    return f"{named} and {len(swaps) - 5} more" if len(swaps) > 5 else named
