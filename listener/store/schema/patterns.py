"""What a talk looked like when somebody asked, and what a person made of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from listener.store.schema.steps import build, migrations

if TYPE_CHECKING:
    import sqlite_utils

# No text of a post and no writer: `pattern` holds numbers, reasons and the ids of posts.
PATTERNS = """
CREATE TABLE patterns (
    id INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, query TEXT NOT NULL, since TEXT NOT NULL,
    until TEXT NOT NULL, kind TEXT NOT NULL, pattern TEXT NOT NULL);
CREATE INDEX patterns_by_query ON patterns (query, id);
CREATE TABLE pattern_rulings (
    id INTEGER PRIMARY KEY, pattern_id INTEGER NOT NULL REFERENCES patterns(id), at TEXT NOT NULL, who TEXT NOT NULL,
    ruling TEXT NOT NULL, reason TEXT NOT NULL, text TEXT NOT NULL);
CREATE INDEX pattern_rulings_by_pattern ON pattern_rulings (pattern_id);
CREATE TRIGGER patterns_stand BEFORE UPDATE ON patterns
    BEGIN SELECT RAISE(ABORT, 'patterns are append-only'); END;
CREATE TRIGGER patterns_stay BEFORE DELETE ON patterns
    BEGIN SELECT RAISE(ABORT, 'patterns are append-only'); END;
CREATE TRIGGER pattern_rulings_stand BEFORE UPDATE ON pattern_rulings
    BEGIN SELECT RAISE(ABORT, 'what people ruled is append-only: add a new ruling'); END;
CREATE TRIGGER pattern_rulings_stay BEFORE DELETE ON pattern_rulings
    BEGIN SELECT RAISE(ABORT, 'what people ruled is append-only: add a new ruling'); END;
"""


@migrations()
def m015_patterns(db: sqlite_utils.Database) -> None:
    build(db, PATTERNS)
