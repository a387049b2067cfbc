"""`listen sources`, `doctor` and `config show`: what a person who looks after the installation is told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from listener.cli import run
from listener.cli.sources import KINDS
from listener.language import translations
from listener.sources import load_sources
from listener.sources.search_engines import PAID
from listener.trouble_texts import WORDS

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


def test_every_quota_and_sum_is_told_in_swedish(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = '[sources.x]\nenabled = true\nterms_accepted = "enterprise"\nmax_dollars = 7.5\n'
    (tmp_path / "listener.toml").write_text(SETTINGS + settings, encoding="utf-8")
    monkeypatch.setenv("LANG", "sv_SE.UTF-8")
    monkeypatch.setenv("LANGUAGE", "sv")
    monkeypatch.setenv("LC_ALL", "")
    assert run(["sources"]) == 0
    told = capsys.readouterr().out
    kinds = {quota.kind for module in load_sources().values() for quota in module.ABOUT.quotas} | {PAID}
    assert kinds <= set(KINDS)
    for kind in kinds:
        swedish = translations("sv").gettext(KINDS[kind])
        assert swedish != KINDS[kind]
        assert kind == PAID or f"{swedish}: " in told
    assert "högst 3,70 US-dollar per körning, 7,50 i månaden; 0 förbrukade" in told


def test_why_a_gate_is_closed_is_told_in_swedish(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANG", "sv_SE.UTF-8")
    monkeypatch.setenv("LANGUAGE", "sv")
    monkeypatch.setenv("LC_ALL", "")
    say = translations("sv").gettext
    gated = {name: module.ABOUT for name, module in load_sources().items() if module.ABOUT.gate}
    assert {about.gate_text for about in gated.values()} <= WORDS
    gated = {name: about for name, about in gated.items() if "accounts" in about.finds}
    assert len(gated) > 5
    for name, about in gated.items():
        assert run(["discover", "--source", name]) == 2
        told = capsys.readouterr().err
        assert say(about.gate_text) != about.gate_text
        assert f"[sources.{name}]: {say(about.gate_text)}; när ni får" in told


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
