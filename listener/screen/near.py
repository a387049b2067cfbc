"""Which of our names are a letter or two from a candidate's: every one of them, and thousands of candidates at once.

A text within two edits of a name shares with it what is left when each has lost at most two letters (the deletion
neighbourhood of SymSpell). So every name's such remains are kept as hashes. A long text has hundreds of them; so before
that it is asked for less: of three pieces of a name, two edits leave one whole, moved by two places at most (the
pigeonhole of PASS-JOIN, Li et al. 2011; letters swapped across a cut count as whole too). What is left is measured by
the optimal string alignment distance.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

import numpy as np
from rapidfuzz.distance import OSA
from rapidfuzz.process import cpdist

from listener.screen.hashes import NUMBERS, UNBASE, Hashes, HashSet, HashTable, Places, Truths, packed
from listener.screen.letters import Letters, Reader

# One letter of five may be wrong, two of ten: measured on squatted names, below that every other town is "near".
ONE_EDIT, TWO_EDITS = 5, 10
LONGEST = 40  # letters of a candidate; no handle is longer
_LONG = 12  # letters from which a name is cut into three pieces
_AT_ONCE = 2_000_000  # hashes made in one go
_REMEMBERED = 50_000
_ONE, _TWO = np.uint64(UNBASE), np.uint64(UNBASE * UNBASE % 2**64)


class Near:
    """Names to be near to, in the order of how much they tell; built once."""

    def __init__(self, names: Sequence[str]) -> None:
        """`names` are in letters, none twice."""
        self.names = names
        self._reader = Reader()
        self._foreign = [n for n, name in enumerate(names) if not name.isascii()]
        wanted = [name if name.isascii() and ONE_EDIT <= len(name) <= LONGEST + 2 else "" for name in names]
        letters = self._reader.read(wanted)
        sizes = letters.sizes
        self._short = _Remains(letters, np.flatnonzero((sizes >= ONE_EDIT) & (sizes < _LONG)))
        self._long = _Remains(letters, np.flatnonzero(sizes >= _LONG))
        self._pieces = _Pieces(letters)
        self._known: dict[str, tuple[int, int] | None] = {}

    def nearest(self, text: str) -> tuple[int, int] | None:
        """The number of the nearest name within reach, the first of equals, and how many edits away it is."""
        if text not in self._known:
            self.remember([text])
        return self._known[text]

    def remember(self, texts: Sequence[str]) -> None:
        """Look for all of these at once, so that `nearest` need not do it one by one."""
        texts = [text for text in dict.fromkeys(texts) if text not in self._known]
        if len(self._known) > _REMEMBERED:
            self._known.clear()
        plain = [text for text in texts if text.isascii()]
        found = self.search(self._reader.read(plain)) if plain else {}
        self._known.update((text, found.get(number)) for number, text in enumerate(plain))
        self._known.update((text, self._other_script(text)) for text in texts if not text.isascii())

    def _other_script(self, text: str) -> tuple[int, int] | None:
        held = [(OSA.distance(text, self.names[n]), n) for n in self._foreign if len(self.names[n]) >= ONE_EDIT]
        distance, number = min(held, default=(9, 0))
        return (number, distance) if distance <= _reach(self.names[number]) else None

    def search(self, letters: Letters, wanted: Truths | None = None) -> dict[int, tuple[int, int]]:
        """For each of many (wanted) texts that is near one of ours: the nearest's number, and how many edits away."""
        shorter, longer = self._shorter(letters), self._longer(letters)
        if wanted is not None:
            shorter, longer = shorter[wanted[shorter]], longer[wanted[longer]]
        pairs = [*self._short.pairs(letters, shorter), *self._long.pairs(letters, longer)]
        if not pairs:
            return {}
        texts = {number: letters.text(number) for number, _name in pairs}
        distances = cpdist([texts[number] for number, _name in pairs], [self.names[name] for _number, name in pairs],
                           scorer=OSA.distance, score_cutoff=2)  # fmt: skip
        found: dict[int, tuple[int, int]] = {}
        for (number, name), distance in zip(pairs, distances.tolist(), strict=True):
            best = found.get(number)
            if distance <= _reach(self.names[name]) and (best is None or (distance, name) < (best[1], best[0])):
                found[number] = name, distance
        return found

    def _shorter(self, letters: Letters) -> Places:
        sizes = letters.sizes
        return np.flatnonzero((sizes >= ONE_EDIT - 1) & (sizes <= min(LONGEST, self._short.longest + 2)))

    def _longer(self, letters: Letters) -> Places:
        return self._pieces.held(letters) if self._long.longest else np.empty(0, dtype=np.int64)


def _reach(name: str) -> int:
    return 2 if len(name) >= TWO_EDITS else 1


