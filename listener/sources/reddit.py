"""Reddit by its approved interface: people and communities searched and looked up, posts searched.

Since November 2025 an app needs Reddit's own approval, so the source stays off until the settings say
`terms_accepted = "reddit_approval"`. Spoken to directly, as four questions do not need a client library that would
fetch outside our guard.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec

from listener.context import Context
from listener.errors import Blocked, Changed, CredentialError, SourceError
from listener.language import N_
from listener.models import Account, Term
from listener.posts import Post
from listener.query import Query
from listener.quotas import Quota
from listener.sources import About, read_rows, truncated
from listener.sources.fields import count_of, distinct, links_in, required, rows_of, text_of, url_of
from listener.sources.official import Reply, ask, base_url, object_of, secret, told
from listener.sources.reach import reach_of
from listener.sources.turns import in_turn

WHO = "Reddit"
ABOUT = About(
    access="official_api",
    finds=("accounts", "posts"),
    needs=("LISTEN_REDDIT_CLIENT_ID", "LISTEN_REDDIT_CLIENT_SECRET"),
    note=N_("off until Reddit has approved your app; communities, people and posts; no comments"),
    per_term=False,
    base_url="https://oauth.reddit.com",
    looks_up=True,
    quotas=(Quota(kind="requests", most=600),),  # a hundred a minute are allowed
    gate="reddit_approval",
    gate_text=N_("Reddit lets only apps it has approved read its interface"),
    keys={"base_url": "address", "login_url": "address", "pages": "number"},
)
LOGIN = "https://www.reddit.com/api/v1/access_token"
MOST = 100  # rows a page
PAGES = 2
SITE = "https://www.reddit.com"
_NAME = re.compile(r"(?:r/)?[\w-]{3,21}", re.ASCII)
_COMMUNITY, _PERSON = "t5", "t2"


def accounts(ctx: Context, term: Term) -> Iterator[Account]:
    """The communities and people that the terms find; with a term, that one alone. Raises SourceError."""
    seen: set[str] = ctx.memory.setdefault("seen", set())
    for one in [term] if term.text else in_turn(ctx, "requests", ctx.terms):
        for account in _found(ctx, one):
            if account.id not in seen:
                seen.add(account.id)
                yield msgspec.structs.replace(account, term=one.text)


def known(ctx: Context, accounts: Sequence[Account]) -> Iterator[Account]:
    """These as they are today, by name; those that are gone are left out, and of those that are closed one is told."""
    for account in accounts:
        if not ctx.afford("requests"):
            return
        if row := _named(ctx, account.handle or ""):
            yield from read_rows(ctx, [row], read_account)


def posts(ctx: Context, query: Query, since: datetime) -> Iterator[Post]:
    """The posts that the query's searches find, newest first, down to `since`. Raises SourceError."""
    seen: set[str] = set()
    for search in query.alternatives():
        asked = {"q": search.to_platform("reddit"), "sort": "new", "type": "link"}
        for post in read_rows(ctx, _pages(ctx, "search", asked, since), read_post):
            if post.id not in seen and (post.published_at is None or post.published_at >= since):
                seen.add(post.id)
                yield post


def read_account(row: dict[str, Any]) -> Account:
    """A thing of kind t5 (a community) or t2 (a person) as an account. Raises Changed."""
    kind, thing = row.get("kind"), object_of(row, "data")
    if kind == _COMMUNITY:
        name, number = required(thing, "display_name"), required(thing, "name")
        description, page = text_of(thing.get("public_description")) or "", f"r/{name}"
    elif kind == _PERSON:
        name, number = required(thing, "name"), f"t2_{required(thing, 'id')}"
        description, page = text_of(object_of(thing, "subreddit").get("public_description")) or "", f"user/{name}"
    else:
        raise Changed(f"an account of an unknown kind, {str(kind)[:80]!r}")
    title = thing.get("title") or object_of(thing, "subreddit").get("title")
    return Account(
        platform="reddit",
        platform_id=number,
        handle=page if kind == _COMMUNITY else name,
        display_name=text_of(title) or name,
        description=description,
        url=f"{SITE}/{page}",
        links=links_in(description),
        avatar=_picture(thing.get("icon_img") or thing.get("community_icon")),
        banner=_picture(thing.get("banner_img") or thing.get("banner_background_image")),
        followers=count_of(thing.get("subscribers")),
        created_at=_time(thing.get("created_utc")),
        source="reddit",
        labels=tuple(mark for mark in ("is_suspended", "quarantine") if thing.get(mark) is True),
    )


