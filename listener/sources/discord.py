"""Discord invitations looked up one by one: which server they lead to; Discord lets nobody search."""

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
from listener.sources import About, read_rows, truncated
from listener.sources.fields import count_of, links_in, required, text_of, url_of
from listener.sources.official import ask, base_url, object_of, told
from listener.sources.turns import all_handles, in_turn

WHO = "Discord"
ABOUT = About(
    access="official_api",
    finds=("accounts",),
    note=N_("servers behind invitations: those you name, and your handles as invitations; no search, nothing inside"),
    per_term=False,
    base_url="https://discord.com",
    looks_up=True,
    quotas=(Quota(kind="lookups", most=200, window="day"),),
    keys={"base_url": "address", "invites": "texts"},
)
IMAGES = "https://cdn.discordapp.com"
_CODE = re.compile(r"[A-Za-z0-9-]{2,32}")
_UNKNOWN = 10006  # Discord's code for an invitation that does not exist or has ended


def accounts(ctx: Context, term: Term) -> Iterator[Account]:
    """The servers behind the invitations of the settings and those named like our handles. Raises SourceError."""
    if term.text:
        yield from _found(ctx, [term] if term.kind == "handle" else [])
        return
    named = [Term(text=_code(str(text)), kind="handle") for text in ctx.settings.get("invites") or ()]
    yield from _found(ctx, in_turn(ctx, "lookups", [*named, *all_handles(ctx)]))


def wanted(ctx: Context) -> dict[str, int]:
    """The invitations that the next search for accounts would look up."""
    return {"lookups": len(ctx.settings.get("invites") or ()) + len(all_handles(ctx))}


def known(ctx: Context, accounts: Sequence[Account]) -> Iterator[Account]:
    """These servers as their invitations show them. An invitation that has ended says nothing of its server."""
    ended = 0
    for account in accounts:
        if not ctx.afford("lookups"):
            return
        row = _ask(ctx, account.handle or "")
        if row is not None and account.platform_id in (None, object_of(row, "guild").get("id")):
            yield from read_rows(ctx, [row], read_account)
        else:
            ended += 1
    if ended:
        truncated(ctx, "known", f"{ended} known accounts are not shown: gone, or closed to us")


def read_account(row: dict[str, Any]) -> Account:
    """An invitation as the server it leads to; its id is the key. Raises Changed."""
    guild = object_of(row, "guild")
    number, features = required(guild, "id"), guild.get("features")
    code = text_of(guild.get("vanity_url_code")) or required(row, "code")
    description = text_of(guild.get("description")) or ""
    marks = features if isinstance(features, list) else []
    return Account(
        platform="discord",
        platform_id=number,
        handle=code,
        display_name=text_of(guild.get("name")) or "",
        description=description,
        url=f"https://discord.gg/{code}",
        links=links_in(description),
        avatar=_image("icons", number, guild.get("icon")),
        banner=_image("splashes", number, guild.get("splash")),
        followers=count_of(row.get("approximate_member_count")),
        verified="true" if "VERIFIED" in marks or "PARTNERED" in marks else "false",
        source="discord",
    )


def _image(kind: str, number: str, name: object) -> str | None:
    """The address of a picture; an empty one where the server has none."""
    if name is None:
        return ""
    text = text_of(name) or ""
    return url_of(f"{IMAGES}/{kind}/{number}/{text}.png") if re.fullmatch(r"\w{1,64}", text) else None


def _code(text: str) -> str:
    """The code in an invitation's address, or the text itself."""
    link = read_link(text) if "/" in text else None
    return link.handle if link and link.platform == "discord" else text


def _found(ctx: Context, terms: Iterator[Term] | list[Term]) -> Iterator[Account]:
    for term in terms:
        row = _ask(ctx, term.text) if ctx.afford("lookups") else None
        for account in read_rows(ctx, [] if row is None else [row], read_account):
            yield msgspec.structs.replace(account, term=term.text)


def _ask(ctx: Context, text: str) -> dict[str, Any] | None:
    """What an invitation leads to; None when there is none of that name, or it leads to no server."""
    code = text.strip().lstrip("@")
    if not _CODE.fullmatch(code):
        return None
    ctx.spend("lookups")
    reply = ask(ctx, f"{base_url(ctx, ABOUT.base_url)}/api/v10/invites/{code}", {"with_counts": "true"})
    if reply.ok and isinstance(reply.content, dict) and "code" in reply.content:
        return reply.content if object_of(reply.content, "guild") else None  # a group or a friend, no server
    if reply.status == 404 and object_of({"said": reply.content}, "said").get("code") == _UNKNOWN:
        return None
    if reply.status in (401, 403):
        raise Blocked(f"{WHO} does not let us look ({told(reply.content)})")
    if reply.ok or reply.status == 404:
        raise Changed(f"the answer is not what {WHO} answers")
    raise SourceError(f"{WHO} answers {reply.status}")
