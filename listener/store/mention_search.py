"""Looking into the log: what the index finds comes newest first, and `query.matches` decides."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from heapq import merge
from typing import Any, Literal

from listener.clock import read_time
from listener.models import Record
from listener.posts import Mention
from listener.query import Query
from listener.store.database import Store, explained
from listener.store.mention_rows import facet, place, read_post


class Found(Record):
    """A mention with what stands beside it in the log. `at` is when it counts as said, `writer` as it may be shown.

    `id` and `cluster` are None for a post that is not in the log; `copies` counts those that were folded into it.
    """

    mention: Mention
    at: datetime
    writer: str
    direction: Literal["in", "out"] = "in"
    id: int | None = None
    cluster: int | None = None
    copies: int = 0


BEFORE, AFTER = 0, (1 << 63) - 1  # places before and after every other


def search_mentions(
    store: Store,
    query: Query,
    since: datetime | None = None,
    until: datetime | None = None,
    source: str | Sequence[str] | None = None,
    lang: str | None = None,
    limit: int | None = None,
) -> Iterator[Mention]:
    """As `search`, the mentions alone."""
    for found in search(store, query, since, until, source, lang, limit):
        yield found.mention


def search(
    store: Store,
    query: Query,
    since: datetime | None = None,
    until: datetime | None = None,
    source: str | Sequence[str] | None = None,
    lang: str | None = None,
    limit: int | None = None,
) -> Iterator[Found]:
    """Logged posts that match, newest first.

    `since` is inclusive, `until` exclusive, and neither leaves out a post without a time; `source` is a source or a
    platform. A post that bears no time, or one later than when it was logged, stands where it was logged.
    The index only narrows: `query.matches` decides, so that the log answers just as the live search does.
    """
    asked = query.within(since, until, lang)
    wanted = {name.casefold() for name in ([source] if isinstance(source, str) else source or ())}
    number = 0
    with explained(store.path):
        for row in candidates(store, asked, since, until, sorted(wanted), lang):
            post = read_post(row)
            if wanted and not wanted & {(post.source or "").casefold(), post.platform.casefold()}:
                continue
            if (spans := asked.matches(post)) is None:
                continue
            yield read_found(row, Mention(post=post, query=query.name, spans=spans))
            number += 1
            if number == limit:
                return


def read_found(row: Mapping[str, Any], mention: Mention) -> Found:
    """A mention with what its row holds beside it."""
    return Found(
        mention=mention,
        at=read_time(row["at"]),
        writer=row["writer"],
        direction=row["direction"],
        id=row["id"],
        cluster=row["cluster"],
    )


def candidates(
    store: Store, query: Query, since: datetime | None, until: datetime | None, sources: Sequence[str], lang: str | None
) -> Iterator[Mapping[str, Any]]:
    """Rows that may match, latest place first; all that match are among them."""
    words = narrowed(query.to_fts(), sources, lang)
    if since is None and until is None:
        return within(store, words, BEFORE, AFTER)
    span = place(since) if since else BEFORE, place(until) if until else AFTER
    return merge(within(store, words, *span), undated(store, words, *span), key=lambda row: row["place"], reverse=True)


def narrowed(words: str | None, sources: Sequence[str], lang: str | None) -> str | None:
    """The expression for the index with the words of ours that a source and a language add."""
    parts = [words] if words else []
    if sources:
        parts.append(f"({' OR '.join(facet('s', name) for name in sources)})")
    if lang:
        parts.append(facet("l", lang.partition("-")[0]))
    return " AND ".join(parts) or None


def within(store: Store, words: str | None, first: int, end: int) -> Iterator[Mapping[str, Any]]:
    """The rows of [first, end) that hold the words, by the time at which they count."""
    if words is None:
        sql = "SELECT * FROM mentions WHERE place >= ? AND place < ? ORDER BY place DESC"
        return store.query(sql, (first, end))
    sql = """SELECT m.* FROM mentions_fts f CROSS JOIN mentions m ON m.place = f.rowid
        WHERE mentions_fts MATCH ? AND f.rowid >= ? AND f.rowid < ? ORDER BY f.rowid DESC"""
    return store.query(sql, (words, first, end))


def undated(store: Store, words: str | None, first: int, end: int) -> Iterator[Mapping[str, Any]]:
    """The rows outside [first, end) whose place is not the time that their post bears: no time leaves them out."""
    sql = """SELECT * FROM mentions m WHERE published_at IS NOT at AND NOT (place >= ? AND place < ?)
        AND (? IS NULL OR EXISTS (SELECT 1 FROM mentions_fts f WHERE mentions_fts MATCH ? AND f.rowid = m.place))
        ORDER BY place DESC"""
    return store.query(sql, (first, end, words, words))
