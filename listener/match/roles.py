"""Features of people and parts: who says that they hold an office with us, speak for us, or belong to us."""

from __future__ import annotations

import re
from functools import cache

from listener.match import wording
from listener.match.claims import Hit
from listener.match.view import View, once
from listener.match.vocabulary import Kind, domain_words, seats
from listener.match.wording import first, named, pattern
from listener.text.fold import fold
from listener.words import claims, offices
from listener.words import phrases as words

_NOT_OF_PERSONS = claims.GENERIC | claims.AUTHORITY | claims.NOISE | claims.THIRD_PARTY
SIGNED = 0.7  # our name under a text may be an address
BETWEEN = 7  # words between a part and the whole: "committee on roads, bridges and ferries, senate of harland"


def employee(view: View) -> Hit | None:
    """A person with a title who names us and claims to speak for us; a title alone is a private account."""
    claim = first(words.SPEAKS_FOR, view.said) or _on_behalf(view.text)
    title = claim and title_in(view.said)
    said = title and named(view)
    if not said or first(words.OWN_VIEWS, view.text):
        return None
    return Hit(1.0, f"a person's account: {title!r} of {said!r}, which says {claim!r}")


@once
def office(view: View) -> Hit | None:
    """A person who says that they hold an elected office with us: `kommunalråd`, `councillor`, `senator`."""
    said = _office_of_ours(view) or first(offices.OFFICES, view.said) or _represents(view)
    if not said or first(offices.STAFF, view.text):
        return None
    ours = named(view) or _place_in_name(view)
    if not ours and not view.organisation.places:
        ours = first(offices.REPRESENTS, view.text) and first(tuple(domain_words(view.organisation)), view.text)
    if not ours or _not_now(view, said):
        return None
    return Hit(1.0, f"says that it holds an office with us: {said!r}, and names {ours!r}")


def _not_now(view: View, said: str) -> bool:
    """Whether the office is one that the person has left, or is a candidate for."""
    before = view.said[: view.said.find(said)]
    if first(offices.RUNS_FOR, before[-20:]):
        return True
    return bool(pattern(offices.FORMER).search(before[-9:]))


def _represents(view: View) -> str | None:
    """Words of one who holds an office; where we have a place, whose shops serve it too, with the body they sit in."""
    if view.organisation.places:
        found = _sits().search(view.text) if first(offices.REPRESENTS, view.text) else None
        return found[0] if found else None
    return first(offices.REPRESENTS, view.text) or first(offices.SERVES, view.text)


@cache
def _sits() -> re.Pattern[str]:
    said, bodies = _either(offices.REPRESENTS), _either(tuple(offices.BODIES))
    return re.compile(rf"(?<!\w)(?:{said}) (?:[\w&'’,-]{{1,40}} ){{0,{BETWEEN}}}?(?:{bodies})(?!\w)")


def _place_in_name(view: View) -> str | None:
    """Our name or place, where the display name holds it beside other words."""
    held = () if view.name.sibling else view.name.of(Kind.NAME, Kind.CORE)
    return held[0].mark.text if held and held[0].mark else None


def own_views(view: View) -> Hit | None:
    """The account says that it speaks for itself; of one who holds an office, only the account may be private."""
    return wording.spare(words.OWN_ACCOUNT if office(view) else words.OWN_VIEWS, view, "says that it is private")


def campaign(view: View) -> Hit | None:
    """The name or handle is that of a campaign: a word like `team` or `for` beside a registered person's surname."""
    overlap = view.overlap
    if overlap is None or not is_person(overlap.mark.words) or overlap.mark.words[-1] not in overlap.shared:
        return None
    beside = [word for reading in (view.handle, view.name) for word in reading.key.words]
    beside += [found.word.text for reading in (view.handle, view.name) for found in reading.words]
    said = next((word for word in beside if word in offices.CAMPAIGN), None)
    if said is None:
        return None
    called = view.account.handle or view.account.display_name or ""
    return Hit(1.0, f"{called!r} has {said!r} beside the name of our {overlap.mark.text!r}")


def is_person(name: tuple[str, ...]) -> bool:
    """Whether the words of a registered name are those of a person: two to five, and none an organisation's."""
    return 2 <= len(name) <= 5 and _NOT_OF_PERSONS.isdisjoint(name)


def seeks_office(view: View) -> Hit | None:
    """A candidate for us: `Lind4Senate`; or `till kommunfullmäktige`, `for Congress` in a text about an election."""
    organisation = view.organisation
    cores = tuple(domain_words(organisation))
    seeking = _seeking(cores, organisation.folded_names)
    said = seeking.search(" ".join((*view.name.key.words, "|", *view.handle.key.words))) if cores else None
    if said is None and first(offices.ELECTION, view.text):
        said = seeking.search(view.text) if cores else None
        if said is None and organisation.places and (named(view) or _place_in_name(view)):
            said = _runs_for().search(view.text)
    return Hit(1.0, f"is a candidate: {said[0]!r}") if said else None


