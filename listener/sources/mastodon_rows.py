"""Accounts and statuses of Mastodon's interface read into records."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from listener.errors import Changed
from listener.models import Account
from listener.posts import Post
from listener.sources.activitypub import field_links
from listener.sources.fields import (
    count_of,
    distinct,
    links_of,
    plain_text,
    required,
    text_of,
    time_of,
    url_of,
)
from listener.sources.reach import reach_of
from listener.urls import host


def read_account(row: Mapping[str, Any], server: str = "") -> Account:
    """An Account entity as an account; `server` is where a bare `acct` lives when nothing else says. Raises Changed."""
    uri = text_of(row.get("uri")) or required(row, "url")
    acct = required(row, "acct")
    note = row.get("note")
    shown = row.get("fields")
    fields = [field for field in (shown if isinstance(shown, list) else ()) if isinstance(field, Mapping)]
    proven = [link for field in fields if field.get("verified_at") for link in field_links(field)]
    avatar = url_of(row.get("avatar_static") or row.get("avatar"))
    return Account(
        platform="mastodon",
        platform_id=uri,
        handle=acct if "@" in acct else f"{acct}@{host(uri) or host(server)}",
        display_name=text_of(row.get("display_name")) or "",
        description=plain_text(note),
        url=url_of(row.get("url")) or url_of(uri),
        links=distinct([*(link for field in fields for link in field_links(field)), *links_of(note)]),
        verified_links=distinct(proven),
        avatar="" if avatar and avatar.endswith("/missing.png") else avatar,  # everyone's who has none
        banner=url_of(row.get("header_static")),
        followers=count_of(row.get("followers_count")),
        created_at=time_of(row.get("created_at")),
        source="mastodon",
        labels=tuple(label for label in ("limited", "suspended") if row.get(label) is True),
    )


def read_post(row: Mapping[str, Any], server: str = "") -> Post:
    """A Status entity as a post; its id is its ActivityPub address. Raises Changed."""
    author = row.get("account")
    if not isinstance(author, Mapping):
        raise Changed("a status without its account")
    content, warning = row.get("content"), text_of(row.get("spoiler_text"))
    text = plain_text(content) or ""
    return Post(
        platform="mastodon",
        id=text_of(row.get("uri")) or required(row, "url"),
        text=f"{warning}\n{text}" if warning else text,
        url=url_of(row.get("url")) or url_of(row.get("uri")),
        author=read_account(author, server).handle,
        lang=text_of(row.get("language")),
        published_at=time_of(row.get("created_at")),
        reply_to=_number_of(row.get("in_reply_to_id")),
        links=links_of(content),
        source="mastodon",
        reach=reach_of(row, likes="favourites_count", reposts="reblogs_count", replies="replies_count"),
    )


def _number_of(value: object) -> str | None:
    """The id of a status: text, or a number from servers of other kinds; None for anything else."""
    number = count_of(value)
    return (text_of(value) or None) if number is None else str(number)
