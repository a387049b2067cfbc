"""Bluesky by its own interface: accounts from the public view, posts through a session, domain handles proven."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from listener.clock import rfc3339
from listener.context import Context
from listener.errors import ConfigError, CredentialError
from listener.language import N_
from listener.models import Account, Term
from listener.posts import Post
from listener.query import Query
from listener.sources import About, read_rows, truncated
from listener.sources.bluesky_posts import read_post
from listener.sources.departed import tell_departed
from listener.sources.fields import (
    count_of,
    distinct,
    links_in,
    required,
    rows_of,
    text_of,
    time_of,
    url_of,
)
from listener.sources.firehose import Firehose
from listener.sources.jetstream import Jetstream
from listener.sources.kept_session import kept_session
from listener.sources.live import Line
from listener.sources.proofs import prove
from listener.sources.xrpc import NotAllowed, Refused, Server

ABOUT = About(
    access="official_api",
    finds=("accounts", "posts"),
    needs=("LISTEN_BLUESKY_IDENTIFIER", "LISTEN_BLUESKY_PASSWORD"),
    note=N_(
        "accounts need no key, posts an account and its app password; domain handles proven by DNS or web and did; "
        "settings: base_url, pds_url, nameserver, pages, limit"
    ),
    base_url="https://public.api.bsky.app",
    on_by_default=True,
    looks_up=True,
    proves_absence=True,
    keys={
        "base_url": "address", "pds_url": "address", "directory_url": "address", "proof_url": "pattern",
        "nameserver": "text",
        "pages": "number", "post_pages": "number", "limit": "number",
        "stream": "text", "stream_url": "socket",
    },
)  # fmt: skip
PDS = "https://bsky.social"
PROFILES = 25  # how many getProfiles answers at once
PAGES = 2  # of one search
LIMIT = 50  # accounts a page
POSTS = 100  # posts a page, the most there are
POST_PAGES = 5
FATES = 25  # accounts a run that are asked for one by one, to say why they are no longer shown
DEPARTED = {
    "AccountTakedown": "Bluesky has taken the account down",
    "AccountDeactivated": "its owner has put the account to rest",
}
WANTS_LOGIN = f"Bluesky wants a log-in to search posts: set {' and '.join(ABOUT.needs)} (use an app password)"


def accounts(ctx: Context, term: Term) -> Iterator[Account]:
    """The accounts whose name, handle or text match the term, with full profile. Raises SourceError."""
    client = _client(ctx)
    seen: set[str] = ctx.memory.setdefault("seen", set())
    for rows in _search(ctx, client, term):
        fresh = {did: row for did, row in read_rows(ctx, rows, _by_did) if did not in seen}
        seen.update(fresh)
        for account in read_rows(ctx, _full_profiles(ctx, client, fresh), read_account):
            yield msgspec.structs.replace(prove(ctx, account), term=term.text)


def _by_did(row: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    return required(row, "did"), row


def known(ctx: Context, accounts: Sequence[Account]) -> Iterator[Account]:
    """These accounts as they are today, by did, whatever they are called now; those taken down are told as such."""
    client = _client(ctx)
    names = {account.platform_id: account.handle for account in accounts if account.platform_id}
    missing = dict(names)
    for part in _batched(names, PROFILES):
        rows = rows_of(client.ask("app.bsky.actor.getProfiles", {"actors": part}), "profiles")
        for account in read_rows(ctx, rows, read_account):
            missing.pop(account.platform_id or "", None)
            yield prove(ctx, account)
    why = {did: _fate(client, did) for did in list(missing)[:FATES]}
    tell_departed(ctx, {did: f"{missing[did]!r}: {told}" for did, told in why.items() if told})


def _fate(client: Server, did: str) -> str:
    """What became of an account that is no longer shown, in the platform's own words; empty when it is just not there.

    Raises SourceError when the server cannot say.
    """
    try:
        client.ask("app.bsky.actor.getProfile", {"actor": did})
    except Refused as refused:
        return DEPARTED.get(refused.word, "")
    return ""


def posts(ctx: Context, query: Query, since: datetime) -> Iterator[Post]:
    """The posts of the query's searches, newest first, down to `since`. Raises SourceError, CredentialError."""
    client = _logged_in(ctx)
    seen: set[str] = set()
    for search in query.alternatives():
        rows = _search_posts(ctx, client, search.to_platform("bluesky"), since)
        for post in read_rows(ctx, rows, read_post):
            if post.id not in seen and (post.published_at is None or post.published_at >= since):
                seen.add(post.id)
                yield post


def streams(settings: Mapping[str, Any], _secrets: Mapping[str, str]) -> tuple[Line, ...]:
    """The line that tells every post as it is written: Jetstream, or a firehose. Raises ConfigError."""
    kind, url = str(settings.get("stream", "jetstream")), settings.get("stream_url")
    if kind == "off":
        return ()
    if kind == "firehose":
        return (Firehose(url) if url else Firehose(),)
    if kind != "jetstream":
        raise ConfigError('[sources.bluesky] stream: write "jetstream", "firehose" or "off"')
    return (Jetstream((url,)) if url else Jetstream(),)


