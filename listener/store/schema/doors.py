"""How the review page was entered: log-ins and refusals, people known elsewhere, tokens of systems, tips sent in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from listener.store.schema.steps import build, migrations

if TYPE_CHECKING:
    import sqlite_utils

# An outsider is known by issuer and subject; `person` is what its decisions are signed with, and never changes hands.
DOORS = """
ALTER TABLE sessions ADD COLUMN how TEXT NOT NULL DEFAULT 'local';
CREATE TABLE outsiders (
    person TEXT PRIMARY KEY, issuer TEXT NOT NULL, subject TEXT NOT NULL, role TEXT NOT NULL, first_at TEXT NOT NULL,
    last_at TEXT NOT NULL, closed_at TEXT, UNIQUE (issuer, subject)) WITHOUT ROWID;
CREATE TABLE log_ins (
    id INTEGER PRIMARY KEY, at TEXT NOT NULL, person TEXT NOT NULL, how TEXT NOT NULL, place TEXT NOT NULL,
    outcome TEXT NOT NULL);
CREATE INDEX log_ins_by_time ON log_ins (at);
CREATE TABLE used_states (state TEXT PRIMARY KEY, at TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE tokens (
    name TEXT PRIMARY KEY, role TEXT NOT NULL, token TEXT NOT NULL UNIQUE, added_at TEXT NOT NULL, used_at TEXT,
    closed_at TEXT) WITHOUT ROWID;
CREATE TABLE tips (
    id INTEGER PRIMARY KEY, at TEXT NOT NULL, address TEXT NOT NULL, words TEXT NOT NULL, closed_at TEXT,
    closed_by TEXT);
CREATE INDEX tips_by_time ON tips (at);
"""


@migrations()
def m040_doors(db: sqlite_utils.Database) -> None:
    build(db, DOORS)


@migrations()
def m041_tokens_end(db: sqlite_utils.Database) -> None:
    """A token holds until a day; those that were there hold on."""
    build(db, "ALTER TABLE tokens ADD COLUMN ends_at TEXT;")
