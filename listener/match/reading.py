"""A name or handle cut into known words: whose name stands in it, and what the rest of it says."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, MatchKind

from listener.match.marks import Mark
from listener.match.vocabulary import Kind, Vocabulary, Word
from listener.text.tokens import Key

SHORT = 4  # letters; a word this short counts only between word bounds or other known words
_PREFIX = 3
_UNREACHED = float("-inf")
_OTHERS_FIRST = 0.25  # of two cuts as good, the one with another's whole name: Varberg, not "vår Berg"
LINKING = frozenset({"i", "av", "pa", "of", "in", "de", "du"})  # between two known words they are words themselves


Match = tuple[int, int, int]  # the number of a word of the vocabulary, and where it stands in the letters


class Found(NamedTuple):
    """A known word and where it stands in the letters."""

    start: int
    end: int
    word: Word


class Overlap(NamedTuple):
    """How much of a unit's or account's name a candidate's words hold, 0..1, and which words they share."""

    mark: Mark
    score: float
    shared: tuple[str, ...]


class Neighbour(NamedTuple):
    """One of our names, how many letters away, and the `letters` that are: without what was peeled off their ends."""

    mark: Mark
    distance: int
    letters: str


class Reading(NamedTuple):
    """What a name or handle is read as.

    `equal`, `looks` and `near` are our names that it equals, looks like (0 for o) or is one or two letters from;
    `words` what it can be cut into; `unknown` the pieces between them; `sibling` another bearer of a name like ours;
    `swaps` which characters stand for which where only one of the words looks like ours; `company` the word that makes
    it the name of a company we may own.
    """

    key: Key
    equal: tuple[Mark, ...] = ()
    looks: Mark | None = None
    near: Neighbour | None = None
    words: tuple[Found, ...] = ()
    unknown: tuple[str, ...] = ()
    sibling: str | None = None
    swaps: str = ""
    company: str | None = None

    def of(self, *kinds: Kind) -> list[Word]:
        """The words found of these kinds, in order."""
        return [found.word for found in self.words if found.word.kind in kinds] if self.words else []

    @property
    def silent(self) -> bool:
        """Whether it holds nothing of ours."""
        return not (self.equal or self.looks or self.near or self.words)


