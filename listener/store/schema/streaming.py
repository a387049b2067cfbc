"""The lines that are listened to, how far each was read, and what became of posts after they were logged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from listener.store.schema.steps import build, migrations

if TYPE_CHECKING:
    import sqlite_utils

# `mark` and `at` say how far a line was read, by its own count and clock; they are saved with the posts they cover.
# `heard_at` is when we last heard anything of it, `beat_at` when the session that listens to it last said that it runs.
LINES = """
CREATE TABLE lines (
    source TEXT NOT NULL, place TEXT NOT NULL, mark INTEGER NOT NULL DEFAULT 0, at TEXT, heard_at TEXT, since TEXT,
    beat_at TEXT, state TEXT NOT NULL DEFAULT '', read INTEGER NOT NULL DEFAULT 0,
    matched INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (source, place)) WITHOUT ROWID;
ALTER TABLE mentions ADD COLUMN edited_at TEXT;
ALTER TABLE mentions ADD COLUMN gone_at TEXT;
"""


@migrations()
def m011_lines(db: sqlite_utils.Database) -> None:
    build(db, LINES)
