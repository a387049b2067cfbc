"""How a text can be read: as it stands and, when it is disguised, as what the disguise spells."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from listener.text.skeleton import skeleton
from listener.text.words import fold

_PARTED = re.compile(r"(?<!\w)\w([ .\-_*·/]{1,2})\w(?:\1\w)*(?!\w)")  # d ö d a, d.ö.d.a
_LEET = re.compile(r"(?<![\w@#/.])(?=\w*[^\W\d_])(?=[^\W_]*[\d$@!|])[^\W_]+(?:[$@!|][^\W_]+)*[$@]*(?!\w)")
_SIGNS = str.maketrans("0134579$@!|", "oieastgsail")
_RUN = re.compile(r"([^\W\d_])\1{2,}")
_DOUBLED = re.compile(r"(?<=[^\W\d_])([013457$@!])\1(?=[^\W\d_])")
_HIDDEN = re.compile("[\u00ad\u034f\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\u0300-\u036f]+")
_KEPT = frozenset("åäöéèüæøáíóúñç")


class Reading(NamedTuple):
    """A folded text, and for each of its characters where in the text it stands."""

    folded: str
    origin: Sequence[int]

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Where [start, end) of the reading stands in the text."""
        return self.origin[start], self.origin[end - 1] + 1


def readings(text: str) -> Iterator[Reading]:
    """`text` (NFC) as it stands, then undisguised when that differs: at most four readings."""
    plain = Reading(text.translate(_FOLDS), range(len(text)))
    yield plain
    bare = _undisguised(plain)
    stretched = _RUN.search(bare.folded) is not None
    if stretched:
        yield _rewritten(bare, _RUN, lambda found: [found.start()])
        yield _rewritten(bare, _RUN, lambda found: [found.start(), found.end() - 1])
    elif bare.folded != plain.folded:
        yield bare
    if _DOUBLED.search(plain.folded):  # `d00da` is no "dooda", but `sh00t` is "shoot"
        yield _undisguised(_rewritten(plain, _DOUBLED, lambda found: [found.start()]))


def _undisguised(reading: Reading) -> Reading:
    for pattern, spells in _DISGUISES:
        reading = _rewritten(reading, pattern, spells)
    return reading


Spells = Callable[[re.Match[str]], Sequence[int]]


def _rewritten(reading: Reading, pattern: re.Pattern[str], spells: Spells) -> Reading:
    """The reading with every find of `pattern` cut down to the offsets that `spells` keeps, signs made letters."""
    pieces, origin, done = [], [], 0
    for found in pattern.finditer(reading.folded):
        kept = spells(found)
        pieces += [reading.folded[done : found.start()], "".join(reading.folded[at] for at in kept)]
        if pattern is _LEET:
            pieces[-1] = pieces[-1].translate(_SIGNS)
        origin += [*reading.origin[done : found.start()], *(reading.origin[at] for at in kept)]
        done = found.end()
    if not done:
        return reading
    return Reading("".join([*pieces, reading.folded[done:]]), [*origin, *reading.origin[done:]])


_DISGUISES: tuple[tuple[re.Pattern[str], Spells], ...] = (
    (_HIDDEN, lambda found: ()),
    (_PARTED, lambda found: range(found.start(), found.end(), len(found[1]) + 1)),
    (_LEET, lambda found: range(found.start(), found.end())),
)


class _Folds(dict[int, str]):
    """For str.translate: each code point as the small letter it is or looks like, one for one."""

    def __missing__(self, code: int) -> str:
        char = fold(chr(code)) if not 0xD800 <= code <= 0xDFFF else "\ufffd"
        if not char.isascii() and char not in _KEPT and unicodedata.category(char)[0] in "LNS":
            seen = skeleton(char).lower()
            char = seen if len(seen) == 1 and seen.isalnum() else char
        self[code] = char
        return char


_FOLDS = _Folds()
