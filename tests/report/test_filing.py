"""What is filed in the reports folder, and what the settings say is on."""

from __future__ import annotations

from pathlib import Path

import pytest
from almby_weeks import MONDAY, audit

from listener.cli import run
from listener.clock import rfc3339
from listener.config import load_config
from listener.report.filing import load_scope
from listener.store import open_store
from listener.store.runs import load_reports

TOML = """[organisation]
name = "Almby kommun"
[sources.mastodon]
servers = ["https://social.example"]
[sources.bluesky]
enabled = false
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "listener.toml").write_text(TOML)
    (tmp_path / "registry.csv").write_text("platform,url,unit,status,owner_email\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LISTEN_NOW", rfc3339(MONDAY))
    return tmp_path


def test_what_is_on_is_what_the_settings_turn_on(folder: Path) -> None:
    scope = load_scope(load_config(folder / "listener.toml", {}))
    assert {"bluesky", "mastodon", "tips", "website"} <= set(scope.sources)
    assert {"mastodon", "website"} <= set(scope.enabled)
    assert not {"bluesky", "feeds"} & set(scope.enabled)


@pytest.mark.parametrize(
    ("week", "filed"),
    [
        ("2026-W48", False),  # has not begun
        ("2030-W01", False),
        ("2025-W10", False),  # long before the first run
        ("2026-W45", False),
        ("2026-W46", True),  # the last whole week when the first run was made: tells what that run found
        ("2026-W47", True),
    ],
)
def test_a_week_nobody_could_look_in_is_printed_and_not_filed(
    folder: Path, capsys: pytest.CaptureFixture[str], week: str, filed: bool
) -> None:
    with open_store(folder / "listener.db") as store:
        audit(store, MONDAY)
    assert run(["report", "--week", week, "--language", "en"]) == 0
    said = capsys.readouterr()
    assert "Account audit Almby kommun" in said.out
    files = {path.name for path in folder.glob("reports/*")}
    assert files == ({f"{week}.html", f"{week}.json"} if filed else set())
    with open_store(folder / "listener.db") as store:
        assert set(load_reports(store)) == ({week} if week == "2026-W46" else set())
    assert week in said.err
    assert str(folder / "reports") in said.err
