"""What we are known by: names, places, units and registered accounts, each reduced to what can be compared."""

from __future__ import annotations

from collections.abc import Iterator
from enum import IntEnum
from functools import lru_cache
from typing import NamedTuple

from listener.models import Entry, UnitKind
from listener.organisation import Organisation
from listener.registry import Registry
from listener.text.fold import compact, fold, folded_forms, forms, genitive
from listener.text.tokens import folded_words, is_latin, proper_handle, read_key
from listener.words.claims import AUTHORITY, GENERIC

_SMALL = frozenset({"i", "och", "for", "av", "of", "the", "and", "de", "du", "des", "la", "et"})
SHORTEST = 3  # letters; "GC" or "ab" would be found inside everything


class MarkKind(IntEnum):
    """Which kind of name; the lower, the more it tells."""

    NAME = 1  # the organisation's name or alias, whole
    HANDLE = 2  # the handle of a registered account
    UNIT = 3  # a unit's name or alias
    DISPLAY = 4  # the display name of a registered account
    CORE = 5  # the place, or the name without its authority word: others bear it too
    INITIALS = 6  # of a name of three words or more: many share them


class Mark(NamedTuple):
    """One of our names. `letters` are its compact forms, `words` its folded, unmarked words."""

    text: str
    kind: MarkKind
    letters: tuple[str, ...]
    words: tuple[str, ...]
    unit: str
    unit_kind: UnitKind | None = None
    entry: Entry | None = None


def plain_words(text: str) -> tuple[str, ...]:
    """Folded words without marks on their letters."""
    return _plain_words(fold(text))


def _plain_words(folded: str) -> tuple[str, ...]:
    words = folded_words(folded)
    if folded.isascii() and "_" not in folded:
        return words
    return tuple(filter(None, map(_plain, words)))


_plain = lru_cache(maxsize=65_536)(compact)  # a register of 20,000 rows has the same few words over and over


def make_marks(organisation: Organisation, registry: Registry) -> tuple[Mark, ...]:
    """Every name we are known by, the most telling first, none twice with the same kind, letters and platform."""
    found: dict[tuple[object, ...], Mark] = {}
    places = {form for text in cores(organisation) for form in forms(text)}
    for mark in _all(organisation, registry):
        platform = mark.entry.platform if mark.entry else None
        bare = mark.kind not in (MarkKind.CORE, MarkKind.NAME) and mark.letters[0] in places  # but the place's name
        if mark.letters[0] and not bare:
            found.setdefault((mark.kind, mark.letters[0], mark.unit, platform), mark)
    return tuple(sorted(found.values(), key=lambda mark: mark.kind))


def _mark(text: str, kind: MarkKind, unit: str, unit_kind: UnitKind | None = None, entry: Entry | None = None) -> Mark:
    return Mark(text, kind, *_named(text), unit, unit_kind, entry)


@lru_cache(maxsize=4096)  # the unit of a row is another row's, and often the display name as well
def _named(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The letters and the words of a name."""
    folded = fold(text)
    ways = folded_forms(folded) if is_latin(text) else (read_key(text).letters,)
    return ways, _plain_words(folded)


def _all(organisation: Organisation, registry: Registry) -> Iterator[Mark]:
    name = organisation.name
    for text in organisation.names:
        yield _mark(text, MarkKind.NAME, name)
        if short := initials(text):
            yield Mark(text, MarkKind.INITIALS, (short,), (), name)
    for text in cores(organisation):
        yield _mark(text, MarkKind.CORE, name)
    for unit in organisation.units:
        for text in (unit.name, *unit.aliases):
            yield _mark(text, MarkKind.UNIT, unit.name, unit.kind)
        if short := initials(unit.name):
            yield Mark(unit.name, MarkKind.INITIALS, (short,), (), unit.name, unit.kind)
    for entry in registry.entries:
        yield from _of_entry(entry, name)


def _of_entry(entry: Entry, name: str) -> Iterator[Mark]:
    unit = entry.unit or name
    handle = proper_handle(entry.handle or "")
    if len(letters := _compact(handle)) >= SHORTEST and not letters.isdigit():
        yield _mark(handle, MarkKind.HANDLE, unit, entry.unit_kind, entry)
    for text in dict.fromkeys((entry.display_name or "", entry.unit or "")):
        if len(_compact(text)) >= SHORTEST:
            yield _mark(text, MarkKind.DISPLAY, unit, entry.unit_kind, entry)


def _compact(text: str) -> str:
    """`compact` of a text that is asked for its letters next."""
    return _named(text)[0][0] if text and is_latin(text) else compact(text)


def initials(name: str) -> str:
    """The first letters of a name of three to six words, small words left out; empty when there are fewer or more."""
    words = [word for word in plain_words(name) if word not in _SMALL]
    return "".join(word[0] for word in words) if 3 <= len(words) <= 6 else ""


def cores(organisation: Organisation) -> tuple[str, ...]:
    """The places, and what is left of each name when its authority words are gone: `Gothenburg` of its municipality."""
    found = list(organisation.places)
    for name in organisation.names:
        words = fold(name).split()
        kept = [word for word in words if compact(word) not in AUTHORITY and word not in GENERIC]
        if kept and len(kept) < len(words) and len(compact("".join(kept))) >= SHORTEST:
            found.append(" ".join(kept))
    known: dict[str, str] = {}
    for text in found:
        known.setdefault(compact(text), text)
    places = {genitive(compact(place)) for place in organisation.places}
    return tuple(text for letters, text in known.items() if letters not in places or text in organisation.places)
