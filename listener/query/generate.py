"""Queries that find what is said of an organisation or one of its units, written from what listener.toml knows of it.

The bare name of a municipality is right about once in four: it is a place, a surname, a word. So three kinds of parts
are joined by OR: names that hold an organisation's word, with their inflections; handles and domains; and the name of
the place together with a word of what a municipality is or does, unless a sibling or a person of that name is meant.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from listener.models import Record, Unit
from listener.municipalities import MUNICIPAL, MUNICIPALITIES
from listener.organisation import Organisation
from listener.query.generate_words import CLOSE, CLOSE_GENITIVE, CLOSE_WITHIN, CONTEXT, FIRST_NAMES, SAID_OF_PLACES
from listener.query.homonyms import is_common
from listener.registry import Registry
from listener.text.fold import forms, genitive, unmarked
from listener.text.words import fold, nfc, visible, words

PURPOSE = "omvärldsbevakning"
SHORTEST_HANDLE = 5  # letters; a shorter one is a word of some language
_OF_ALL = frozenset(map(fold, MUNICIPALITIES))
_SIGNS = re.compile(r'["“”„«»*\s\x00-\x1f\x7f]+')


class Generated(Record, frozen=True):
    """A query to save: `name` is its key below [queries], `text` one part a line."""

    name: str
    text: str
    purpose: str = PURPOSE
    unit: str | None = None


def for_organisation(organisation: Organisation, registry: Registry) -> Generated:
    """The query for all that is said of the organisation."""
    strong = [*_names(organisation), *_handles(organisation, registry), *map(_phrase, organisation.domains)]
    text = _joined(strong, list(_weak(organisation)))
    return Generated(name=_key(organisation.name), text=text)


def for_unit(organisation: Organisation, registry: Registry, unit: Unit) -> Generated:
    """The query for one unit: its names when they hold the place, else beside the place or the organisation."""
    places = [fold(place) for place in _places(organisation)]
    strong: list[str] = []
    beside: list[str] = []
    for name in (unit.name, *unit.aliases):
        own = {word.folded for word in words(nfc(name))}
        held = any(own & {place, genitive(place)} for place in places) and len(own) > 1
        (strong if held else beside).extend(map(_phrase, _inflected(name)))
    handles = [entry.handle for entry in registry.entries if entry.unit == unit.name and entry.platform != "web"]
    strong += [_phrase(handle) for handle in handles if handle and _telling(handle, organisation)]
    near = [form for place in _places(organisation) for form in _near(place)]
    near += map(_phrase, _not_of_another(forms(organisation.name), organisation))
    left_out = "".join(f"\n   {part}" for part in _left_out(organisation, _places(organisation)))
    guarded = [f"(({_either(beside)}) ({_either(near)}){left_out})"] if beside else []
    return Generated(name=_key(unit.name), text=_joined(strong, guarded), unit=unit.name)


def _names(organisation: Organisation) -> Iterator[str]:
    """Every name with an organisation's word in it, inflected, and how it is turned round, hashed and typed abroad."""
    for name in organisation.names:
        if _bare(name, organisation):
            yield from () if _municipal(organisation) else (f"!{_phrase(name)}",)
            continue
        yield from map(_phrase, _inflected(name))
        typed = [unmarked(name)] if unmarked(name) != name else []
        yield from map(_phrase, _not_of_another([*typed, *_run_together(name)], organisation))
    for place in _municipal_places(organisation):
        both = [f"{form} {word}" for word in ("kommun", "stad") for form in (place, genitive(place))]
        turned = (*both, f"kommunen {place}")
        yield from (_phrase(form) for text in turned for form in _inflected(text))
        hashed = (form for text in turned[:2] for form in _run_together(text))
        yield from map(_phrase, _not_of_another(hashed, organisation))
        yield from (_phrase(text) for text in (f"{place} municipality", f"municipality of {place}"))


def _weak(organisation: Organisation) -> Iterator[str]:
    """The place with a word beside it that tells that the municipality is meant, and what is then left out."""
    for place in _municipal_places(organisation):
        without = "\n   ".join(_left_out(organisation, (place,)))
        if is_common(fold(place)):  # few words, each asked for with the place: alone it would bring all of a platform
            yield f"(!{_phrase(place)} ({_either(CLOSE)})\n   {without})"
            yield f"(!{_phrase(genitive(place))} ({_either(CLOSE_GENITIVE)})\n   {without})"
            yield f"((!{_phrase(f'i {place}')} OR !{_phrase(f'I {place}')}) ({_either(CLOSE_WITHIN)})\n   {without})"
        else:
            both = [f"!{_phrase(form)}" for form in _inflected(place)]
            yield f"(({_either(both)}) ({_either(CONTEXT)})\n   {without})"


def _near(place: str) -> Iterator[str]:
    """The place beside the name of a unit; one that is a common word too in its own letter case only."""
    yield from (f"{'!' * is_common(fold(place))}{_phrase(form)}" for form in _inflected(place))


def _left_out(organisation: Organisation, places: Iterable[str]) -> Iterator[str]:
    """What is not meant beside these places: siblings, others that bear their names, and people."""
    wanted = [fold(name) for name in organisation.names]
    others = [sibling for sibling in organisation.siblings if not _holds_any(sibling.name, wanted)]
    names = [name for sibling in others for name in (sibling.name, *sibling.aliases)]
    left_out = [form for name in names if not _bare(name, organisation) for form in _inflected(name)]
    if left_out:
        yield f"NOT ({_either(map(_phrase, left_out))})"
    for place in places:
        yield f"NOT ({_namesakes(place)})"
        yield f"NOT ({_people(place)})"


