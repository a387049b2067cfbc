"""`listen sources`, `doctor` and `config show`: what a person who looks after the installation is told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from listener.cli import run

SETTINGS = """
[organisation]
name = "Almby kommun"
domains = ["almby.example"]
[sources.mastodon]
servers = ["torget.example"]
[queries.kommunen]
query = '"Almby kommun"'
"""


@pytest.fixture(autouse=True)
def _almby(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "listener.toml").write_text(SETTINGS, encoding="utf-8")
    (tmp_path / "registry.csv").write_text("platform,url,unit,status,owner_email\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)


def test_sources_tells_what_is_on_and_what_nobody_searches(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["sources", "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    states = {row["name"]: row["state"] for row in told["sources"]}
    assert {name for name, state in states.items() if state == "on"} >= {"bluesky", "mastodon", "website"}
    assert (states["feeds"], states["tips"], states["x"]) == ("off", "off", "gated")
    assert told["not_searched"]["x"]["why"].startswith("X's developer terms")
    assert told["not_searched"]["snapchat"]["why"] == ""
    assert run(["sources"]) == 0
    assert "LISTEN_MASTODON_TOKEN" in capsys.readouterr().out


def test_doctor_says_what_to_do_next(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["doctor", "--format", "json"]) == 0
    checks = {check["name"]: check for check in json.loads(capsys.readouterr().out)}
    assert checks["registry"]["state"] == "warn"
    assert "decision_ref" in checks["retention"]["hint"]


def test_doctor_fails_on_a_broken_register(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "registry.csv").write_text("platform,url\nx,https://x.com/almby\n", encoding="utf-8")
    assert run(["doctor"]) == 2
    assert "registry.csv" in capsys.readouterr().out


def test_config_show_names_secrets_and_never_their_values(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LISTEN_MASTODON_TOKEN", "t0psecret")
    assert run(["config", "show", "--format", "json"]) == 0
    shown = capsys.readouterr().out
    assert "LISTEN_MASTODON_TOKEN" in json.loads(shown)["secrets_set"]
    assert "t0psecret" not in shown
