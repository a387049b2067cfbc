"""The gate before the trees: of a block of texts the few pairs of text and query that can match, found in one pass.

A pair that is turned away holds none of the ways of its query (`matcher_ways`), so that its tree would not match; the
gate errs by letting through only.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import chain

import numpy as np
from ahocorasick_rs import BytesAhoCorasick, Implementation
from numpy.typing import NDArray

from listener.query.matcher_ways import Literal, Way, lowered, ways
from listener.query.tree import Node

Numbers = NDArray[np.int64]
PIECE = 1 << 18  # bytes the automaton is given at a time: what it finds in them is held as Python objects
OTHERS = 2  # literals of a way that are looked for besides its rarest
TELLING = 3  # bytes that each of those must have
_NONE = np.zeros(0, dtype=np.int64)
_ALNUM = np.zeros(256, dtype=bool)  # of ASCII: where `words` never begins or ends a word
_ALNUM[[byte for byte in range(128) if chr(byte).isalnum()]] = True


class Gate:
    """Built once from the trees of all queries; then asked for block after block."""

    def __init__(self, trees: Sequence[Node]) -> None:
        held = [ways(tree) for tree in trees]
        self.always = tuple(number for number, found in enumerate(held) if not all(found))
        told = [(way, number) for number, found in enumerate(held) if all(found) for way in found]
        common = Counter(literal for way, _query in told for literal in way)
        ordered = [_rarest_first(way, common) for way, _query in told]
        literals = list(dict.fromkeys(chain.from_iterable(ordered)))
        self._literals, self._queries = len(literals), len(trees)
        self._query = np.array([query for _way, query in told], dtype=np.int64)
        self._rule(ordered, {literal: number for number, literal in enumerate(literals)})
        self._begins = np.array([literal.begins for literal in literals], dtype=bool)
        self._ends = np.array([literal.ends for literal in literals], dtype=bool)
        letters = [literal.letters for literal in literals]
        self._longest = max(map(len, letters), default=1)
        self._automaton = BytesAhoCorasick(letters, implementation=Implementation.DFA)

    def _rule(self, ordered: Sequence[Sequence[Literal]], number_of: dict[Literal, int]) -> None:
        """Sort the ways by their rarest literal: those of literal n stand from starts[n] to starts[n + 1]."""
        rarest = np.array([number_of[way[0]] for way in ordered], dtype=np.int64)
        self._ways = np.argsort(rarest, kind="stable")
        self._starts = np.searchsorted(rarest[self._ways], np.arange(len(number_of) + 1))
        self._others = np.full((len(ordered), OTHERS), -1, dtype=np.int64)
        for row, way in zip(self._others, ordered, strict=True):
            row[: len(way) - 1] = [number_of[literal] for literal in way[1:]]

    def candidates(self, texts: Sequence[str]) -> tuple[Numbers, Numbers]:
        """Pairs that can match: numbers of texts, in order, and of queries, in order within a text.

        Queries of which nothing can be said (`always`) are not among them: every text must be looked at for those.
        """
        held = self._held(lowered(texts)) if self._literals and texts else _NONE
        if not held.size:
            return _NONE, _NONE
        text, literal = np.divmod(held, self._literals)
        first, count = self._starts[literal], np.diff(self._starts)[literal]
        text = np.repeat(text, count)
        way = self._ways[np.arange(text.size) + np.repeat(first - np.cumsum(count) + count, count)]
        for place in range(OTHERS):
            other = self._others[way, place]
            stands = (other < 0) | _among(text * self._literals + other, held)
            text, way = text[stands], way[stands]
        pairs = np.unique(text * self._queries + self._query[way])
        return pairs // self._queries, pairs % self._queries

    def _held(self, block: bytes) -> Numbers:
        """Which text holds which literal, each pair once and in order, as text × literals + literal."""
        letters = np.frombuffer(b"\0%b\0" % block, dtype=np.uint8)
        breaks = np.flatnonzero(letters == 0)
        pieces = [self._found(block, at, letters, breaks) for at in range(0, len(block), PIECE)]
        return np.unique(np.concatenate(pieces)) if pieces else _NONE

    def _found(self, block: bytes, at: int, letters: NDArray[np.uint8], breaks: Numbers) -> Numbers:
        """As `_held`, for the piece that begins `at`; `letters` is the block between NULs, `breaks` are all NULs."""
        piece = block[at : at + PIECE + self._longest - 1]
        found = self._automaton.find_matches_as_indexes(piece, overlapping=True)
        if not found:
            return _NONE
        flat = np.fromiter(chain.from_iterable(found), dtype=np.int64, count=3 * len(found))
        kind, start, end = flat[0::3], flat[1::3] + at, flat[2::3] + at
        within = (self._begins[kind] & _ALNUM[letters[start]]) | (self._ends[kind] & _ALNUM[letters[end + 1]])
        text = np.searchsorted(breaks, start[~within] + 1) - 1
        return np.unique(text * self._literals + kind[~within])


def _rarest_first(way: Way, common: Counter[Literal]) -> list[Literal]:
    """What is looked for of a way: the literal that fewest ways share, then others that are long enough to tell."""
    first, *rest = sorted(way, key=lambda literal: (common[literal], -len(literal.letters), literal))
    return [first, *(literal for literal in rest if len(literal.letters) >= TELLING)][: OTHERS + 1]


def _among(keys: Numbers, held: Numbers) -> NDArray[np.bool_]:
    """Which keys are held; `held` is in order and not empty."""
    found: NDArray[np.bool_] = held[np.minimum(np.searchsorted(held, keys), held.size - 1)] == keys
    return found
