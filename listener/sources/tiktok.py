"""TikTok by oEmbed: whether exact handles are borne, and under which name; TikTok lets nobody else search."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from listener.context import Context
from listener.errors import Blocked, Changed, SourceError
from listener.language import N_
from listener.models import Account, Term
from listener.profiles import read_link
from listener.quotas import Quota
from listener.sources import About
from listener.sources.controls import LookUp
from listener.sources.fields import required, text_of
from listener.sources.official import ask, base_url, told
from listener.sources.turns import handles, in_turn

WHO = "TikTok"
ABOUT = About(
    access="oembed",
    finds=("accounts",),
    note=N_("whether an exact handle exists, and its name; no search, no description, no picture, no posts"),
    per_term=False,
    base_url="https://www.tiktok.com",
    looks_up=True,
    quotas=(Quota(kind="lookups", most=200, window="day"),),
    keys={"base_url": "address"},
)
WELL_KNOWN = "tiktok"
_HANDLE = re.compile(r"[a-z0-9_](?:[a-z0-9_.]{0,22}[a-z0-9_])", re.IGNORECASE)
_ABSENT = frozenset({400, 404})  # what it answers for a name that nobody bears


def accounts(ctx: Context, term: Term) -> Iterator[Account]:
    """The accounts that bear the handles; with a term, that one alone. Raises SourceError."""
    lookup = _look_up(ctx)
    for one in [term] if term.text else in_turn(ctx, "lookups", handles(ctx)):
        if one.kind == "handle" and (row := _shown(ctx, lookup, one.text)):
            yield msgspec.structs.replace(read_account(row), term=one.text)
    lookup.settle()


def known(ctx: Context, accounts: Sequence[Account]) -> Iterator[Account]:
    """These accounts, by handle: oEmbed tells no id. Those that are gone are left out."""
    lookup = _look_up(ctx)
    for account in accounts:
        if not ctx.afford("lookups"):
            return
        if row := _shown(ctx, lookup, account.handle or ""):
            yield read_account(row)
    lookup.settle()


def read_account(row: dict[str, Any]) -> Account:
    """An oEmbed answer for a profile as an account. Raises Changed."""
    link = read_link(required(row, "author_url"))
    handle = text_of(row.get("author_unique_id")) or (link.handle if link.platform == "tiktok" else "")
    handle = handle or required(row, "author_name")
    return Account(
        platform="tiktok",
        handle=handle,
        display_name=text_of(row.get("author_name")) or "",
        url=f"https://www.tiktok.com/@{handle}",
        source="tiktok",
    )


def _look_up(ctx: Context) -> LookUp:
    if "look-up" not in ctx.memory:
        ctx.memory["look-up"] = LookUp(ctx, WHO, WELL_KNOWN, lambda name: _ask(ctx, name))
    lookup: LookUp = ctx.memory["look-up"]
    return lookup


def _shown(ctx: Context, lookup: LookUp, text: str) -> dict[str, Any] | None:
    """What a handle shows; None when nobody bears it, or when it cannot be a handle."""
    handle = text.strip().lstrip("@")
    if not _HANDLE.fullmatch(handle) or not ctx.afford("lookups"):
        return None
    lookup.trusted()
    row = _ask(ctx, handle)
    if row is None:
        lookup.missed()
    return row


def _ask(ctx: Context, handle: str) -> dict[str, Any] | None:
    ctx.spend("lookups")
    page = f"https://www.tiktok.com/@{handle}"
    reply = ask(ctx, f"{base_url(ctx, ABOUT.base_url)}/oembed", {"url": page})
    if reply.status in _ABSENT or (reply.ok and _code(reply.content) in _ABSENT):
        return None  # or "not now": that is what the well-known name is for
    if reply.ok and isinstance(reply.content, dict):
        return reply.content
    if reply.ok:
        raise Changed(f"{WHO} answers with something else than an object")
    if reply.status in (401, 403):
        raise Blocked(f"{WHO} does not let us look ({told(reply.content)})")
    raise SourceError(f"{WHO} answers {reply.status}")


def _code(content: object) -> object:
    return content.get("code") if isinstance(content, dict) else None
