"""Who may log in to the review page, who is logged in, and what was refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

from listener.store.schema.steps import build, migrations

if TYPE_CHECKING:
    import sqlite_utils

# A session is known by the hash of its token: who can read the store cannot take one over.
PEOPLE = """
CREATE TABLE people (
    name TEXT PRIMARY KEY, role TEXT NOT NULL, password TEXT NOT NULL, added_at TEXT NOT NULL, closed_at TEXT)
    WITHOUT ROWID;
CREATE TABLE sessions (
    token TEXT PRIMARY KEY, person TEXT NOT NULL, role TEXT NOT NULL, form TEXT NOT NULL, began_at TEXT NOT NULL,
    seen_at TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX sessions_by_person ON sessions (person);
CREATE TABLE people_choices (
    person TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (person, name)) WITHOUT ROWID;
CREATE TABLE refused_logins (id INTEGER PRIMARY KEY, at TEXT NOT NULL, person TEXT NOT NULL, place TEXT NOT NULL);
CREATE INDEX refused_by_time ON refused_logins (at);
"""


@migrations()
def m030_people(db: sqlite_utils.Database) -> None:
    build(db, PEOPLE)
