"""Whatever is altered, someone notices: every byte, every file, every column of the manifest, and its end."""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from almby_findings import finding
from spooled import SEARCH, STRANGER, answer, audited, profile

from listener.cli.evidence import told
from listener.evidence.folder import Folder
from listener.evidence.spool import Spool
from listener.evidence.verify import Checked, verify
from listener.redaction import Secrets
from listener.store import Store, open_store
from listener.store.snapshots import DETAILS, SEALED

TWO = finding(platform_id="did:plc:two", handle="almby-info.example", url="https://bsky.app/profile/almby-info.example")
COLUMNS = [
    *[("snapshots", "id", column) for column in (*SEALED, "hash")],
    *[("snapshot_details", "snapshot_id", column) for column in ("nonce", *DETAILS)],
]


@pytest.fixture(scope="module")
def taken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with evidence of two cases, as a run left it."""
    from listener.config import read_config

    folder = tmp_path_factory.mktemp("taken")
    config = read_config(folder / "listener.toml", {}, {"LISTEN_NOW": "2026-11-16T07:00:00+00:00"})
    spool = Spool(Secrets({}))
    answer(spool, {"actors": [STRANGER, profile(), profile(id="did:plc:two", handle="almby-info.example")]})
    answer(spool, profile(), f"{SEARCH}&actor=did:plc:one")
    with open_store(config.store) as store:
        camera = audited(store, config, finding(), TWO)
        assert camera.take("bluesky", [finding(), TWO], spool, {}) == [1, 2]
    spool.close()
    return folder


@pytest.fixture
def kept(taken: Path, tmp_path: Path) -> Iterator[Store]:
    """A copy of it, to be altered."""
    shutil.copytree(taken, tmp_path / "kept")
    with open_store(tmp_path / "kept" / "listener.db", create=False) as store:
        yield store


def check(store: Store, case: int | None = None) -> Checked:
    return verify(store, Folder.of(store.path), case)


def root(store: Store) -> Path:
    return Folder.of(store.path).root


def files(store: Store) -> list[Path]:
    return sorted(root(store).rglob("*.warc.gz"))


def where(store: Store, path: Path) -> str:
    return path.relative_to(root(store)).as_posix()


@contextmanager
def written(store: Store, *statements: tuple[str, tuple[object, ...]]) -> Iterator[None]:
    """What somebody who can write the store's file does, no trigger or key in the way; taken back afterwards."""
    store.db.conn.execute("PRAGMA foreign_keys = OFF")
    store.db.conn.execute("BEGIN")
    try:
        for trigger in ("snapshots_stand", "snapshots_stay"):
            store.db.conn.execute(f"DROP TRIGGER {trigger}")
        for sql, values in statements:
            store.db.conn.execute(sql, values)
        yield
    finally:
        store.db.conn.execute("ROLLBACK")


def test_what_nobody_touched_is_intact(kept: Store) -> None:
    for case, count in ((1, 3), (2, 2), (None, 5)):
        checked = check(kept, case)
        assert (checked.files, checked.alterations) == (count, ())


def test_any_changed_byte_is_noticed(kept: Store) -> None:
    dice = random.Random(4)
    for path in files(kept):
        content = path.read_bytes()
        for at in {0, len(content) - 1, *(dice.randrange(len(content)) for _ in range(40))}:
            path.write_bytes(content[:at] + bytes([content[at] ^ (1 << dice.randrange(8))]) + content[at + 1 :])
            found = check(kept).alterations
            assert [(each.kind, each.where) for each in found] == [("changed", where(kept, path))], at
        for other in (content[:-1], content + b"\0", b""):
            path.write_bytes(other)
            assert [each.kind for each in check(kept).alterations] == ["changed"]
        path.write_bytes(content)
    assert check(kept).alterations == ()


def test_any_missing_and_any_added_file_is_noticed(kept: Store) -> None:
    for path in files(kept):
        content = path.read_bytes()
        path.unlink()
        assert [(each.kind, each.where) for each in check(kept).alterations] == [("missing", where(kept, path))]
        elsewhere = kept.path.with_name("elsewhere")
        elsewhere.write_bytes(content)
        path.symlink_to(elsewhere)
        assert {each.kind for each in check(kept).alterations} == {"missing"}, "a link is not the file"
        path.unlink()
        path.write_bytes(content)
    for name in ("1/000099.warc.gz", "1/notes.txt", "3/000001.warc.gz", "stray", "1/below/x"):
        stray = root(kept) / name
        stray.parent.mkdir(exist_ok=True)
        stray.write_bytes(b"x")
        assert [(each.kind, each.where) for each in check(kept).alterations] == [("added", name)]
        stray.unlink()


