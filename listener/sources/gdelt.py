"""GDELT: headlines of the world's news sites, searched by what the whole articles say, three months back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from listener.clock import rfc3339
from listener.context import Context
from listener.errors import Changed, SourceError, Throttled
from listener.http import Response
from listener.language import N_
from listener.posts import Post
from listener.query import Query
from listener.sources import About, read_rows, truncated
from listener.sources.fields import plain_text, required, rows_of, text_of, url_of
from listener.urls import host

ABOUT = About(
    access="open_feed",
    finds=("posts",),
    note=N_("news of the last three months: matched by their headlines, all that it gives; settings: only"),
    base_url="https://api.gdeltproject.org/api/v2/doc/doc",
    keys={"base_url": "address", "only": "text"},
)
ONLY = "sourcecountry:SW"  # GDELT's code for Sweden; an empty setting asks the whole world
PACE = 5.0  # seconds between requests; who asks faster is shut out
ROWS = 250  # of one answer, the most there are
WINDOW = timedelta(days=90)
SHORTEST = timedelta(hours=1)  # a fuller hour is not cut again
_STAMP = "%Y%m%d%H%M%S"
_LANGUAGES = {"Swedish": "sv", "English": "en", "Finnish": "fi", "Norwegian": "no", "Danish": "da", "German": "de"}

Row = Mapping[str, Any]


class Unfit(SourceError):
    """A search that GDELT will not make, such as one of a word too short; the others go on."""


def posts(ctx: Context, query: Query, since: datetime) -> Iterator[Post]:
    """The articles that the query's searches find since then; the caller holds their headlines against the query.

    Raises SourceError, Throttled, Changed.
    """
    start = max(since, ctx.now - WINDOW)
    if start > since:
        truncated(ctx, "window", "GDELT reaches back three months only")
    if not ctx.allow_loopback:
        ctx.http.slow_down(str(ctx.settings.get("base_url", ABOUT.base_url)), PACE)
    seen: set[str] = set()
    searches = [search.to_platform("gdelt") for search in query.alternatives()]
    for post in read_rows(ctx, _search_all(ctx, searches, start), read_post):
        if post.id not in seen:
            seen.add(post.id)
            yield post


def read_post(row: Row) -> Post:
    """An article of an artlist: its headline, its site, when GDELT saw it. Raises Changed."""
    url = url_of(required(row, "url"))
    if not url:
        raise Changed("the answer has no 'url' where every one had")
    return Post(
        platform="web",
        id=url,
        text=plain_text(row.get("title")) or "",
        url=url,
        author=text_of(row.get("domain")) or host(url) or None,
        lang=_LANGUAGES.get(str(row.get("language"))),
        published_at=_when(row.get("seendate")),
        links=(url,),
        source="gdelt",
        title=plain_text(row.get("title")),
    )


def _when(value: object) -> datetime | None:
    """`20261120T104500Z`."""
    try:
        return datetime.strptime(str(value), "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        return None


def _search_all(ctx: Context, searches: list[str], start: datetime) -> Iterator[Row]:
    """The rows of every search that GDELT will make. Raises Unfit when it will make none."""
    refused = 0
    for text in searches:
        try:
            yield from _search(ctx, text, start, ctx.now)
        except Unfit as wrong:
            refused += 1
            if refused == len(searches):
                raise
            truncated(ctx, text, str(wrong))


def _search(ctx: Context, text: str, start: datetime, end: datetime) -> Iterator[Row]:
    """The rows of a stretch of time, in halves as long as one answer cannot hold them."""
    waiting = [(start, end)]
    while waiting:
        since, until = waiting.pop()
        rows = _ask(ctx, text, since, until)
        if len(rows) < ROWS:
            yield from rows
        elif until - since > SHORTEST:
            middle = since + (until - since) / 2
            waiting += [(since, middle), (middle, until)]
        else:
            yield from rows
            truncated(ctx, "rows", f"more than {ROWS} articles in the hour from {rfc3339(since)}")


def _ask(ctx: Context, text: str, since: datetime, until: datetime) -> list[dict[str, Any]]:
    only = str(ctx.settings.get("only", ONLY))
    response = ctx.http.get(
        str(ctx.settings.get("base_url", ABOUT.base_url)),
        params={
            "query": f"{text} {only}".strip(),
            "mode": "artlist",
            "format": "json",
            "sort": "datedesc",
            "maxrecords": ROWS,
            "startdatetime": f"{since.astimezone(UTC):{_STAMP}}",
            "enddatetime": f"{until.astimezone(UTC):{_STAMP}}",
        },
    )
    return _rows(response)


def _rows(response: Response) -> list[dict[str, Any]]:
    """The articles of an answer. GDELT says what is wrong in plain words, with 200; nothing found is `{}`."""
    said = " ".join(response.text[:300].split())
    if not response.ok or not said.startswith("{"):
        if "limit requests" in said.lower():
            raise Throttled(f"GDELT asks us to wait ({said[:200]})")
        raise Unfit(f"GDELT does not answer the search ({said[:200]})")
    content = response.json()
    return rows_of(content, "articles") if content else []
