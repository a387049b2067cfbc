"""The list that every step of the schema is added to, in the order in which they are taken."""

from __future__ import annotations

import sqlite3

import sqlite_utils
from sqlite_utils.migrations import Migrations

migrations = Migrations("listener")


def build(db: sqlite_utils.Database, script: str) -> None:
    """Run statements that each end a line; by the line, for executescript takes half a second to find their ends."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            db.execute(statement)
            statement = ""
