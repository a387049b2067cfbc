"""Features of what the account says of itself: claims, fraud, parody, fans, and other organisations."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from ahocorasick_rs import AhoCorasick, MatchKind

from listener.match.claims import Hit
from listener.match.reading import Reading
from listener.match.view import View, once
from listener.match.vocabulary import Kind, Word
from listener.organisation import Organisation
from listener.text.fold import compact, forms, genitive, spelled
from listener.urls import on_site
from listener.words import claims
from listener.words import phrases as words

_MAIL = re.compile(r"[\w.+-]{1,64}@([\w-]{1,63}(?:\.[\w-]{1,63}){1,4})")
_DIGITS = re.compile(r"\d")
# Places on Instagram, and Facebook's addresses of pages without a name of their own: a number ends them.
_PLACE_PAGE = re.compile(
    r"facebook\.com/(?:pages|places)/(?:category/)?[^?#]*?[/-]\d{6,}|instagram\.com/explore/locations/\d"
)
_GROUP = re.compile(r"facebook\.com/groups/")
HABIT = 0.05  # a share of our handles that makes a word a sign of ours
_APART = frozenset(form for word in claims.APART for form in forms(word))
_WORN = claims.GENERIC | claims.AUTHORITY | {"region", "regionen", "regions"}
WHOLE = 0.75  # of a unit's name: so much of it outweighs a word like `region` beside it


@cache
def pattern(phrases: tuple[str, ...]) -> re.Pattern[str]:
    """One expression for any of these folded phrases as whole words; `satir*` is any word that begins so."""
    if not phrases:
        return re.compile(r"(?!)")
    found = (re.escape(phrase).replace(r"\*", r"\w*") for phrase in phrases)
    return re.compile(r"(?<!\w)(?:" + "|".join(found) + r")(?!\w)")


def first(phrases: tuple[str, ...], text: str) -> str | None:
    """The first of the phrases that stands in the folded text."""
    if not text:
        return None
    listed = _LISTED.get(id(phrases))
    if listed is None:
        if not any(needle in text for needle in _needles(phrases)):
            return None
    elif not heard(text) & listed:
        return None
    found = pattern(phrases).search(text)
    return found[0] if found else None


@cache
def _needles(phrases: tuple[str, ...]) -> tuple[str, ...]:
    """For each phrase what a text that says it must hold."""
    return tuple(max(phrase.split("*"), key=len) for phrase in phrases)


_OPPOSING = words.AGAINST + words.SCORNS
_LISTED = {id(phrases): 1 << number for number, phrases in enumerate(words.LISTS)}  # lists of `words`, a bit each


def listed(*lists: tuple[str, ...]) -> int:
    """The bits of some of the lists of `words`, as `heard` gives them."""
    return sum(_LISTED[id(phrases)] for phrases in lists)


@lru_cache(maxsize=64)
def heard(text: str) -> int:
    """The bits of the lists of which a phrase may stand in the text: one look for all of them."""
    automaton, bits = _automaton()
    heard = 0
    for number in {match[0] for match in automaton.find_matches_as_indexes(text, overlapping=True)}:
        heard |= bits[number]
    return heard


@cache
def _automaton() -> tuple[AhoCorasick, tuple[int, ...]]:
    bits: dict[str, int] = {}
    for phrases in words.LISTS:
        for needle in _needles(phrases):
            bits[needle] = bits.get(needle, 0) | _LISTED[id(phrases)]
    return AhoCorasick(list(bits), matchkind=MatchKind.Standard), tuple(bits.values())


@once
def ours(view: View) -> str | None:
    """Our name, alias, or domain, where the description says it."""
    return first(_told(view.organisation.folded_names, view.organisation.domains), view.text) if view.text else None


@cache
def _told(names: tuple[str, ...], domains: tuple[str, ...]) -> tuple[str, ...]:
    """Names and their genitives, and domains; short names are words of other languages."""
    return tuple(form for name in names if len(name) > 3 for form in dict.fromkeys((name, genitive(name)))) + domains


@once
def hint(view: View) -> str | None:
    """A word of the description that begins like the telling word of our name: `riksdagens`, `congressional`."""
    roots = stems(view.organisation.folded_names)
    if not roots or not any(root in view.text for root in roots):
        return None
    return next((word for word in re.findall(r"\w+", view.text) if word.startswith(roots)), None)


@once
def named(view: View) -> str | None:
    """Whatever of ours the description names: name, domain, place, or the telling word of our name."""
    return ours(view) or place(view) or hint(view)


@once
def place(view: View) -> str | None:
    """One of our places, where the description says it."""
    places = view.organisation.folded_places
    return first(_of_places(places), view.text) if places else None


@cache
def _of_places(places: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(form for name in places for form in (name, name + "s"))


def text_names_us(view: View) -> Hit | None:
    """The description says our name."""
    said = ours(view)
    return Hit(1.0, f"the description says {said!r}") if said else None


def text_hints_us(view: View) -> Hit | None:
    """The description has the telling word of our name in some form: `senatorial` for a Senate."""
    word = None if ours(view) else hint(view)
    return Hit(1.0, f"the description says {word!r}, as in our {view.organisation.name!r}") if word else None


@cache
def tellings(names: tuple[str, ...]) -> tuple[str, ...]:
    """The words of our names that tell whose they are: six letters or more, and not every agency's or region's."""
    found = dict.fromkeys(word for name in names for word in name.split())
    return tuple(word for word in found if len(word) >= 6 and word not in _WORN)


@cache
def stems(names: tuple[str, ...]) -> tuple[str, ...]:
    """How the telling words of our names begin, five letters or more: `riksda`, `senat`."""
    return tuple(word[: max(5, len(word) - 1)] for word in tellings(names))


def text_official(view: View) -> Hit | None:
    """The account calls itself official, and names us or bears one of our names."""
    said = first(words.OFFICIAL, view.said)
    if said is None:
        return None
    whose = named(view)
    return Hit(1.0 if whose else 0.5, f"calls itself {said!r}" + (f" and names {whose!r}" if whose else ""))


def text_contact(view: View) -> Hit | None:
    """The description gives our telephone number, organisation number or an address on our domain as its own."""
    text = view.text
    for mail in _MAIL.finditer(text) if "@" in text else ():
        if on_site(f"https://{mail[1]}/", view.organisation.domains):
            return Hit(1.0, f"the description gives {mail[0]!r} on our domain")
    numbers = (*view.organisation.phones, *view.organisation.org_numbers)
    digits = "".join(_DIGITS.findall(text)) if numbers else ""
    for number in numbers:
        own = _without_country(number)
        if len(own) >= 6 and own in digits:
            return Hit(1.0, f"the description gives our number {number!r}")
    return None


def _without_country(number: str) -> str:
    return compact(number).removeprefix("46").lstrip("0")


def own_numbers(organisation: Organisation) -> tuple[str, ...]:
    """The digits by which `text_contact` knows our numbers."""
    numbers = map(_without_country, (*organisation.phones, *organisation.org_numbers))
    return tuple(number for number in numbers if len(number) >= 6)


def fraud_wording(view: View) -> Hit | None:
    """Payment, BankID, prizes or direct messages: what impostors are after."""
    said = first(words.FRAUD, view.said)
    return Hit(1.0, f"asks for money, logins or messages: {said!r}") if said else None


def freemail(view: View) -> Hit | None:
    """The contact address is a free mailbox."""
    for mail in _MAIL.finditer(view.text) if "@" in view.text else ():
        if mail[1] in words.FREEMAIL:
            return Hit(1.0, f"the contact address {mail[0]!r} is a free mailbox, not on our domain")
    return None


def parody(view: View) -> Hit | None:
    """Marked as parody, by itself or by its platform."""
    said = first(words.PARODY_NAMES, view.called) or ("parody" if "parody" in view.account.labels else None)
    return Hit(1.0, f"marked as parody: {said!r}") if said else spare(words.PARODY, view, "marked as parody")


def unofficial(view: View) -> Hit | None:
    """Says that it is not official."""
    return spare(words.UNOFFICIAL, view, "says that it is not official")


def fan_wording(view: View) -> Hit | None:
    """Words of fans, neighbours, flea markets and opponents; a text that calls itself official outweighs most."""
    said = first(words.FAN_NAMES, view.called) or _against(view)
    why = "worded as a group of citizens or fans"
    if said:
        return Hit(0.95, f"{why}: {said!r}")
    hit = spare(words.FAN, view, why)
    official = hit and first(words.OFFICIAL, view.text) and not first(words.UNOFFICIAL, view.text)
    return None if official else hit


def _against(view: View) -> str | None:
    """`anti Almby kommun`, `Almby kommun suger`: our whole name with a word that is against it."""
    called = view.called
    if not any(word in called for word in _OPPOSING):
        return None
    found = _opposed(view.organisation.folded_names).search(called)
    return found[0] if found else None


@cache
def _opposed(names: tuple[str, ...]) -> re.Pattern[str]:
    ours, against, scorns = ("|".join(map(re.escape, said)) for said in (names, words.AGAINST, words.SCORNS))
    return re.compile(rf"(?<!\w)(?:(?:{against})[ -](?:{ours})|(?:{ours}) (?:{scorns}))(?!\w)")


def group_address(view: View) -> Hit | None:
    """The address of a group, where citizens meet: an organisation has pages."""
    url = view.account.url or ""
    return Hit(1.0, f"the address {url[:120]!r} is of a group") if _GROUP.search(url) else None


def auto_place(view: View) -> Hit | None:
    """A page that the platform made of a place: its own words, or an old `pages/` address with a number."""
    why = "the platform's words for a page nobody made"
    if "unclaimed" in view.account.labels:  # as Facebook's interface says of it
        return Hit(1.0, f"{why}: {'unclaimed'!r}")
    found = spare(words.AUTO_PLACE, view, why)
    if found:
        return found
    url = view.account.url or ""
    if _PLACE_PAGE.search(url):
        return Hit(0.96, f"the address {url[:120]!r} is of a page that the platform made of a place")
    return None


def spare(phrases: tuple[str, ...], view: View, why: str) -> Hit | None:
    """The first of the phrases that name or description says, as a reason to spare."""
    said = first(phrases, view.said)
    return Hit(1.0, f"{why}: {said!r}") if said else None


def sibling_name(view: View) -> Hit | None:
    """Bears the name of another municipality, region, university or configured sibling."""
    for label, reading in (("display name", view.name), ("handle", view.handle)):
        if reading.sibling:
            text, whose = reading.key.text, spelled(reading.key.text, reading.sibling)
            return Hit(1.0, f"{label} {text!r} is that of {whose!r}, who is not us")
    return None


def third_party(view: View) -> Hit | None:
    """Words of clubs, firms, churches, parties, media and other authorities in a name that holds something of ours."""
    readings = (("display name", view.name), ("handle", view.handle))
    told = next(((label, reading, reading.company) for label, reading in readings if reading.company), None)
    whole = view.overlap is not None and view.overlap.score >= WHOLE
    for label, reading in () if told else readings:
        held = _of_others(reading)
        apart = any(word.text in _APART for word in held)
        weak = whole or any(_sign(found.word) for found in reading.words)
        if held and not reading.equal and (apart or not weak):
            told = told or (label, reading, held[0].text)
    if not told:
        return None
    said = spelled(told[1].key.text, told[2])
    return Hit(1.0, f"{told[0]} {told[1].key.text!r} has {said!r}, a word of other organisations")


def _of_others(reading: Reading) -> list[Word]:
    """The words of other organisations in a name, without those that a unit of ours may have beside its unit word."""
    beside = claims.BESIDE_UNITS if reading.of(Kind.UNIT_WORD) else ()
    return [word for word in reading.of(Kind.THIRD_PARTY) if word.text not in beside]


def _sign(word: Word) -> bool:
    """Whether a word is so much ours that a word of others beside it tells nothing: `Senate` beside `Energy`."""
    return word.own or word.sign > 0 or word.first >= HABIT
