"""The picture of a situation at the terminal: what it is not drawn of."""

from __future__ import annotations

from pathlib import Path

import pytest

from listener.cli import run
from listener.store import open_store


@pytest.mark.parametrize("since", ["2027-01-01", "2026-11-22T20:00:00Z", "2026-11-22T21:00:00+01:00"])
def test_a_period_that_ends_before_it_begins_is_refused(
    since: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """On the day of a crisis a slip of the year must not say that nobody talks of us."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LISTEN_NOW", "2026-11-22T20:00:00Z")
    Path("listener.toml").write_text('[organisation]\nname = "Almby kommun"\n')
    Path("registry.csv").write_text("platform,url,unit,status,owner_email\n")
    with open_store(tmp_path / "listener.db"):
        pass
    assert run(["crisis", "report", "--since", since]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert "has not been yet" in told.err
    assert run(["crisis", "report", "--since", "2026-11-22T19:00:00Z"]) != 2
