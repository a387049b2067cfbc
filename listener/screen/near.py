"""Which of our names are a letter or two from a candidate's: every one of them, and thousands of candidates at once.

A text within two edits of a name shares with it what is left when each has lost at most two letters (the deletion
neighbourhood of SymSpell). So every short name's such remains are kept as hashes. A long one has hundreds of them; it
is kept in three pieces, of which two edits leave one whole, moved by two places at most (the pigeonhole of PASS-JOIN,
Li et al. 2011; letters swapped across a cut count as whole too). Of those that share a piece, two edits change four
letters at most that one has and the other has not. What is left is measured by the optimal string alignment distance.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence

import numpy as np
from rapidfuzz.distance import OSA
from rapidfuzz.process import cpdist

from listener.screen.hashes import NUMBERS, UNBASE, Hashes, HashTable, Places, Truths, packed
from listener.screen.letters import Letters, Reader

# One letter of five may be wrong, two of ten: measured on squatted names, below that every other town is "near".
ONE_EDIT, TWO_EDITS = 5, 10
LONGEST = 40  # letters of a candidate; no handle is longer
_LONG = 12  # letters from which a name is cut into three pieces
_NAME = 2**24 - 1  # the part of a pair that is the name's number
_APART = 4  # letters that only one of two names within two edits has
# Neighbouring letters that only one of two names an edit apart has: where two are swapped, and where one is put in.
_SWAPPED, _PUT_IN = 6, 3
_FEW = 50  # short names; of so few each is asked for its letters, of more their remains are kept
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
        sizes = self._sizes = letters.sizes
        self._turns = letters.turns
        self._short = _Remains(letters, np.flatnonzero((sizes >= ONE_EDIT) & (sizes < _LONG)))
        self._long = _Pieces(letters)
        self._reaches = np.fromiter(map(reach, names), dtype=np.uint8, count=len(names))
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
        return (number, distance) if distance <= reach(self.names[number]) else None

    def search(self, letters: Letters, wanted: Truths | None = None) -> dict[int, tuple[int, int]]:
        """For each of many (wanted) texts that is near one of ours: the nearest's number, and how many edits away."""
        held = np.ones(len(letters.sizes), dtype=np.bool_) if wanted is None else wanted
        pairs = np.concatenate((self._short.pairs(letters, held), self._long.pairs(letters, held)))
        numbers, names = self._alike(letters, pairs >> 24, pairs & _NAME)
        whole = letters.buffer.tobytes().decode("ascii")
        bounds = zip(letters.starts[numbers].tolist(), letters.ends[numbers].tolist(), strict=True)
        distances = cpdist([whole[start:end] for start, end in bounds], [self.names[n] for n in names.tolist()],
                           scorer=OSA.distance, score_cutoff=2, dtype=np.uint8)  # fmt: skip
        found: dict[int, tuple[int, int]] = {}
        for place in np.flatnonzero(distances <= self._reaches[names]).tolist():
            number, name, distance = int(numbers[place]), int(names[place]), int(distances[place])
            best = found.get(number)
            if best is None or (distance, name) < (best[1], best[0]):
                found[number] = name, distance
        return found

    def _alike(self, letters: Letters, numbers: Places, names: Places) -> tuple[Places, Places]:
        """Those of the pairs of a text and a name that have nearly all their neighbouring letters in common."""
        longer = np.abs(letters.sizes[numbers] - self._sizes[names])
        most = _SWAPPED * self._reaches[names].astype(np.int64) - (_SWAPPED - _PUT_IN) * longer
        alike = np.bitwise_count(letters.turns[numbers] ^ self._turns[names]) <= most
        return numbers[alike], names[alike]


def reach(name: str) -> int:
    """How many edits a name bears."""
    return 2 if len(name) >= TWO_EDITS else 1


