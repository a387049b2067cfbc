"""What the log holds, as those read it who look for patterns: posts in order of time, counts, and who wrote before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Literal

import msgspec

from listener.clock import read_time, rfc3339
from listener.models import Record
from listener.posts import Post
from listener.store.database import Store, explained, storable
from listener.store.mention_rows import place, read_post

OUR_OWN = "out"
QUERIES = """(SELECT json_group_array(n.query) FROM mention_queries p JOIN query_names n ON n.id = p.query_id
    WHERE p.mention_id = m.id) AS queries"""
_OF_QUERY = """FROM mention_queries q JOIN mentions m ON m.id = q.mention_id
    WHERE q.query_id = (SELECT id FROM query_names WHERE query = :query)"""


class Logged(Record):
    """A post in the log. `at` is when it counts as said: when published, else (or when that lies after it) when logged.

    `direction` is out for what our own registered accounts and sites wrote; `cluster` the id of the first of its
    near-duplicates, its own when it stands alone; `writer` a pseudonym, the same for one account in this store, ""
    when the platform names nobody.
    """

    id: int
    post: Post
    queries: tuple[str, ...]
    at: datetime
    logged_at: datetime
    direction: Literal["in", "out"]
    unit: str | None
    tags: tuple[str, ...]
    cluster: int
    writer: str


def talk(
    store: Store, since: datetime, until: datetime, query: str | None = None, newest_first: bool = False
) -> Iterator[Logged]:
    """The posts that count as said in [since, until), oldest first; only those of one query (its `Query.name`)."""
    order = "DESC" if newest_first else "ASC"
    span = {"first": place(since), "end": place(until), "query": storable(query)}
    if query is None:
        chosen = "FROM mentions m WHERE m.place >= :first AND m.place < :end ORDER BY m.place"
    else:
        chosen = f"{_OF_QUERY} AND q.place >= :first AND q.place < :end ORDER BY q.place"
    with explained(store.path):
        for row in store.query(f"SELECT m.*, {QUERIES} {chosen} {order}", span):
            yield read_logged(row)


def log_began(store: Store) -> datetime | None:
    """When the first post that is still there was logged; None while the log is empty."""
    row = store.row("SELECT logged_at FROM mentions ORDER BY id LIMIT 1")  # numbers are given in that order
    return read_time(row["logged_at"]) if row else None


def logged_after(store: Store, mention_id: int, since: datetime, most: int) -> list[Logged]:
    """The posts with higher numbers than this one that were logged since then, in order of their numbers."""
    chosen = "FROM mentions m WHERE m.id > ? AND m.logged_at >= ? ORDER BY m.id LIMIT ?"
    sql = f"SELECT m.*, {QUERIES} {chosen}"
    with explained(store.path):
        return [read_logged(row) for row in store.rows(sql, (mention_id, rfc3339(since), most))]


def one(store: Store, mention_id: int) -> Logged | None:
    """The post with this number in the log."""
    row = store.row(f"SELECT m.*, {QUERIES} FROM mentions m WHERE m.id = ?", (mention_id,))  # noqa: S608  (ours)
    return None if row is None else read_logged(row)


def counts(store: Store, query: str, since: datetime, until: datetime, step: timedelta) -> list[tuple[datetime, int]]:
    """How many posts of a query count as said in each `step` from `since` on, up to `until`; our own are left out.

    Every bucket is there, the last one perhaps cut short by `until`. Raises ValueError when `step` is not positive.
    """
    if step <= timedelta():
        raise ValueError(f"{step} is no step forward")
    sql = f"SELECT m.at {_OF_QUERY} AND q.place >= :first AND q.place < :end AND m.direction <> :ours"
    given = {"query": storable(query), "first": place(since), "end": place(until), "ours": OUR_OWN}
    buckets = [0] * max(0, -((since - until) // step))
    for row in store.rows(sql, given):
        buckets[max(0, (read_time(row["at"]) - since) // step)] += 1  # seconds: `since` may be finer
    return [(since + number * step, count) for number, count in enumerate(buckets)]


def writers_before(store: Store, query: str, before: datetime) -> set[str]:
    """The pseudonyms of all who wrote what a query matched before that time."""
    sql = f"SELECT DISTINCT m.writer {_OF_QUERY} AND q.place < :end AND m.writer <> ''"
    return {row["writer"] for row in store.rows(sql, {"query": storable(query), "end": place(before)})}


def read_logged(row: Mapping[str, Any]) -> Logged:
    """A row of `mentions`, with its queries, as a record."""
    return Logged(
        id=row["id"],
        post=read_post(row),
        queries=msgspec.json.decode(row["queries"], type=tuple[str, ...]),
        at=read_time(row["at"]),
        logged_at=read_time(row["logged_at"]),
        direction=row["direction"],
        unit=row["unit"],
        tags=msgspec.json.decode(row["tags"], type=tuple[str, ...]),
        cluster=row["cluster"],
        writer=row["writer"],
    )
