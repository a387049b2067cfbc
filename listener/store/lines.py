"""The lines that are listened to: how far each was read, whether it runs, and what its posts' authors did since."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from listener.clock import read_time, rfc3339
from listener.models import Record
from listener.store.database import Store, as_json
from listener.store.mention_rows import name

STOPPED = "stopped"  # the state of a line whose session ended by itself
GAP = "gap"  # the kind of issue that tells when a line told nothing
LIVELY = timedelta(minutes=2)  # a session without a sign of life for so long is none

CACHE_KILOBYTES = 8_000

REACHED = """INSERT INTO lines (source, place, mark, at, heard_at) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (source, place) DO UPDATE SET mark = excluded.mark, at = excluded.at, heard_at = excluded.heard_at"""
BEAT = """INSERT INTO lines (source, place, since, beat_at, state, read, matched) VALUES (?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (source, place) DO UPDATE SET since = excluded.since, beat_at = excluded.beat_at,
    state = excluded.state, read = excluded.read, matched = excluded.matched"""
CHANGED = """UPDATE mentions SET {column} = ? WHERE {column} IS NULL AND name IN (SELECT value FROM json_each(?))"""


class LineRow(Record):
    """A line as stored. `state` is empty while it is up, else why it is not; `since` is when the session began."""

    source: str
    place: str
    mark: int
    at: datetime | None
    heard_at: datetime | None
    since: datetime | None
    beat_at: datetime | None
    state: str
    read: int
    matched: int

    def runs(self, now: datetime) -> bool:
        """Whether a session listens to it now."""
        return self.state != STOPPED and self.beat_at is not None and now - self.beat_at < LIVELY

    def lag(self) -> timedelta | None:
        """How far behind what is said it was at its last sign of life; None where it tells no time."""
        return None if self.at is None or self.beat_at is None else max(self.beat_at - self.at, timedelta())


def keep_small(store: Store) -> None:
    """Let SQLite hold few pages in memory: a session lasts for weeks, and reads little of what it wrote."""
    store.db.conn.execute(f"PRAGMA cache_size = -{CACHE_KILOBYTES}")


def save_reached(
    store: Store, source: str, place: str, mark: int, at: datetime | None, heard_at: datetime | None
) -> None:
    """How far a line was read; to be saved in one transaction with what was read."""
    row = (source, place, mark, at and rfc3339(at), heard_at and rfc3339(heard_at))
    with store.transaction():
        store.db.execute(REACHED, row)


def save_beat(
    store: Store, source: str, place: str, *, since: datetime, now: datetime, state: str, read: int, matched: int
) -> None:
    """That a line is listened to now."""
    with store.transaction():
        store.db.execute(BEAT, (source, place, rfc3339(since), rfc3339(now), state, read, matched))


def load_lines(store: Store) -> tuple[LineRow, ...]:
    """Every line that was ever listened to, by source and place."""
    return tuple(read_line(row) for row in store.rows("SELECT * FROM lines ORDER BY source, place"))


def read_line(row: Mapping[str, Any]) -> LineRow:
    at, heard_at, since, beat_at = (
        read_time(row[name]) if row[name] else None for name in ("at", "heard_at", "since", "beat_at")
    )
    return LineRow(
        source=row["source"],
        place=row["place"],
        mark=row["mark"],
        at=at,
        heard_at=heard_at,
        since=since,
        beat_at=beat_at,
        state=row["state"],
        read=row["read"],
        matched=row["matched"],
    )


def note_changed(store: Store, platform: str, gone: Collection[str], edited: Collection[str], now: datetime) -> int:
    """Mark logged posts that their authors took away or changed; returns how many were marked.

    The log keeps what was said: only a decision deletes (see `listener.records.retention`).
    """
    marked = 0
    with store.transaction():
        for column, ids in (("gone_at", gone), ("edited_at", edited)):
            if ids:
                values = (rfc3339(now), as_json([name(platform, post_id, store.salt) for post_id in ids]))
                marked += store.db.execute(CHANGED.format(column=column), values).rowcount
    return marked
