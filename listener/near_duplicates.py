"""Posts that are copies of one another, edited or not: MinHash over the letters, then a look at what differs.

MinHash and banding after Broder (1997) and Leskovec, Rajaraman and Ullman, Mining of Massive Datasets, chapter 3. A
copy shares half of its 5-letter pieces with the other post. Two posts that share more than that may still be one
template filled in twice ("Vattenläcka på Storgatan i Almby", "Vattenläcka på Nygatan i Berga"): where, between the same
words, one says a name, a number, a day or a month and the other another, they say different things and are no copies.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, cached_property
from hashlib import blake2b
from typing import TYPE_CHECKING, NamedTuple

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
_OPENING = """
    alla allt att av bra de dem den denna det detta dom du där en er ett få för han har hej helt hon hur här i idag igen
    igår ingen inte ja jag kan kom kära läs man med men min ni nog nu när nej och om obs på rt ska se sen sin snart som
    sprid så sök tack till tyvärr upp ut vad var varför vem vet vi vill välkommen är ändå
    a all an and are at but can do for from has he how i if in is it just look my no not now of on or please read share
    she so thanks that the there they this to via was we what when where who why will with yes you your"""
_NO_NAMES = frozenset(_OPENING.split())  # capitals because a sentence or a comment begins with them
_END = "\n"  # beside the first word and the last
_SPREAD, _MASK = 0x9E3779B97F4A7C15, (1 << 64) - 1


class Print(Record):
    """What a post is looked up by: `exact` is shared by equal texts, each of `bands` by some that are alike."""

    exact: int
    bands: tuple[int, ...]

    @property
    def keys(self) -> tuple[int, ...]:
        return (self.exact, *self.bands)


class Run(NamedTuple):
    """Words that one of two posts has and the other has not, by their numbers [start, end), and what stands beside."""

    start: int
    end: int
    left: str | None
    right: str | None


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

    @cached_property
    def shouted(self) -> bool:
        """Is most of it in capitals?"""
        return 2 * sum(map(str.isupper, self.words)) > len(self.words)

    @cached_property
    def pieces(self) -> frozenset[str]:
        """Its letters in runs of five."""
        return frozenset(pieces(self.letters))

    @cached_property
    def slots(self) -> dict[tuple[str, str], str]:
        """The words that a template may leave open, by the words beside them."""
        said = [_END, *self.folded, _END]
        likely = (  # most words are small letters and no days: told without a call
            at
            for at, (word, folded) in enumerate(zip(self.words, self.folded, strict=True))
            if word != folded or folded in _CALENDAR or not word.isalpha()
        )
        return {(said[at], said[at + 2]): said[at + 1] for at in likely if self.names(at)}

    def beside(self, other: Compared) -> list[Run]:
        """The runs of words that the other has not: "Solna by" that stands in for "Berga"."""
        folded, known = self.folded, other.said
        own = [at for at, word in enumerate(folded) if word not in known]
        starts = [at for at in own if at == 0 or folded[at - 1] in known]
        ends = [at + 1 for at in own if at + 1 == len(folded) or folded[at + 1] in known]
        return [
            Run(start, end, folded[start - 1] if start else None, folded[end] if end < len(folded) else None)
            for start, end in zip(starts, ends, strict=True)
        ]

    def open(self, run: Run) -> bool:
        """May a template leave this open: is a name, a number, a day or a month in it?

        At an end of the post a comment may stand beside it: there only the word next to the others tells.
        """
        if run.left is None or run.right is None:
            return self.names(run.end - 1 if run.left is None else run.start)
        return any(map(self.names, range(run.start, run.end)))

    def around(self, run: Run) -> str:
        """The letters of a run with those of the words beside it, the ends of the text marked."""
        return "".join([run.left or _END, *self.folded[run.start : run.end], run.right or _END])

    def names(self, at: int) -> bool:
        """May this word be a name, a number, a day or a month?"""
        word, folded = self.words[at], self.folded[at]
        if word[0].isupper() and not self.shouted and folded not in _NO_NAMES:
            return True
        return folded in _CALENDAR or any(map(str.isdigit, word))


def pieces(said: str) -> list[str]:
    """The runs of five letters, as often as they stand there."""
    return [said[at : at + PIECE] for at in range(len(said) - PIECE + 1)] or [said]


def fingerprint(post: Compared) -> Print | None:
    """The print of a post; None when it has no letters."""
    return fingerprints([post])[0]


def fingerprints(said: Sequence[Compared]) -> list[Print | None]:
    """As `fingerprint`, of many posts at once."""
    bands = iter(_bands([pieces(post.letters) for post in said if len(post.letters) >= SHORT]))
    return [
        Print(exact=_exact(post.letters), bands=next(bands) if len(post.letters) >= SHORT else ())
        if post.letters
        else None
        for post in said
    ]


def _exact(letters: str) -> int:
    return int.from_bytes(blake2b(letters.encode("utf-8", "replace"), digest_size=8).digest(), signed=True)


def _bands(runs: Sequence[Sequence[str]]) -> list[tuple[int, ...]]:
    """For each post 64 bits for each band: the low 16 of its four minima, spread by its number."""
    import numpy
    from rensa import RMinHash

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
    if filled_in_twice(one, other):
        return 0.0
    common = len(one.pieces & other.pieces)
    share = common / (len(one.pieces) + len(other.pieces) - common)
    return 0.0 if share < ALIKE else share


def filled_in_twice(one: Compared, other: Compared) -> bool:
    """Does one say a name, a number, a day or a month where the other says another? A mistyped name is the same."""
    slots, others = one.slots, other.slots
    for place in slots.keys() & others.keys():  # most are told by one word alone
        word, too = slots[place], others[place]
        if word not in other.said and too not in one.said and not _mistyped(word, too):
            return _few(one, other)
    if not _few(one, other):
        return False
    here, there = one.beside(other), other.beside(one)
    return any(_meet(one, run, other, too) and _opened(one, run, other, too) for run in here for too in there)


def _few(one: Compared, other: Compared) -> bool:
    """Are the words that each has and the other has not so few that a template may have left them open?"""
    return 0 < len(one.said - other.said) <= MOST_OPEN and 0 < len(other.said - one.said) <= MOST_OPEN


def _meet(one: Compared, run: Run, other: Compared, too: Run) -> bool:
    """Do two runs stand in the same place: between the same words, or beside one that both posts have once?"""
    if run.left == too.left and run.right == too.right:
        return True
    beside = (run.left if run.left == too.left else None) or (run.right if run.right == too.right else None)
    return beside is not None and one.folded.count(beside) == other.folded.count(beside) == 1


def _opened(one: Compared, run: Run, other: Compared, too: Run) -> bool:
    """Does a template leave this place open? A text that shouts does not show its names: the other's must do."""
    first, second = one.open(run), other.open(too)
    if not ((first and (second or other.shouted)) or (second and one.shouted)):
        return False
    return not (
        _parted(one, run, other, too) or _same(one.folded[run.start : run.end], other.folded[too.start : too.end])
    )


def _parted(one: Compared, run: Run, other: Compared, too: Run) -> bool:
    """Do two runs, with the words beside them, say the same but for where the words part?"""
    here, there = one.around(run), other.around(too)
    more, less = (here, there) if len(here) > len(there) else (there, here)
    return more.startswith(less) or more.endswith(less)


def _same(here: Sequence[str], there: Sequence[str]) -> bool:
    """Is all that one of two runs says in the other, but for a slip of the keys?"""
    slips = [(word, too) for word in here for too in there if _mistyped(word, too)]
    return {*here} == {word for word, _too in slips} or {*there} == {too for _word, too in slips}


def _mistyped(one: str, other: str) -> bool:
    """Two letters that changed places in a long word: one more, one less or another makes another name."""
    if len(one) != len(other) or not SLIPS <= len(one) <= LONGEST_NAME or any(map(str.isdigit, one + other)):
        return False
    return sorted(one) == sorted(other) and bool(damerau_levenshtein_distance(one, other) == 1)
