"""Features of what the account says of itself: claims, fraud, parody, fans, and other organisations."""

from __future__ import annotations

import re
from functools import cache

from listener.match.claims import Hit
from listener.match.view import View
from listener.match.vocabulary import Kind
from listener.text.fold import compact
from listener.urls import on_site
from listener.words import claims
from listener.words import phrases as words

_MAIL = re.compile(r"[\w.+-]{1,64}@([\w-]{1,63}(?:\.[\w-]{1,63}){1,4})")
_DIGITS = re.compile(r"\d")
WHOLE = 0.75  # of a unit's name: so much of it outweighs a word like `region` beside it


@cache
def pattern(phrases: tuple[str, ...]) -> re.Pattern[str]:
    """One expression for any of these folded phrases as whole words."""
    return re.compile(r"(?<!\w)(?:" + "|".join(re.escape(phrase) for phrase in phrases) + r")(?!\w)")


def first(phrases: tuple[str, ...], text: str) -> str | None:
    """The first of the phrases that stands in the folded text."""
    found = pattern(phrases).search(text) if text else None
    return found[0] if found else None


def ours(view: View) -> str | None:
    """Our name, alias, or domain, where the description says it."""
    names = tuple(name for name in view.organisation.folded_names if len(name) > 3)
    return first(names + view.organisation.domains, view.text) if view.text else None


def place(view: View) -> str | None:
    """One of our places, where the description says it."""
    places = view.organisation.folded_places
    return first(tuple(form for name in places for form in (name, name + "s")), view.text) if places else None


def text_names_us(view: View) -> Hit | None:
    """The description says our name."""
    said = ours(view)
    return Hit(1.0, f"the description says {said!r}") if said else None


def text_hints_us(view: View) -> Hit | None:
    """The description has the telling word of our name in some form: `congressman` for a Congress."""
    stems = _stems(view.organisation.folded_names)
    if not stems or not view.text or ours(view):
        return None
    for word in re.findall(r"\w+", view.text):
        for stem in stems:
            if word.startswith(stem):
                return Hit(1.0, f"the description says {word!r}, as in our {view.organisation.name!r}")
    return None


@cache
def _stems(names: tuple[str, ...]) -> tuple[str, ...]:
    found = dict.fromkeys(word for name in names for word in name.split())
    telling = (word for word in found if len(word) >= 6 and word not in claims.GENERIC | claims.AUTHORITY)
    return tuple(word[: max(5, len(word) - 1)] for word in telling)


def text_official(view: View) -> Hit | None:
    """The account calls itself official, and names us or bears one of our names."""
    said = first(words.OFFICIAL, view.said)
    if said is None:
        return None
    named = ours(view) or place(view)
    return Hit(1.0 if named else 0.5, f"calls itself {said!r}" + (f" and names {named!r}" if named else ""))


def text_contact(view: View) -> Hit | None:
    """The description gives our telephone number, organisation number or an address on our domain as its own."""
    if not view.text:
        return None
    for mail in _MAIL.finditer(view.text):
        if on_site(f"https://{mail[1]}/", view.organisation.domains):
            return Hit(1.0, f"the description gives {mail[0]!r} on our domain")
    digits = "".join(_DIGITS.findall(view.text))
    for number in (*view.organisation.phones, *view.organisation.org_numbers):
        own = compact(number).removeprefix("46").lstrip("0")
        if len(own) >= 6 and own in digits:
            return Hit(1.0, f"the description gives our number {number!r}")
    return None


def fraud_wording(view: View) -> Hit | None:
    """Payment, BankID, prizes or direct messages: what impostors are after."""
    said = first(words.FRAUD, view.said)
    return Hit(1.0, f"asks for money, logins or messages: {said!r}") if said else None


def freemail(view: View) -> Hit | None:
    """The contact address is a free mailbox."""
    for mail in _MAIL.finditer(view.text):
        if mail[1] in words.FREEMAIL:
            return Hit(1.0, f"the contact address {mail[0]!r} is a free mailbox, not on our domain")
    return None


def employee(view: View) -> Hit | None:
    """A person with a title who names us and claims to speak for us; a title alone is a private account."""
    title = first(words.TITLES, view.text)
    said = ours(view) or place(view)
    claim = first(words.SPEAKS_FOR, view.text)
    if not (title and said and claim) or first(words.OWN_VIEWS, view.text):
        return None
    return Hit(1.0, f"a person's account: {title!r} of {said!r}, which says {claim!r}")


def own_views(view: View) -> Hit | None:
    """The account says that it speaks for itself."""
    return _spare(words.OWN_VIEWS, view, "says that it is private")


def parody(view: View) -> Hit | None:
    """Marked as parody."""
    return _spare(words.PARODY, view, "marked as parody")


def unofficial(view: View) -> Hit | None:
    """Says that it is not official."""
    return _spare(words.UNOFFICIAL, view, "says that it is not official")


def fan_wording(view: View) -> Hit | None:
    """Words of fans, neighbours and flea markets."""
    return _spare(words.FAN, view, "worded as a group of citizens or fans")


def auto_place(view: View) -> Hit | None:
    """A page that the platform made of a place: its own words, or an old `pages/` address with a number."""
    found = _spare(words.AUTO_PLACE, view, "the platform's words for a page nobody made")
    if found:
        return found
    url = view.account.url or ""
    if view.account.platform == "facebook" and re.search(r"/(?:pages|places)/[^/]+/\d{6,}", url):
        return Hit(0.96, f"the address {url[:120]!r} is of a page that the platform made of a place")
    return None


def _spare(phrases: tuple[str, ...], view: View, why: str) -> Hit | None:
    said = first(phrases, view.said)
    return Hit(1.0, f"{why}: {said!r}") if said else None


def sibling_name(view: View) -> Hit | None:
    """Bears the name of another municipality, region, university or configured sibling."""
    for label, reading in (("display name", view.name), ("handle", view.handle)):
        if reading.sibling:
            return Hit(1.0, f"{label} {reading.key.text!r} is that of {reading.sibling!r}, who is not us")
    return None


def third_party(view: View) -> Hit | None:
    """Words of clubs, firms, churches, parties, media and other authorities beside our place."""
    for label, reading in (("display name", view.name), ("handle", view.handle)):
        if reading.company:
            return Hit(1.0, f"{label} {reading.key.text!r} has {reading.company!r}, a word of other organisations")
    if view.overlap and view.overlap.score >= WHOLE:
        return None
    for label, reading in (("display name", view.name), ("handle", view.handle)):
        held = reading.of(Kind.THIRD_PARTY)
        if held and not reading.equal:
            return Hit(1.0, f"{label} {reading.key.text!r} has {held[0].text!r}, a word of other organisations")
    return None
