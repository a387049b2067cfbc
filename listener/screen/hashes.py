"""Texts as 64-bit numbers, so that thousands of them are looked up at once.

The hash of a text is the sum of its letters' numbers, each times BASE to the power of its place, modulo 2**64. It is
separable: the hash of any stretch of a long buffer is a difference of two running sums, and that of a text with one or
two letters taken out is one addition. Equal texts have equal hashes; what collides only costs a closer look.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

import numpy as np
import numpy.typing as npt

Bytes = npt.NDArray[np.uint8]
Hashes = npt.NDArray[np.uint64]
Places = npt.NDArray[np.int64]
Truths = npt.NDArray[np.bool_]

BASE = 0x9E3779B97F4A7C15  # odd, so that it can be undone; from the golden ratio, as in Knuth's multiplicative hashing
UNBASE = pow(BASE, -1, 2**64)
NUMBERS = np.random.default_rng(20261122).integers(1, 2**63, 256, dtype=np.uint64)
NUMBERS[0] = 0  # what parts the texts of a buffer
STEP = 65_536  # letters; powers are made so many at a time
_AT_ONCE = 5_000  # texts
_FOUND_AT_ONCE = 1_000_000  # numbers that hashes lead to
_LOW = np.uint64(2**24 - 1)
SPARSE = 4  # the bitmap has 2**SPARSE places or more for each hash: one stranger in 16 passes it, or fewer
WIDEST = 28  # of the bits of a hash; the table has 32 MB then


def powers(base: int, count: int) -> Hashes:
    """base**0 … base**(count - 1), modulo 2**64."""
    found = np.full(count, base, dtype=np.uint64)
    found[:1] = 1
    return np.cumprod(found, dtype=np.uint64)


@lru_cache(maxsize=1)
def both_powers(steps: int) -> tuple[Hashes, Hashes]:
    """The powers of BASE and of its inverse, `steps` times STEP of them; the last made are kept for the next batch."""
    return powers(BASE, steps * STEP), powers(UNBASE, steps * STEP)


class Sums:
    """Running sums over a buffer: the hash of any stretch of it in constant time."""

    def __init__(self, buffer: Bytes) -> None:
        self.up, self.down = both_powers(1 + len(buffer) // STEP)
        self.sums = np.zeros(len(buffer) + 1, dtype=np.uint64)
        np.cumsum(NUMBERS.take(buffer) * self.up[: len(buffer)], out=self.sums[1:])

    def between(self, starts: Places, ends: Places) -> Hashes:
        """The hashes of the stretches [start, end)."""
        found: Hashes = (self.sums[ends] - self.sums[starts]) * self.down[starts]
        return found


def hashes_of(texts: Iterable[str]) -> Hashes:
    """The hashes of texts in ASCII; the others are left out."""
    known = [text for text in texts if text.isascii()]
    parts = [np.empty(0, dtype=np.uint64)]
    for first in range(0, len(known), _AT_ONCE):
        some = known[first : first + _AT_ONCE]
        buffer = np.frombuffer(("\0".join(some) + "\0").encode("ascii"), dtype=np.uint8)
        ends = np.cumsum(np.fromiter(map(len, some), dtype=np.int64, count=len(some)) + 1) - 1
        parts.append(Sums(buffer).between(np.append(0, ends[:-1] + 1), ends))
    return np.concatenate(parts)


class HashSet:
    """A set of hashes: sorted, behind a bitmap small enough for the cache, which turns nearly all strangers away."""

    def __init__(self, hashes: Hashes) -> None:
        self.sorted = np.sort(hashes)
        self._filter = _Filter(self.sorted)

    def __len__(self) -> int:
        return len(self.sorted)

    def within(self, hashes: Hashes) -> Places:
        """The places, in the flattened `hashes`, of those that are in the set."""
        flat = hashes.ravel()
        if not len(self.sorted):
            return np.empty(0, dtype=np.int64)
        passed = np.flatnonzero(self._filter.maybe(flat))
        wanted = flat[passed]
        spots = np.minimum(np.searchsorted(self.sorted, wanted), len(self.sorted) - 1)
        found: Places = passed[self.sorted[spots] == wanted]
        return found


class HashTable:
    """Hashes that each lead to a number below 2**24, one to many at times. Packed: 40 bits of hash, 24 of number."""

    def __init__(self, packed: list[Hashes]) -> None:
        """`packed` holds what `packed` makes; it is emptied, for there may be many."""
        self._packed = np.concatenate([np.empty(0, dtype=np.uint64), *packed])
        packed.clear()
        self._packed.sort()
        self._filter = _Filter(self._packed)
        wide = min(WIDEST, max(6, len(self._packed).bit_length()))
        self._shift = np.uint64(64 - wide)
        buckets = np.bincount(np.right_shift(self._packed, self._shift).view(np.int64), minlength=2**wide)
        self._firsts = np.zeros(2**wide + 1, dtype=np.int32)
        np.cumsum(buckets, out=self._firsts[1:])

    def found(self, hashes: Hashes) -> Iterator[tuple[Places, Places]]:
        """Where in the flattened `hashes` something was found, and the number it leads to, so many at a time.

        A place may come twice.
        """
        flat = hashes.ravel()
        places = np.flatnonzero(self._filter.maybe(flat))
        wanted = flat[places]
        buckets = np.right_shift(wanted, self._shift).view(np.int64)
        firsts = self._firsts.take(buckets)
        counts = self._firsts.take(buckets + 1) - firsts
        ends = np.cumsum(counts, dtype=np.int64)
        first = 0
        while first < len(places):
            begins = int(ends[first] - counts[first])
            last = max(first + 1, int(np.searchsorted(ends, begins + _FOUND_AT_ONCE, side="right")))
            some = slice(first, last)
            steps = np.arange(begins, ends[last - 1]) + np.repeat(
                firsts[some] - (ends[some] - counts[some]), counts[some]
            )
            packed = self._packed[steps]
            same = (packed ^ np.repeat(wanted[some], counts[some])) <= _LOW
            yield np.repeat(places[some], counts[some])[same], (packed[same] & _LOW).view(np.int64)
            first = last


def packed(hashes: Hashes, numbers: Places) -> Hashes:
    """A row of hashes for each number, as a HashTable holds them."""
    found: Hashes = ((hashes & ~_LOW) | numbers.astype(np.uint64)[:, None]).ravel()
    return found


class _Filter:
    """Which hashes may be in a set: a bit for each value that their first bits can have."""

    def __init__(self, ordered: Hashes) -> None:
        """`ordered` is sorted."""
        wide = min(WIDEST, max(6, (len(ordered) << SPARSE).bit_length()))
        self._shift = np.uint64(64 - wide)
        self._bits = np.zeros(2**wide // 8, dtype=np.uint8)
        if len(ordered):
            spots = np.right_shift(ordered, self._shift).view(np.int64)
            places = spots >> 3
            firsts = np.flatnonzero(np.append(True, places[1:] != places[:-1]))
            self._bits[places[firsts]] = np.bitwise_or.reduceat(_BIT.take(spots & 7), firsts)

    def maybe(self, hashes: Hashes) -> Truths:
        """Which may be in the set: wrong only by saying yes."""
        spots = np.right_shift(hashes, self._shift).view(np.int64)
        found: Truths = np.bitwise_and(self._bits.take(spots >> 3), _BIT.take(spots & 7)).astype(np.bool_)
        return found


_BIT: Bytes = np.left_shift(np.uint8(1), np.arange(8, dtype=np.uint8))
