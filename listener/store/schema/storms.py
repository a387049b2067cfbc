"""Unusual patterns in what is said: one row a storm, and how many threatening posts each hour held."""

from __future__ import annotations

from typing import TYPE_CHECKING

from listener.store.schema.steps import build, migrations

if TYPE_CHECKING:
    import sqlite_utils

# `last_at` is how far the storm reaches by what is known; `ended_at` is set when it is over. `threat_hours` keeps
# what was reckoned from texts, an hour (in hours since 1970) of one query each, while its `mentions` stay the same.
STORMS = """
CREATE TABLE storms (
    id INTEGER PRIMARY KEY AUTOINCREMENT, query TEXT NOT NULL, started_at TEXT NOT NULL, raised_at TEXT NOT NULL,
    last_at TEXT NOT NULL, ended_at TEXT, peak INTEGER NOT NULL, expected REAL NOT NULL, count INTEGER NOT NULL,
    writers INTEGER NOT NULL, new_writers INTEGER NOT NULL, threats INTEGER NOT NULL, score REAL NOT NULL,
    reasons TEXT NOT NULL);
CREATE INDEX storms_by_time ON storms (started_at);
CREATE TABLE threat_hours (
    query TEXT NOT NULL, hour INTEGER NOT NULL, mentions INTEGER NOT NULL, threats INTEGER NOT NULL,
    PRIMARY KEY (query, hour)) WITHOUT ROWID;
"""


# NULL where the log of the query is too young to know who is new to it.
NEW_WRITERS = """
ALTER TABLE storms ADD COLUMN newcomers INTEGER;
UPDATE storms SET newcomers = new_writers;
ALTER TABLE storms DROP COLUMN new_writers;
ALTER TABLE storms RENAME COLUMN newcomers TO new_writers;
"""


@migrations()
def m014_storms(db: sqlite_utils.Database) -> None:
    build(db, STORMS)


@migrations()
def m077_new_writers(db: sqlite_utils.Database) -> None:
    build(db, NEW_WRITERS)
