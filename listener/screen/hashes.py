"""Texts as 64-bit numbers, so that thousands of them are looked up at once.

The hash of a text is the sum of its letters' numbers, each times BASE to the power of its place, modulo 2**64. It is
separable: the hash of any stretch of a long buffer is a difference of two running sums, and that of a text with one or
two letters taken out is one addition. Equal texts have equal hashes; what collides only costs a closer look.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

Bytes = npt.NDArray[np.uint8]
Hashes = npt.NDArray[np.uint64]
Places = npt.NDArray[np.int64]
Truths = npt.NDArray[np.bool_]

BASE = 0x9E3779B97F4A7C15  # odd, so that it can be undone; from the golden ratio, as in Knuth's multiplicative hashing
UNBASE = pow(BASE, -1, 2**64)
_MIX = np.uint64(0xD6E8FEB86659FD93)
NUMBERS = np.random.default_rng(20261122).integers(1, 2**63, 256, dtype=np.uint64)
NUMBERS[0] = 0  # what parts the texts of a buffer
_LOW = np.uint64(2**24 - 1)
SPARSE = 4  # the table has 2**SPARSE places or more for each hash: one stranger in 16 passes it, or fewer
WIDEST = 24  # bits; a table of 16 MB is the most that pays


def powers(base: int, count: int) -> Hashes:
    """base**0 … base**(count - 1), modulo 2**64."""
    found = np.full(count, base, dtype=np.uint64)
    found[:1] = 1
    return np.cumprod(found, dtype=np.uint64)


class Powers:
    """The powers of BASE and of its inverse, made longer when a longer buffer comes."""

    def __init__(self) -> None:
        self.up, self.down = powers(BASE, 1024), powers(UNBASE, 1024)

    def reach(self, count: int) -> None:
        """At least `count` of both."""
        if len(self.up) < count:
            self.up, self.down = powers(BASE, 2 * count), powers(UNBASE, 2 * count)


class Sums:
    """Running sums over a buffer: the hash of any stretch of it in constant time."""

    def __init__(self, buffer: Bytes, known: Powers) -> None:
        known.reach(len(buffer) + 1)
        self.up, self.down = known.up, known.down
        self.sums = np.zeros(len(buffer) + 1, dtype=np.uint64)
        np.cumsum(NUMBERS[buffer] * known.up[: len(buffer)], out=self.sums[1:])

    def between(self, starts: Places, ends: Places) -> Hashes:
        """The hashes of the stretches [start, end)."""
        found: Hashes = (self.sums[ends] - self.sums[starts]) * self.down[starts]
        return found


def hash_of(text: bytes) -> int:
    """The hash of one text; what `Sums.between` gives for it."""
    found, power = 0, 1
    for byte in text:
        found = (found + int(NUMBERS[byte]) * power) & (2**64 - 1)
        power = power * BASE & (2**64 - 1)
    return found


class HashSet:
    """A set of hashes: sorted, behind a table small enough for the cache, which turns nearly all strangers away."""

    def __init__(self, hashes: Hashes | Iterable[int]) -> None:
        given = hashes if isinstance(hashes, np.ndarray) else np.array(list(hashes), dtype=np.uint64)
        self.sorted = np.unique(given)
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

    def __init__(self, hashes: Hashes, numbers: Hashes) -> None:
        self._packed = np.sort((hashes & ~_LOW) | numbers)
        self._filter = _Filter(hashes)

    def found(self, hashes: Hashes) -> tuple[Places, Places]:
        """Where in the flattened `hashes` something was found, and the number it leads to; a place may come twice."""
        flat = hashes.ravel()
        places = np.flatnonzero(self._filter.maybe(flat))
        wanted = flat[places]
        firsts = np.searchsorted(self._packed, wanted & ~_LOW, side="left")
        counts = np.searchsorted(self._packed, wanted | _LOW, side="right") - firsts
        steps = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
        numbers = self._packed[np.repeat(firsts, counts) + steps] & _LOW
        return np.repeat(places, counts), numbers.view(np.int64)


class _Filter:
    """Which hashes may be in a set: a table of truths as wide as the set is large."""

    def __init__(self, hashes: Hashes) -> None:
        wide = min(WIDEST, max(6, (len(hashes) << SPARSE).bit_length()))
        self._shift = np.uint64(64 - wide)
        self._held = np.zeros(2**wide, dtype=np.bool_)
        self._held[self._spots(hashes)] = True

    def _spots(self, hashes: Hashes) -> Places:
        found: Places = np.right_shift(hashes * _MIX, self._shift).view(np.int64)
        return found

    def maybe(self, hashes: Hashes) -> Truths:
        """Which may be in the set: wrong only by saying yes."""
        return self._held.take(self._spots(hashes))
