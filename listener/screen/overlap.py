"""Names compared by the words they share: rare words count more, and a word counts in any of its inflections."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence

from listener.match.marks import Mark, MarkKind
from listener.match.reading import Overlap
from listener.text.fold import stem
from listener.words.claims import AUTHORITY, GENERIC

COMMON = 80  # marks a word may stand in and still lead to them; a country in 500 names tells nothing
LONE_WORD = 0.6  # one word of several that a name has: everyone has "parks" or "sport"
_TRIED = 12  # marks with most words in common that are weighed
_WORN = frozenset(stem(word) for word in GENERIC | AUTHORITY)


class Overlaps:
    """The words of units' and accounts' names, by stem, each with its weight: log(1 + names / names that have it)."""

    def __init__(self, marks: Sequence[Mark]) -> None:
        kinds = (MarkKind.UNIT, MarkKind.DISPLAY, MarkKind.NAME)
        self._marks = [mark for mark in marks if mark.kind in kinds]
        self._stems = [stems(mark.words) for mark in self._marks]
        self._named: dict[str, list[int]] = defaultdict(list)
        for number, words in enumerate(self._stems):
            for word in words:
                self._named[word].append(number)
        names = {mark.letters[0] for mark in marks}
        self._weights = {word: self._weight(word, numbers, len(names)) for word, numbers in self._named.items()}
        self._whole = [sum(self._weights[word] for word in words) for words in self._stems]

    def _weight(self, word: str, numbers: list[int], names: int) -> float:
        """Words that every agency's name holds weigh a fifth, those of two or three letters three fifths."""
        having = len({self._marks[number].letters[0] for number in numbers}) if len(numbers) > 1 else 1
        return math.log(1 + names / having) * (0.2 if word in _WORN else 0.6 if len(word) < 4 else 1.0)

    @property
    def telling(self) -> list[str]:
        """The stems that lead to a name."""
        return [word for word, numbers in self._named.items() if len(numbers) <= COMMON]

    def best(self, words: Sequence[str]) -> Overlap | None:
        """The name that shares most with these words; None when it shares no telling one."""
        held = {stem(word): word for word in words if len(word) > 1}
        gathered: dict[int, int] = {}
        for word in held:
            numbers = self._named.get(word, ())
            for number in numbers if len(numbers) <= COMMON else ():
                gathered[number] = gathered.get(number, 0) + 1
        tried = sorted(gathered, key=gathered.__getitem__, reverse=True)[:_TRIED]
        found = [self._overlap(number, held) for number in tried]
        return max(found, key=lambda overlap: (overlap.score, -overlap.mark.kind), default=None)

    def _overlap(self, number: int, held: dict[str, str]) -> Overlap:
        words = self._stems[number]
        shared = [word for word in words if word in held]
        score = sum(self._weights[word] for word in shared) / (self._whole[number] or 1.0)
        if len(shared) == 1 and len(words) > 1:
            score *= LONE_WORD
        return Overlap(self._marks[number], min(1.0, score), tuple(held[word] for word in shared))


def stems(words: Sequence[str]) -> tuple[str, ...]:
    """The stems of the words of two letters or more, each once."""
    return tuple(dict.fromkeys(stem(word) for word in words if len(word) > 1))
