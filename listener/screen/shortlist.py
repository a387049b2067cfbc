"""Which of thousands of names hold anything of ours: what `Index.read` would find, asked of all of them at once.

It may only err by saying yes; a name that is let go here has an empty reading. The tables are the index's own, so what
is added there is asked here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import compress

import numpy as np
from ahocorasick_rs import BytesAhoCorasick

from listener.match.vocabulary import Kind
from listener.screen.affixes import Affixes
from listener.screen.hashes import BASE, Hashes, HashSet, Places, Sums, Truths, hashes_of, powers
from listener.screen.index import Index
from listener.screen.letters import Letters, Reader
from listener.screen.near import ONE_EDIT
from listener.text.fold import ENDINGS
from listener.text.skeleton import VISUAL, VISUAL_PAIRS, without_signs

# Words that stand in so many names that holding one of them says nothing, even where a row is called so.
GENERAL = frozenset({Kind.UNIT_WORD, Kind.AUTHORITY, Kind.THIRD_PARTY, Kind.NOISE, Kind.GENERIC, Kind.SIBLING})
_BEHIND_S = ("set", "sets")  # `stem` takes the s before these endings too
# `visual`, on the bytes of many names.
_VISUAL = bytes(ord(VISUAL.get(chr(code), chr(code))) for code in range(256))
_PAIRS = [(pair.encode("ascii"), letter.encode("ascii")) for pair, letter in VISUAL_PAIRS.items()]


class Shortlist:
    """The index's tables as hashes and automata; `more` is further letters that are ours when a name has no others."""

    def __init__(self, index: Index, more: Iterable[str] = ()) -> None:
        self._index = index
        self._reader = Reader()
        self._whole, self._looks = HashSet(hashes_of([*index.wholes, *more])), HashSet(hashes_of(index.looks))
        self._ours = _automaton(own_words(index))
        self._seen = _automaton(index.eye_words)
        self._words = HashSet(self._telling())
        self._affixes = Affixes(index)

    def _telling(self) -> Hashes:
        """The words that lead to one of our names: telling stems with every ending, and a word of each phrase."""
        stems = [stem for stem in self._index.overlaps.telling if stem.isascii()]
        bare, shifts = hashes_of(stems), powers(BASE, 256)[[min(len(stem), 255) for stem in stems]]
        made = [bare, *(bare + shifts * ending for ending in hashes_of((*ENDINGS, *_BEHIND_S)))]
        made.append(hashes_of({max(phrase.split(), key=len) for phrase in self._index.phrases}))
        return np.concatenate(made)

    def held(self, names: Sequence[str]) -> Truths:
        """For each name whether it may hold anything of ours."""
        letters = self._reader.read(names)
        found = np.zeros(len(names), dtype=np.bool_)
        found[[*letters.foreign, *letters.turned]] = True
        found[self._whole.within(letters.hashes)] = True
        found[self._with_words(letters)] = True
        _mark(found, self._ours, letters.buffer.tobytes(), letters.ends)
        self._look(letters, found)
        for number in letters.signed:
            plain = self._reader.read([without_signs(names[number])])
            seen = np.zeros(1, dtype=np.bool_)
            self._look(plain, seen)
            found[number] |= seen[0]
        found[list(self._index.near.search(letters, ~found))] = True
        found[self._affixes.near(letters, ~found & (letters.sizes > ONE_EDIT))] = True
        return found

    def _with_words(self, letters: Letters) -> Places:
        owners = letters.owners(letters.words)
        places = self._words.within(letters.sums.between(letters.words, letters.word_ends(owners)))
        return owners[places]

    def _look(self, letters: Letters, found: Truths) -> None:
        """What looks like ours, whole or in part."""
        seen = letters.buffer.tobytes().translate(_VISUAL)
        for pair, letter in _PAIRS:
            seen = seen.replace(pair, letter)
        buffer = np.frombuffer(seen, dtype=np.uint8)
        ends = np.flatnonzero(buffer == 0)
        starts = np.append(0, ends[:-1] + 1)
        found[self._looks.within(Sums(buffer).between(starts, ends))] = True
        _mark(found, self._seen, seen, ends)


def own_words(index: Index) -> frozenset[str]:
    """What makes a name worth cutting, and every registered name that is more than a general word.

    A name that holds one of the others is left out: what holds it holds that one too.
    """
    vocabulary = index.vocabulary
    registered = {
        text
        for text in index.wholes
        if len(text) >= ONE_EDIT and not (text in vocabulary and vocabulary[text].kind in GENERAL)
    }
    shorter = _automaton(index.own_words)
    if shorter is None:
        return frozenset(registered)
    names = [text for text in registered if text.isascii()]
    held = np.zeros(len(names), dtype=np.bool_)
    buffer = "\0".join([*names, ""]).encode("ascii")
    _mark(held, shorter, buffer, np.flatnonzero(np.frombuffer(buffer, dtype=np.uint8) == 0))
    return index.own_words.union(compress(names, (~held).tolist()))


def _automaton(words: Iterable[str]) -> BytesAhoCorasick | None:
    patterns = sorted({word.encode("ascii") for word in words if word and word.isascii()})
    return BytesAhoCorasick(patterns) if patterns else None


def _mark(found: Truths, automaton: BytesAhoCorasick | None, buffer: bytes, ends: Places) -> None:
    if automaton is not None:
        matches = automaton.find_matches_as_indexes(buffer)
        found[np.searchsorted(ends, np.array([end for _word, _start, end in matches], dtype=np.int64))] = True
