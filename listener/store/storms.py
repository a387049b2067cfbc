"""Storms as they are kept, and what they are reckoned from: mentions an hour, and when sources were read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from listener.clock import read_time, rfc3339
from listener.models import Completeness, Record
from listener.store.database import Store, storable
from listener.store.lines import GAP
from listener.store.mention_rows import ID_BITS, place
from listener.store.talk import OUR_OWN
from listener.store.written import as_json

HOUR = timedelta(hours=1)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FEW = 5  # mentions, of which the first may bear any date
POSTS = ":posts"
STREAM = "stream"
_SAID = """FROM mention_queries q JOIN mentions m ON m.id = q.mention_id
    WHERE q.query_id = (SELECT id FROM query_names WHERE query = :query) AND m.direction <> :ours"""
_HOUR = f"(q.place >> {ID_BITS}) / 3600"
_KEPT = ("query", "started_at", "raised_at", "last_at", "ended_at", "peak", "expected", "count", "writers",
         "new_writers", "threats", "score", "reasons")  # fmt: skip


class Storm(Record):
    """An unusual pattern in what one query finds: from `started_at` on, and over when `ended_at` is set.

    `raised_at` is when it could be told, `last_at` how far it reaches so far. `expected` and `count` are the mentions
    from its beginning to there, as usual and as seen, `peak` those of its largest hour; `writers` are different ones,
    `new_writers` those never seen with this query before (None while its log is too young to know), `threats` posts
    that may threaten, incite or expose. `score` is its largest surprise, -log10 of a probability. `reasons` are English
    sentences with figures.
    """

    id: int
    query: str
    started_at: datetime
    raised_at: datetime
    last_at: datetime
    ended_at: datetime | None
    peak: int
    expected: float
    count: int
    writers: int
    new_writers: int | None
    threats: int
    score: float
    reasons: tuple[str, ...]


class Hour(Record):
    """What was said of a query in the hour from `start` on: posts, different writers, and how many of those are new."""

    start: datetime
    mentions: int = 0
    writers: int = 0
    fresh: int = 0


class Read(Record):
    """How one source was read for posts in one run.

    `ended_at` is None while the run goes on, and when it was killed: it has lasted for so many `seconds` by then.
    """

    source: str
    kind: str
    started_at: datetime
    ended_at: datetime | None
    completeness: Completeness
    details: tuple[str, ...]
    seconds: float = 0.0

    @property
    def read_to(self) -> datetime:
        """Up to when it has read."""
        return self.ended_at or self.started_at + timedelta(seconds=self.seconds)


def hour_of(when: datetime) -> int:
    """Hours since 1970."""
    return (when - EPOCH) // HOUR


def at_hour(hour: int) -> datetime:
    return EPOCH + hour * HOUR


def said_by_hour(store: Store, query: str, since: datetime, until: datetime) -> list[Hour]:
    """The hours in [since, until) in which somebody said something; our own posts are left out."""
    given = {"query": storable(query), "ours": OUR_OWN, "first": place(since), "end": place(until)}
    said = f"""SELECT {_HOUR} AS hour, count(*) AS mentions, count(DISTINCT nullif(m.writer, '')) AS writers
        {_SAID} AND q.place >= :first AND q.place < :end GROUP BY hour ORDER BY hour"""
    first = f"""SELECT hour, count(*) AS fresh FROM (SELECT min({_HOUR}) AS hour {_SAID} AND m.writer <> ''
        AND q.place < :end GROUP BY m.writer) GROUP BY hour"""  # noqa: S608  (ours)
    fresh = {row["hour"]: row["fresh"] for row in store.rows(first, given)}
    return [
        Hour(
            start=at_hour(row["hour"]),
            mentions=row["mentions"],
            writers=row["writers"],
            fresh=fresh.get(row["hour"], 0),
        )
        for row in store.rows(said, given)
    ]


def writers_between(store: Store, query: str, since: datetime, until: datetime) -> int:
    """How many different others wrote in [since, until)."""
    given = {"query": storable(query), "ours": OUR_OWN, "first": place(since), "end": place(until)}
    sql = f"""SELECT count(DISTINCT m.writer) AS writers {_SAID} AND m.writer <> ''
        AND q.place >= :first AND q.place < :end"""
    row = store.row(sql, given)
    return int(row["writers"]) if row else 0


def first_logged(store: Store, query: str) -> datetime | None:
    """When the first mention of a query was logged; None when there is none."""
    sql = """SELECT min(logged_at) AS at FROM mention_queries
        WHERE query_id = (SELECT id FROM query_names WHERE query = ?)"""
    row = store.row(sql, (storable(query),))
    return read_time(row["at"]) if row and row["at"] else None


def first_said(store: Store, query: str) -> datetime | None:
    """Since when a query is spoken of: the time of its FEWth mention, for posts may bear dates of their own making.

    None when there are fewer.
    """
    sql = """SELECT place FROM mention_queries WHERE query_id = (SELECT id FROM query_names WHERE query = ?)
        ORDER BY place LIMIT 1 OFFSET ?"""
    row = store.row(sql, (storable(query), FEW - 1))
    return EPOCH + timedelta(seconds=row["place"] >> ID_BITS) if row else None


def logged_so_far(store: Store, query: str) -> str:
    """What changes whenever something is logged, or deleted, for a query."""
    sql = """SELECT count(*) AS n, coalesce(max(mention_id), 0) AS last FROM mention_queries
        WHERE query_id = (SELECT id FROM query_names WHERE query = ?)"""
    row = store.rows(sql, (storable(query),))[0]
    return f"{row['n']}:{row['last']}"


def load_reads(store: Store, since: datetime) -> list[Read]:
    """How every source was read for posts in the runs that went on since then, oldest first.

    Their details are what was cut off, and when a line told nothing.
    """
    sql = """SELECT s.source, r.kind, r.started_at, r.finished_at, s.completeness,
        (SELECT json_group_array(i.detail) FROM issues i
         WHERE i.run_id = r.id AND i.source = s.source AND i.kind IN ('truncated', ?)) AS details, s.seconds
        FROM runs r JOIN source_results s ON s.run_id = r.id
        WHERE s.source LIKE '%' || ? AND coalesce(r.finished_at, r.started_at) >= ? ORDER BY r.id"""
    return [
        Read(
            source=row["source"],
            kind=row["kind"],
            started_at=read_time(row["started_at"]),
            ended_at=read_time(row["finished_at"]) if row["finished_at"] else None,
            completeness=Completeness(row["completeness"]),
            details=msgspec.json.decode(row["details"], type=tuple[str, ...]),
            seconds=row["seconds"],
        )
        for row in store.rows(sql, (GAP, POSTS, rfc3339(since)))
    ]


def last_beat(store: Store) -> datetime | None:
    """When a line was last listened to."""
    row = store.row("SELECT max(beat_at) AS at FROM lines")
    return read_time(row["at"]) if row and row["at"] else None


def load_storms(store: Store, since: datetime, until: datetime, query: str | None = None) -> list[Storm]:
    """The storms that went on at some time in [since, until), those that are not over too, oldest first."""
    sql = """SELECT * FROM storms WHERE started_at < :until AND (ended_at IS NULL OR last_at >= :since)
        AND (:query IS NULL OR query = :query) ORDER BY started_at, id"""
    given = {"since": rfc3339(since), "until": rfc3339(until), "query": storable(query)}
    return [_read_storm(row) for row in store.rows(sql, given)]


def save_storm(store: Store, storm: Storm) -> Storm:
    """Keep a storm, as a new one when its id is 0; the storm with its id."""
    row = _row(storm)
    with store.transaction():
        if storm.id:
            told = ", ".join(f"{name} = :{name}" for name in _KEPT)
            store.db.execute(f"UPDATE storms SET {told} WHERE id = :id", row | {"id": storm.id})  # noqa: S608  (ours)
            return storm
        names = ", ".join(_KEPT)
        values = ", ".join(f":{name}" for name in _KEPT)
        cursor = store.db.execute(f"INSERT INTO storms ({names}) VALUES ({values})", row)  # noqa: S608  (ours)
        return msgspec.structs.replace(storm, id=cursor.lastrowid or 0)


def load_threats(store: Store, query: str, since: datetime) -> dict[int, tuple[int, int]]:
    """hour -> mentions, and how many of them threaten, as last reckoned."""
    sql = "SELECT hour, mentions, threats FROM threat_hours WHERE query = ? AND hour >= ?"
    return {
        row["hour"]: (row["mentions"], row["threats"]) for row in store.rows(sql, (storable(query), hour_of(since)))
    }


def save_threats(store: Store, query: str, since: datetime, hours: Mapping[int, tuple[int, int]]) -> None:
    """Keep what was reckoned of these hours, and forget those before `since`."""
    rows: Iterable[tuple[Any, ...]] = [(storable(query), hour, *told) for hour, told in hours.items()]
    with store.transaction():
        store.db.execute("DELETE FROM threat_hours WHERE query = ? AND hour < ?", (storable(query), hour_of(since)))
        store.db.conn.executemany("INSERT OR REPLACE INTO threat_hours VALUES (?, ?, ?, ?)", rows)


def _row(storm: Storm) -> dict[str, Any]:
    fields = {name: getattr(storm, name) for name in _KEPT}
    times = {name: fields[name] and rfc3339(fields[name]) for name in _KEPT if name.endswith("_at")}
    return fields | times | {"query": storable(storm.query), "reasons": as_json(storm.reasons)}


def _read_storm(row: Mapping[str, Any]) -> Storm:
    times = {name: row[name] and read_time(row[name]) for name in row if name.endswith("_at")}
    return msgspec.convert(dict(row) | times | {"reasons": msgspec.json.decode(row["reasons"])}, Storm)