@cache
def _seeking(cores: tuple[str, ...], names: tuple[str, ...]) -> re.Pattern[str]:
    """`for the us congress`, with what stands before the word in our names, in full or as initials."""
    before = {
        tuple(name.split()[: name.split().index(core)]) for name in names for core in cores if core in name.split()
    }
    ways = {way for words in before if words for way in _ways(words)}
    first_words = rf"(?:(?:{_either(tuple(ways))}) )?" if ways else ""
    return re.compile(rf"(?<!\w)(?:for|för|4|till|to) ?(?:the )?{first_words}(?:{_either(cores)})(?!\w)")


def _ways(words: tuple[str, ...]) -> tuple[str, ...]:
    """`united states`, `us`, `u.s.`, `u.s`."""
    initials = [word[0] for word in words]
    return " ".join(words), "".join(initials), ".".join(initials) + ".", ".".join(initials)


@cache
def _runs_for() -> re.Pattern[str]:
    bodies = _either((*offices.BODIES, "mayor", "kommunalråd", "regionråd"))
    return re.compile(rf"(?<!\w)(?:for|för|till|to|i) (?:[\w'’-]{{1,40}} ){{0,3}}?(?:{bodies})(?!\w)")


def text_part(view: View) -> Hit | None:
    """The description says that the account is a part of ours: `a clinic within …`, `House Committee on …`."""
    organisation = view.organisation
    if not view.text:
        return None
    phrase = fold(organisation.own_symbol_phrase or "")
    if phrase and phrase in view.text:
        return Hit(1.0, f"says that it is a part of us: {phrase!r}")
    wholes = tuple(name for name in organisation.folded_names if len(name) > 3) + tuple(domain_words(organisation))
    if not any(name in view.text for name in wholes):
        return None
    own = tuple(fold(word) for group in organisation.unit_words.values() for word in group)
    found = _part(own, wholes).search(view.text)
    if found is None and not office(view) and (signed := _signature(organisation.folded_names).search(view.text)):
        return Hit(SIGNED, f"says that it is a part of us: {signed[0]!r}")
    return Hit(1.0, f"says that it is a part of us: {found[0]!r}") if found else None


@cache
def _signature(names: tuple[str, ...]) -> re.Pattern[str]:
    """Our name as the end of a line: `roads and parks, Almby kommun`."""
    ours = _either(tuple(name for name in names if len(name) > 3))
    return re.compile(rf"(?:(?<=[,|–—-] ))(?:{ours})(?=$|[.|!;]| [|–—-])" if ours else r"(?!)")


@cache
def _part(own: tuple[str, ...], wholes: tuple[str, ...]) -> re.Pattern[str]:
    """`part of X`, `X facility`; around a unit word that listener.toml adds, other words may stand between."""
    ours = rf"(?:the )?(?:{_either(wholes)})"
    parts = _either(words.PARTS)
    forms = [rf"(?:{parts})(?:er|en|et|s)? (?:inom|av|of|within|by) {ours}", rf"{ours}(?:s|'s)? (?:{parts})"]
    if own:
        gap = rf"(?:[\w&',-]{{1,40}} ){{0,{BETWEEN}}}?"
        forms += [rf"(?:{_either(own)})s? {gap}{ours}", rf"{ours} {gap}(?:{_either(own)})s?"]
    return re.compile(rf"(?<!\w)(?:{'|'.join(forms)})(?!\w)")


def _either(phrases: tuple[str, ...]) -> str:
    return "|".join(map(re.escape, sorted(phrases, key=len, reverse=True)))


def title_in(text: str) -> str | None:
    """The first title of a person in the folded text: one of the list, or a word that is put together with one."""
    said = first(words.TITLES, text)
    if said:
        return said
    if not any(ending in text for ending in words.TITLE_ENDINGS):
        return None
    for found in re.finditer(r"\w{6,40}", text):
        if found[0].endswith(words.TITLE_ENDINGS):
            return str(found[0])
    return None


def _on_behalf(text: str) -> str | None:
    if not any(word in text for word in ("räkning", "vägnar", "on behalf of")):
        return None
    found = re.search(r"(?<!\w)(?:för [\w ]{2,60} räkning|å [\w ]{2,60} vägnar|on behalf of)(?!\w)", text)
    return found[0] if found else None


def _office_of_ours(view: View) -> str | None:
    """What one who sits with us is called, where the text says it: `senator` of a senate."""
    said = seats(view.organisation.folded_names)
    return first(said, view.text) if said else None
