"""What is left of a name when the digits and the common words on its ends are off: `almby` of `almbyofficial24`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from listener.match.marks import MarkKind
from listener.match.vocabulary import Kind, Vocabulary
from listener.screen.near import ONE_EDIT

Core = tuple[str, frozenset[MarkKind]]  # what is left, and which kinds of our names it may be near

_WORDS_PEELED = 4
SHORTEST_END, SHORTEST_FRONT = 2, 3  # letters of what is peeled off
_ANY = frozenset(MarkKind)
_REMEMBERED = 50_000
_Lengths = dict[str, tuple[int, ...]]


class Peeler:
    """Takes words off the ends of names; built once, and remembers what it was last asked."""

    def __init__(self, vocabulary: Vocabulary, peeled: Sequence[tuple[frozenset[Kind], frozenset[MarkKind]]]) -> None:
        """`peeled` are the ways to peel: the kinds of words that go, and which of our names the rest may be near."""
        self._vocabulary, self._ways = vocabulary, peeled
        kinds = frozenset[Kind]().union(*(kinds for kinds, _may_be in peeled))
        words = [text for text, word in vocabulary.items() if word.kind in kinds]
        self._ends = _longest_first((text[-SHORTEST_END:], len(text)) for text in words if len(text) >= SHORTEST_END)
        fronts = ((text[:SHORTEST_FRONT], len(text)) for text in words if len(text) >= SHORTEST_FRONT)
        self._fronts = _longest_first(fronts)
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
        for kinds, may_be in self._ways:
            for core in self._peel(letters, kinds):
                if core not in seen and core not in self._vocabulary:
                    yield core, may_be
                seen.add(core)

    def _peel(self, letters: str, kinds: frozenset[Kind]) -> Iterator[str]:
        """`letters` with ever less on it: the digits go, then word by word of these kinds; ONE_EDIT letters stay."""
        for _word in range(_WORDS_PEELED):
            bare = _without_digits(letters)
            bare = bare if bare != letters else self._peel_back(letters, kinds)
            bare = bare if bare != letters else self._peel_front(letters, kinds)
            if bare == letters:
                return
            letters = bare
            yield letters

    def _peel_back(self, letters: str, kinds: frozenset[Kind]) -> str:
        for length in self._ends.get(letters[-SHORTEST_END:], ()):
            cut = len(letters) - length
            word = self._vocabulary.get(letters[cut:]) if cut >= ONE_EDIT else None
            if word is not None and word.kind in kinds:
                return letters[:cut]
        return letters

    def _peel_front(self, letters: str, kinds: frozenset[Kind]) -> str:
        for cut in self._fronts.get(letters[:SHORTEST_FRONT], ()):
            word = self._vocabulary.get(letters[:cut]) if cut <= len(letters) - ONE_EDIT else None
            if word is not None and word.kind in kinds:
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
