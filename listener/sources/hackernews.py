"""Hacker News by its search: posts and comments that hold the words, newest first."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from listener.context import Context
from listener.errors import Blocked, SourceError
from listener.language import N_
from listener.posts import Post
from listener.query import Query
from listener.sources import About, read_rows, truncated
from listener.sources.fields import distinct, links_in, links_of, plain_text, required, rows_of, text_of, time_of
from listener.sources.official import ask, base_url
from listener.sources.reach import reach_of

ABOUT = About(
    access="official_api",
    finds=("posts",),
    note=N_("posts and comments, newest first; no key; settings: pages"),
    base_url="https://hn.algolia.com",
    keys={"base_url": "address", "pages": "number"},
)
MOST = 100  # rows a page
PAGES = 3


def posts(ctx: Context, query: Query, since: datetime) -> Iterator[Post]:
    """The posts and comments that the query's searches find, down to `since`. Raises SourceError."""
    seen: set[str] = set()
    for search in query.alternatives():
        for post in read_rows(ctx, _search(ctx, search.to_platform("hackernews"), since), read_post):
            if post.id not in seen:
                seen.add(post.id)
                yield post


def read_post(row: dict[str, Any]) -> Post:
    """A hit of the search as a post. Raises Changed."""
    number, markup = required(row, "objectID"), row.get("comment_text") or row.get("story_text")
    title = text_of(row.get("title"))
    parent = row.get("parent_id")
    text = "\n".join(part for part in (title, plain_text(markup)) if part)
    return Post(
        platform="hackernews",
        id=number,
        text=text,
        url=f"https://news.ycombinator.com/item?id={number}",
        author=text_of(row.get("author")),
        published_at=time_of(row.get("created_at")),
        reply_to=str(parent) if isinstance(parent, int) else None,
        links=distinct([row.get("url"), *links_of(markup), *links_in(text)]),
        source="hackernews",
        title=title,
        thread=str(row["story_id"]) if isinstance(row.get("story_id"), int) else None,
        reach=reach_of(row, likes="points", replies="num_comments"),
    )


def _search(ctx: Context, text: str, since: datetime) -> Iterator[dict[str, Any]]:
    asked: dict[str, str | int] = {"query": text, "tags": "(story,comment)", "hitsPerPage": MOST}
    asked["numericFilters"] = f"created_at_i>={int(since.timestamp())}"
    for page in range(int(ctx.settings.get("pages", PAGES))):
        reply = ask(ctx, f"{base_url(ctx, ABOUT.base_url)}/api/v1/search_by_date", {**asked, "page": page})
        if reply.status in (401, 403):
            raise Blocked(f"it answers {reply.status}")
        if not reply.ok:
            raise SourceError(f"it answers {reply.status}")
        rows = rows_of(reply.content, "hits")
        yield from rows
        if len(rows) < MOST:
            return
    truncated(ctx, "posts", f"more posts than were read for {text!r}: raise pages in [sources.hackernews]")
