"""The words that can stand inside a name or handle, ours and other people's, and what each one means there."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from enum import IntEnum
from functools import cache
from typing import NamedTuple

from listener.match.marks import SHORTEST, Mark, MarkKind, plain_words
from listener.models import UnitKind
from listener.municipalities import MUNICIPAL, MUNICIPALITIES, UNIVERSITIES, municipal_names, region_names
from listener.organisation import Organisation
from listener.text.fold import compact, fold, forms, genitive, stem
from listener.text.tokens import read_key, words_of
from listener.words.claims import APART, AUTHORITY, GENERIC, NOISE, THIRD_PARTY
from listener.words.companies import COMPANY
from listener.words.offices import SEATS
from listener.words.units import inflect, unit_words


class Kind(IntEnum):
    """What a word inside a name means; where two apply, the lower number wins."""

    NAME = 1
    CORE = 2
    UNIT = 3
    SIBLING = 4
    UNIT_WORD = 5
    AUTHORITY = 6
    HOUSE = 7  # a word our registered handles begin or end with
    TOKEN = 8  # a telling word of a unit's or account's name
    THIRD_PARTY = 9
    NOISE = 10
    GENERIC = 11
    INITIALS = 12  # of a name of ours; so short that only company makes them ours


class Word(NamedTuple):
    """A word of the vocabulary; `mark` when it is one of our names, `unit_kind` for unit words.

    `first` and `last`: which share of our registered handles begin and end with it. `own`: a unit word that
    listener.toml adds. `sign`: how surely, 0..1, a name that has it as a word of its own is built like ours.
    """

    text: str
    kind: Kind
    mark: Mark | None = None
    unit_kind: UnitKind | None = None
    first: float = 0.0
    last: float = 0.0
    own: bool = False
    sign: float = 0.0


# A house word is one that this many different registered handles begin or end with, and this share of them.
HOUSE_FEWEST = 4
HOUSE_SHARE = 0.004
_HOUSE_LONGEST = 14
# An abbreviation in capitals that so many of our names share is hardly anyone else's; three letters are, at times.
_CAPITALS = re.compile(r"(?<![\w.])[A-Z]{3,6}(?![\w.])")
ABBREVIATION, SHORT_ABBREVIATION = 1.0, 0.85
# The first part of our domain, where it is a word of our name as well: `senate` tells more than `house`.
DOMAIN_WORD, WORN_DOMAIN_WORD = 0.95, 0.6
OFFICE_WORD = 0.9

Vocabulary = dict[str, Word]


def make_vocabulary(organisation: Organisation, marks: Iterable[Mark], handles: Iterable[str]) -> Vocabulary:
    """Every word that a name may be cut into, compact and unmarked."""
    marks = tuple(marks)
    found: Vocabulary = {}
    for word in _ours(marks):
        _add(found, word)
    own_words = {word for mark in marks if mark.kind is not MarkKind.HANDLE for word in mark.words}
    for text, _name in sibling_forms(organisation):
        if text not in own_words:
            _add(found, Word(text, Kind.SIBLING))
    added = unit_words((), organisation.unit_words)
    for text, kind in (unit_words(organisation.languages, {}) | added).items():
        _add(found, Word(compact(text), Kind.UNIT_WORD, unit_kind=kind, own=text in added))
    for word in _fixed(organisation):
        if word.kind is not Kind.THIRD_PARTY or word.text not in own_words:
            _add(found, word)
    for word in _called(organisation):
        _add(found, word)
    for text, (first, last) in house_words(handles).items():
        _add(found, Word(text, Kind.HOUSE, first=first, last=last))
    for text in _telling(marks):
        _add(found, Word(text, Kind.TOKEN))
    for text, sign in (office_words(organisation) | abbreviations(marks) | domain_words(organisation)).items():
        _add(found, Word(text, Kind.HOUSE, sign=sign))
    found.pop("", None)
    return found


def _add(found: Vocabulary, word: Word) -> None:
    known = found.get(word.text)
    if known is None or word.kind < known.kind:
        found[word.text] = word
    elif word.kind is Kind.HOUSE:
        found[word.text] = known._replace(
            first=max(word.first, known.first), last=max(word.last, known.last), sign=max(word.sign, known.sign)
        )


def _ours(marks: Iterable[Mark]) -> Iterator[Word]:
    kinds = {MarkKind.NAME: Kind.NAME, MarkKind.CORE: Kind.CORE, MarkKind.UNIT: Kind.UNIT}
    for mark in marks:
        if mark.kind is MarkKind.INITIALS and len(mark.letters[0]) >= SHORTEST:
            yield Word(mark.letters[0], Kind.INITIALS, mark, mark.unit_kind)
        if mark.kind in kinds:
            for letters in mark.letters:
                yield Word(letters, kinds[mark.kind], mark, mark.unit_kind)
                yield Word(genitive(letters), kinds[mark.kind], mark, mark.unit_kind)


def _called(organisation: Organisation) -> Iterator[Word]:
    """What we are, where others beside a place are it too, as authority: `region`, `regionen` of Region Vindmark."""
    known = {compact(word) for word in THIRD_PARTY}
    for name in (organisation.name, *organisation.aliases):
        for text in words_of(name):
            if compact(text) in known:
                yield from (Word(compact(form), Kind.AUTHORITY) for form in (*inflect(text), genitive(text)))


def _fixed(organisation: Organisation) -> Iterator[Word]:
    others = THIRD_PARTY | APART | (COMPANY if "sv" in organisation.languages else frozenset())
    for words, kind in ((AUTHORITY, Kind.AUTHORITY), (others, Kind.THIRD_PARTY), (NOISE, Kind.NOISE),
                        (GENERIC, Kind.GENERIC)):  # fmt: skip
        for word in words:
            yield from (Word(form, kind) for form in forms(word))


def sibling_forms(organisation: Organisation) -> Iterator[tuple[str, str]]:
    """Compact forms of everyone else's names, with the name: those of listener.toml and, for Swedish, ours."""
    own = {form for name in (*organisation.names, *organisation.places) for form in forms(name)}
    for name in sibling_names(organisation):
        for form in forms(name):
            if form not in own and genitive(form) not in own:
                yield form, name
                yield genitive(form), name


