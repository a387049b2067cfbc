"""Thousands of names read at once: their letters as `read_key` gives them, in one buffer, with the words' places."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np

from listener.screen.hashes import Bytes, Hashes, Places, Sums, Truths
from listener.text.skeleton import OVERRIDE, skeleton, without_signs
from listener.text.tokens import LONGEST, read_key

# What a code point may be read as beside an ASCII letter or digit; a zero ends a name, a sign parts words too.
# What turns a name round shows nothing.
_END, _GONE, _PART, _SIGN, _TURNED, _HARD, _NEW = 0, 1, 32, 33, 34, 254, 255
_MARKS = (_SIGN, _TURNED, _HARD)  # of which the names are told
_TOP = 0x20000
_LATIN = 0x370  # beyond it `read_key` looks at the whole word before it takes a letter for a Latin one
_DIGIT, _SMALL, _CAPITAL = 1, 2, 3


class Letters:
    """Many names, read. Name n's letters are buffer[starts[n] : starts[n + 1] - 1]; a zero stands between names.

    `words` and `word_ends` are where words begin and end in the buffer. `foreign` names the few whose letters are not
    ASCII: their letters are left out here. `signed` names those with a sign that may stand for a letter,
    `turned` those that are shown from right to left.
    """

    def __init__(
        self,
        buffer: Bytes,
        starts: Places,
        words: Places,
        foreign: Sequence[int] = (),
        signed: Sequence[int] = (),
        turned: Sequence[int] = (),
    ) -> None:
        self.buffer, self.starts, self.words = buffer, starts, words
        self.foreign, self.signed, self.turned = foreign, signed, turned
        self.sums = Sums(buffer)
        self.ends = starts[1:] - 1
        self.sizes = self.ends - starts[:-1]

    @property
    def hashes(self) -> Hashes:
        """Each name's hash."""
        return self.sums.between(self.starts[:-1], self.ends)

    @cached_property
    def masks(self) -> Hashes:
        """A bit for each letter and digit that a name has."""
        if not len(self.buffer):
            return np.empty(0, dtype=np.uint64)
        found: Hashes = np.bitwise_or.reduceat(_BITS.take(self.buffer), self.starts[:-1])
        return found

    @cached_property
    def turns(self) -> Hashes:
        """A bit, one of 64 that others share, for each two letters that stand side by side in a name."""
        if not len(self.buffer):
            return np.empty(0, dtype=np.uint64)
        bits = _SPOTS.take(_BEFORE.take(self.buffer) + np.append(self.buffer[1:], np.uint8(0)))
        bits[self.buffer == 0] = 0
        bits[self.ends[self.sizes > 0] - 1] = 0
        found: Hashes = np.bitwise_or.reduceat(bits, self.starts[:-1])
        return found

    def owners(self, places: Places) -> Places:
        """Which name each place of the buffer belongs to."""
        found: Places = np.searchsorted(self.starts, places, side="right") - 1
        return found

    def word_ends(self, owners: Places) -> Places:
        """Where each word ends, given whose it is."""
        following = np.append(self.words[1:], len(self.buffer))
        found: Places = np.minimum(following, self.ends[owners])
        return found

    def text(self, number: int) -> str:
        """The letters of one name."""
        return bytes(self.buffer[self.starts[number] : self.ends[number]]).decode("ascii")


