"""Bluesky's post records read into posts, whether a search shows them or a stream tells them: one post, one row."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from listener.errors import Changed
from listener.posts import Post, Reach
from listener.sources.fields import distinct, links_in, required, text_of, time_of
from listener.sources.reach import reach_of

POST = "app.bsky.feed.post"
A_DAY = timedelta(days=1)  # clocks may be wrong, and zones forgotten, by so much
_DOTTED = re.compile(r"\w\.\w|://")  # without it no address can stand in a text; spares most of them the long look


def read_post(row: Mapping[str, Any]) -> Post:
    """An app.bsky.feed.defs#postView as a post; its id is the at:// address. Raises Changed."""
    uri, record, author = required(row, "uri"), row.get("record"), row.get("author")
    if not isinstance(record, dict) or not isinstance(author, dict):
        raise Changed("a post without record or author")
    return read_record(uri, required(author, "handle"), record, time_of(row.get("indexedAt")), _reach(row))


def read_record(
    uri: str, author: str, record: Mapping[str, Any], seen_at: datetime | None = None, reach: Reach | None = None
) -> Post:
    """An app.bsky.feed.post record as a post. `author` is a handle, or a did while the handle is not known.

    `seen_at` stands in for a time that the record does not tell, or that lies after it: its writer wrote it.
    """
    text = text_of(record.get("text")) or ""
    langs, reply = record.get("langs"), record.get("reply")
    return Post(
        platform="bluesky",
        id=uri,
        text=text,
        url=address(uri, author),
        author=author,
        lang=text_of(langs[0]) if isinstance(langs, list) and langs else None,
        published_at=_when(record.get("createdAt"), seen_at),
        reply_to=_uri(reply, "parent"),
        links=_links(record.get("facets"), text),
        source="bluesky",
        thread=_uri(reply, "root"),
        reach=reach,
    )


def address(uri: str, author: str) -> str:
    """Where people read the post of an at:// address."""
    return f"https://bsky.app/profile/{author}/post/{uri.rpartition('/')[2]}"


def _when(written: object, seen_at: datetime | None) -> datetime | None:
    when = time_of(written)
    if when is None or (seen_at is not None and when > seen_at + A_DAY):
        return seen_at
    return when


def _uri(reply: object, end: str) -> str | None:
    """The at:// address at one end of a reply: its parent, or the root of the thread."""
    named = reply.get(end) if isinstance(reply, dict) else None
    return text_of(named.get("uri")) if isinstance(named, dict) else None


def _reach(row: Mapping[str, Any]) -> Reach | None:
    """The counts shown beside a post; None where it shows none."""
    return reach_of(row, likes="likeCount", reposts="repostCount", replies="replyCount", quotes="quoteCount")


def _links(facets: object, text: str) -> tuple[str, ...]:
    """What a post links to: by its marked parts, whose text is shortened, and by addresses written out."""
    written = links_in(text) if _DOTTED.search(text) else ()
    return distinct([*_facet_links(facets), *written]) if facets or written else ()


def _facet_links(facets: object) -> Iterator[object]:
    for facet in facets if isinstance(facets, list) else ():
        features = facet.get("features") if isinstance(facet, dict) else None
        marks = features if isinstance(features, list) else ()
        yield from (mark.get("uri") for mark in marks if isinstance(mark, dict))