def test_swapped_files_are_noticed(kept: Store) -> None:
    first, second = files(kept)[:2]
    one, two = first.read_bytes(), second.read_bytes()
    first.write_bytes(two)
    second.write_bytes(one)
    assert [each.kind for each in check(kept).alterations] == ["changed", "changed"]


def others(value: object) -> Iterator[object]:
    """Values that somebody may put in place of another, of the same kind and of others."""
    if isinstance(value, int):
        yield from (value + 1, 0, -1)
    if isinstance(value, str):
        yield from (value + " ", value[:-1] or "x", value.swapcase() if value.swapcase() != value else "X")
    yield from ("x", 7, b"\xff")
    if value is not None:
        yield None


@pytest.mark.parametrize(("table", "key", "column"), COLUMNS, ids=lambda name: name)
def test_any_edited_column_of_the_manifest_is_noticed(
    taken: Path, kept: Store, table: str, key: str, column: str
) -> None:
    rows = [tuple(row.values()) for row in kept.db.query(f"SELECT {key} AS number, {column} AS value FROM {table}")]
    assert rows
    for number, before in rows:
        for value in others(before):
            change = (f"UPDATE {table} SET {column} = ? WHERE {key} = ?", (value, number))
            with suppress(sqlite3.IntegrityError), written(kept, change):  # what the table itself refuses is no change
                now = value if column == key else number
                if kept.rows(f"SELECT {column} AS value FROM {table} WHERE {key} = ?", (now,)) != [{"value": before}]:
                    assert check(kept, 1).alterations, (number, value)
    assert check(kept).alterations == ()


REWRITES: dict[str, Callable[[int], list[tuple[str, tuple[object, ...]]]]] = {
    "the end cut off": lambda last: [
        ("DELETE FROM snapshot_details WHERE snapshot_id = ?", (last,)),
        ("DELETE FROM snapshots WHERE id = ?", (last,)),
    ],
    "a row removed": lambda last: [("DELETE FROM snapshots WHERE id = 2", ())],
    "particulars removed": lambda last: [("DELETE FROM snapshot_details WHERE snapshot_id = 2", ())],
    "everything removed": lambda last: [("DELETE FROM snapshot_details", ()), ("DELETE FROM snapshots", ())],
    "the head removed": lambda last: [("DELETE FROM settings WHERE key = 'evidence_head'", ())],
    "two rows swapped": lambda last: [
        ("UPDATE snapshots SET id = 99 WHERE id = 1", ()),
        ("UPDATE snapshots SET id = 1 WHERE id = 2", ()),
        ("UPDATE snapshots SET id = 2 WHERE id = 99", ()),
    ],
    "two rows' particulars swapped": lambda last: [
        ("UPDATE snapshot_details SET snapshot_id = 99 WHERE snapshot_id = 1", ()),
        ("UPDATE snapshot_details SET snapshot_id = 1 WHERE snapshot_id = 2", ()),
        ("UPDATE snapshot_details SET snapshot_id = 2 WHERE snapshot_id = 99", ()),
    ],
    "said to be destroyed": lambda last: [("UPDATE snapshots SET kind = 'destroyed', target = 1 WHERE id = 2", ())],
}


@pytest.mark.parametrize("rewrite", REWRITES.values(), ids=REWRITES)
def test_a_rewritten_chain_is_noticed(
    kept: Store, rewrite: Callable[[int], list[tuple[str, tuple[object, ...]]]]
) -> None:
    with written(kept, *rewrite(5)):
        for case in (1, 2, None):
            assert check(kept, case).alterations[0].kind == "manifest"
    assert check(kept).alterations == ()


def test_a_manifest_that_leads_out_of_the_folder_is_not_followed(kept: Store) -> None:
    with written(kept, ("UPDATE snapshot_details SET path = '../../etc/hostname' WHERE snapshot_id = 1", ())):
        assert {each.kind for each in check(kept, 1).alterations} >= {"manifest", "missing"}


def test_a_size_that_was_altered_in_the_manifest_is_told_as_a_size(kept: Store) -> None:
    path = files(kept)[0]
    size = path.stat().st_size
    altered = ("UPDATE snapshot_details SET size = size + 1 WHERE path = ?", (where(kept, path),))
    with written(kept, altered):
        found = [each for each in check(kept).alterations if each.where == where(kept, path)]
        assert [(each.kind, each.was, each.now) for each in found] == [("size", str(size + 1), str(size))]
        assert f"was {size + 1} bytes, is {size}" in told(found[0])
