"""`listen storms`, as a person or a script runs it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from listener.cli import run
from listener.store import open_store
from listener.store.storms import Storm, save_storm

NOW = datetime(2026, 11, 20, 15, tzinfo=UTC)
SETTINGS = '[organisation]\nname = "Almby kommun"\n[queries.bad]\nquery = "badhus"\npurpose = "omvärldsbevakning"\n'


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LISTEN_NOW", NOW.isoformat())
    Path("listener.toml").write_text(SETTINGS, encoding="utf-8")


def keep(started_at: datetime, ended_at: datetime | None) -> None:
    with open_store(Path("listener.db")) as store:
        save_storm(
            store,
            Storm(id=0, query="badhus", started_at=started_at, raised_at=started_at, last_at=ended_at or NOW,
                  ended_at=ended_at, peak=9, expected=1.5, count=40, writers=30, new_writers=25, threats=0, score=12.5,
                  reasons=("mentions: 40 in 6 h, usually 1.5",)),
        )  # fmt: skip


def test_newest_first_and_in_every_form(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    keep(NOW - timedelta(days=9), NOW - timedelta(days=8))
    keep(NOW - timedelta(hours=6), None)
    assert run(["storms", "--format", "json"]) == 0
    rows = json.loads(capfd.readouterr().out)
    assert [(row["id"], row["query"], row["ended_at"]) for row in rows] == [
        (2, "bad", None),
        (1, "bad", "2026-11-12T15:00:00Z"),
    ]
    assert rows[0]["reasons"] == ["mentions: 40 in 6 h, usually 1.5"]
    assert run(["storms", "--since", "7d", "--format", "csv"]) == 0
    assert len(capfd.readouterr().out.splitlines()) == 2
    monkeypatch.setenv("LANGUAGE", "sv")
    assert run(["storms"]) == 0
    out = capfd.readouterr().out
    assert "2  bad  2026-11-20 10:00 – pågår" in out
    assert "omnämnanden: 40 på 6 h, normalt 1,5" in out


def test_nothing_to_tell_is_told(capfd: pytest.CaptureFixture[str]) -> None:
    open_store(Path("listener.db")).close()
    assert run(["storms"]) == 0
    assert capfd.readouterr() == ("", "No unusual pattern since then.\n")
    assert run(["storms", "--since", "igår"]) == 2
