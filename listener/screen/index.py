"""Everything we are known by, arranged so that a candidate that is not about us costs next to nothing."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache

from listener.logos.avatars import Avatars
from listener.match.company import company
from listener.match.disguise import Eye, drawn
from listener.match.domains import Sites
from listener.match.hosts import known_sites
from listener.match.marks import Mark, MarkKind, make_marks
from listener.match.reading import Cutter, Found, Neighbour, Reading, other_bearer, unknown_pieces, without_own
from listener.match.view import View
from listener.match.vocabulary import Kind, make_vocabulary, strict_siblings
from listener.models import Account, Entry
from listener.organisation import Organisation
from listener.profiles import read_link
from listener.registry import Registry
from listener.screen.near import LONGEST, ONE_EDIT, Near
from listener.screen.overlap import Overlaps
from listener.screen.peeling import Peeler
from listener.text.fold import fold
from listener.text.skeleton import OVERRIDE, turned, visual, visuals
from listener.text.tokens import Key, proper_handle, read_key
from listener.words.claims import GENERIC

PHRASE_FEWEST = 6
# What is peeled off a name's ends, and of which of our names the rest may be a misspelling.
_NAMES = frozenset({MarkKind.NAME, MarkKind.CORE})
PEELED = (
    (frozenset({Kind.NOISE}), _NAMES | {MarkKind.UNIT}),
    (frozenset({Kind.NOISE, Kind.AUTHORITY}), _NAMES | {MarkKind.UNIT}),
    (frozenset({Kind.NOISE, Kind.AUTHORITY, Kind.UNIT_WORD}), _NAMES),
    (frozenset({Kind.NOISE, Kind.CORE, Kind.NAME}), frozenset({MarkKind.UNIT})),
)
_AT_ONCE, _LONG_TEXT = 8192, 200  # names of a batch that are remembered, and letters of one that is not
_EMPTY = Reading(Key("", "", frozenset({0}), ()))


class Index:
    """Our names by what they look like, by their near spellings and by their words. Built once, then only read."""

    def __init__(self, organisation: Organisation, registry: Registry, avatars: Avatars | None = None) -> None:
        self.organisation, self.registry = organisation, registry
        self.avatars = avatars or Avatars(organisation.logos)
        self.marks = make_marks(organisation, registry)
        handles = [
            proper_handle(entry.handle) for entry in registry.entries if entry.handle and entry.platform != "web"
        ]
        self.vocabulary = make_vocabulary(organisation, self.marks, handles)
        self.strict = strict_siblings(organisation)
        self.peeler = Peeler(self.vocabulary, PEELED)
        self._cutter = Cutter(self.vocabulary)
        self._eye = Eye(self.vocabulary)
        self._equal: dict[str, list[Mark]] = defaultdict(list)
        self._looks: dict[str, Mark] = {}
        nearby: dict[str, Mark] = {}
        named = [(letters, mark) for mark in self.marks for letters in mark.letters]
        for (letters, mark), seen in zip(named, visuals([letters for letters, _mark in named]), strict=True):
            self._equal[letters].append(mark)
            if mark.kind is MarkKind.INITIALS:
                continue  # so short that what is near them is anything
            self._looks.setdefault(seen, mark)
            if len(letters) >= ONE_EDIT and mark.kind is not MarkKind.DISPLAY:
                nearby.setdefault(letters, mark)
        self.near, self._nearby = Near(tuple(nearby)), tuple(nearby.values())
        self.sites = Sites(organisation, known_sites(registry))
        self._units: dict[tuple[str, str], list[Entry]] = defaultdict(list)
        for entry in registry.entries:
            self._units[entry.platform, entry.unit or organisation.name].append(entry)
        self.overlaps = Overlaps(self.marks)
        ours = frozenset(word for mark in self.marks if mark.kind is MarkKind.CORE for word in mark.words)
        self.phrases = house_phrases((mark.words for mark in self.marks if mark.kind is MarkKind.DISPLAY), ours)

    @property
    def wholes(self) -> Iterable[str]:
        """The letters that equal one of our names."""
        return self._equal.keys()

    @property
    def looks(self) -> Iterable[str]:
        """What one of our names looks like."""
        return self._looks.keys()

    @property
    def own_words(self) -> frozenset[str]:
        """The words of which a name must hold one to be cut."""
        return self._cutter.own_words

    @property
    def eye_words(self) -> frozenset[str]:
        """What a name must look as if it held, to be cut as the eye sees it."""
        return self._eye.own_words

    def prepare(self, texts: Iterable[str]) -> None:
        """Look for what these are near all at once: what `read` asks for each is then known."""
        letters = {_key(text).letters for text in texts}
        asked = (text for text in letters if text and text not in self._equal and visual(text) not in self._looks)
        self.near.remember([core for text in asked for core, _kinds in self.peeler.cores(text)])

    def read(self, text: str | None) -> Reading:
        """`text` read as a name or handle; empty when nothing of ours stands in it."""
        if not text:
            return _EMPTY
        reading = self._read(text)
        if OVERRIDE in text and not (reading.equal or reading.looks or reading.near or reading.words):
            reading = self._read(turned(text))
            reading = reading._replace(key=reading.key._replace(text=text))
        return reading

    def _read(self, text: str) -> Reading:
        key = _key(text)
        letters = key.letters
        if not letters:
            return _EMPTY._replace(key=key)
        equal = tuple(self._equal.get(letters, ()))
        seen = drawn(text, key)
        looks = None if equal else self._looks.get(visual(seen.letters))
        near = None if equal or looks else self._nearest(letters)
        held = equal or looks or self._cutter.may_hold_ours(letters)
        words = self._cutter.cut(key) if held or near else ()
        disguise = None if equal or looks else self._eye.disguised(seen, words)
        if disguise:
            key, looks, words, near = disguise.key, disguise.mark, disguise.words, None
        if not (held or near or disguise):
            return Reading(key, unknown=(letters,))
        sibling = self._sibling(text, key, words)
        if near and not sibling and self._eye.may_hold_others(key):
            sibling = self._sibling(text, key, self._eye.cut(key))
        if looks and unknown_pieces(key, words) and not disguise:
            sibling = self._strictly(text)  # the whole is ours to the eye; another's name in it does not stand alone
        words = without_own(words, near[0]) if near else words
        unknown = unknown_pieces(key, words)
        return Reading(key, equal, looks, None if sibling else near, words, unknown, sibling,
                       disguise.swaps if disguise else "", None if equal else company(words, unknown))  # fmt: skip

    def _sibling(self, text: str, key: Key, words: Sequence[Found]) -> str | None:
        strict = self._strictly(text)
        if strict or any(found.word.kind is Kind.NAME for found in words):
            return strict  # "Per Lund, Almby kommun" is no other municipality
        return other_bearer(key, words)

    def _strictly(self, text: str) -> str | None:
        if not self.strict:
            return None
        return next((self.strict[word] for word in fold(text).split() if word in self.strict), None)

    def _nearest(self, letters: str) -> Neighbour | None:
        """The mark within reach of the whole, or of what is left when digits and known words are off its ends."""
        known = self.vocabulary.get(letters)
        if known is not None and known.kind not in (Kind.TOKEN, Kind.NOISE):
            return None
        for core, kinds in self.peeler.cores(letters):
            found = self._within(core)
            if found is not None and (core == letters or found[0].kind in kinds):
                return Neighbour(*found, core)
        return None

    def _within(self, letters: str) -> tuple[Mark, int] | None:
        found = self.near.nearest(letters) if ONE_EDIT - 1 <= len(letters) <= LONGEST else None
        return (self._nearby[found[0]], found[1]) if found else None

    def phrase(self, words: tuple[str, ...]) -> tuple[str, int] | None:
        """The longest house phrase among these words, and how many registered names hold it."""
        if not self.phrases:
            return None
        held = [(phrase, self.phrases[phrase]) for phrase in word_runs(words) if phrase in self.phrases]
        return max(held, key=lambda pair: (pair[0].count(" "), pair[1]), default=None)

    def look(self, account: Account) -> View:
        """The account with its name and handle read: what `judge` is given as its shortlist."""
        link = read_link(account.url) if account.url and not account.handle else None
        handle = self.read(proper_handle(account.handle or (link.handle if link else "")))
        name = self.read(account.display_name)
        words = (*name.key.words, *handle.key.words, *(found.word.text for found in (*name.words, *handle.words)))
        overlap = self.overlaps.best(words)
        view = View(account, self.organisation, name, handle, overlap, self.phrase(name.key.words))
        view.avatars = self.avatars
        if view.mark is not None:
            view.registered_on = tuple(self._units.get((account.platform, view.mark.unit), ()))
        return view


def word_runs(words: tuple[str, ...]) -> list[str]:
    """Every run of two to four words, as text."""
    return [" ".join(words[n : n + size]) for size in (4, 3, 2) for n in range(len(words) - size + 1)]


def house_phrases(names: Iterable[tuple[str, ...]], ours: frozenset[str]) -> dict[str, int]:
    """Runs of words that PHRASE_FEWEST different registered display names hold, and how many do.

    A phrase needs a telling word, and a second one or our place's name: "embassy of orebro", never "of orebro".
    """
    different = {"".join(words): words for words in names}.values()
    counted = Counter(run for name in different for run in set(word_runs(name)))
    found = {}
    for phrase, count in counted.items():
        words = phrase.split()
        telling = {word for word in words if len(word) > 3 and word not in GENERIC and word not in ours}
        if count >= PHRASE_FEWEST and len(telling) + bool(ours.intersection(words)) > 1 and telling:
            found[phrase] = count
    return found


def _key(text: str) -> Key:
    """`read_key`, remembered: a batch is read for what its names are near, all at once, and then name by name."""
    return _remembered_key(text) if len(text) < _LONG_TEXT else read_key(text)


_remembered_key = lru_cache(maxsize=_AT_ONCE)(read_key)
