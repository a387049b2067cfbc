"""Threads by its interface: public posts searched by keyword, profiles looked up by exact handle."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import msgspec

from listener.context import Context
from listener.language import N_
from listener.models import Account, Term
from listener.posts import Post
from listener.query import Query
from listener.quotas import Quota
from listener.sources import About, read_rows, truncated
from listener.sources.fields import count_of, links_in, required, text_of, time_of, url_of
from listener.sources.graph import Absent, Graph, Hidden
from listener.sources.turns import all_handles, in_turn, one_each

ABOUT = About(
    access="official_api",
    finds=("accounts", "posts"),
    needs=("LISTEN_THREADS_TOKEN", "LISTEN_THREADS_SECRET"),
    note=N_(
        "posts by keyword, exact handles of profiles with a hundred followers or more; no search by name; "
        "before Meta's review it shows your own posts only"
    ),
    per_term=False,
    base_url="https://graph.threads.net",
    looks_up=True,
    quotas=(Quota(kind="searches", most=2_200, window="day"), Quota(kind="lookups", most=500, window="day")),
    gate="meta_app_review",
    gate_text=N_("Meta lets only apps it has reviewed search Threads and look up profiles of others"),
    keys={"base_url": "address", "version": "text", "post_pages": "number"},
)
VERSION = "v1.0"
POST_PAGES = 5
PROFILE = "username,name,profile_picture_url,biography,is_verified,follower_count"
FIELDS = "id,text,permalink,timestamp,username,is_reply,is_quote_post"
_HANDLE = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.]{0,28}[A-Za-z0-9_])?")
wanted = one_each("lookups")


def accounts(ctx: Context, term: Term) -> Iterator[Account]:
    """The profiles that bear the handles; with a term, that one alone. Raises SourceError."""
    graph = _graph(ctx, "lookups")
    for one in [term] if term.text else in_turn(ctx, "lookups", all_handles(ctx)):
        if one.kind == "handle" and ctx.afford("lookups") and (row := _look_up(graph, one.text)):
            for account in read_rows(ctx, [row], read_account):
                yield msgspec.structs.replace(account, term=one.text)


def known(ctx: Context, accounts: Sequence[Account]) -> Iterator[Account]:
    """These profiles as they are today, by handle: Threads tells no id. One that is not shown may be gone or small."""
    graph, unseen = _graph(ctx, "lookups"), 0
    for account in accounts:
        if not ctx.afford("lookups"):
            return
        row = _look_up(graph, account.handle or "")
        if row is not None:
            yield from read_rows(ctx, [row], read_account)
        unseen += row is None
    if unseen:
        truncated(ctx, "known", f"{unseen} known accounts are not shown: gone, or closed to us")


def posts(ctx: Context, query: Query, since: datetime) -> Iterator[Post]:
    """The public posts that the query's searches find, newest first, down to `since`. Raises SourceError."""
    graph, seen = _graph(ctx, "searches"), set[str]()
    for search in query.alternatives():
        for post in read_rows(ctx, _search(ctx, graph, search.to_platform("threads"), since), read_post):
            if post.id not in seen and (post.published_at is None or post.published_at >= since):
                seen.add(post.id)
                yield post


def read_account(row: dict[str, Any]) -> Account:
    """A looked-up profile as an account. Raises Changed."""
    handle, biography = required(row, "username"), text_of(row.get("biography")) or ""
    verified = row.get("is_verified")
    return Account(
        platform="threads",
        platform_id=text_of(row.get("id")),
        handle=handle,
        display_name=text_of(row.get("name")) or "",
        description=biography,
        url=f"https://www.threads.com/@{handle}",
        links=links_in(biography),
        avatar=url_of(row.get("profile_picture_url")),
        followers=count_of(row.get("follower_count")),
        verified=str(verified).lower() if isinstance(verified, bool) else None,
        source="threads",
    )


def read_post(row: dict[str, Any]) -> Post:
    """A post of a keyword search. Raises Changed."""
    text = text_of(row.get("text")) or ""
    return Post(
        platform="threads",
        id=required(row, "id"),
        text=text,
        url=url_of(row.get("permalink")),
        author=text_of(row.get("username")),
        published_at=time_of(row.get("timestamp")),
        links=links_in(text),
        source="threads",
    )


def _graph(ctx: Context, kind: str) -> Graph:
    if kind not in ctx.memory:
        needs = (ABOUT.needs[0], ABOUT.needs[1])
        ctx.memory[kind] = Graph(ctx, "Threads", ABOUT.base_url, VERSION, needs, kind)
    graph: Graph = ctx.memory[kind]
    return graph


def _look_up(graph: Graph, text: str) -> dict[str, Any] | None:
    """The profile of a handle; None when nobody bears it, or it is not shown. Raises Changed, SourceError."""
    handle = text.strip().lstrip("@")
    if not _HANDLE.fullmatch(handle):
        return None
    try:
        row = graph.ask("profile_lookup", {"username": handle, "fields": PROFILE})
    except (Absent, Hidden):
        return None
    required(row, "username")
    return row


def _search(ctx: Context, graph: Graph, text: str, since: datetime) -> Iterator[dict[str, Any]]:
    most = int(ctx.settings.get("post_pages", POST_PAGES))
    asked = {"q": text, "search_type": "RECENT", "since": str(int(since.timestamp())), "limit": "100", "fields": FIELDS}
    for rows in graph.pages("keyword_search", asked, most):
        yield from rows
    if graph.more:
        truncated(ctx, "posts", f"more posts than were read for {text!r}: raise post_pages in [sources.threads]")
