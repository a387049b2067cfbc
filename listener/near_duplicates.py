"""Posts that are copies of one another, edited or not: MinHash over the letters, then a look at what differs.

MinHash and banding after Broder (1997) and Leskovec, Rajaraman and Ullman, Mining of Massive Datasets, chapter 3. A
copy shares half of its 5-letter pieces with the other post. Two posts that share more than that may still be one
template filled in twice ("Vattenläcka på Storgatan i Almby", "Vattenläcka på Nygatan i Berga"): when all that differs,
on both sides, is names, numbers, days and months, they say different things and are no copies.
"""

from __future__ import annotations

import re
from hashlib import blake2b

from jellyfish import damerau_levenshtein_distance

from listener.models import Record

PIECE = 5  # letters
ALIKE = 0.5  # of all pieces of both (Jaccard)
SAME = 0.9  # from here on a copy needs no bands of its own: whoever is like it is like the first
SHORT = 40  # letters; a shorter text is a copy only when it is the same
READ = 5_000  # characters of a text that are compared
PERMUTATIONS, ROWS = 128, 4  # 32 bands of 4: two posts that share half of their pieces meet in one of them in 87 %
SEED = 42
LONGEST_NAME = 60  # letters of a word that is looked at for a slip of the keys
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


def letters(text: str) -> str:
    """What is compared of a text: folded letters and digits, without addresses and names that are spoken to."""
    return "".join(_WORD.findall(_LEFT_OUT.sub(" ", text[:READ]).casefold()))


def fingerprint(text: str) -> Print | None:
    """The print of a text; None when no letters are left of it."""
    said = letters(text)
    if not said:
        return None
    exact = int.from_bytes(blake2b(said.encode("utf-8", "replace"), digest_size=8).digest(), signed=True)
    return Print(exact=exact, bands=() if len(said) < SHORT else _bands(said))


def _bands(said: str) -> tuple[int, ...]:
    """64 bits for each band: the low 16 of its four minima, spread by its number."""
    from rensa import RMinHash

    made = RMinHash(num_perm=PERMUTATIONS, seed=SEED)
    made.update(list(pieces(said)))
    least = made.digest()
    found = []
    for band in range(PERMUTATIONS // ROWS):
        packed = 0
        for value in least[band * ROWS : (band + 1) * ROWS]:
            packed = packed << 16 | value & 0xFFFF
        spread = packed ^ (band + 1) * _SPREAD & _MASK
        found.append(spread - (1 << 64) if spread >> 63 else spread)
    return tuple(found)


def pieces(said: str) -> set[str]:
    """The runs of five letters."""
    return {said[at : at + PIECE] for at in range(max(1, len(said) - PIECE + 1))}


class Compared:
    """A post made ready to be held against others."""

    def __init__(self, text: str) -> None:
        said = _LEFT_OUT.sub(" ", text[:READ])
        self.words = _WORD.findall(said)
        self.folded = [word.casefold() for word in self.words]
        self.letters = "".join(_WORD.findall(said.casefold()))
        self.pieces = pieces(self.letters)


def likeness(one: Compared, other: Compared) -> float:
    """The share of pieces that two posts have in common, 0 to 1; 0 for what is no copy: short and not the same, or one
    template filled in twice.
    """
    if one.letters == other.letters:
        return 1.0
    if min(len(one.letters), len(other.letters)) < SHORT:
        return 0.0
    common = len(one.pieces & other.pieces)
    share = common / (len(one.pieces) + len(other.pieces) - common)
    return 0.0 if share < ALIKE or filled_in_twice(one, other) else share


def filled_in_twice(one: Compared, other: Compared) -> bool:
    """Is all that differs, on both sides, what a template leaves open? A mistyped name is none."""
    here, there = _differing(one, other), _differing(other, one)
    if not here or not there or not all(any(map(_open, run)) for run in (*here, *there)):
        return False
    first, second = ([word.casefold() for run in runs for word in run] for runs in (here, there))
    return not all(any(_mistyped(word, too) for too in second) for word in first)


def _differing(one: Compared, other: Compared) -> list[list[str]]:
    """The runs of words, as written, that only the first has: "Solna by" stands in for "Berga"."""
    known = set(other.folded)
    runs: list[list[str]] = [[]]
    for word, folded in zip(one.words, one.folded, strict=True):
        if folded not in known:
            runs[-1].append(word)
        elif runs[-1]:
            runs.append([])
    return [run for run in runs if run]


def _open(word: str) -> bool:
    """May a template leave this word open: a name, a number, a day, a month?"""
    return word[:1].isupper() or word.casefold() in _CALENDAR or any(map(str.isdigit, word))


def _mistyped(one: str, other: str) -> bool:
    """One letter more, less, other, or two that changed places."""
    if any(map(str.isdigit, one + other)) or abs(len(one) - len(other)) > 1 or len(one) > LONGEST_NAME:
        return False
    return bool(damerau_levenshtein_distance(one, other) == 1)
