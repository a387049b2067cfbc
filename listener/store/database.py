"""The store's file: opened safely, written in whole transactions, refused with a clear word when it cannot be used."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from listener.errors import ListenerError, LockedError
from listener.language import N_, _
from listener.store.schema import migrations
from listener.store.written import as_json, storable

if TYPE_CHECKING:
    import sqlite_utils

__all__ = ["Store", "StoreError", "as_json", "explained", "open_store", "storable"]

BUSY_SECONDS = 30
CACHE = "cache_size = -32000"  # kilobytes of pages at hand: with SQLite's own 2,000 a large batch waits for the disk
QUICK_CHECK_BYTES = 16_000_000  # a check takes 4 ms a megabyte; larger stores are not checked at every start
DAMAGED = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
DAMAGE = N_("{path}: damaged or not a store ({what}): restore a backup, or move it away")
TAKEN = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})


class StoreError(ListenerError):
    """The store, or a case in it, cannot be used as asked; the message says what to do."""


class Store:
    """An open store. `conn` is the connection; writes go through `transaction()`."""

    def __init__(self, path: Path, conn: sqlite3.Connection) -> None:
        self.path = path
        self.conn = conn

    @cached_property
    def db(self) -> sqlite_utils.Database:
        """The connection as a sqlite-utils database; loaded when asked for, which takes a quarter of a second."""
        import sqlite_utils

        return sqlite_utils.Database(self.conn)

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_raised: object) -> None:
        self.close()

    def close(self) -> None:
        self.conn.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing. Takes the write lock at once, so that what was read inside still holds when it is written.

        Inside another transaction it becomes part of that one. Raises LockedError when another process keeps writing,
        StoreError when the disk or the file fails.
        """
        with explained(self.path):
            if self.conn.in_transaction:
                with self.db.atomic():
                    yield
                return
            self.conn.execute("BEGIN IMMEDIATE")
            try:
                yield
                self.conn.execute("COMMIT")
            finally:
                self.conn.rollback()  # nothing is left to roll back when all went well

    def rows(self, sql: str, parameters: Any = None) -> list[dict[str, Any]]:
        """The rows of a SELECT, read to the end."""
        with explained(self.path):
            return list(self.query(sql, parameters))

    def query(self, sql: str, parameters: Any = None) -> Iterator[dict[str, Any]]:
        """The rows of a SELECT, read one at a time."""
        found = self.conn.execute(sql, () if parameters is None else parameters)
        names = [column[0] for column in found.description]
        for row in found:
            yield dict(zip(names, row, strict=True))

    @cached_property
    def salt(self) -> str:
        """The secret of this store, that hashes and pseudonyms are made with."""
        return str(self.rows("SELECT value FROM settings WHERE key = 'salt'")[0]["value"])

    def row(self, sql: str, parameters: Any = None) -> dict[str, Any] | None:
        """The first row of a SELECT, or None."""
        found = self.rows(sql, parameters)
        return found[0] if found else None


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """SQLite's own troubles as ours: busy, damaged, full, read-only. A broken constraint is a bug and stays one."""
    try:
        yield
    except sqlite3.DatabaseError as wrong:
        code = getattr(wrong, "sqlite_errorcode", 0) & 0xFF
        if code in TAKEN:
            raise LockedError(
                _("{path}: another run is writing: try again when it is done").format(path=path)
            ) from wrong
        if code in DAMAGED:
            raise StoreError(_(DAMAGE).format(path=path, what=_(str(wrong)))) from wrong
        if isinstance(wrong, sqlite3.OperationalError) and code != sqlite3.SQLITE_ERROR:
            hint = _("{path}: {what}: check the folder's permissions and free space")
            raise StoreError(hint.format(path=path, what=_(str(wrong)))) from wrong
        raise


def open_store(path: Path, create: bool = True) -> Store:
    """The store at `path`, brought up to this version's tables.

    Raises StoreError when it is missing (and `create` is False), damaged, or written by a newer version.
    """
    path = Path(path)
    if not path.exists():
        if not create:
            raise StoreError(_("{path}: no store here yet: run `listen audit` first").format(path=path))
        new_file(path)
    with explained(path), ExitStack() as if_refused:
        store = Store(path, sqlite3.connect(path, timeout=BUSY_SECONDS))
        if_refused.callback(store.close)
        prepare(store)
        if_refused.pop_all()
    return store


def new_file(path: Path) -> None:
    """An empty file only its owner can read: what comes into it is personal."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as wrong:
        hint = _("{path}: {what}: choose another place with [files] store in listener.toml")
        raise StoreError(hint.format(path=path, what=_(wrong.strerror or ""))) from wrong


def prepare(store: Store) -> None:
    """Refuse what this version cannot read; else create or migrate, in one transaction."""
    for pragma in ("secure_delete = ON", "journal_mode = WAL", "foreign_keys = ON", "recursive_triggers = ON", CACHE):
        store.conn.execute(f"PRAGMA {pragma}")
    taken = migrations.taken(store.conn)
    newer = [name for name in taken if name not in migrations.known]
    if newer:
        hint = _("{path}: written by a newer version ({step}): upgrade listener before you use it")
        raise StoreError(hint.format(path=store.path, step=newer[-1]))
    if store.path.stat().st_size <= QUICK_CHECK_BYTES:
        found = store.rows("PRAGMA quick_check(1)")[0]["quick_check"]
        if found != "ok":
            raise StoreError(_(DAMAGE).format(path=store.path, what=found))
    if len(taken) < len(migrations.known):
        with store.transaction():
            migrations.apply(store.db)
