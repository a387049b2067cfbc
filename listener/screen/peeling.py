"""What is left of a name when the digits and the common words on its ends are off: `almby` of `almbyofficial24`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from listener.match.marks import MarkKind
from listener.match.vocabulary import Kind, Vocabulary
from listener.screen.near import ONE_EDIT

Core = tuple[str, frozenset[MarkKind]]  # what is left, and which kinds of our names it may be near

_WORDS_PEELED = 4
SHORTEST_END, SHORTEST_FRONT = 2, 3  # letters of what is peeled off
_ANY = frozenset(MarkKind)
_REMEMBERED = 50_000
_Lengths = dict[str, tuple[int, ...]]


class _Way(NamedTuple):
    """The words that one way of peeling takes off, the lengths of those with each end, and what the rest may be."""

    words: frozenset[str]
    ends: _Lengths
    fronts: _Lengths
    may_be: frozenset[MarkKind]


class Peeler:
    """Takes words off the ends of names; built once, and remembers what it was last asked."""

    def __init__(self, vocabulary: Vocabulary, peeled: Sequence[tuple[frozenset[Kind], frozenset[MarkKind]]]) -> None:
        """`peeled` are the ways to peel: the kinds of words that go, and which of our names the rest may be near."""
        self._vocabulary = vocabulary
        self._ways = tuple(_way(vocabulary, kinds, may_be) for kinds, may_be in peeled)
        self._known: dict[str, tuple[Core, ...]] = {}

    def cores(self, letters: str) -> tuple[Core, ...]:
        """What may be near one of our names: the whole first, then with ever less on it."""
        found = self._known.get(letters)
        if found is None:
            if len(self._known) > _REMEMBERED:
                self._known.clear()
            found = self._known[letters] = tuple(self._cores(letters))
        return found

    def _cores(self, letters: str) -> Iterator[Core]:
        yield letters, _ANY
        seen = {letters}
        for way in self._ways:
            for core in _peel(letters, way):
                if core not in seen and core not in self._vocabulary:
                    yield core, way.may_be
                seen.add(core)


def _way(vocabulary: Vocabulary, kinds: frozenset[Kind], may_be: frozenset[MarkKind]) -> _Way:
    words = frozenset(text for text, word in vocabulary.items() if word.kind in kinds)
    ends = _longest_first((text[-SHORTEST_END:], len(text)) for text in words if len(text) >= SHORTEST_END)
    fronts = _longest_first((text[:SHORTEST_FRONT], len(text)) for text in words if len(text) >= SHORTEST_FRONT)
    return _Way(words, ends, fronts, may_be)


def _peel(letters: str, way: _Way) -> Iterator[str]:
    """`letters` with ever less on it: the digits go, then word by word of this way; ONE_EDIT letters stay."""
    for _word in range(_WORDS_PEELED):
        bare = _without_digits(letters)
        bare = bare if bare != letters else _peel_back(letters, way)
        bare = bare if bare != letters else _peel_front(letters, way)
        if bare == letters:
            return
        letters = bare
        yield letters


def _peel_back(letters: str, way: _Way) -> str:
    for length in way.ends.get(letters[-SHORTEST_END:], ()):
        cut = len(letters) - length
        if cut >= ONE_EDIT and letters[cut:] in way.words:
            return letters[:cut]
    return letters


def _peel_front(letters: str, way: _Way) -> str:
    for cut in way.fronts.get(letters[:SHORTEST_FRONT], ()):
        if cut <= len(letters) - ONE_EDIT and letters[:cut] in way.words:
            return letters[cut:]
    return letters


def _longest_first(found: Iterable[tuple[str, int]]) -> _Lengths:
    """The lengths that words with each of these ends have."""
    lengths: dict[str, set[int]] = {}
    for end, length in found:
        lengths.setdefault(end, set()).add(length)
    return {end: tuple(sorted(held, reverse=True)) for end, held in lengths.items()}


def _without_digits(letters: str) -> str:
    bare = letters.strip("0123456789")
    return bare if len(bare) >= ONE_EDIT else letters
