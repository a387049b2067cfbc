"""What the review page keeps since it takes two to take back: what pictures look like, and proposals of that kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from listener.store.schema.steps import build, migrations

if TYPE_CHECKING:
    import sqlite_utils

SECOND = """
ALTER TABLE proposals ADD COLUMN undoes INTEGER;
"""


# Copies of a picture are met by the bands of its lines (store/looks.py).
LOOKS = """
CREATE TABLE account_looks (
    account_key TEXT PRIMARY KEY REFERENCES accounts(key) ON UPDATE CASCADE ON DELETE CASCADE, lines BLOB NOT NULL,
    colours BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE look_bands (
    band INTEGER NOT NULL,
    account_key TEXT NOT NULL REFERENCES accounts(key) ON UPDATE CASCADE ON DELETE CASCADE,
    PRIMARY KEY (band, account_key)) WITHOUT ROWID;
CREATE INDEX look_bands_by_account ON look_bands (account_key);
"""

# Who asked and who answered stays; the words of the request go with the post.
UNMASKINGS = """
CREATE TABLE unmaskings (
    id INTEGER PRIMARY KEY, mention_id INTEGER NOT NULL, at TEXT NOT NULL, who TEXT NOT NULL, reason TEXT NOT NULL,
    text TEXT, answered_at TEXT, answered_by TEXT, approved INTEGER);
CREATE INDEX unmaskings_by_mention ON unmaskings (mention_id);
CREATE INDEX unmaskings_open ON unmaskings (id) WHERE answered_at IS NULL;
CREATE TRIGGER unmasking_texts_go AFTER DELETE ON mentions WHEN EXISTS
    (SELECT 1 FROM unmaskings WHERE mention_id = old.id)
    BEGIN UPDATE unmaskings SET text = NULL WHERE mention_id = old.id; END;
"""


@migrations()
def m060_second(db: sqlite_utils.Database) -> None:
    build(db, SECOND)


@migrations()
def m061_looks(db: sqlite_utils.Database) -> None:
    build(db, LOOKS)


@migrations()
def m062_unmaskings(db: sqlite_utils.Database) -> None:
    build(db, UNMASKINGS)
