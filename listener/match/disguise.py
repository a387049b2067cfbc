"""Names that only the eye takes for ours, among other words too: 0 for o, rn for m, cl for d, $ for s."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from listener.match.marks import Mark
from listener.match.reading import Cutter, Found, Match
from listener.match.vocabulary import Kind, Vocabulary
from listener.text.skeleton import VISUAL, VISUAL_PAIRS, visual, visuals, without_signs
from listener.text.tokens import Key, read_key

SHORTEST = 4  # letters of ours; in a shorter word a letter makes another one
_OURS = (Kind.NAME, Kind.UNIT, Kind.CORE)
_COMPANY = (Kind.AUTHORITY, Kind.UNIT_WORD, Kind.UNIT)
_OURS_OR_COMPANY = frozenset(_OURS + _COMPANY)
_HIGHEST = 3  # what `_rank` gives a whole name
_VISUAL = str.maketrans(VISUAL)


class Disguise(NamedTuple):
    """One of our names as the eye reads it: what was cut out, in the letters of `key`, and the swaps as text."""

    key: Key
    mark: Mark
    words: tuple[Found, ...]
    swaps: str


class Eye:
    """Cuts letters into words that look like those of a vocabulary; built once."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        seen: Vocabulary = {}
        for letters, word in zip(visuals(list(vocabulary)), vocabulary.values(), strict=True):
            known = seen.get(letters)
            if known is None or word.kind < known.kind:
                seen[letters] = word
        self.vocabulary = seen
        self._cutter = Cutter(seen)
        self._telling = self._cutter.numbers(_OURS_OR_COMPANY)
        self._last: tuple[str, list[Match]] = "", []

    @property
    def own_words(self) -> frozenset[str]:
        """What `visual` letters must hold for anything of ours to be seen in them."""
        return self._cutter.own_words

    def cut(self, key: Key) -> tuple[Found, ...]:
        """The words that `key` looks like, where they stand in its letters."""
        seen, places = _seen(key)
        return _placed(self._cutter.chosen(seen, self._held(seen.letters)), places)

    def may_hold_others(self, key: Key) -> bool:
        """Whether anyone else's name stands in what `key` looks like: without one, no cut of it has one."""
        return any(match[0] in self._cutter.others for match in self._held(_seen(key)[0].letters))

    def _held(self, letters: str) -> list[Match]:
        """What `Cutter.held` tells, remembered for the name that is looked at."""
        if letters != self._last[0]:
            self._last = letters, self._cutter.held(letters)
        return self._last[1]

    def disguised(self, key: Key, plain: Sequence[Found]) -> Disguise | None:
        """What of ours the eye finds in `key` that is not there letter by letter (`plain`); None when nothing."""
        known = _rank(plain)
        if known == _HIGHEST or not self._cutter.may_hold_ours(visual(key.letters)):
            return None
        seen, places = _seen(key)
        held = self._held(seen.letters)
        telling = _placed((self._cutter.found(one) for one in held if one[0] in self._telling), places)
        if not any(_swapped(key, one) and _passes(key, one) for one in telling):
            return None
        found = _placed(self._cutter.chosen(seen, held), places)
        words = tuple(one for one in found if not _swapped(key, one) or _passes(key, one))
        if _rank(words) <= max(1, known):
            return None
        swapped = [one for one in words if _swapped(key, one) and one.word.kind in _OURS_OR_COMPANY]
        marks = [one.word.mark for one in (*swapped, *words) if one.word.mark and one.word.kind in _OURS]
        if not swapped or not marks:
            return None
        return Disguise(key, marks[0], words, ", ".join(dict.fromkeys(_swap(key, one) for one in swapped)))


def drawn(text: str, key: Key) -> Key:
    """`key` of `text` with the letters that signs in it stand for."""
    plain = without_signs(text)
    return key if plain == text else read_key(plain)._replace(text=key.text)


def _seen(key: Key) -> tuple[Key, Sequence[int]]:
    """`key` as the eye sees it, and for each of its characters, and its end, the place in the letters of `key`."""
    letters = key.letters
    plain = letters.translate(_VISUAL)
    if not any(pair in plain for pair in VISUAL_PAIRS):
        return key._replace(letters=plain), range(len(letters) + 1)
    found, places = [], []
    place = 0
    while place < len(plain):
        pair = VISUAL_PAIRS.get(plain[place : place + 2])
        found.append(pair or plain[place])
        places.append(place)
        place += 2 if pair else 1
    places.append(len(letters))
    bounds = frozenset(n for n, place in enumerate(places) if place in key.bounds)
    return key._replace(letters="".join(found), bounds=bounds), places


def _placed(words: Iterable[Found], places: Sequence[int]) -> tuple[Found, ...]:
    return tuple(Found(places[one.start], places[one.end], one.word) for one in words)


def _rank(words: Sequence[Found]) -> int:
    """How much of ours is there: 3 a whole name or a unit's, 2 the place with a word that claims it, 1 the place."""
    kinds = {one.word.kind for one in words}
    if Kind.SIBLING in kinds and Kind.NAME not in kinds:
        return 0
    if kinds & {Kind.NAME, Kind.UNIT}:
        return _HIGHEST
    if Kind.CORE not in kinds:
        return 0
    return 2 if kinds & set(_COMPANY) else 1


def _swapped(key: Key, found: Found) -> bool:
    return key.letters[found.start : found.end] != found.word.text


def _passes(key: Key, found: Found) -> bool:
    """Whether a swap is one: not in a short word, and i and l are alike only where one of them is a capital I."""
    if min(found.end - found.start, len(found.word.text)) < SHORTEST:
        return False
    if not _only_strokes(key, found):
        return True
    return found.word.kind in _OURS and ("I" in key.text or key.letters[found.start] != found.word.text[0])


def _only_strokes(key: Key, found: Found) -> bool:
    """Whether only i and l are swapped: outside our own name that is another word, `hail` for `hall`."""
    piece = key.letters[found.start : found.end]
    return piece.replace("i", "l") == found.word.text.replace("i", "l")


def _swap(key: Key, found: Found) -> str:
    piece, form = key.letters[found.start : found.end], found.word.text
    if len(piece) != len(form):
        return f"{piece!r} for {form!r}"
    return ", ".join(dict.fromkeys(f"{a!r} for {b!r}" for a, b in zip(piece, form, strict=True) if a != b))
