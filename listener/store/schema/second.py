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


@migrations()
def m060_second(db: sqlite_utils.Database) -> None:
    build(db, SECOND)


@migrations()
def m061_looks(db: sqlite_utils.Database) -> None:
    build(db, LOOKS)
