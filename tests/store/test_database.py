"""The file: what cannot be used is refused with a word on what to do, and writers wait for each other."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from listener.errors import LockedError
from listener.store import Store, StoreError, database, open_store
from listener.store.schema import migrations


def test_a_store_opens_again_as_it_was_left(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "listener.db"
    with open_store(path) as first:
        salt = first.rows("SELECT value FROM settings WHERE key = 'salt'")
    with open_store(path, create=False) as again:
        assert again.rows("SELECT value FROM settings WHERE key = 'salt'") == salt
        assert migrations.pending(again.db) == []
        assert again.rows("PRAGMA journal_mode") == [{"journal_mode": "wal"}]
    assert path.stat().st_mode & 0o077 == 0, "only its owner may read it"


def test_a_missing_store_is_not_made_when_only_read(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="listen audit"):
        open_store(tmp_path / "none.db", create=False)
    assert not (tmp_path / "none.db").exists()


def test_a_store_of_a_newer_version_is_refused(store: Store) -> None:
    store.db["_sqlite_migrations"].insert({"migration_set": "listener", "name": "m999_future", "applied_at": "2031"})
    with pytest.raises(StoreError, match=r"newer version \(m999_future\): upgrade"):
        open_store(store.path)


def test_a_file_that_is_no_store_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "letter.db"
    path.write_bytes(b"Dear Sara, this is a letter. " * 200)
    with pytest.raises(StoreError, match="restore a backup"):
        open_store(path)


def test_a_damaged_store_is_refused(store: Store) -> None:
    store.close()
    whole = bytearray(store.path.read_bytes())
    whole[4096 * 3 : 4096 * 9] = b"\xa5" * (4096 * 6)
    store.path.write_bytes(whole)
    with pytest.raises(StoreError, match="restore a backup"):
        open_store(store.path)


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreError, match=r"\[files\] store"):
        open_store(tmp_path / "file" / "listener.db")


def test_a_writer_that_never_ends_is_another_run(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "BUSY_SECONDS", 0)
    with open_store(store.path) as other, store.transaction():
        late = other.transaction()
        with pytest.raises(LockedError, match="try again"):
            late.__enter__()


def test_what_fails_half_way_leaves_nothing(store: Store) -> None:
    def fill() -> None:
        with store.transaction():
            store.db.execute("INSERT INTO reports VALUES ('2026-W47', '2026-11-23T06:30:00Z', 1)")
            with store.transaction():
                store.db.execute("INSERT INTO reports VALUES ('2026-W48', '2026-11-30T06:30:00Z', 1)")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fill()
    assert store.db["reports"].count == 0


def test_a_broken_constraint_is_a_bug_and_not_explained_away(store: Store) -> None:
    with pytest.raises(sqlite3.IntegrityError), store.transaction():
        store.db.execute("INSERT INTO observations VALUES ('nobody', 1, 'seen', '')")
