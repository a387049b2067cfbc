"""What a web site serves, as labels of its account: written by the source that looks, read by the features."""

from __future__ import annotations

from collections.abc import Iterable

NOTHING = "serves nothing"
PARKED = "parked"
MOVED = "redirects to"
ASKS = "asks for"
SENDS = "sends what is filled in to"
COPIES_PAGE = "built like our page"
COPIES_TEXT = "has the text of our page"
SHOWS_OURS = "loads our picture"
RESERVED = "reserved against mining"
ALL = (NOTHING, PARKED, MOVED, ASKS, SENDS, COPIES_PAGE, COPIES_TEXT, SHOWS_OURS, RESERVED)

# What a form asks for that an impostor is after, beyond the password that every log-in has.
SECRETS = frozenset({"personal number", "card", "account number", "BankID"})


def label(kind: str, value: str = "") -> str:
    """`asks for: password, BankID`"""
    return f"{kind}: {value}" if value else kind


def value_of(labels: Iterable[str], kind: str) -> str | None:
    """What the label of this kind says; empty when it says no more than its kind, None when there is none."""
    for each in labels:
        found, _colon, value = each.partition(": ")
        if found == kind:
            return value
    return None


def of_others(labels: Iterable[str]) -> tuple[str, ...]:
    """The labels that are not about what a site serves."""
    return tuple(each for each in labels if each.partition(": ")[0] not in ALL)
