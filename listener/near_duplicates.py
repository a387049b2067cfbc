"""Posts that are copies of one another, edited or not: MinHash over the letters, then a look at what differs.

MinHash and banding after Broder (1997) and Leskovec, Rajaraman and Ullman, Mining of Massive Datasets, chapter 3. A
copy shares half of its 5-letter pieces with the other post. Two posts that share more than that may still be one
template filled in twice ("Vattenläcka på Storgatan i Almby", "Vattenläcka på Nygatan i Berga"): when all that differs,
on both sides, is names, numbers, days and months, they say different things and are no copies.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache
from hashlib import blake2b
from typing import TYPE_CHECKING

from jellyfish import damerau_levenshtein_distance

from listener.models import Record

if TYPE_CHECKING:
    from numpy import uint64
    from numpy.typing import NDArray

PIECE = 5  # letters
ALIKE = 0.5  # of all pieces of both (Jaccard)
SAME = 0.9  # from here on a copy needs no bands of its own: whoever is like it is like the first
SHORT = 32  # letters; a shorter text is a copy only when it is the same
READ = 5_000  # characters of a text that are compared
PERMUTATIONS, ROWS = 96, 4  # 24 bands of 4: two posts that share 6 of 10 pieces meet in one of them in 97 %
SEED = 42
MOST_OPEN = 20  # words that a template leaves open
SLIPS, LONGEST_NAME = 5, 60  # letters of a word that is looked at for a slip of the keys
_LEFT_OUT = re.compile(r"(?:https?://|www\.)\S+|@[\w.@-]+")
_WORD = re.compile(r"\w+")
_DAYS = """
    måndag tisdag onsdag torsdag fredag lördag söndag januari februari mars april maj juni juli augusti september
    oktober november december monday tuesday wednesday thursday friday saturday sunday january february march may june
    july august october"""
_CALENDAR = frozenset(_DAYS.split())
_SPREAD, _MASK = 0x9E3779B97F4A7C15, (1 << 64) - 1


class Print(Record):
    """What a post is looked up by: `exact` is shared by equal texts, each of `bands` by some that are alike."""

    exact: int
    bands: tuple[int, ...]

    @property
    def keys(self) -> tuple[int, ...]:
        return (self.exact, *self.bands)


class Compared:
    """A post made ready to be held against others: its words, and its folded letters and digits in runs of five.

    Addresses and names that are spoken to are left out: they differ from copy to copy.
    """

    def __init__(self, text: str) -> None:
        said = text[:READ]
        if "://" in said or "@" in said or "www." in said:
            said = _LEFT_OUT.sub(" ", said)
        self.words: list[str] = _WORD.findall(said)
        self.folded = list(map(str.casefold, self.words))
        self.said = frozenset(self.folded)
        self.letters = "".join(self.folded)
        self.pieces = pieces(self.letters)
        self.shouted = said.isupper()

    def open(self, run: Sequence[str]) -> bool:
        """May a template leave these words open: is a name, a number, a day or a month among them?"""
        return any(
            (word[:1].isupper() and not self.shouted) or word.casefold() in _CALENDAR or any(map(str.isdigit, word))
            for word in run
        )


def pieces(said: str) -> set[str]:
    """The runs of five letters."""
    return {said[at : at + PIECE] for at in range(max(1, len(said) - PIECE + 1))}


def fingerprint(post: Compared) -> Print | None:
    """The print of a post; None when it has no letters."""
    return fingerprints([post])[0]


def fingerprints(said: Sequence[Compared]) -> list[Print | None]:
    """As `fingerprint`, of many posts at once."""
    bands = iter(_bands([post.pieces for post in said if len(post.letters) >= SHORT]))
    return [
        Print(exact=_exact(post.letters), bands=next(bands) if len(post.letters) >= SHORT else ())
        if post.letters
        else None
        for post in said
    ]


def _exact(letters: str) -> int:
    return int.from_bytes(blake2b(letters.encode("utf-8", "replace"), digest_size=8).digest(), signed=True)


def _bands(said: Iterable[set[str]]) -> list[tuple[int, ...]]:
    """For each post 64 bits for each band: the low 16 of its four minima, spread by its number."""
    import numpy
    from rensa import RMinHash

    runs = [list(pieces) for pieces in said]
    if not runs:
        return []
    least = numpy.array(RMinHash.digests_from_token_sets(runs, PERMUTATIONS, SEED), dtype=numpy.uint64)
    low = (least & numpy.uint64(0xFFFF)).reshape(len(runs), PERMUTATIONS // ROWS, ROWS)
    packed = low[:, :, 0]
    for row in range(1, ROWS):
        packed = packed << numpy.uint64(16) | low[:, :, row]
    return [tuple(bands) for bands in (packed ^ _spreads()).view(numpy.int64).tolist()]


@cache
def _spreads() -> NDArray[uint64]:
    import numpy

    made = [number * _SPREAD & _MASK for number in range(1, PERMUTATIONS // ROWS + 1)]
    return numpy.array(made, dtype=numpy.uint64)


def likeness(one: Compared, other: Compared) -> float:
    """The share of pieces that two posts have in common, 0 to 1; 0 for what is no copy: short and not the same, or one
    template filled in twice.
    """
    if one.letters == other.letters:
        return 1.0
    if min(len(one.letters), len(other.letters)) < SHORT:
        return 0.0
    less, more = sorted((len(one.pieces), len(other.pieces)))
    if less < ALIKE * more:
        return 0.0
    common = len(one.pieces & other.pieces)
    share = common / (len(one.pieces) + len(other.pieces) - common)
    return 0.0 if share < ALIKE or filled_in_twice(one, other) else share


def filled_in_twice(one: Compared, other: Compared) -> bool:
    """Is all that differs, on both sides, what a template leaves open? A mistyped name is none."""
    if one.said <= other.said or other.said <= one.said:
        return False
    here, there = _differing(one, other), _differing(other, one)
    if not all(map(one.open, here)) or not all(map(other.open, there)):
        return False
    first, second = ([word.casefold() for run in runs for word in run] for runs in (here, there))
    if max(len(first), len(second)) > MOST_OPEN:
        return False
    slips = [(word, too) for word in first for too in second if _mistyped(word, too)]
    return bool(set(first) - {word for word, _too in slips}) and bool(set(second) - {too for _word, too in slips})


def _differing(one: Compared, other: Compared) -> list[list[str]]:
    """The runs of words, as written, that only the first has: "Solna by" stands in for "Berga"."""
    known = other.said
    runs: list[list[str]] = [[]]
    for word, folded in zip(one.words, one.folded, strict=True):
        if folded not in known:
            runs[-1].append(word)
        elif runs[-1]:
            runs.append([])
    return [run for run in runs if run]


def _mistyped(one: str, other: str) -> bool:
    """Two letters that changed places in a long word: one more, one less or another makes another name."""
    if len(one) != len(other) or not SLIPS <= len(one) <= LONGEST_NAME or any(map(str.isdigit, one + other)):
        return False
    return sorted(one) == sorted(other) and bool(damerau_levenshtein_distance(one, other) == 1)
