"""TikTok by oEmbed: whether exact handles are borne, and under which name; TikTok lets nobody else search."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from listener.context import Context
from listener.language import N_
from listener.models import Account, Term
from listener.quotas import Quota
from listener.sources import About
from listener.sources.embeds import Embeds, Provider, read_profile
from listener.sources.turns import all_handles, in_turn, one_each

ABOUT = About(
    access="oembed",
    finds=("accounts",),
    note=N_("whether an exact handle exists, and its name; no search, no description, no picture, no posts"),
    per_term=False,
    base_url="https://www.tiktok.com",
    looks_up=True,
    proves_absence=True,
    quotas=(Quota(kind="lookups", most=200, window="day"),),
    keys={"base_url": "address"},
)
TIKTOK = Provider(
    "tiktok", "TikTok", "https://www.tiktok.com/oembed", "tiktok", re.compile(r"\w[\w.]{0,22}\w", re.ASCII)
)
wanted = one_each("lookups")


def accounts(ctx: Context, term: Term) -> Iterator[Account]:
    """The accounts that bear the handles; with a term, that one alone. Raises SourceError."""
    embeds = _embeds(ctx)
    for one in [term] if term.text else in_turn(ctx, "lookups", all_handles(ctx)):
        if one.kind == "handle" and (account := embeds.account(one.text, "tiktok")):
            yield msgspec.structs.replace(account, term=one.text)
    embeds.settle()


def known(ctx: Context, accounts: Sequence[Account]) -> Iterator[Account]:
    """These accounts, by handle: oEmbed tells no id. Those that are gone are left out."""
    embeds = _embeds(ctx)
    for account in accounts:
        if again := embeds.account(account.handle or "", "tiktok"):
            yield again
    embeds.settle()


def read_account(row: dict[str, Any]) -> Account:
    """An oEmbed answer for a profile as an account. Raises Changed."""
    return read_profile(row, "tiktok", "tiktok")


def _embeds(ctx: Context) -> Embeds:
    if "embeds" not in ctx.memory:
        ctx.memory["embeds"] = Embeds(ctx, TIKTOK, str(ctx.settings.get("base_url", "")))
    embeds: Embeds = ctx.memory["embeds"]
    return embeds