class Reader:
    """Reads names by a table of code points that fills itself with what `skeleton` says of each."""

    def __init__(self) -> None:
        self._table = np.full(_TOP, _NEW, dtype=np.uint8)
        self._table[_END] = _END

    def read(self, names: Sequence[str]) -> Letters:
        """The names, read."""
        seen = self._seen("\0".join([*names, ""]))
        ends = np.flatnonzero(seen == _END)
        if len(ends) > len(names):  # a zero in a name shows nothing
            return self.read([name.replace("\0", "\1") for name in names])
        foreign: list[int] = []
        signed, turned, hard = (np.unique(np.searchsorted(ends, np.flatnonzero(seen == mark))) for mark in _MARKS)
        if np.diff(ends, prepend=-1).max(initial=0) > LONGEST:
            hard = np.union1d(hard, np.flatnonzero(np.diff(ends, prepend=-1) > LONGEST + 1))
        if len(hard):
            seen = self._harder(names, hard.tolist(), seen, ends, foreign)
        kept = (seen != _GONE) & (seen != _TURNED)
        buffer, starts, words = _letters(seen if kept.all() else seen[kept])
        return Letters(buffer, starts, words, foreign, signed.tolist(), turned.tolist())

    def _seen(self, text: str) -> Bytes:
        codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
        if codes.max(initial=0) >= _TOP:
            codes = np.minimum(codes, _TOP - 1)
        seen = self._table.take(codes.view(np.int32))
        new = seen == _NEW
        if new.any():
            for code in np.unique(codes[new]):
                self._table[code] = _reads(int(code))
            seen = self._table.take(codes.view(np.int32))
        return seen

    def _harder(self, names: Sequence[str], hard: Sequence[int], seen: Bytes, ends: Places, foreign: list[int]
                ) -> Bytes:  # fmt: skip
        """The hard names read one by one, in the place of what the table made of them."""
        pieces = []
        done = 0
        for number in hard:
            key = read_key(names[number])
            pieces.append(seen[done : ends[number - 1] + 1 if number else 0])
            if key.letters.isascii():
                pieces.append(np.frombuffer(" ".join(key.words).encode("ascii"), dtype=np.uint8))
            else:
                foreign.append(number)
            done = ends[number]
        return np.concatenate([*pieces, seen[done:]])


def _letters(seen: Bytes) -> tuple[Bytes, Places, Places]:
    """What the table made of names' characters as letters, where the names begin, and where their words do."""
    kinds = _KINDS.take(seen)
    around = kinds << 4
    around[1:] |= kinds[:-1] << 2
    around[:-1] |= kinds[1:]
    held = np.flatnonzero((kinds != 0) | (seen == _END))
    buffer = _LOWER.take(seen[held])
    starts = np.append(0, np.flatnonzero(buffer == 0) + 1)
    return buffer, starts, np.flatnonzero(_BEGINS.take(around[held]))


def _reads(code: int) -> int:
    """What the table holds for a code point: an ASCII code, _PART or _SIGN for what parts words, _GONE, or _HARD."""
    char = chr(code)
    if char == OVERRIDE:
        return _TURNED
    seen = skeleton(char)
    if code >= _TOP - 1 or (code >= _LATIN and (char.isalnum() or any(map(str.isalnum, seen)))):
        return _HARD
    if not seen:
        return _GONE
    if len(seen) == 1 and seen.isascii():
        return ord(seen) if seen.isalnum() else _PART if without_signs(char) == char else _SIGN
    return _HARD if any(map(str.isalnum, seen)) else _PART if without_signs(char) == char else _SIGN


def _kind(code: int) -> int:
    char = chr(code)
    if not (char.isascii() and char.isalnum()):
        return 0
    return _DIGIT if char.isdigit() else _SMALL if char.islower() else _CAPITAL


def _begins(places: int) -> bool:
    """Whether a word begins at a letter, from its kind and those of its neighbours: what `read_key` cuts at."""
    kind, before, after = places >> 4, places >> 2 & 3, places & 3
    if not kind:
        return False
    if not before or (kind == _DIGIT) != (before == _DIGIT):
        return True
    return kind == _CAPITAL and (before == _SMALL or (before == _CAPITAL and after == _SMALL))


def mask(text: str) -> int:
    """The letters and digits of a text in ASCII, as `Letters.masks` has them."""
    found = 0
    for byte in text.encode("ascii"):
        found |= int(_BITS[byte])
    return found


_BITS: Hashes = np.array(
    [1 << (code - 97) if 97 <= code <= 122 else 1 << (code - 22) if 48 <= code <= 57 else 0 for code in range(256)],
    dtype=np.uint64,
)
# Where the bit of two letters is: the number of the first, spread, and that of the second.
_BEFORE: Bytes = (np.arange(256) * 37 % 256).astype(np.uint8)
_SPOTS: Hashes = np.left_shift(np.uint64(1), np.arange(256, dtype=np.uint64) & np.uint64(63))
_KINDS: Bytes = np.array([_kind(code) for code in range(256)], dtype=np.uint8)
_LOWER: Bytes = np.array([ord(chr(code).lower()) if code < 128 else 0 for code in range(256)], dtype=np.uint8)
_BEGINS: Truths = np.array([_begins(places) for places in range(64)], dtype=np.bool_)