def _namesakes(place: str) -> str:
    """Clubs, counties and stations that bear the name of the place."""
    return f"({_either(map(_phrase, _inflected(place)))}) ONEAR/0 ({_either(SAID_OF_PLACES)})"


def _people(place: str) -> str:
    """Whoever bears the name of the place as a surname."""
    return f"({_either(FIRST_NAMES)}) ONEAR/0 {_phrase(place)}"


def _handles(organisation: Organisation, registry: Registry) -> Iterator[str]:
    """The registered handles of the organisation itself and of its units that only we can mean."""
    for entry in registry.entries:
        if entry.handle and entry.platform != "web" and _telling(entry.handle, organisation):
            yield _phrase(entry.handle)


def _telling(handle: str, organisation: Organisation) -> bool:
    """Can only we be meant? A handle that is just the place, or a short word, cannot tell."""
    found = [word.folded for word in words(nfc(handle))]
    places = {form for place in _places(organisation) for form in (fold(place), *forms(place))}
    return bool(found) and max(map(len, found)) >= SHORTEST_HANDLE and not set(found) <= places


def _places(organisation: Organisation) -> tuple[str, ...]:
    """The places as listed, else what is left of the name without the words of an organisation."""
    if organisation.places:
        return organisation.places
    left = " ".join(word for word in organisation.name.split() if fold(word) not in MUNICIPAL)
    return (left,) if left and left != organisation.name else ()


def _municipal(organisation: Organisation) -> bool:
    """Is it a municipality? By a word of its name, or since it is called just as one of them, or as many places are."""
    places = set(map(fold, _places(organisation)))
    names = [fold(name) for name in organisation.names]
    return any(
        set(name.split()) & MUNICIPAL or name in _OF_ALL or (name in places and is_common(name)) for name in names
    )


def _municipal_places(organisation: Organisation) -> tuple[str, ...]:
    """The places of a municipality: of another organisation that is called after one, the place alone says nothing."""
    return _places(organisation) if _municipal(organisation) else ()


def _bare(name: str, organisation: Organisation) -> bool:
    """Is the name just the place of a municipality, or a word that places are called after?"""
    place = _municipal(organisation) and fold(name) in map(fold, _places(organisation))
    return place or is_common(fold(name))


def _not_of_another(texts: Iterable[str], organisation: Organisation) -> Iterator[str]:
    """Those that name no other municipality: without its marks Håbo is Habo."""
    places = {fold(place) for place in _places(organisation)}
    others = {unmarked(place) for place in places} & _OF_ALL - places
    yield from (text for text in texts if not any(other in fold(text) for other in others))


def _holds_any(name: str, wanted: Sequence[str]) -> bool:
    return any(f" {own} " in f" {fold(name)} " for own in wanted)


def _inflected(name: str) -> Iterator[str]:
    """The name and its genitive."""
    name = " ".join(_SIGNS.sub(" ", nfc(visible(name))).split())
    yield name
    if genitive(name) != name:
        yield genitive(name)


def _run_together(name: str) -> Iterator[str]:
    """As a hashtag: almbykommun, with its marks and without."""
    whole = "".join(word.folded for word in words(nfc(name)))
    if len(words(nfc(name))) > 1:
        yield from dict.fromkeys((whole, *forms(name)))


def _phrase(text: str) -> str:
    """As a part of a query: in quotation marks when it is more than one word, or a word of the language itself."""
    text = " ".join(_SIGNS.sub(" ", nfc(visible(text))).split())
    plain = len(words(text)) == 1 and text.isalnum() and not text.isupper()
    return text if plain else f'"{text}"' if words(text) else ""


def _either(parts: Iterable[str]) -> str:
    """The parts with OR between them, each once, without phrases that another part finds anyway."""
    kept: dict[tuple[str, ...], str] = {}
    for part in parts:
        if folded := tuple(word.folded for word in words(part)):
            kept.setdefault((*folded, "!" * part.startswith("!")), part)
    return " OR ".join(part for folded, part in kept.items() if not _found_anyway(folded, kept))


def _found_anyway(folded: tuple[str, ...], kept: Iterable[tuple[str, ...]]) -> bool:
    said = f" {' '.join(folded[:-1])} "
    return any(other != folded and not other[-1] and f" {' '.join(other[:-1])} " in said for other in kept)


def _joined(strong: Sequence[str], weak: Sequence[str]) -> str:
    """One part a line: what is certain first."""
    named = _either(strong)
    return "\nOR ".join([part for part in (f"({named})" if named else "", *weak) if part])


def distinct(made: Sequence[Generated]) -> list[Generated]:
    """Each query under a name of its own: a second stadsbiblioteket becomes stadsbiblioteket-2."""
    seen: dict[str, int] = {}
    kept = []
    for one in made:
        count = seen[one.name] = seen.get(one.name, 0) + 1
        kept.append(one if count == 1 else msgspec.structs.replace(one, name=f"{one.name}-{count}"))
    return kept


def _key(name: str) -> str:
    """A name for the table of a query: almby-kommun."""
    return re.sub(r"[^a-z0-9]+", "-", unmarked(fold(name))).strip("-") or "organisationen"