class Cutter:
    """Cuts letters into words of a vocabulary; built once, then used for every candidate."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self._words = tuple(vocabulary.values())
        self.others = self.numbers(frozenset({Kind.SIBLING}))
        self._automaton = AhoCorasick(list(vocabulary), matchkind=MatchKind.Standard) if vocabulary else None
        own = (Kind.NAME, Kind.CORE, Kind.UNIT)
        self._own = _lengths(
            text
            for text, word in vocabulary.items()
            if word.kind in own or word.first or word.last or word.own or word.sign
        )

    @property
    def own_words(self) -> frozenset[str]:
        """All that `may_hold_ours` looks for."""
        return frozenset(text for text in self.vocabulary if len(text) in self._own.get(text[:_PREFIX], ()))

    def may_hold_ours(self, letters: str) -> bool:
        """Whether one of our names stands anywhere in `letters`: quick, and wrong only by saying yes."""
        own, vocabulary = self._own, self.vocabulary
        for start in range(len(letters) - _PREFIX + 1):
            for length in own.get(letters[start : start + _PREFIX], ()):
                if letters[start : start + length] in vocabulary:
                    return True
        return False

    def numbers(self, kinds: Set[Kind]) -> frozenset[int]:
        """The numbers of the words of these kinds, as `held` gives them."""
        return frozenset(number for number, word in enumerate(self._words) if word.kind in kinds)

    def held(self, letters: str) -> list[Match]:
        """Every word that stands in `letters`, also inside or across another."""
        return self._automaton.find_matches_as_indexes(letters, overlapping=True) if self._automaton else []

    def found(self, match: Match) -> Found:
        """The word that a match is of."""
        number, start, end = match
        return Found(start, end, self._words[number])

    def cut(self, key: Key) -> tuple[Found, ...]:
        """The words that explain most of the letters with the fewest cuts, in order."""
        return self.chosen(key, self.held(key.letters))

    def chosen(self, key: Key, held: Iterable[Match]) -> tuple[Found, ...]:
        """As `cut`, when what `held` tells is known already."""
        letters, bounds, others = key.letters, key.bounds, self.others
        starting: dict[int, list[Match]] = {}
        for match in held:
            starting.setdefault(match[1], []).append(match)
        if not starting:
            return ()
        size = len(letters)
        best = [0.0, *[_UNREACHED] * size]
        back: list[Match | None] = [None] * (size + 1)
        for start in range(size):
            here, end = best[start], start + 1
            if here - 1.0 > best[end]:
                best[end], back[end] = here - 1.0, None
            if start not in starting:
                continue
            bounded = start in bounds
            edge = bounded or back[start] is not None
            for match in starting[start]:
                number, _start, end = match
                if end - start < SHORT and not (edge and _stands_alone(start, end, letters, bounds)):
                    continue
                gain = here + 2.0 * (end - start) - 2.5 + bounded + (end in bounds)
                if number in others:
                    gain += _OTHERS_FIRST
                if gain > best[end]:
                    best[end], back[end] = gain, match
        return _between_words(list(map(self.found, _walk(back))), bounds)


def _stands_alone(start: int, end: int, letters: str, bounds: frozenset[int]) -> bool:
    """Whether a word that begins a piece is no mere letter or two of it."""
    if end - start >= _PREFIX or end in bounds:
        return True
    return start > 0 and letters[start:end] in LINKING


def _lengths(words: Iterable[str]) -> dict[str, tuple[int, ...]]:
    """First three letters -> the lengths that words beginning so have."""
    found: dict[str, set[int]] = {}
    for word in words:
        if len(word) >= _PREFIX:
            found.setdefault(word[:_PREFIX], set()).add(len(word))
    return {prefix: tuple(sorted(lengths)) for prefix, lengths in found.items()}


def _walk(back: list[Match | None]) -> list[Match]:
    path = []
    end = len(back) - 1
    while end > 0:
        match = back[end]
        if match is None:
            end -= 1
        else:
            path.append(match)
            end = match[1]
    path.reverse()
    return path


def _between_words(path: list[Found], bounds: frozenset[int]) -> tuple[Found, ...]:
    """`path` without words that stand inside an unknown one: `ekero` in `spekerod`, `skara` in `maskaradboll`.

    A word needs a bound or another word on both sides; a long one (more than SHORT letters) needs it on one side, with
    at least three unknown letters on the other, for `ekero` in `ekeroth` is a surname.
    """
    kept = list(path)
    while True:
        starts, ends = {f.start for f in kept}, {f.end for f in kept}
        firm = [f for f in kept if _firm(f, starts, ends, bounds)]
        if len(firm) == len(kept):
            return tuple(firm)
        kept = firm


def _firm(found: Found, starts: set[int], ends: set[int], bounds: frozenset[int]) -> bool:
    left = found.start in bounds or found.start in ends
    right = found.end in bounds or found.end in starts
    if left and right:
        return True
    if (found.word.first and found.start == 0) or (found.word.last and found.end == max(bounds)):
        return True
    if found.word.own and found.end == max(bounds) and found.end - found.start >= SHORT:
        return True  # `roadscmte`
    if not (left or right) or found.end - found.start <= SHORT:
        return False
    if left:
        return min((b for b in bounds | starts if b > found.end), default=found.end) - found.end >= 3
    return found.start - max((b for b in bounds | ends if b < found.start), default=found.start) >= 3


def other_bearer(key: Key, words: Sequence[Found]) -> str | None:
    """Whose name stands in `words` besides ours: it begins a word, for `granköping` is not Köping."""
    starts = key.bounds | {found.end for found in words}
    return next((found.word.text for found in words if found.word.kind is Kind.SIBLING and found.start in starts), None)


def without_own(words: tuple[Found, ...], mark: Mark) -> tuple[Found, ...]:
    """`words` without others' words that stand in our own name too: no `posten` in `fjalposten`, near Fjällposten."""
    own = mark.letters[0]
    return tuple(found for found in words if found.word.kind is not Kind.THIRD_PARTY or found.word.text not in own)


def unknown_pieces(key: Key, words: Iterable[Found]) -> tuple[str, ...]:
    """The letters between the words found, as pieces."""
    pieces, last = [], 0
    for found in words:
        pieces.append(key.letters[last : found.start])
        last = found.end
    pieces.append(key.letters[last:])
    return tuple(piece for piece in pieces if piece)