def read_account(row: dict[str, Any]) -> Account:
    """An app.bsky.actor.defs profile view, basic to detailed, as an account. Raises Changed."""
    did, handle = required(row, "did"), required(row, "handle")
    description = text_of(row.get("description"))
    return Account(
        platform="bluesky",
        platform_id=did,
        handle=handle,
        display_name=text_of(row.get("displayName")) or "",
        description=description,
        url=f"https://bsky.app/profile/{did if handle == 'handle.invalid' else handle}",
        links=distinct([row.get("website"), *links_in(description)]),
        avatar=url_of(row.get("avatar")),
        banner=url_of(row.get("banner")),
        followers=count_of(row.get("followersCount")),
        created_at=time_of(row.get("createdAt")),
        verified=_read_verified(row.get("verification")),
        source="bluesky",
        labels=_read_labels(row.get("labels")),
    )


def _read_verified(state: object) -> str | None:
    """The check mark, Bluesky's own or a trusted verifier's; None when the answer says nothing of it."""
    if not isinstance(state, dict):
        return None
    return "true" if "valid" in (state.get("verifiedStatus"), state.get("trustedVerifierStatus")) else "false"


def _read_labels(labels: object) -> tuple[str, ...]:
    if not isinstance(labels, list):
        return ()
    standing = (label.get("val") for label in labels if isinstance(label, dict) and not label.get("neg"))
    return tuple(text for value in standing if (text := text_of(value)))


def _search(ctx: Context, client: Server, term: Term) -> Iterator[list[dict[str, Any]]]:
    cursor, limit = None, int(ctx.settings.get("limit", LIMIT))
    for _page in range(int(ctx.settings.get("pages", PAGES))):
        content = client.ask("app.bsky.actor.searchActors", {"q": term.text, "limit": limit, "cursor": cursor})
        yield rows_of(content, "actors")
        cursor = text_of(content.get("cursor"))
        if not cursor:
            return
    truncated(ctx, "accounts", f"more accounts than were read for {term.text!r}: raise pages in [sources.bluesky]")


def _full_profiles(ctx: Context, client: Server, rows: dict[str, dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The rows with what only the full profile tells; an account gone since the search keeps its row."""
    for part in _batched(rows, PROFILES):
        content = client.ask("app.bsky.actor.getProfiles", {"actors": part})
        full = dict(read_rows(ctx, rows_of(content, "profiles"), _by_did))
        yield from (rows[did] | full.get(did, {}) for did in part)


def _search_posts(ctx: Context, client: Server, text: str, since: datetime) -> Iterator[dict[str, Any]]:
    cursor = None
    for _page in range(int(ctx.settings.get("post_pages", POST_PAGES))):
        asked = {"q": text, "limit": POSTS, "since": rfc3339(since), "sort": "latest", "cursor": cursor}
        try:
            content = client.ask("app.bsky.feed.searchPosts", asked)
        except NotAllowed as refused:
            raise CredentialError(WANTS_LOGIN) from refused
        yield from rows_of(content, "posts")
        cursor = text_of(content.get("cursor"))
        if not cursor:
            return
    truncated(
        ctx,
        "posts",
        f"more posts than were read for {text!r}: raise post_pages in [sources.bluesky], or listen oftener",
    )


def _batched(dids: Iterable[str], size: int) -> Iterator[list[str]]:
    """The dids, `size` at a time."""
    whole = list(dids)
    yield from (whole[start : start + size] for start in range(0, len(whole), size))


def _client(ctx: Context, base_url: str = "") -> Server:
    """One client a run and address."""
    address = base_url or str(ctx.settings.get("base_url", ABOUT.base_url))
    if address not in ctx.memory:
        ctx.memory[address] = Server(ctx.http, address)
    server: Server = ctx.memory[address]
    return server


def _logged_in(ctx: Context) -> Server:
    """A client with a session, or the public one when there are no credentials: it will say what it allows."""
    who, password = (ctx.secrets.get(name, "") for name in ABOUT.needs)
    if not who or not password:
        return _client(ctx)
    if "session" not in ctx.memory:
        own = str(ctx.settings.get("base_url", ABOUT.base_url))
        address = str(ctx.settings.get("pds_url", PDS if own == ABOUT.base_url else own))
        client = _client(ctx, address)
        try:
            client.log_in(who, password, kept_session(ctx, address, who))
        except NotAllowed as refused:
            raise CredentialError(
                f"Bluesky refuses the log-in ({refused}): check {' and '.join(ABOUT.needs)}"
            ) from refused
        ctx.memory["session"] = client
    session: Server = ctx.memory["session"]
    return session
