"""News and other feeds: RSS and Atom as publishers offer them, read in full and held against the query."""

from __future__ import annotations

import hashlib
import io
import json
from calendar import timegm
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from time import struct_time
from typing import Any

import feedparser

from listener.clock import read_time, rfc3339
from listener.context import Context
from listener.errors import Changed, ConfigError, SourceError
from listener.http import Response
from listener.language import N_
from listener.posts import Post
from listener.query import Query
from listener.sources import SINCE, About, failed_part, truncated
from listener.sources.fields import distinct, links_of, plain_text, text_of, url_of
from listener.urls import host, shown_url

ABOUT = About(
    access="open_feed",
    platform="news",
    finds=("posts",),
    note=N_("the feeds you name; each shows its latest entries only; settings: urls"),
    keys={"urls": "addresses"},
    own_marks=True,
)
MOST_ENTRIES = 1_000  # of one feed; the largest real ones have some hundreds

Entry = Mapping[str, Any]


def check(settings: Mapping[str, Any]) -> None:
    """Raises ConfigError for settings with which nobody can be asked."""
    urls = settings.get("urls")
    if not urls or not isinstance(urls, list) or not all(isinstance(url, str) for url in urls):
        raise ConfigError('[sources.feeds] urls: write it as ["https://example.org/rss.xml"]')


def posts(ctx: Context, query: Query, since: datetime) -> Iterator[Post]:  # noqa: ARG001  a feed cannot be searched
    """Every entry of every feed since `since`; the caller holds them against the query.

    Raises SourceError only when every feed failed.
    """
    check(ctx.settings)
    urls = ctx.settings["urls"]
    failed: dict[str, SourceError] = ctx.memory.setdefault("failed", {})
    for at, url in enumerate(urls):
        if url in failed:
            _wait(ctx, url, since)
            continue
        began = _left_off(ctx.cursor, url, since)
        try:
            entries = _entries(ctx, url, began)
        except SourceError as trouble:
            failed[url] = trouble
            for unread in urls[at:] if ctx.http.allowance.spent else [url]:  # no time is left for those behind it
                _wait(ctx, unread, since)
            if len(failed) == len(urls):
                raise
            failed_part(ctx, url, trouble)
            continue
        yield from (post for post in entries if post.published_at is None or post.published_at >= began)


def read_post(entry: Entry, feed_url: str = "", lang: str | None = None) -> Post:
    """An entry as feedparser gives it, as a post. Its id is the feed's own, else the address, else a hash."""
    title = plain_text(entry.get("title")) or ""
    markup = _markup(entry)
    summary = plain_text(markup) or ""
    url = url_of(entry.get("link"))
    text = summary if title and summary.startswith(title) else "\n".join(part for part in (title, summary) if part)
    made_up = hashlib.sha256(f"{title}\n{summary}".encode("utf-8", "replace")).hexdigest()[:32]
    return Post(
        platform="web",
        id=text_of(entry.get("id")) or url or made_up,
        text=text,
        url=url,
        author=host(url or feed_url) or None,
        lang=lang,
        published_at=_when(entry.get("published_parsed")) or _when(entry.get("updated_parsed")),
        links=distinct([url, *links_of(markup)]),
        source="feeds",
        title=title or None,
    )


def _markup(entry: Entry) -> str:
    """The fullest text of an entry: content where there is some, else the summary."""
    contents = [part.get("value") for part in entry.get("content") or () if isinstance(part, Mapping)]
    texts = [text for text in (*contents, entry.get("summary")) if isinstance(text, str)]
    return max(texts, key=len, default="")


def _when(parsed: object) -> datetime | None:
    """feedparser's time, which is UTC."""
    if not isinstance(parsed, struct_time):
        return None
    try:
        return datetime.fromtimestamp(timegm(parsed), UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _entries(ctx: Context, url: str, since: datetime) -> list[Post]:
    """The posts of one feed, fetched once a run; none when nothing is new since it was read last."""
    fetched: dict[str, list[Post]] = ctx.memory.setdefault("fetched", {})
    if url not in fetched:
        response = ctx.http.get(url, headers=_validators(ctx, url), robots=True)
        if response.status == 304:
            ctx.next_cursor.pop(SINCE + _cursor_key(url), None)
            fetched[url] = []
            return []
        if not response.ok:
            raise SourceError(f"{shown_url(url)} answers {response.status}: check the address in [sources.feeds]")
        fetched[url] = read_feed(response)
        _remember(ctx, url, response)
    found = fetched[url]
    dated = [post.published_at for post in found if post.published_at]
    if dated and len(dated) == len(found) and min(dated) > since:
        truncated(ctx, url, f"{shown_url(url)} reaches back to {rfc3339(min(dated))} only")
    return found


def read_feed(response: Response) -> list[Post]:
    """The entries of a feed, however badly it is written. Raises Changed when it is no feed."""
    parsed = feedparser.parse(io.BytesIO(response.body), response_headers=dict(response.headers))
    if not parsed.get("version") and not parsed.entries:
        raise Changed(f"{shown_url(response.url)} is no RSS or Atom feed")
    lang = (text_of(parsed.feed.get("language")) or "")[:2].lower() or None
    return [read_post(entry, response.url, lang) for entry in parsed.entries[:MOST_ENTRIES]]


def _validators(ctx: Context, url: str) -> dict[str, str]:
    """Headers that ask for news only. Who gives us a cursor has held all that the feed gave that time against it."""
    try:
        kept = json.loads(ctx.cursor.get(_cursor_key(url), "{}"))
    except ValueError:
        return {}
    if not isinstance(kept, dict):
        return {}
    named = {"If-None-Match": kept.get("etag"), "If-Modified-Since": kept.get("modified")}
    return {name: value for name, value in named.items() if isinstance(value, str) and value.isascii()}


def _remember(ctx: Context, url: str, response: Response) -> None:
    ctx.next_cursor.pop(SINCE + _cursor_key(url), None)
    kept = {"etag": response.headers.get("etag"), "modified": response.headers.get("last-modified")}
    ctx.next_cursor[_cursor_key(url)] = json.dumps(kept)


def _wait(ctx: Context, url: str, since: datetime) -> None:
    """Keep from when a feed that failed is to be read once it answers again: the others go on meanwhile."""
    ctx.next_cursor[SINCE + _cursor_key(url)] = rfc3339(_left_off(ctx.next_cursor, url, since))


def _left_off(cursor: Mapping[str, str], url: str, since: datetime) -> datetime:
    """From when a feed is to be read: from `since`, or from before it when it has failed from then on."""
    try:
        return min(since, read_time(cursor[SINCE + _cursor_key(url)]))
    except (KeyError, ValueError):
        return since


def _cursor_key(url: str) -> str:
    """What the store knows a feed by: its address may hold a secret."""
    return hashlib.sha256(url.encode("utf-8", "replace")).hexdigest()[:32]