def sibling_names(organisation: Organisation) -> Iterator[str]:
    """Names of those who are not us."""
    for sibling in organisation.siblings:
        yield from (sibling.name, *sibling.aliases, *sibling.handles)
    if "sv" in organisation.languages:
        yield from MUNICIPALITIES
        yield from UNIVERSITIES
        yield from region_names()
        called = {word for name in organisation.names for word in words_of(name)}
        if called & (THIRD_PARTY | COMPANY) and not called & MUNICIPAL:
            for place in organisation.places:
                yield from municipal_names(place)


def strict_siblings(organisation: Organisation) -> dict[str, str]:
    """Folded one-word names of others that only å, ä and ö tell from ours: `habo` for Håbo's listener and back."""
    own = {fold(place) for place in (*organisation.places, *organisation.names)}
    ours = {compact(text) for text in own}
    return {fold(name): name for name in sibling_names(organisation) if fold(name) not in own and compact(name) in ours}


def house_words(handles: Iterable[str]) -> dict[str, tuple[float, float]]:
    """Words that our registered handles begin and end with, and which share of them do: `rep`, `hrdp`.

    Only handles whose capitals, separators or digits show where a word ends are counted.
    """
    keys = {key.letters: key for key in map(read_key, handles) if len(key.words) > 1}
    if len(keys) < HOUSE_FEWEST * 2:
        return {}
    first = Counter(key.words[0] for key in keys.values())
    last = Counter(key.words[-1] for key in keys.values())
    fewest = max(HOUSE_FEWEST, HOUSE_SHARE * len(keys))
    return {
        word: (first[word] / len(keys), last[word] / len(keys))
        for word in first.keys() | last.keys()
        if 3 <= len(word) <= _HOUSE_LONGEST and not word.isdigit() and max(first[word], last[word]) >= fewest
    }


def abbreviations(marks: Iterable[Mark]) -> dict[str, float]:
    """Abbreviations in capitals that HOUSE_FEWEST names or more share, among words that are not: `HRDP`."""
    counted: Counter[str] = Counter()
    names = {mark.letters[0]: mark.text for mark in marks if mark.kind in (MarkKind.UNIT, MarkKind.DISPLAY)}
    for text in names.values():
        if not text.isupper():
            counted.update({found.lower() for found in _CAPITALS.findall(text)})
    worn = AUTHORITY | GENERIC | NOISE | THIRD_PARTY
    return {
        text: ABBREVIATION if len(text) > 3 else SHORT_ABBREVIATION
        for text, count in counted.items()
        if count >= HOUSE_FEWEST and text not in worn
    }


@cache
def seats(names: tuple[str, ...]) -> tuple[str, ...]:
    """What those who sit in a body of these folded names are called: `senator` of a senate."""
    said = (word for body, words in SEATS.items() for name in names if f" {body} " in f" {name} " for word in words)
    return tuple(dict.fromkeys(said))


def office_words(organisation: Organisation) -> dict[str, float]:
    """`seats` of an organisation without a place; where others are called so too, they tell beside the place alone."""
    words = () if organisation.places else seats(organisation.folded_names)
    return {compact(word): OFFICE_WORD for word in words}


def domain_words(organisation: Organisation) -> dict[str, float]:
    """The first part of each of our domains that is also a word of our names in any form, but no place: `senate`."""
    return dict(_domain_words(organisation.names, organisation.places, organisation.domains))


@cache
def _domain_words(names: tuple[str, ...], places: tuple[str, ...], domains: tuple[str, ...]) -> dict[str, float]:
    words = {stem(word) for name in names for word in plain_words(name)}
    of_places = {stem(form) for place in places for form in forms(place)}
    labels = {domain.partition(".")[0] for domain in domains}
    return {
        label: WORN_DOMAIN_WORD if label in GENERIC | AUTHORITY else DOMAIN_WORD
        for label in labels
        if len(label) > 3 and stem(label) in words and stem(label) not in of_places
    }


def _telling(marks: Iterable[Mark]) -> Iterator[str]:
    """Words of four letters or more of unit and display names: what a handle may be put together from."""
    for mark in marks:
        if mark.kind in (MarkKind.UNIT, MarkKind.DISPLAY):
            yield from (word for word in mark.words if len(word) >= 4)
