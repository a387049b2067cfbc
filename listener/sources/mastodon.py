"""Mastodon and its kin in the fediverse: each configured server asked by the interface they share."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from listener.context import Context
from listener.errors import Blocked, Changed, ConfigError, SourceError, Throttled
from listener.language import N_
from listener.models import Account, Term
from listener.posts import Post
from listener.query import Query
from listener.sources import About, failed_part, read_rows, truncated
from listener.sources.activitypub import address_of, check_there, find_actor, get_actor, picture_of, place_of
from listener.sources.fields import rows_of, time_of
from listener.sources.mastodon_rows import read_account, read_post
from listener.sources.mastodon_stream import address_and_token, streams
from listener.sources.outside import may_ask
from listener.sources.proofs import prove
from listener.transport import no_answer, ours

if TYPE_CHECKING:
    from mastodon import Mastodon

__all__ = ["ABOUT", "accounts", "posts", "read_account", "read_post", "streams"]

ABOUT = About(
    access="official_api",
    finds=("accounts", "posts"),
    needs=("LISTEN_MASTODON_TOKEN",),
    note=N_(
        "each server shows what it knows; posts by words need a token, else hashtags only; settings: servers, pages"
    ),
    looks_up=True,
    proves_absence=True,
    keys={"servers": "servers", "pages": "number", "stream": "text"},
)
LIMIT = 40  # rows a page, the most there are
PAGES = 3
HOMES = 30  # accounts elsewhere whose own server is asked for their picture, a run
# Said to Mastodon.py, which would otherwise ask each server, and ask for ever when it does not answer.
VERSION = "4.3.0"


class Missing(SourceError):
    """The server has no such row."""


class NoEndpoint(Missing):
    """The server has no such endpoint: a capability it lacks, not a failure."""


class Server(NamedTuple):
    """One instance: `name` as configured, and a client for it."""

    name: str
    client: Mastodon
    has_token: bool


def check(settings: Mapping[str, Any]) -> None:
    """Raises ConfigError for settings with which nobody can be asked."""
    names = settings.get("servers") or []
    if not names or not all(isinstance(name, str) for name in names):
        raise ConfigError('[sources.mastodon] servers: name some, as ["mastodon.social"]')


def accounts(ctx: Context, term: Term) -> Iterator[Account]:
    """The accounts each server finds for the term. Raises SourceError only when every server failed."""
    for server in _servers(ctx):
        with _apart(ctx, server):
            for account in _found(ctx, server, term):
                yield msgspec.structs.replace(prove(ctx, account), term=term.text)


def posts(ctx: Context, query: Query, since: datetime) -> Iterator[Post]:
    """The posts each server finds for the query, down to `since`. Raises SourceError only when every server failed."""
    seen: set[str] = set()
    for server in _servers(ctx):
        with _apart(ctx, server):
            yield from _fresh(_posts_at(ctx, server, query, since), since, seen)


def _posts_at(ctx: Context, server: Server, query: Query, since: datetime) -> Iterator[Post]:
    rows = _search_posts(ctx, server, query, since)
    return read_rows(ctx, rows, lambda row: read_post(row, server.name))


def _fresh(found: Iterator[Post], since: datetime, seen: set[str]) -> Iterator[Post]:
    """The posts since that time, each once whichever server showed it."""
    for post in found:
        if post.id not in seen and (post.published_at is None or post.published_at >= since):
            seen.add(post.id)
            yield post


def _servers(ctx: Context) -> tuple[Server, ...]:
    """The configured servers that have not failed in this run. Raises ConfigError without any."""
    if "servers" not in ctx.memory:
        check(ctx.settings)
        names = ctx.settings["servers"]
        ctx.memory["servers"] = {name: _connect(ctx, name, number) for number, name in enumerate(names)}
    return tuple(ctx.memory["servers"].values())


def _connect(ctx: Context, name: str, number: int) -> Server:
    """A client for one server."""
    from mastodon import Mastodon

    address, token = address_and_token(ctx.secrets, name, number)
    client = Mastodon(
        api_base_url=address,
        access_token=token,
        session=ctx.http.requests,
        user_agent=ctx.http.user_agent,
        ratelimit_method="throw",
        version_check_mode="created",
        mastodon_version=VERSION,
    )
    return Server(name, client, token is not None)


@contextmanager
def _apart(ctx: Context, server: Server) -> Iterator[None]:
    """Keep one server's failure apart: noted, and left out for the run; raised only when it was the last one."""
    try:
        yield
    except SourceError as trouble:
        left = ctx.memory["servers"]
        left.pop(server.name, None)
        if not left:
            raise
        failed_part(ctx, server.name, trouble)


def _found(ctx: Context, server: Server, term: Term) -> Iterator[Account]:
    """What the server's search finds; where it has none, or misses a handle, that handle is looked up."""
    rows = _searched(ctx, server, term.text)
    handle = term.text.strip().lstrip("@")
    wanted = rows is None or term.kind == "handle"
    for account, row in read_rows(ctx, rows or (), lambda row: (read_account(row, server.name), row)):
        wanted &= handle.casefold() not in ((account.handle or "").casefold(), str(row.get("acct")).casefold())
        yield _at_home(ctx, account, row)
    if not wanted or not re.fullmatch(r"[\w.-]{1,100}(?:@[\w.:-]{1,200})?", handle, re.ASCII):
        return
    try:
        with _translated():
            row = server.client.account_lookup(handle)
        yield _at_home(ctx, read_account(row, server.name), row)
    except NoEndpoint:
        yield from _by_webfinger(ctx, handle if "@" in handle else f"{handle}@{place_of(server.name)}")
    except Missing:
        yield from _by_webfinger(ctx, handle) if "@" in handle else ()


