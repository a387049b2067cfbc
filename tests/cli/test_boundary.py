"""The command line's boundary: a place that cannot be used is named, in a line and with code 2."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

import click
import pytest

from listener.cli import main, run


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    assert run(["demo", "--folder", str(blocked / "demo")]) == 2
    said = capsys.readouterr().err
    assert str(blocked) in said
    assert "name" in said
    assert "Traceback" not in said


def test_a_terminal_that_lacks_a_sign_shows_a_question_mark(monkeypatch: pytest.MonkeyPatch) -> None:
    """As one in sv_SE.ISO-8859-1, or a cron job's mail."""
    written = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(written, encoding="latin-1"))
    monkeypatch.setattr(sys, "argv", ["listen", "/\u201dd\u00e4r\u201d"])
    monkeypatch.setattr("listener.cli.run", lambda arguments: click.echo(arguments[-1]))
    with pytest.raises(SystemExit):
        main()
    sys.stdout.flush()
    assert written.getvalue().decode("latin-1") == "/?d\u00e4r?\n"


def test_a_full_disk_is_said_in_a_line(tmp_path: Path) -> None:
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("this system has no /dev/full to write to")
    with full.open("w") as stdout:
        done = subprocess.run(
            [sys.executable, "-m", "listener", "--help"], stdout=stdout, stderr=subprocess.PIPE, text=True, check=False
        )
    assert done.returncode == 2
    assert "stdout" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("week", ["0001-W01", "9999-W52", "2026-W54", "2026-W00", "next"])
def test_a_week_that_cannot_be_is_refused(tmp_path: Path, week: str, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "listener.toml").write_text('[organisation]\nname = "Almby kommun"\n')
    (tmp_path / "registry.csv").write_text("platform,url,unit,status,owner_email\n")
    monkeypatch.chdir(tmp_path)
    assert run(["report", "--week", week]) == 2


def test_a_source_with_a_broken_row_was_searched_in_part(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "listener.toml").write_text(
        '[organisation]\nname = "Almby kommun"\n[sources]\nwebsite.enabled = false\ntips.files = ["tips.csv"]\n'
    )
    (tmp_path / "registry.csv").write_text("platform,url,unit,status,owner_email\n")
    (tmp_path / "tips.csv").write_text("platform,handle,display_name\nx,almby,Almby kommun\nx,,B\n")
    monkeypatch.chdir(tmp_path)
    assert run(["discover", "--source", "tips", "--quiet"]) == 3
    assert "INCOMPLETE: 1 source was searched in part: tips" in capsys.readouterr().err
    (tmp_path / "tips.csv").unlink()
    assert run(["discover", "--source", "tips", "--quiet"]) == 3
    assert "INCOMPLETE: 1 source could not be searched: tips" in capsys.readouterr().err