def read_post(row: dict[str, Any]) -> Post:
    """A thing of kind t3 as a post. Raises Changed."""
    thing = object_of(row, "data")
    title, body = text_of(thing.get("title")) or "", text_of(thing.get("selftext")) or ""
    path = required(thing, "permalink")
    return Post(
        platform="reddit",
        id=required(thing, "name"),
        text=f"{title}\n{body}".strip(),
        url=url_of(f"{SITE}{path}") if path.startswith("/") else None,
        author=text_of(thing.get("author")),
        published_at=_time(thing.get("created_utc")),
        links=distinct([thing.get("url"), *links_in(body)]),
        source="reddit",
        title=title or None,
        reach=reach_of(thing, likes="score", replies="num_comments"),
    )


def _picture(address: object) -> str | None:
    """An address; an empty one where there is no picture."""
    return url_of(address) if address else ""


def _time(value: object) -> datetime | None:
    """Seconds since 1970, in UTC."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 4e9:
        return None
    return datetime.fromtimestamp(value, UTC)


def _found(ctx: Context, term: Term) -> Iterator[Account]:
    """A handle as a community and as a person; a name by both searches."""
    if term.kind == "handle":
        handle = term.text.strip().removeprefix("@").removeprefix("u/")
        names = [handle] if handle.startswith("r/") else [handle, f"r/{handle}"]
        rows = [row for name in names if ctx.afford("requests") and (row := _named(ctx, name))]
        yield from read_rows(ctx, rows, read_account)
        return
    for path in ("subreddits/search", "users/search"):
        yield from read_rows(ctx, _pages(ctx, path, {"q": term.text}), read_account)


def _named(ctx: Context, name: str) -> dict[str, Any] | None:
    """The community (`r/…`) or person of a name; None when there is none that may be read."""
    if not _NAME.fullmatch(name):
        return None
    path = f"{name}/about" if name.startswith("r/") else f"user/{name}/about"
    reply = _ask(ctx, path, {})
    if reply.status == 403:
        truncated(ctx, "closed", f"{name!r} is closed: it shows nothing to others")
    if reply.status in (302, 403, 404):
        return None
    row = _good(reply)
    return row if row.get("kind") in (_COMMUNITY, _PERSON) else None  # a name that is free answers with a search


def _pages(ctx: Context, path: str, asked: dict[str, str], since: datetime | None = None) -> Iterator[dict[str, Any]]:
    after = ""
    for _page in range(int(ctx.settings.get("pages", PAGES))):
        if not ctx.afford("requests"):
            return
        more = {"limit": str(MOST), **({"after": after} if after else {})}
        listing = object_of(_good(_ask(ctx, path, {**asked, **more})), "data")
        rows = rows_of(listing, "children")
        yield from rows
        after = text_of(listing.get("after")) or ""
        last = _time(object_of(rows[-1], "data").get("created_utc")) if rows else None
        if not after or (since and last and last < since):
            return
    truncated(ctx, path, f"more was found than was read for {asked['q']!r}: raise pages in [sources.reddit]")


def _good(reply: Reply) -> dict[str, Any]:
    if reply.ok and isinstance(reply.content, dict):
        return reply.content
    if reply.ok:
        raise Changed(f"{WHO} answers with something else than an object")
    if reply.status == 403:
        raise Blocked(f"{WHO} does not let us look ({reply.status})")
    raise SourceError(f"{WHO} answers {reply.status}")


def _ask(ctx: Context, path: str, params: dict[str, str]) -> Reply:
    """One answer with the run's token. Raises CredentialError when Reddit does not take it."""
    if "token" not in ctx.memory:
        ctx.memory["token"] = _log_in(ctx)
    ctx.spend("requests")
    headers = {"Authorization": f"Bearer {ctx.memory['token']}"}
    reply = ask(ctx, f"{base_url(ctx, ABOUT.base_url)}/{path}", {**params, "raw_json": "1"}, headers)
    if reply.status == 401:
        raise CredentialError(f"{WHO} refuses the key ({told(reply.content)}): check {' and '.join(ABOUT.needs)}")
    return reply


def _log_in(ctx: Context) -> str:
    """A token that lasts an hour, for the app alone: no account's log-in is used."""
    client, key = (secret(ctx, name, WHO) for name in ABOUT.needs)
    address = str(ctx.settings.get("login_url", LOGIN))
    reply = ask(ctx, address, form={"grant_type": "client_credentials"}, login=(client, key))
    token = text_of(object_of({"said": reply.content}, "said").get("access_token"))
    if not reply.ok or not token:
        words = told(reply.content if not reply.ok else "no token")
        raise CredentialError(f"{WHO} refuses the key ({words}): check {' and '.join(ABOUT.needs)}")
    return token
