"""The logs that are only added to: who watched our accounts, who had a text shown; disposed of by decision alone."""

from __future__ import annotations

import json
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from listener.cli import run
from listener.models import Entry, Status
from listener.store import Store, open_store
from listener.store.disposal import load_protocol
from listener.store.mention_looks import looks, save_look
from listener.store.supervision import add_looks, load_looks
from listener.store.tips import add_tip, close_tip

NOW = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=800)
OURS = Entry(
    platform="bluesky",
    url="https://bsky.app/profile/almby.example",
    unit="Almby",
    status=Status.APPROVED,
    owner_email="a@almby.example",
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A store with an old and a new line in each log, and periods for both."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LISTEN_NOW", "2026-11-23T07:00:00+00:00")
    monkeypatch.setenv("LISTEN_USER", "lena")
    decide(tmp_path, "supervision = 730\nlooks = 365\n")
    with open_store(tmp_path / "listener.db") as store:
        for when, word in ((LONG_AGO, "pumpernickelpolka"), (NOW - timedelta(days=3), "fresh")):
            add_looks(store, [OURS], "sara", 2, f"two {word} threats", when)
            save_look(store, 7, f"jonas-{word}", "other", f"asked by the {word} police", when)
    return tmp_path


def decide(folder: Path, periods: str) -> None:
    rules = f'[organisation]\nname = "Almby kommun"\n\n[retention]\ndecision_ref = "KS 2026/123"\n{periods}'
    (folder / "listener.toml").write_text(rules)


def left(store: Store) -> tuple[list[str], list[str]]:
    """What still stands in the two logs."""
    seen = [look.text for look in load_looks(store, None, NOW)]
    return seen, [look.who for look in looks(store, "", None, 100)]


def test_a_dry_run_lists_both_logs_and_changes_nothing(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["gallra", "--dry-run", "--format", "json"]) == 0
    told = {line["class"]: (line["count"], line["before"]) for line in json.loads(capsys.readouterr().out)}
    assert told == {"supervision": (1, "2024-11-23T07:00:00Z"), "looks": (1, "2025-11-23T07:00:00Z")}
    assert run(["gallra", "--dry-run"]) == 0
    shown = capsys.readouterr().out
    assert "the supervision log" in shown
    assert "the log of texts shown in clear" in shown
    with open_store(folder / "listener.db") as store:
        assert [len(one) for one in left(store)] == [2, 2]


def test_what_is_past_its_period_goes_to_the_last_byte_with_a_protocol(folder: Path) -> None:
    assert run(["gallra"]) == 0
    written = b"".join(path.read_bytes() for path in folder.glob("listener.db*"))
    assert b"pumpernickelpolka" not in written
    with open_store(folder / "listener.db") as store:
        assert left(store) == (["two fresh threats"], ["jonas-fresh"])
        protocol = [(entry.kind, entry.count, entry.decision_ref, entry.who) for entry in load_protocol(store)]
        assert protocol == [("supervision", 1, "KS 2026/123", "lena"), ("looks", 1, "KS 2026/123", "lena")]


def test_a_log_without_a_period_is_kept_and_said_to_be(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    decide(folder, "mentions = 90\n")
    assert run(["gallra"]) == 0
    assert "the supervision log: no period decided, all kept" in capsys.readouterr().out
    with open_store(folder / "listener.db") as store:
        assert [len(one) for one in left(store)] == [2, 2]


@pytest.mark.parametrize("table", ["supervision", "mention_looks"])
def test_nothing_else_deletes_a_line_before_or_after(folder: Path, table: str) -> None:
    for _round in range(2):
        with open_store(folder / "listener.db") as store, pytest.raises(sqlite3.IntegrityError, match="append-only"):
            store.conn.execute(f"DELETE FROM {table}")
        assert run(["gallra"]) == 0


def test_a_disposal_does_not_reach_what_is_younger(folder: Path) -> None:
    with open_store(folder / "listener.db") as store:
        store.conn.execute("INSERT INTO disposing VALUES ('supervision', '2025-01-01T00:00:00Z')")
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            store.conn.execute("DELETE FROM supervision")
        store.conn.execute("DELETE FROM supervision WHERE at < '2025-01-01'")
        assert left(store)[0] == ["two fresh threats"]


def test_tips_go_once_somebody_has_put_them_away(folder: Path) -> None:
    decide(folder, "tips = 90\n")
    with open_store(folder / "listener.db") as store:
        for number, (word, closed) in enumerate((("rimforsarullen", LONG_AGO), ("waits", None), ("fresh", NOW)), 1):
            add_tip(store, f"https://x.com/{word}", word, LONG_AGO)
            if closed:
                close_tip(store, number, "sara", closed)
    assert run(["gallra"]) == 0
    assert b"rimforsarullen" not in b"".join(path.read_bytes() for path in folder.glob("listener.db*"))
    with open_store(folder / "listener.db") as store:
        assert [row["words"] for row in store.rows("SELECT words FROM tips ORDER BY id")] == ["waits", "fresh"]
