"""How one word differs from another, letter by letter, and how well each difference passes for a slip."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from functools import lru_cache
from typing import NamedTuple

from listener.text.fold import unmarked
from listener.text.keyboard import next_to
from listener.text.skeleton import visual
from listener.words.claims import words_in

LONGEST = 64  # letters; a label of a host name has at most 63
BAND = 2  # letters; two slips put no more out of step


class Kind(Enum):
    """What was done to a letter, how it is told, and what it costs.

    Squatters swap, double and drop letters and pick what looks alike or lies next to it, since that is what is misread
    and mistyped (Agten et al., NDSS 2015; Holgers et al., USENIX 2006); another letter is most often another word.
    """

    LOOKS = "{w!r} for {o!r}", 0.4
    DOUBLED = "{w!r} doubled", 0.4
    UNDOUBLED = "one {o!r} where we have two", 0.4
    SWAPPED = "{o!r} turned to {w!r}", 0.45
    ADDED = "{w!r} put in", 0.5
    KEY = "{w!r} is next to {o!r} on a Swedish keyboard", 0.55
    DROPPED = "{o!r} left out", 0.6
    SOUND = "{w!r} sounds like {o!r}", 0.6
    VOWEL = "{w!r} for {o!r}", 0.6
    BIT = "{w!r} for {o!r}", 0.8
    OTHER = "{w!r} for {o!r}", 1.0

    def __init__(self, told: str, cost: float) -> None:
        self.told, self.cost = told, cost


class Slip(NamedTuple):
    """One difference: `written` stands where `ours` should; one of them may be empty."""

    kind: Kind
    written: str
    ours: str


class Slips(NamedTuple):
    """All differences, in order, and what they cost together: 0 for none, 1 for a letter that is simply another."""

    cost: float
    found: tuple[Slip, ...]


Step = tuple[float, Slip | None, int, int]  # the sum so far, what was done, and where from

AT_START, AT_END = 0.2, 0.2  # the ends of a word are read most closely
_PLURAL = "s"
_ALIKE = words_in("ce ec uv vu nh hn mn nm qg gq ij ji lj jl tf ft tl lt hb bh yv vy ao oa nr rn ci ic co oc")
# letters that run together to the eye: written for one of ours, or one for two of ours
_TOGETHER = frozenset({("rn", "m"), ("nn", "m"), ("in", "m"), ("ni", "m"), ("ri", "n"), ("cl", "d"), ("vv", "w")})
_SOUND = words_in("sc cs sz zs ck kc kq qk vw wv fv vf dt td iy yi jy yj gj jg xs sx")
_VOWELS = frozenset("aeiouyåäö")


@lru_cache(maxsize=8192)
def read_slips(written: str, ours: str) -> Slips:
    """The cheapest way from `ours` to `written`, both lower case and without hyphens (weighted OSA, O(n)).

    Only ways that are never more than BAND letters out of step are looked at.
    """
    written, ours = written[:LONGEST], ours[:LONGEST]
    reached: dict[tuple[int, int], Step] = {(0, 0): (0.0, None, 0, 0)}
    for i in range(len(ours) + 1):
        for j in range(max(0, i - BAND), min(len(written), i + BAND) + 1):
            if i or j:
                reached[i, j] = min(_steps(reached, written, ours, i, j), key=lambda step: step[0])
    return _traced(reached, len(ours), len(written))


def _steps(reached: dict[tuple[int, int], Step], written: str, ours: str, i: int, j: int) -> Iterator[Step]:
    """Every last step to `i` letters of ours and `j` written."""
    if before := reached.get((i - 1, j - 1)):
        cost, slip = _other(written[j - 1], ours[i - 1], i == 1)
        yield before[0] + cost, slip, i - 1, j - 1
    if before := reached.get((i, j - 1)):
        cost, slip = _added(written, ours, i, j)
        yield before[0] + cost, slip, i, j - 1
    if before := reached.get((i - 1, j)):
        cost, slip = _dropped(ours, i)
        yield before[0] + cost, slip, i - 1, j
    pair = written[max(0, j - 2) : j]
    if (before := reached.get((i - 1, j - 2))) and (pair, ours[i - 1]) in _TOGETHER:
        yield before[0] + Kind.LOOKS.cost, Slip(Kind.LOOKS, pair, ours[i - 1]), i - 1, j - 2
    if (before := reached.get((i - 2, j - 1))) and (ours[i - 2 : i], written[j - 1]) in _TOGETHER:
        yield before[0] + Kind.LOOKS.cost, Slip(Kind.LOOKS, written[j - 1], ours[i - 2 : i]), i - 2, j - 1
    if (before := reached.get((i - 2, j - 2))) and pair[::-1] == ours[i - 2 : i] and pair[0] != pair[1]:
        yield before[0] + Kind.SWAPPED.cost, Slip(Kind.SWAPPED, pair, ours[i - 2 : i]), i - 2, j - 2


def _other(written: str, ours: str, first: bool) -> tuple[float, Slip | None]:
    if written == ours or (not written.isascii() and unmarked(written) == ours):
        return 0.0, None
    kind = kind_of(written, ours)
    return kind.cost + (AT_START if first and kind not in (Kind.LOOKS, Kind.KEY) else 0.0), Slip(kind, written, ours)


@lru_cache(maxsize=4096)
def kind_of(written: str, ours: str) -> Kind:
    """Which kind of slip it is to write one letter for another."""
    if written + ours in _ALIKE or visual(written) == visual(ours):
        return Kind.LOOKS
    if next_to(written, ours):
        return Kind.KEY
    if written in _VOWELS and ours in _VOWELS:
        return Kind.VOWEL
    if written + ours in _SOUND:
        return Kind.SOUND
    return Kind.BIT if (ord(written) ^ ord(ours)).bit_count() == 1 else Kind.OTHER


def _added(written: str, ours: str, i: int, j: int) -> tuple[float, Slip]:
    char = written[j - 1]
    if char in (ours[i - 1 : i], ours[i : i + 1]):
        return Kind.DOUBLED.cost, Slip(Kind.DOUBLED, char, "")
    at_edge = i == 0 or (i == len(ours) and char != _PLURAL)
    return Kind.ADDED.cost + (AT_END if at_edge else 0.0), Slip(Kind.ADDED, char, "")


def _dropped(ours: str, i: int) -> tuple[float, Slip]:
    char = ours[i - 1]
    if char == ours[i - 2 : i - 1] or char == ours[i : i + 1]:
        return Kind.UNDOUBLED.cost, Slip(Kind.UNDOUBLED, "", char)
    at_edge = i == 1 or (i == len(ours) and char != _PLURAL)
    return Kind.DROPPED.cost + (AT_END if at_edge else 0.0), Slip(Kind.DROPPED, "", char)


def _traced(reached: dict[tuple[int, int], Step], i: int, j: int) -> Slips:
    if (i, j) not in reached:
        return Slips(float("inf"), ())
    cost = reached[i, j][0]
    found: list[Slip] = []
    while i or j:
        _sum, slip, i, j = reached[i, j]
        if slip is not None:
            found.append(slip)
    return Slips(cost, tuple(reversed(found)))


def told(slips: Slips) -> str:
    """The slips as part of a sentence, parted by `; `."""
    return "; ".join(slip.kind.told.format(w=slip.written, o=slip.ours) for slip in slips.found)
