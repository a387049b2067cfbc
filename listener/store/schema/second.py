"""What a second person is asked for besides decisions on cases, and that a decision be taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from listener.store.schema.steps import build, migrations

if TYPE_CHECKING:
    import sqlite_utils

SECOND = """
ALTER TABLE proposals ADD COLUMN undoes INTEGER;
"""


@migrations()
def m060_second(db: sqlite_utils.Database) -> None:
    build(db, SECOND)