class _Remains:
    """What is left of names when up to two letters are taken out, as hashes."""

    def __init__(self, letters: Letters, numbers: Places) -> None:
        sizes = letters.sizes[numbers]
        self._few = list(zip(numbers.tolist(), sizes.tolist(), letters.masks[numbers], strict=True))
        self._edits = _losses(set(sizes.tolist()))
        if len(numbers) <= _FEW:
            return
        self._few.clear()
        made = []
        for size, group in by_size(letters, numbers):
            made.append(packed(remains(letters, group, size, 2 if size >= TWO_EDITS else 1), group))
        self._table = HashTable(made)

    def pairs(self, letters: Letters, wanted: Truths) -> Places:
        """Which of the wanted texts may be near which name: the text's number << 24, and the name's."""
        found = [np.empty(0, dtype=np.int64)]
        fitting = np.flatnonzero(wanted & np.isin(letters.sizes, list(self._edits)))
        if self._few:
            found += self._like_few(letters, fitting)
        else:
            for size, group in by_size(letters, fitting):
                hashes = remains(letters, group, size, self._edits[size])
                held = self._table.found(hashes)
                found += (group[places // hashes.shape[1]] << 24 | names for places, names in held)
        return _once(np.concatenate(found))

    def _like_few(self, letters: Letters, numbers: Places) -> Iterator[Places]:
        """Texts of about the size of a name and with nearly all its letters: of a few names, all are asked."""
        sizes, masks = letters.sizes[numbers], letters.masks[numbers]
        for name, size, held in self._few:
            edits = 2 if size >= TWO_EDITS else 1
            alike = (np.bitwise_count(masks ^ held) <= 2 * edits) & (np.abs(sizes - size) <= edits)
            yield numbers[alike] << 24 | name


def _losses(sizes: Iterable[int]) -> dict[int, int]:
    """How many letters a text of each size may have to lose to leave what is left of a name of one of these sizes.

    Of a name's edits those that put a letter in are no loss to the text.
    """
    losses: dict[int, int] = {}
    for size in sizes:
        edits = 2 if size >= TWO_EDITS else 1
        for near in range(size - edits, size + edits + 1):
            losses[near] = max(edits - max(0, size - near), losses.get(near, 0))
    return losses


def _once(pairs: Places) -> Places:
    """Each pair once: a text and a name share many remains."""
    pairs.sort()
    once: Places = pairs[np.append(True, pairs[1:] != pairs[:-1])[: len(pairs)]]
    return once


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
        made: list[Hashes] = []
        sizes: set[int] = set()
        for size, group in by_size(letters, np.flatnonzero(letters.sizes >= _LONG)):
            sizes.add(size)
            starts = letters.starts[group]
            for number, (start, end) in enumerate(thirds(size)):
                hashes = letters.sums.between(starts + start, starts + end) + _salt(size, number)
                ways = [hashes]
                if end < size:  # the letters on both sides of the cut swapped
                    change = NUMBERS[letters.buffer[starts + end]] - NUMBERS[letters.buffer[starts + end - 1]]
                    ways.append(hashes + change * letters.sums.up[end - start - 1])
                if start:
                    change = NUMBERS[letters.buffer[starts + start - 1]] - NUMBERS[letters.buffer[starts + start]]
                    ways.append(hashes + change)
                made.append(packed(np.stack(ways, axis=1), group))
        self._table = HashTable(made)
        self._masks = letters.masks
        self._spans = {size: _Spans(size, sizes) for size in range(_LONG - 2, LONGEST + 1)} if sizes else {}

    def pairs(self, letters: Letters, wanted: Truths) -> Places:
        """Which of the wanted texts hold a third of which name where it may stand, and nearly all of its letters."""
        found = [np.empty(0, dtype=np.int64)]
        long = np.flatnonzero(wanted & (letters.sizes >= _LONG - 2) & (letters.sizes <= LONGEST))
        for size, group in by_size(letters, long if self._spans else long[:0]):
            for places, names in self._table.found(self._spans[size].hashes(letters, letters.starts[group])):
                texts = group[places % len(group)]
                alike = np.bitwise_count(letters.masks[texts] ^ self._masks[names]) <= _APART
                found.append(texts[alike] << 24 | names[alike])
        return _once(np.concatenate(found))


class _Spans:
    """Where in a text of some size a third of a name can stand, whose length differs by two at most."""

    def __init__(self, size: int, others: Container[int]) -> None:
        spans = [
            (start + shift, end + shift, _salt(other, number))
            for other in range(size - 2, size + 3)
            if other in others
            for number, (start, end) in enumerate(thirds(other))
            for shift in shifts(number, size - other)
            if start + shift >= 0 and end + shift <= size
        ]
        self._starts = np.array([start for start, _end, _salt in spans], dtype=np.int64)
        self._ends = np.array([end for _start, end, _salt in spans], dtype=np.int64)
        self._salts = np.array([salt for _start, _end, salt in spans], dtype=np.uint64)[:, None]
        self._size = size

    def hashes(self, letters: Letters, starts: Places) -> Hashes:
        """A row for each span, with a column for each text."""
        sums = letters.sums
        heads = sums.sums[np.arange(self._size + 1)[:, None] + starts] * sums.down[starts]
        found: Hashes = (heads[self._ends] - heads[self._starts]) * sums.down[self._starts][:, None] + self._salts
        return found


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
