"""Instagram by business discovery: professional accounts looked up by exact handle, posts that tag our own account."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from listener.context import Context
from listener.errors import ConfigError
from listener.language import N_
from listener.models import Account, Term
from listener.posts import Post
from listener.query import Query
from listener.quotas import Quota
from listener.sources import About, read_rows, truncated
from listener.sources.fields import count_of, distinct, links_in, required, text_of, time_of, url_of
from listener.sources.graph import Absent, Graph, Hidden
from listener.sources.official import object_in
from listener.sources.turns import all_handles, in_turn

ABOUT = About(
    access="official_api",
    finds=("accounts", "posts"),
    needs=("LISTEN_FACEBOOK_TOKEN", "LISTEN_FACEBOOK_SECRET"),
    note=N_(
        "exact handles of professional accounts, and posts that tag your own; no search by name, no personal accounts, "
        "no mark of verification"
    ),
    per_term=False,
    base_url="https://graph.facebook.com",
    looks_up=True,
    quotas=(Quota(kind="requests", most=90),),  # an hour allows 200 for Facebook and Instagram both
    gate="meta_app_review",
    gate_text=N_("Meta asks for an app of your own, and reviews one that serves others than yourselves"),
    keys={"base_url": "address", "version": "text", "own_id": "text", "post_pages": "number"},
)
VERSION = "v25.0"
POST_PAGES = 3
FIELDS = "id,username,name,biography,website,followers_count,follows_count,media_count,profile_picture_url"
TAGGED = "id,caption,permalink,timestamp,username"
_HANDLE = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.]{0,28}[A-Za-z0-9_])?")


def check(settings: Mapping[str, Any]) -> None:
    """Raises ConfigError for settings with which nobody can be asked: Instagram is asked in our own account's name."""
    if not str(settings.get("own_id", "")).isdecimal():
        raise ConfigError('[sources.instagram] own_id: write the number of your own account, own_id = "17841400"')


def accounts(ctx: Context, term: Term) -> Iterator[Account]:
    """The professional accounts that bear the handles; with a term, that one alone. Raises SourceError, ConfigError."""
    graph = _graph(ctx)
    for one in [term] if term.text else in_turn(ctx, "requests", all_handles(ctx)):
        if one.kind == "handle" and ctx.afford("requests"):
            for account in read_rows(ctx, _look_up(ctx, graph, one.text), read_account):
                yield msgspec.structs.replace(account, term=one.text)


def known(ctx: Context, accounts: Sequence[Account]) -> Iterator[Account]:
    """These accounts as they are today. One that is not shown may be gone, renamed or no longer professional."""
    graph, unseen = _graph(ctx), 0
    for account in accounts:
        if not ctx.afford("requests"):
            return
        rows = list(_look_up(ctx, graph, account.handle or ""))
        same = [row for row in rows if account.platform_id in (None, text_of(row.get("id")))]
        yield from read_rows(ctx, same, read_account)
        unseen += not same
    if unseen:
        truncated(ctx, "known", f"{unseen} known accounts are not shown: gone, or closed to us")


def posts(ctx: Context, _query: Query, since: datetime) -> Iterator[Post]:
    """The posts that tag our own account, newest first, down to `since`; read once for all the queries of a run."""
    kept: tuple[datetime, list[Post]] | None = ctx.memory.get("tagged")
    if kept is None or kept[0] > since:
        kept = since, list(_tagged(ctx, since))
        ctx.memory["tagged"] = kept
    yield from (post for post in kept[1] if post.published_at is None or post.published_at >= since)


def read_account(row: dict[str, Any]) -> Account:
    """The `business_discovery` of an answer as an account. Raises Changed."""
    handle, biography = required(row, "username"), text_of(row.get("biography")) or ""
    return Account(
        platform="instagram",
        platform_id=required(row, "id"),
        handle=handle,
        display_name=text_of(row.get("name")) or "",
        description=biography,
        url=f"https://www.instagram.com/{handle}",
        links=distinct([row.get("website"), *links_in(biography)]),
        avatar=url_of(row.get("profile_picture_url")),
        followers=count_of(row.get("followers_count")),
        source="instagram",
    )


def read_post(row: dict[str, Any]) -> Post:
    """A medium that tags us as a post. Raises Changed."""
    text = text_of(row.get("caption")) or ""
    return Post(
        platform="instagram",
        id=required(row, "id"),
        text=text,
        url=url_of(row.get("permalink")),
        author=text_of(row.get("username")),
        published_at=time_of(row.get("timestamp")),
        links=links_in(text),
        source="instagram",
    )


def _graph(ctx: Context) -> Graph:
    if "graph" not in ctx.memory:
        check(ctx.settings)
        needs = (ABOUT.needs[0], ABOUT.needs[1])
        ctx.memory["graph"] = Graph(ctx, "Instagram", ABOUT.base_url, VERSION, needs, "requests")
    graph: Graph = ctx.memory["graph"]
    return graph


def _look_up(ctx: Context, graph: Graph, text: str) -> Iterator[dict[str, Any]]:
    """The professional account of a handle; none when nobody bears it, or a person does: the answer is the same."""
    handle = text.strip().lstrip("@")
    if not _HANDLE.fullmatch(handle):  # it stands inside an expression
        return
    try:
        content = graph.ask(
            str(ctx.settings["own_id"]), {"fields": f"business_discovery.username({handle}){{{FIELDS}}}"}
        )
    except (Absent, Hidden):
        return
    yield object_in(content, "business_discovery")


def _tagged(ctx: Context, since: datetime) -> Iterator[Post]:
    graph = _graph(ctx)
    most = int(ctx.settings.get("post_pages", POST_PAGES))
    for rows in graph.pages(f"{ctx.settings['own_id']}/tags", {"fields": TAGGED, "limit": "50"}, most):
        found = list(read_rows(ctx, rows, read_post))
        yield from found
        last = found[-1].published_at if found else None
        if last is not None and last < since:
            return
    if graph.more:
        truncated(ctx, "posts", "more posts than were read: raise post_pages in [sources.instagram]")