class _Remains:
    """What is left of names when up to two letters are taken out, as hashes."""

    def __init__(self, letters: Letters, numbers: Places) -> None:
        self.longest = int(letters.sizes[numbers].max(initial=0))
        made = []
        for size, group in by_size(letters, numbers):
            made.append(packed(remains(letters, group, size, 2 if size >= TWO_EDITS else 1), group))
        self._table = HashTable(made)

    def pairs(self, letters: Letters, numbers: Places) -> Iterator[tuple[int, int]]:
        """Which of these texts share a remain with which name, each pair once."""
        found: set[tuple[int, int]] = set()
        for size, group in by_size(letters, numbers):
            hashes = remains(letters, group, size, 2 if size >= TWO_EDITS - 2 else 1)
            places, names = self._table.found(hashes)
            both = np.unique(group[places // hashes.shape[1]] << 24 | names)  # a pair shares many remains
            found.update(zip((both >> 24).tolist(), (both & (2**24 - 1)).tolist(), strict=True))
        return iter(found)


def by_size(letters: Letters, numbers: Places) -> Iterator[tuple[int, Places]]:
    """The numbers of texts of one size, some at a time."""
    sizes = letters.sizes[numbers]
    for size in np.unique(sizes).tolist():
        group = numbers[sizes == size]
        step = max(1, _AT_ONCE // (1 + size + size * size // 2))
        for start in range(0, len(group), step):
            yield size, group[start : start + step]


def remains(letters: Letters, numbers: Places, size: int, edits: int) -> Hashes:
    """A row a text: the hashes of the text, of what lacks one of its letters and, for two edits, of what lacks two."""
    starts = letters.starts[numbers]
    sums = letters.sums
    heads = sums.sums[starts[:, None] + np.arange(size + 1)]
    heads = (heads - heads[:, :1]) * sums.down[starts][:, None]
    whole = heads[:, -1:]
    before, after = heads[:, :-1], heads[:, 1:]
    made = np.empty((len(numbers), 1 + size + (size * (size - 1) // 2 if edits > 1 else 0)), dtype=np.uint64)
    made[:, :1] = whole
    made[:, 1 : size + 1] = before + (whole - after) * _ONE
    if edits > 1:
        left = before - after * _ONE
        right = before * _ONE + (whole - after) * _TWO
        place = size + 1
        for first in range(size - 1):
            rest = size - 1 - first
            np.add(left[:, first : first + 1], right[:, first + 1 :], out=made[:, place : place + rest])
            place += rest
    return made


class _Pieces:
    """Thirds of long names, each with its place and its name's length."""

    def __init__(self, letters: Letters) -> None:
        made = [np.empty(0, dtype=np.uint64)]
        self._sizes: list[int] = []
        for size, group in by_size(letters, np.flatnonzero(letters.sizes >= _LONG)):
            self._sizes.append(size)
            starts = letters.starts[group]
            for number, (start, end) in enumerate(thirds(size)):
                hashes = letters.sums.between(starts + start, starts + end)
                made.append(hashes + _salt(size, number))
                if end < size:  # the letters on both sides of the cut swapped
                    change = NUMBERS[letters.buffer[starts + end]] - NUMBERS[letters.buffer[starts + end - 1]]
                    made.append(hashes + change * _power(letters, end - start - 1) + _salt(size, number))
                if start:
                    change = NUMBERS[letters.buffer[starts + start - 1]] - NUMBERS[letters.buffer[starts + start]]
                    made.append(hashes + change + _salt(size, number))
        self._sizes = sorted(set(self._sizes))
        self._set = HashSet(np.concatenate(made))

    def held(self, letters: Letters) -> Places:
        """The texts that hold a third of a name where it may stand."""
        found = [np.empty(0, dtype=np.int64)]
        sizes = letters.sizes
        long = np.flatnonzero((sizes >= _LONG - 2) & (sizes <= LONGEST))
        for size, group in by_size(letters, long):
            starts = letters.starts[group]
            tried = [
                letters.sums.between(starts + start, starts + end) + salt for start, end, salt in self._places(size)
            ]
            if tried:
                places = self._set.within(np.stack(tried))
                found.append(group[np.unique(places % len(group))])
        return np.concatenate(found)

    def _places(self, size: int) -> Iterator[tuple[int, int, np.uint64]]:
        """Where in a text of this size a third of a name can stand, whose length differs by two at most."""
        others = [other for other in self._sizes if abs(other - size) <= 2]
        for other, number in product(others, range(3)):
            start, end = thirds(other)[number]
            for shift in shifts(number, size - other):
                if start + shift >= 0 and end + shift <= size:
                    yield start + shift, end + shift, _salt(other, number)


def shifts(number: int, change: int) -> tuple[int, ...]:
    """By how much a whole third can have moved: two edits lie before it and after it, which make up the `change`."""
    if number != 1:
        return (0,) if number == 0 else (change,)
    return tuple(shift for shift in range(-2, 3) if abs(shift) + abs(change - shift) <= 2)


def thirds(size: int) -> tuple[tuple[int, int], ...]:
    """Where a name of this size is cut in three."""
    one, two = size // 3, size * 2 // 3
    return (0, one), (one, two), (two, size)


def _salt(size: int, number: int) -> np.uint64:
    return np.uint64((size * 3 + number) * 0x9E6C63D0876A9A47 % 2**64)


def _power(letters: Letters, exponent: int) -> np.uint64:
    found: np.uint64 = letters.sums.up[exponent]
    return found
