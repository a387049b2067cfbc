"""A search in the demo's folder when nobody plays the demo."""

from __future__ import annotations

from pathlib import Path

import pytest

from listener.cli import run
from listener.demo.folder import MARK

SETTINGS = """
[organisation]
name = "Almby kommun"
[sources.feeds]
urls = ["http://127.0.0.1:9/rss.xml"]
"""


@pytest.mark.parametrize("demo", [True, False])
def test_our_own_guard_is_not_told_as_a_refusal(
    demo: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "listener.toml").write_text(SETTINGS, encoding="utf-8")
    if demo:
        (tmp_path / MARK).touch()
    assert run(["--query", "simhallen", "--source", "feeds"]) == 3
    told = capsys.readouterr().err
    assert "feeds: we did not ask it: " in told
    assert "127.0.0.1 is not a public address" in told
    assert "refused" not in told
    assert ("search its log with --offline" in told) is demo
