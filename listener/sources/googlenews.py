"""Google News: headlines from its search feed, with paper and date; off until its terms are accepted."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import feedparser
import msgspec

from listener.context import Context
from listener.errors import Changed, SourceError
from listener.language import N_
from listener.posts import Post
from listener.query import Query
from listener.sources import About, feeds, truncated
from listener.sources.fields import text_of
from listener.urls import host, shown_url

ABOUT = About(
    access="open_feed",
    finds=("posts",),
    note=N_("headlines with paper and date, a hundred at most a search; addresses lead through Google"),
    base_url="https://news.google.com/rss/search",
    keys={"base_url": "address"},
    gate="own use",
    gate_text=N_("Google offers the feed for personal, non-commercial reading only"),
)
MOST = 100  # entries that the feed holds, whatever there is

Entry = Mapping[str, Any]


def posts(ctx: Context, query: Query, since: datetime) -> Iterator[Post]:
    """The headlines that the query's searches find since then. Raises SourceError."""
    days = max(1, (ctx.now - since).days + 1)
    seen: set[str] = set()
    for search in query.alternatives():
        for entry in _entries(ctx, f"{search.to_platform('googlenews')} when:{days}d"):
            post = read_post(entry)
            if post.id not in seen and (post.published_at is None or post.published_at >= since):
                seen.add(post.id)
                yield post


def read_post(entry: Entry) -> Post:
    """An entry as feedparser gives it: headline, paper, date. Its address is Google's and is not followed."""
    bare = {name: value for name, value in entry.items() if name not in ("summary", "content")}
    paper = entry.get("source")
    place = text_of(paper.get("href")) if isinstance(paper, Mapping) else None
    name = text_of(paper.get("title")) if isinstance(paper, Mapping) else None
    post = feeds.read_post(bare)
    headline = post.text.removesuffix(f" - {name}") if name else post.text
    return msgspec.structs.replace(
        post, text=headline, title=headline, author=host(place or "") or name, lang="sv", links=(), source="googlenews"
    )


def _entries(ctx: Context, text: str) -> list[Entry]:
    base_url = str(ctx.settings.get("base_url", ABOUT.base_url))
    asked = {"q": text, "hl": "sv", "gl": "SE", "ceid": "SE:sv"}
    response = ctx.http.get(base_url, params=asked, robots=True)
    if not response.ok:
        raise SourceError(f"{shown_url(response.url)} answers {response.status}")
    parsed = feedparser.parse(io.BytesIO(response.body), response_headers=dict(response.headers))
    if not parsed.get("version") and not parsed.entries:
        raise Changed(f"{shown_url(response.url)} is no RSS or Atom feed")
    if len(parsed.entries) >= MOST:
        truncated(ctx, text, f"Google News shows {MOST} headlines at most: ask for a shorter time")
    return list(parsed.entries[:MOST])
