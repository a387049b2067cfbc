"""Profile rules for registered accounts: P1 name, P2 logo, P3 own symbol and its sentence, P4 link to our site, P10.

P10 is asked only in a crisis: an account that is not used then must say where the news is.

The rules are the organisation's own guidelines (see docs/explanation/rules.md). What could not be seen is not judged:
an unknown field gives no fault.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from difflib import SequenceMatcher

from listener.logos import Likeness
from listener.match.logos import ABSENT
from listener.models import Account, Entry, Fault
from listener.organisation import Organisation
from listener.text.fold import fold
from listener.urls import host, on_site, url_key

NEAR_MISS = 0.6  # a sentence this close to the prescribed one is shown as a near miss; set on the examples in the tests
SHORTENERS = frozenset({"bit.ly", "t.co", "tinyurl.com", "ow.ly", "buff.ly", "is.gd", "lnkd.in", "fb.me", "goo.gl"})
YES = frozenset({"yes", "ja", "true", "1", "x"})
NO = frozenset({"", "no", "nej", "false", "0", "-", "none", "ingen", "not used", "används inte"})
CRISIS = re.compile(
    r"\b(?:kris(?:en|er|erna|läge\w*|situation\w*|information\w*|fall\w*|tid\w*)?|viktiga? meddelanden?|vma|nödläge\w*"
    r"|crisis|crises|emergenc(?:y|ies))\b",
    re.IGNORECASE,
)
NATIONAL = ("krisinformation.se", "113 13", "11313")  # where everybody in Sweden is told what goes on

Expand = Callable[[str], str | None]
Resembles = Callable[[str | None], Likeness | None]


def check_profile(
    account: Account,
    entry: Entry,
    organisation: Organisation,
    expand: Expand | None = None,
    likeness: Resembles | None = None,
) -> list[Fault]:
    """Faults of one registered account as it looks today.

    `expand` follows a shortened link to where it lands, or None when nobody could look; `likeness` says which of our
    logos a profile picture resembles.
    """
    return [
        *_name(account, entry, organisation),
        *(_phrase(account, entry, organisation) if has_own_symbol(entry) else _logo(account, entry, likeness)),
        *_link(account, entry, organisation, expand),
        *_platform(entry, organisation),
    ]


def has_own_symbol(entry: Entry) -> bool:
    """True when the register says the unit shows a symbol of its own instead of the official logo."""
    return entry.columns.get("own_symbol", "").strip().casefold() in YES


def _fault(rule: str, entry: Entry, detail: str, hint: str) -> Fault:
    return Fault(rule=rule, url=entry.url, unit=entry.unit, detail=detail, hint=hint)


def _name(account: Account, entry: Entry, organisation: Organisation) -> Iterator[Fault]:
    names = [fold(name) for name in (organisation.name, *organisation.aliases)]
    for field, text in (("display name", account.display_name), ("description", account.description)):
        if text is not None and not any(name in fold(text) for name in names):
            yield _fault(
                "P1", entry, f"{field} {text!r} does not say {organisation.name!r}", f"Add {organisation.name!r}."
            )


def _logo(account: Account, entry: Entry, likeness: Resembles | None) -> Iterator[Fault]:
    if account.avatar == "":
        yield _fault("P2", entry, "no profile picture: the official logo is missing", "Upload the official logo.")
    seen = likeness(account.avatar) if likeness else None
    if seen is not None and (seen.reference is None or seen.score < ABSENT):
        yield _fault("P2", entry, "the profile picture carries none of our logos", "Upload the official logo.")


def _phrase(account: Account, entry: Entry, organisation: Organisation) -> Iterator[Fault]:
    phrase = organisation.own_symbol_phrase
    if account.description is None or not phrase or fold(phrase) in fold(account.description):
        return
    near = _near(account.description, phrase)
    said = f"says {near!r}, not {phrase!r}" if near else f"lacks the sentence {phrase!r}"
    yield _fault("P3", entry, f"own symbol, but the description {said}", f"Write exactly: {phrase}")


def _near(text: str, phrase: str) -> str | None:
    """The sentence of `text` that comes closest to the prescribed one, when it comes close."""
    parts = [part.strip() for part in text.replace("\n", ".").replace("!", ".").split(".") if part.strip()]
    scored = [(SequenceMatcher(None, fold(part), fold(phrase)).ratio(), part) for part in parts[:50]]
    best = max(scored, default=(0.0, ""))
    return best[1] if best[0] >= NEAR_MISS else None


def _link(account: Account, entry: Entry, organisation: Organisation, expand: Expand | None) -> Iterator[Fault]:
    if account.links is None:
        return
    landed = [_landing(link, expand) for link in account.links]
    if None in landed or any(on_site(link, organisation.domains) for link in landed if link):
        return
    shown = ", ".join(account.links) or "no link"
    domain = organisation.domains[0] if organisation.domains else organisation.name
    yield _fault("P4", entry, f"{shown}: none leads to {domain}", f"Link to the unit's page on {domain}.")


def _landing(link: str, expand: Expand | None) -> str | None:
    """Where a link leads; None for a shortened one that could not be followed."""
    if host(link) not in SHORTENERS:
        return link
    return expand(link) if expand is not None else None


def has_crisis_role(entry: Entry) -> bool:
    """True when the register says what the account is used for in a crisis."""
    return fold(entry.columns.get("crisis_role", "")) not in NO


def check_pointer(
    account: Account, entry: Entry, organisation: Organisation, pointers: tuple[str, ...] = ()
) -> list[Fault]:
    """P10: an account that is not used in a crisis says where information is; no fault when its text is unknown.

    It must show one of `pointers` (words or addresses); without any, speak of crises and name our site, or name
    krisinformation.se or 113 13.
    """
    if has_crisis_role(entry) or account.description is None:
        return []
    text = fold(account.description)
    links = [link for link in account.links or () if link]
    if pointers:
        found = any(fold(pointer) in text or _leads_to(links, pointer) for pointer in pointers)
    else:
        told = any(domain in text for domain in organisation.domains)
        ours = told or any(on_site(link, organisation.domains) for link in links)
        found = any(name in text for name in NATIONAL) or bool(CRISIS.search(account.description) and ours)
    if found:
        return []
    where = pointers[0] if pointers else organisation.domains[0] if organisation.domains else "krisinformation.se"
    hint = f"Write in the description where information is in a crisis, such as {where}."
    return [_fault("P10", entry, "the description does not say where information is in a crisis", hint)]


def _leads_to(links: list[str], pointer: str) -> bool:
    """Whether a link leads to that address, or to a page below it."""
    if "." not in pointer or " " in pointer:
        return False
    wanted = url_key(pointer).rstrip("/")
    return any((key := url_key(link)) == wanted or key.startswith(f"{wanted}/") for link in links)


def _platform(entry: Entry, organisation: Organisation) -> Iterator[Fault]:
    allowed = organisation.allowed_platforms
    if allowed and entry.platform not in allowed and entry.platform != "web":
        yield _fault(
            "platform",
            entry,
            f"{entry.platform} is not among the allowed platforms: {', '.join(allowed)}",
            "Close the account, or allow the platform in listener.toml.",
        )