def _by_webfinger(ctx: Context, handle: str) -> Iterator[Account]:
    """The account as its own server shows it, asked once a run; a server that cannot be asked is told."""
    asked: set[str] = ctx.memory.setdefault("fingered", set())
    place = handle.partition("@")[2]
    if handle.casefold() in asked or not may_ask(ctx, address_of(ctx, place)):
        return
    asked.add(handle.casefold())
    try:
        found = find_actor(ctx, handle)
    except SourceError as trouble:
        truncated(ctx, f"at {place}", f"{place}: accounts there were not looked up: {trouble}")
        return
    if found is not None:
        yield found


def _at_home(ctx: Context, account: Account, row: Mapping[str, Any]) -> Account:
    """The account with its own server's picture: each other server keeps a copy under an address of its own."""
    looks: int = ctx.memory.get("homes", 0)
    uri = account.platform_id or ""
    if "@" not in str(row.get("acct")) or looks >= HOMES or not may_ask(ctx, uri):
        return account
    ctx.memory["homes"] = looks + 1
    try:
        actor = get_actor(ctx, uri)
    except SourceError:
        return account
    return msgspec.structs.replace(account, avatar=picture_of(actor.get("icon")) or "") if actor else account


def _searched(ctx: Context, server: Server, text: str) -> list[Mapping[str, Any]] | None:
    """What the first search finds that the server has for us; None when it has none, as other kinds than Mastodon."""
    try:
        return list(_pages(ctx, server, "accounts", text))
    except (Missing, Blocked):
        pass
    try:
        with _translated():
            return list(rows_of(server.client.account_search(text, limit=LIMIT), ""))
    except (Missing, Blocked):
        check_there(ctx, place_of(server.name))
        truncated(ctx, server.name, f"{server.name} has no search for accounts: only exact handles are looked up there")
        return None


def _search_posts(ctx: Context, server: Server, query: Query, since: datetime) -> Iterator[Mapping[str, Any]]:
    if server.has_token:
        for search in query.alternatives():
            yield from _pages(ctx, server, "statuses", search.to_platform("mastodon"), since)
        return
    truncated(ctx, server.name, f"{server.name}: without a token only hashtags are seen; set {ABOUT.needs[0]}")
    for phrase in query.phrases:
        tag = "".join(filter(str.isalnum, phrase))
        if not tag:
            continue
        try:
            yield from _hashtag(ctx, server, tag, since)
        except Missing:
            check_there(ctx, place_of(server.name))
            truncated(ctx, f"{server.name} tags", f"{server.name} has no search for hashtags either")
            return


def _pages(
    ctx: Context, server: Server, kind: str, text: str, since: datetime | None = None
) -> Iterator[Mapping[str, Any]]:
    """Every page of the general search we may have: one without a token, since `offset` and `resolve` need one."""
    pages = int(ctx.settings.get("pages", PAGES)) if server.has_token else 1
    for page in range(pages):
        with _translated():
            found = server.client.search_v2(
                text, resolve=server.has_token, result_type=kind, limit=LIMIT, offset=page * LIMIT or None
            )
        rows = rows_of(found, kind)
        yield from rows
        if len(rows) < LIMIT or _past(rows, since):
            return
    truncated(ctx, server.name, f"{server.name}: more {kind} than were read for {text!r}")


def _hashtag(ctx: Context, server: Server, tag: str, since: datetime) -> Iterator[Mapping[str, Any]]:
    oldest: str | None = None
    for _page in range(int(ctx.settings.get("pages", PAGES))):
        with _translated():
            found = server.client.timeline_hashtag(tag, max_id=oldest, limit=LIMIT)
        rows = rows_of(found, "")
        yield from rows
        if len(rows) < LIMIT or _past(rows, since):
            return
        oldest = next((str(row["id"]) for row in reversed(rows) if row.get("id")), None)
        if oldest is None:
            return
    truncated(ctx, server.name, f"{server.name}: more posts than were read under #{tag}")


def _past(rows: list[dict[str, Any]], since: datetime | None) -> bool:
    """True when the last of the rows, newest first, is older than we ask for."""
    last = time_of(rows[-1].get("created_at")) if rows else None
    return since is not None and last is not None and last < since


@contextmanager
def _translated() -> Iterator[None]:
    """What Mastodon.py raises, as our errors."""
    from mastodon.errors import MastodonAPIError, MastodonError, MastodonRatelimitError, MastodonWarning

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", MastodonWarning)
            yield
    except MastodonRatelimitError as late:
        raise Throttled(f"asked too often ({late})") from late
    except MastodonAPIError as refused:
        raise _read_refusal(refused) from refused
    except MastodonError as failed:
        raise ours(failed) or SourceError(no_answer(failed)) from failed
    except (TypeError, AttributeError, KeyError, RecursionError) as odd:  # how Mastodon.py trips over an odd answer
        raise Changed(f"the answer cannot be read ({odd})") from odd


def _read_refusal(refused: Exception) -> SourceError:
    """Mastodon.py puts the status second among the arguments, and none when the answer was no JSON."""
    status = refused.args[1] if len(refused.args) > 1 else None
    if status in (404, 410, 501):
        told = str(refused.args[3]) if len(refused.args) > 3 else ""
        lacks = status == 501 or told.startswith("Endpoint not found")  # Mastodon.py's words for a 404 without any
        return (NoEndpoint if lacks else Missing)(f"it answers {status}")
    if status in (401, 403, 422, 451):
        return Blocked(f"it answers {status}")
    if isinstance(status, int):
        return SourceError(f"it answers {status}")
    return Changed("the answer is not what Mastodon answers")
