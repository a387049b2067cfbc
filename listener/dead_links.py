"""Links on our own pages to names that nobody bears any more: whoever takes one next speaks from our page."""

from __future__ import annotations

from collections.abc import Iterable

from listener.asking import Harvest, key_of
from listener.models import Account, Completeness, Fault, Term

RULE = "dead_link"
MOST = 100  # linked handles that one source is asked for


def linked_on(own: Harvest | None, platform: str) -> tuple[Account, ...]:
    """The accounts on a platform that our own site links to, as it was just read."""
    accounts = () if own is None else own.accounts
    return tuple(account for account in accounts if account.platform == platform and account.handle)[:MOST]


def as_terms(linked: Iterable[Account]) -> tuple[Term, ...]:
    """What to ask the platform for, so that each of them is looked up."""
    return tuple(Term(text=account.handle or "", kind="handle") for account in linked)


def dead_links(linked: Iterable[Account], harvest: Harvest) -> list[Fault]:
    """A fault for each linked account that its platform, seen in whole, does not have."""
    if harvest.result.completeness is not Completeness.COMPLETE:
        return []
    there = {key_of(account) for account in harvest.accounts}
    return [fault(account) for account in linked if key_of(account) not in there]


def fault(account: Account) -> Fault:
    """What is wrong, where, and what to do."""
    page = account.official_links[0] if account.official_links else ""
    return Fault(
        rule=RULE,
        url=account.url or "",
        unit="",
        detail=f"{page} links to {account.handle} on {account.platform}, and nobody has that name there",
        hint="Take the link away, or take the name back: whoever takes it next speaks from your page.",
    )
