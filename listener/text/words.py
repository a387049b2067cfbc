"""Where words begin and end and which letters are alike: one answer for a live text and for the full-text index.

SQLite's unicode61 tokeniser knows the characters of about Unicode 6 and takes every later one for a letter, so that in
"badhus🤦" it would see one word. `TOKENISER` therefore names the symbol blocks as separators, and `words` follows the
tokeniser in the rest: whatever the index joins, `words` joins too. Where the two still differ the index only finds too
much (checked over every code point in tests/text/test_words.py), and what it finds is looked at again.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import NamedTuple

# Blocks of symbols and punctuation without a letter or digit in them, first and last code point.
SYMBOLS = (
    (0x2000, 0x206F),  # general punctuation, with the marks that turn the direction of writing
    (0x20A0, 0x20CF),  # currency
    (0x2190, 0x245F),  # arrows, mathematics, technical
    (0x2500, 0x2775),  # boxes, shapes, dingbats
    (0x2794, 0x2BFF),  # dingbats, arrows
    (0x2E30, 0x2E7F),  # supplemental punctuation
    (0xFE00, 0xFE0F),  # variation selectors: the end of ❤️
    (0x1F10D, 0x1FAFF),  # emoji
    (0xE0000, 0xE01EF),  # tags and variation selectors: the end of a flag
)
# Part of the store's schema: a change here needs a migration that fills the index again.
_SEPARATORS = "".join(chr(code) for first, last in SYMBOLS for code in range(first, last + 1))
TOKENISER = f"unicode61 remove_diacritics 0 separators '{_SEPARATORS}'"

LONG = 2_000  # code points; of shorter texts the worst is composed within milliseconds
LONGEST_WORD = 8_000  # code points; the index keeps 32,768 bytes of a word
MARKS = 64  # on one letter; no script writes ten
LETTER, MARK, BREAK = "a", "m", " "
_WORD = re.compile("a[am]*")
_LETTERS = "A-Za-z\u00c0-\u024f"
_HIDDEN = re.compile(f"[\u00ad\u2060\ufeff]|(?<=[{_LETTERS}])[\u200b-\u200d]+(?=[{_LETTERS}])")
_OLD = unicodedata.ucd_3_2_0  # what this old table knows, every SQLite knows


class Word(NamedTuple):
    """One word as found: code points [start, end), its folded letters."""

    start: int
    end: int
    folded: str


def nfc(text: str) -> str:
    """The composed form, in which offsets are counted and posts are stored."""
    if text.isascii() or (len(text) > LONG and unicodedata.is_normalized("NFC", text)):
        return text
    return unicodedata.normalize("NFC", text if len(text) <= LONG else _in_order(text))


def _in_order(text: str) -> str:
    """The same text with its long runs of marks in canonical order already.

    Python orders a run of n marks in n × n steps: a post of a megabyte of them would take half an hour.
    """
    return _runs().sub(lambda run: "".join(sorted(_taken_apart(run[0]), key=unicodedata.combining)), text)


def _taken_apart(run: str) -> str:
    return "".join(unicodedata.normalize("NFD", char) for char in run)


@cache
def _runs() -> re.Pattern[str]:
    """At least MARKS characters that all become marks when they are taken apart."""
    chars = map(chr, range(0x300, 0x110000))
    marks = [char for char in chars if all(map(unicodedata.combining, unicodedata.normalize("NFD", char)))]
    return re.compile(f"[{''.join(marks)}]{{{MARKS},}}")


def visible(text: str) -> str:
    """`text` without what is not seen inside a word: soft hyphens, and between Latin letters zero-width characters.

    Web pages put them into long words, and `ba\u00addhus` reads as badhus. In other scripts zero-width characters
    change what is read, and between emoji they join them: those stay.
    """
    return text if text.isascii() else _HIDDEN.sub("", text)


def begins_with(text: str, start: str) -> bool:
    """Does an NFC text begin with `start`, and no word of it goes on after that?"""
    edge = text[len(start) - 1 : len(start) + 1].translate(_SHAPES) if start else ""
    return bool(start) and text.startswith(start) and (len(edge) == 1 or BREAK in edge)


def words(text: str) -> list[Word]:
    """The words of an NFC text, in order."""
    shape, folded = text.translate(_SHAPES), fold(text)
    return [Word(*found.span(), folded[found.start() : found.end()]) for found in _WORD.finditer(shape)]


def alike_everywhere(text: str) -> bool:
    """Whether the index surely finds the very words that `words` finds.

    Every SQLite knows each sign of it alike, and no word is so long that the index keeps its beginning only.
    """
    if len(text) > LONGEST_WORD and max(map(len, text.split()), default=0) > LONGEST_WORD:
        return False
    return (text.isascii() and "\0" not in text) or all(_ALIKE[char] for char in set(text))


def fold(text: str) -> str:
    """Lower case, code point for code point, å ä ö kept: as long as `text`."""
    return text.translate(_FOLDS)


def _is_symbol(char: str) -> bool:
    return any(first <= ord(char) <= last for first, last in SYMBOLS)


def _shape(char: str) -> str:
    if _is_symbol(char):
        return BREAK
    kind, known = unicodedata.category(char), _OLD.category(char) != "Cn"
    if kind[0] in "LN" or kind == "Co" or not known:
        return LETTER
    return MARK if kind[0] == "M" else BREAK


def _lower(char: str) -> str:
    """Its small form where every SQLite agrees, else itself: ẞ, for one, is too young for the index."""
    low = char.lower()
    return low if len(low) == 1 and _OLD.category(char)[0] == "L" and _OLD.category(low)[0] == "L" else char


def _alike(char: str) -> bool:
    """No mark, no letter younger than the old table, none of several that only casefold writes as one."""
    if _is_symbol(char):
        return True
    kind, old = unicodedata.category(char), _OLD.category(char)
    if char == "\0" or old == "Cn" or kind[0] != old[0] or (kind[0] in "MC" and kind not in ("Cc", "Cf")):
        return False
    return kind[0] not in "LN" or char.casefold() == char.lower() == _lower(char)


class _Shapes(dict[int, str]):
    """For str.translate: which part each code point plays in a word, worked out when first met."""

    def __missing__(self, code: int) -> str:
        self[code] = _shape(chr(code))
        return self[code]


class _Folds(dict[int, str]):
    """For str.translate: each code point folded, worked out when first met."""

    def __missing__(self, code: int) -> str:
        self[code] = _lower(chr(code))
        return self[code]


class _Alike(dict[str, bool]):
    """Whether each character is alike everywhere, worked out when first met."""

    def __missing__(self, char: str) -> bool:
        self[char] = _alike(char)
        return self[char]


_SHAPES, _FOLDS, _ALIKE = _Shapes(), _Folds(), _Alike()
