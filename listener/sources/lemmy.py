"""Lemmy servers: people, communities and posts searched on each, without a log-in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

import msgspec

from listener.context import Context
from listener.errors import Blocked, Changed, ConfigError, SourceError
from listener.language import N_
from listener.models import Account, Term
from listener.posts import Post
from listener.query import Query
from listener.sources import About, failed_part, read_rows, truncated
from listener.sources.fields import count_of, distinct, links_in, required, rows_of, text_of, time_of, url_of
from listener.sources.official import ask, object_of
from listener.sources.reach import reach_of
from listener.urls import host

WHO = "Lemmy"
ABOUT = About(
    access="official_api",
    finds=("accounts", "posts"),
    note=N_("people, communities and posts that the servers you name know of; no key; settings: servers, pages"),
    keys={"servers": "servers", "pages": "number"},
)
MOST = 50  # rows a page, the most there are
PAGES = 2
KINDS = {"Users": "users", "Communities": "communities", "Posts": "posts"}

Row = Mapping[str, Any]


Read = TypeVar("Read", Account, Post)


def check(settings: Mapping[str, Any]) -> None:
    """Raises ConfigError for settings with which nobody can be asked."""
    if not settings.get("servers"):
        raise ConfigError('[sources.lemmy] servers: name some, as ["lemmy.world"]')


def accounts(ctx: Context, term: Term) -> Iterator[Account]:
    """The people and communities each server finds. Raises SourceError only when every server failed."""
    seen: set[str] = ctx.memory.setdefault("seen", set())
    for kind in ("Users", "Communities"):
        for account in _everywhere(ctx, kind, term.text, read_account):
            if account.id not in seen:
                seen.add(account.id)
                yield msgspec.structs.replace(account, term=term.text)


def known(ctx: Context, accounts: Sequence[Account]) -> Iterator[Account]:
    """These accounts as their own servers show them, by name; those that are gone are left out."""
    servers, unasked = {host(server): server for server in _servers(ctx)}, 0
    for account in accounts:
        name = account.handle or ""
        server = servers.get(name.rpartition("@")[2])
        if server is None:
            unasked += 1
            continue
        row = _named(ctx, server, name)
        if row is not None:
            yield from read_rows(ctx, [row], read_account)
    if unasked:
        truncated(ctx, "known", f"{unasked} known accounts live on servers that are not among yours")


def posts(ctx: Context, query: Query, since: datetime) -> Iterator[Post]:
    """The posts each server finds for the query, newest first, down to `since`."""
    seen: set[str] = set()
    for search in query.alternatives():
        for post in _everywhere(ctx, "Posts", search.to_platform("lemmy"), read_post, since):
            if post.id not in seen and (post.published_at is None or post.published_at >= since):
                seen.add(post.id)
                yield post


def read_account(row: Row) -> Account:
    """A person view or a community view as an account; its id is its ActivityPub address. Raises Changed."""
    group = "community" in row
    one = object_of(row, "community" if group else "person")
    uri, name = required(one, "actor_id"), required(one, "name")
    description = text_of(one.get("description" if group else "bio")) or ""
    counts = object_of(row, "counts")
    return Account(
        platform="lemmy",
        platform_id=uri,
        handle=f"{'c/' if group else ''}{name}@{host(uri)}",
        display_name=text_of(one.get("title" if group else "display_name")) or name,
        description=description,
        url=url_of(uri),
        links=distinct(links_in(description)),
        avatar=url_of(one.get("icon" if group else "avatar")),
        banner=url_of(one.get("banner")),
        followers=count_of(counts.get("subscribers")),
        created_at=time_of(one.get("published")),
        source="lemmy",
        labels=tuple(mark for mark in ("banned", "deleted", "removed") if one.get(mark) is True),
    )


def read_post(row: Row) -> Post:
    """A post view as a post; its id is its ActivityPub address. Raises Changed."""
    post, creator, counts = object_of(row, "post"), object_of(row, "creator"), row.get("counts")
    uri, body = required(post, "ap_id"), text_of(post.get("body")) or ""
    text = f"{text_of(post.get('name')) or ''}\n{body}".strip()
    return Post(
        platform="lemmy",
        id=uri,
        text=text,
        url=url_of(uri),
        author=f"{required(creator, 'name')}@{host(required(creator, 'actor_id'))}",
        published_at=time_of(post.get("published")),
        links=distinct([post.get("url"), *links_in(body)]),
        source="lemmy",
        title=text_of(post.get("name")),
        reach=reach_of(counts if isinstance(counts, dict) else None, likes="score", replies="comments"),
    )


def _servers(ctx: Context) -> list[str]:
    """The configured servers that have not failed in this run. Raises ConfigError without any."""
    if "servers" not in ctx.memory:
        check(ctx.settings)
        names = ctx.settings["servers"]
        ctx.memory["servers"] = [name if "://" in name else f"https://{name}" for name in map(str, names)]
    servers: list[str] = ctx.memory["servers"]
    return servers


def _everywhere(
    ctx: Context, kind: str, text: str, read: Callable[[Row], Read], since: datetime | None = None
) -> Iterator[Read]:
    """What each server finds; one that fails is told and left out, the last one raises."""
    for server in tuple(_servers(ctx)):
        try:
            yield from read_rows(ctx, _pages(ctx, server, kind, text, since), read)
        except SourceError as trouble:
            _servers(ctx).remove(server)
            if not _servers(ctx):
                raise
            failed_part(ctx, server, trouble)


def _pages(ctx: Context, server: str, kind: str, text: str, since: datetime | None) -> Iterator[Row]:
    asked: dict[str, str | int] = {"q": text, "type_": kind, "listing_type": "All", "sort": "New", "limit": MOST}
    for page in range(int(ctx.settings.get("pages", PAGES))):
        content = _ask(ctx, f"{server.rstrip('/')}/api/v3/search", {**asked, "page": page + 1})
        rows = rows_of(content, KINDS[kind])
        yield from rows
        if len(rows) < MOST or (since and _older(rows[-1], since)):
            return
    truncated(ctx, f"{server} {kind}", f"{host(server)}: more {KINDS[kind]} than were read for {text!r}")


def _older(row: Row, since: datetime) -> bool:
    when = time_of(object_of(row, "post").get("published"))
    return when is not None and when < since


def _named(ctx: Context, server: str, handle: str) -> Row | None:
    """The person or community (`c/…`) of a name on its own server; None when there is none."""
    name, group = handle.rpartition("@")[0], handle.startswith("c/")
    kind, params = ("community", {"name": name[2:]}) if group else ("user", {"username": name})
    content = _ask(ctx, f"{server.rstrip('/')}/api/v3/{kind}", params, absent=("couldnt_find", "not_found"))
    view = object_of(content, "community_view" if group else "person_view")
    if content and not view:
        raise Changed(f"the answer is not what {WHO} answers")
    return view or None


def _ask(ctx: Context, url: str, params: Mapping[str, str | int], absent: tuple[str, ...] = ()) -> dict[str, Any]:
    """One answer; an empty one where the server says, by one of the words `absent`, that there is no such thing."""
    reply = ask(ctx, url, params)
    if reply.ok and isinstance(reply.content, dict):
        return reply.content
    said = reply.content.get("error") if isinstance(reply.content, dict) else None
    if reply.status in (400, 404) and any(word in str(said) for word in absent):
        return {}
    if reply.status in (401, 403):
        raise Blocked(f"it answers {reply.status}")
    if reply.ok:
        raise Changed(f"the answer is not what {WHO} answers")
    raise SourceError(f"it answers {reply.status}")
