"""The list that every step of the schema is added to, in the order in which they are taken.

sqlite-utils keeps the account of the steps and takes them; it is loaded only when there is one to take, for it brings
numpy along.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite_utils
    from sqlite_utils.migrations import Migrations

    Step = Callable[[sqlite_utils.Database], None]

SET = "listener"
TAKEN = "SELECT name FROM _sqlite_migrations WHERE migration_set = ? ORDER BY rowid"


class Steps:
    """The steps, each added by decorating its function with `@migrations()`."""

    def __init__(self) -> None:
        self.known: dict[str, Step] = {}

    def __call__(self) -> Callable[[Step], Step]:
        """Adds a function under its name."""

        def added(step: Step) -> Step:
            self.known[step.__name__] = step
            return step

        return added

    def taken(self, conn: sqlite3.Connection) -> list[str]:
        """The steps that a store has taken, in order."""
        if not conn.execute("SELECT 1 FROM sqlite_master WHERE name = '_sqlite_migrations'").fetchone():
            return []
        return [name for (name,) in conn.execute(TAKEN, (SET,))]

    def pending(self, db: sqlite_utils.Database) -> list[str]:
        """The steps still to be taken."""
        taken = set(self.taken(db.conn))
        return [name for name in self.known if name not in taken]

    def apply(self, db: sqlite_utils.Database, stop_before: str | None = None) -> None:
        """Take them, up to but without one of them."""
        self._set().apply(db, stop_before=stop_before)

    def _set(self) -> Migrations:
        from sqlite_utils.migrations import Migrations

        made = Migrations(SET)
        for name, step in self.known.items():
            made(name=name)(step)
        return made


migrations = Steps()


def build(db: sqlite_utils.Database, script: str) -> None:
    """Run statements that each end a line; by the line, for executescript takes half a second to find their ends."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            db.execute(statement)
            statement = ""
