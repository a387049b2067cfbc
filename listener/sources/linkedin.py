"""LinkedIn by its partner interface: organisations looked up by exact name and by the domain of their e-mail."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from listener.context import Context
from listener.errors import Blocked, Changed, CredentialError, SourceError
from listener.language import N_
from listener.models import Account, Term
from listener.quotas import Quota
from listener.sources import About, read_rows, truncated
from listener.sources.fields import count_of, distinct, required, rows_of, text_of
from listener.sources.official import ask, base_url, object_of, secret, told
from listener.sources.turns import all_handles, in_turn

WHO = "LinkedIn"
ABOUT = About(
    access="official_api",
    finds=("accounts",),
    needs=("LISTEN_LINKEDIN_TOKEN",),
    note=N_(
        "off until LinkedIn has taken you as a partner; organisations by exact name and by your e-mail domains; "
        "no search, no people, no posts"
    ),
    per_term=False,
    base_url="https://api.linkedin.com",
    looks_up=True,
    quotas=(Quota(kind="lookups", most=400, window="day"),),
    gate="linkedin_partner",
    gate_text=N_("LinkedIn lets only partners it has vetted look up organisations"),
    keys={"base_url": "address", "version": "text"},
)
VERSION = "202610"  # a month; each is served for a year
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{1,99}", re.IGNORECASE)


def accounts(ctx: Context, term: Term) -> Iterator[Account]:
    """The organisations under our e-mail domains and under the handles; with a term, that one alone."""
    if not term.text:
        for site in ctx.sites:
            yield from _look_up(ctx, "emailDomain", site)
    for one in [term] if term.text else in_turn(ctx, "lookups", all_handles(ctx)):
        name = one.text.strip().removeprefix("@")
        if one.kind == "handle" and _NAME.fullmatch(name):
            for account in _look_up(ctx, "vanityName", name):
                yield msgspec.structs.replace(account, term=one.text)


def wanted(ctx: Context) -> dict[str, int]:
    """The look-ups that the next search for accounts would take: each of our domains, and each handle."""
    return {"lookups": len(ctx.sites) + len(all_handles(ctx))}


def known(ctx: Context, accounts: Sequence[Account]) -> Iterator[Account]:
    """These organisations as they are today, by the name they bore: one that took another name is not seen."""
    unseen = 0
    for account in accounts:
        name = account.handle or ""
        found = list(_look_up(ctx, "vanityName", name)) if _NAME.fullmatch(name) else []
        same = [again for again in found if account.platform_id in (None, again.platform_id)]
        yield from same
        unseen += not same
    if unseen:
        truncated(ctx, "known", f"{unseen} known accounts are not shown: gone, or closed to us")


def read_account(row: dict[str, Any]) -> Account:
    """An organisation as anyone but its administrators is shown it. Raises Changed."""
    number = count_of(row.get("id"))
    if number is None:
        raise Changed(f"the answer has no {'id'!r} where every one had")
    handle = required(row, "vanityName")
    places = row.get("locations")
    address = object_of(places[0], "address") if isinstance(places, list) and places else {}
    return Account(
        platform="linkedin",
        platform_id=str(number),
        handle=handle,
        display_name=text_of(row.get("localizedName")) or "",
        description=text_of(row.get("localizedDescription")),
        url=f"https://www.linkedin.com/company/{handle}",
        links=distinct([row.get("localizedWebsite")]),
        location=text_of(address.get("city")),
        source="linkedin",
    )


def _look_up(ctx: Context, finder: str, value: str) -> Iterator[Account]:
    """What one finder shows."""
    if ctx.afford("lookups"):
        yield from read_rows(ctx, _ask(ctx, finder, value), read_account)


def _ask(ctx: Context, finder: str, value: str) -> list[dict[str, Any]]:
    """The rows of a finder; none when it knows no such organisation. Raises CredentialError, SourceError."""
    headers = {
        "Authorization": f"Bearer {secret(ctx, ABOUT.needs[0], WHO)}",
        "LinkedIn-Version": str(ctx.settings.get("version", VERSION)),
        "X-Restli-Protocol-Version": "2.0.0",
    }
    ctx.spend("lookups")
    address = f"{base_url(ctx, ABOUT.base_url)}/rest/organizations"
    reply = ask(ctx, address, {"q": finder, finder: value}, headers)
    if reply.ok:
        return rows_of(reply.content, "elements")
    words = told(object_of({"said": reply.content}, "said").get("message"))
    if reply.status == 401:
        raise CredentialError(f"{WHO} refuses the key ({words}): check {ABOUT.needs[0]}")
    if reply.status == 403:
        raise Blocked(f"{WHO} does not allow this ({words})")
    if reply.status == 404:
        return []
    if reply.status in (400, 426):
        raise Changed(f"{WHO} does not understand the question ({words})")
    raise SourceError(f"{WHO} failed ({words})")
