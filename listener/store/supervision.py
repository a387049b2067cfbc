"""The supervision log: who looked at which account of ours, when, and what was seen; notes are only ever added."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from listener.clock import read_time, rfc3339
from listener.models import Entry, Record
from listener.store.database import Store
from listener.store.written import storable


class Look(Record):
    """One look at an account. `removed`: how many posts had to be removed; `text`: what was seen, else."""

    id: int
    at: datetime
    who: str
    platform: str
    platform_id: str | None
    url: str
    unit: str
    removed: int
    text: str


def add_looks(store: Store, entries: Iterable[Entry], who: str, removed: int, text: str, now: datetime) -> int:
    """Note that these accounts were looked at, in one transaction; returns how many."""
    sql = """INSERT INTO supervision (at, who, platform, platform_id, url, unit, removed, text)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?)"""
    seen = [
        (rfc3339(now), storable(who), entry.platform, entry.platform_id, entry.url, entry.unit, removed, storable(text))
        for entry in entries
    ]
    with store.transaction():
        store.db.conn.executemany(sql, seen)
    return len(seen)


def load_looks(store: Store, since: datetime | None, until: datetime) -> list[Look]:
    """The looks noted in [since, until), oldest first."""
    sql = "SELECT * FROM supervision WHERE at >= ? AND at < ? ORDER BY id"
    given = (rfc3339(since) if since else "", rfc3339(until))
    return [Look(**row | {"at": read_time(row["at"])}) for row in store.rows(sql, given)]
