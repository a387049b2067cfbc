"""The command line's boundary: a place that cannot be used is named, in a line and with code 2."""

from __future__ import annotations

from pathlib import Path

import pytest

from listener.cli import run


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    assert run(["demo", "--folder", str(blocked / "demo")]) == 2
    said = capsys.readouterr().err
    assert str(blocked) in said
    assert "name" in said
    assert "Traceback" not in said
