"""Names that are near ours once digits and common words are off their ends: who need not be asked one by one."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from ahocorasick_rs import BytesAhoCorasick

from listener.match.marks import MarkKind
from listener.screen.hashes import HashSet, Places, Truths, hashes_of
from listener.screen.index import PEELED, Index
from listener.screen.letters import Letters, mask
from listener.screen.near import LONGEST, ONE_EDIT, TWO_EDITS, by_size, reach
from listener.screen.peeling import SHORTEST_END, SHORTEST_FRONT

_MANY = 400  # forms; of so many one nearly always fits, and asking costs more than it saves
_DIGITS = np.array([48 <= code <= 57 for code in range(256)], dtype=np.bool_)


class Affixes:
    """What can be peeled off, and what may be left then."""

    def __init__(self, index: Index) -> None:
        self._index = index
        kinds = frozenset().union(*(kinds for kinds, _marks in PEELED))
        peeled = [text for text, word in index.vocabulary.items() if word.kind in kinds and text.isascii()]
        self._peeled = HashSet(hashes_of(peeled))
        self._longest = max(map(len, peeled), default=0)
        may_be = frozenset().union(*(marks for _kinds, marks in PEELED)) - {MarkKind.DISPLAY, MarkKind.INITIALS}
        forms = sorted({text for mark in index.marks if mark.kind in may_be for text in mark.letters
                        if text.isascii() and ONE_EDIT <= len(text) <= LONGEST + 2})  # fmt: skip
        self._masks = [(np.uint64(mask(text)), reach(text)) for text in forms]
        pieces = {piece.encode() for text in forms for piece in whole_pieces(text)}
        self._pieces = BytesAhoCorasick(sorted(pieces)) if pieces else None

    def near(self, letters: Letters, wanted: Truths) -> Places:
        """Which of the wanted names are near one of ours without what is on their ends."""
        if self._pieces is None or not len(self._peeled):
            return np.empty(0, dtype=np.int64)
        held = np.zeros(len(wanted), dtype=np.bool_)
        matches = self._pieces.find_matches_as_indexes(letters.buffer.tobytes())
        held[np.searchsorted(letters.ends, np.array([end for _n, _start, end in matches], dtype=np.int64))] = True
        some = np.flatnonzero(held & wanted)
        some = some[self._fits(letters, some)]
        some = some[self._ends_known(letters, some)]
        return self._asked(letters, some)

    def _fits(self, letters: Letters, numbers: Places) -> Truths:
        """Whether a text has nearly all the letters that one of the forms has."""
        if len(self._masks) > _MANY or not len(numbers):
            return np.ones(len(numbers), dtype=np.bool_)
        masks = letters.masks[numbers]
        fits = np.zeros(len(numbers), dtype=np.bool_)
        for form, edits in self._masks:
            fits |= np.bitwise_count(form & ~masks) <= edits
        return fits

    def _ends_known(self, letters: Letters, numbers: Places) -> Truths:
        """Whether a text begins or ends with a digit or a word that is peeled off."""
        found = _DIGITS[letters.buffer[letters.starts[numbers]]] | _DIGITS[letters.buffer[letters.ends[numbers] - 1]]
        known = np.zeros(len(letters.sizes), dtype=np.bool_)
        for size, group in by_size(letters, numbers):
            starts = letters.starts[group]
            tried = [
                letters.sums.between(starts + cut, starts + size)
                for cut in range(max(ONE_EDIT, size - self._longest), size - SHORTEST_END + 1)
            ]
            tried += [
                letters.sums.between(starts, starts + cut)
                for cut in range(SHORTEST_FRONT, min(self._longest, size - ONE_EDIT) + 1)
            ]
            if tried:
                known[group[self._peeled.within(np.stack(tried)) % len(group)]] = True
        return found | known[numbers]

    def _asked(self, letters: Letters, numbers: Places) -> Places:
        """The index's own answer, for the few that are left."""
        texts = {number: letters.text(number) for number in numbers.tolist()}
        cores = {number: [core for core, _kinds in self._index.peeler.cores(text)] for number, text in texts.items()}
        near = self._index.near
        near.remember([core for some in cores.values() for core in some])
        return np.array([number for number, some in cores.items() if any(map(near.nearest, some))], dtype=np.int64)


def whole_pieces(text: str) -> set[str]:
    """The pieces of a name of which one stays whole whatever edits it may bear, letters swapped at a cut included."""
    count = 3 if len(text) >= TWO_EDITS else 2
    cuts = [len(text) * number // count for number in range(count + 1)]
    found = set()
    for start, end in pairwise(cuts):
        piece = text[start:end]
        found.add(piece)
        if end < len(text):
            found.add(piece[:-1] + text[end])
        if start:
            found.add(text[start - 1] + piece[1:])
    return found
