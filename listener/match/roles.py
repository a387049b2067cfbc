"""Features of people and parts: who says that they hold an office with us, speak for us, or belong to us."""

from __future__ import annotations

import re
from functools import cache

from listener.match import wording
from listener.match.claims import Hit
from listener.match.view import View, once
from listener.match.vocabulary import domain_words
from listener.match.wording import first, named, pattern
from listener.text.fold import fold
from listener.words import claims
from listener.words import phrases as words

_NOT_OF_PERSONS = claims.GENERIC | claims.AUTHORITY | claims.NOISE | claims.THIRD_PARTY
SIGNED = 0.7  # our name under a text may be an address
BETWEEN = 7  # words between a part and the whole: "committee on energy and natural resources, united states senate"


def employee(view: View) -> Hit | None:
    """A person with a title who names us and claims to speak for us; a title alone is a private account."""
    title = title_in(view.said)
    claim = title and (first(words.SPEAKS_FOR, view.said) or _on_behalf(view.text))
    said = claim and named(view)
    if not said or first(words.OWN_VIEWS, view.text):
        return None
    return Hit(1.0, f"a person's account: {title!r} of {said!r}, which says {claim!r}")


@once
def office(view: View) -> Hit | None:
    """A person who says that they hold an elected office with us: `congressman`, `kommunalråd`."""
    if not view.text or first(words.STAFF, view.text):
        return None
    said = _office_of_ours(view) or first(words.OFFICES, view.said)
    ours = named(view)
    if said is None and not view.organisation.places:  # shops serve places
        said = first(words.REPRESENTS, view.text)
        if said:
            ours = ours or first(tuple(domain_words(view.organisation)), view.text)
        said = said or first(words.SERVES, view.text)
    if not said or not ours or pattern(words.FORMER).search(view.text[: view.text.find(said)][-9:]):
        return None
    return Hit(1.0, f"says that it holds an office with us: {said!r}, and names {ours!r}")


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
    said = next((word for word in beside if word in words.CAMPAIGN), None)
    if said is None:
        return None
    called = view.account.handle or view.account.display_name or ""
    return Hit(1.0, f"{called!r} has {said!r} beside the name of our {overlap.mark.text!r}")


def is_person(name: tuple[str, ...]) -> bool:
    """Whether the words of a registered name are those of a person: two to five, and none an organisation's."""
    return 2 <= len(name) <= 5 and _NOT_OF_PERSONS.isdisjoint(name)


def seeks_office(view: View) -> Hit | None:
    """A candidate for us: `Lind4Senate`, or `for Congress` in a text about an election."""
    cores = tuple(domain_words(view.organisation))
    if not cores:
        return None
    said = _seeking(cores).search(" ".join((*view.name.key.words, "|", *view.handle.key.words)))
    if said is None and first(words.ELECTION, view.text):
        said = _seeking(cores).search(view.text)
    return Hit(1.0, f"is a candidate: {said[0]!r}") if said else None


@cache
def _seeking(cores: tuple[str, ...]) -> re.Pattern[str]:
    ours = "|".join(map(re.escape, cores))
    return re.compile(rf"(?<!\w)(?:for|4|till) ?(?:the )?(?:u\.?s\.? )?(?:{ours})(?!\w)")


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
    if found is None and (signed := _signature(organisation.folded_names).search(view.text)):
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
    """A word for a person that is put together with the telling word of our name: `senator` for a Senate."""
    roots = wording.stems(view.organisation.folded_names)
    if not any(root in view.text for root in roots):
        return None
    for found in re.finditer(r"\w+", view.text):
        word = str(found[0])
        root = next((root for root in roots if word.startswith(root)), None)
        if root and len(word) > len(root) and word.endswith(words.PERSON_ENDINGS):
            return word
    return None
