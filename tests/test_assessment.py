"""Listening without end asks for an impact assessment; a search by hand and the audit do not, and the audit says so."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from listener.assessment import Assessment, lacking, read_assessment
from listener.cli import run
from listener.config import Config, load_config
from listener.doctor import examine
from listener.errors import ConfigError

QUERY = '[queries.bath]\nquery = "simhall*"\npurpose = "omvärldsbevakning"\n'
NOTHING_ON = "".join(f"[sources.{name}]\nenabled = false\n" for name in ("website", "bluesky", "mastodon", "tips"))
NAMED = '[listening]\ndpia_ref = "KS 2026/123"\ndpia_on = 2026-11-01\n'


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LISTEN_NOW", "2026-11-22T07:00:00+01:00")
    (tmp_path / "registry.csv").write_text("platform,url,unit,status,owner_email\n", encoding="utf-8")
    return tmp_path


def settings(folder: Path, text: str) -> Config:
    path = folder / "listener.toml"
    path.write_text(f'[organisation]\nname = "Almby kommun"\n{text}', encoding="utf-8")
    return load_config(path, {"LISTEN_NOW": "2026-11-22T07:00:00+01:00"})


@pytest.mark.parametrize("day", ["2026-11-01", '"2026-11-01"'])
def test_reference_and_day_are_read(folder: Path, day: str) -> None:
    config = settings(folder, f'[listening]\ndpia_ref = " KS  2026/123 "\ndpia_on = {day}\n')
    found = read_assessment(config)
    assert isinstance(found, Assessment)
    assert (found.reference, found.on.isoformat()) == ("KS 2026/123", "2026-11-01")


@pytest.mark.parametrize("text", ["", '[listening]\ndpia_ref = ""\ndpia_on = ""\n', "[listening]\npoll_minutes = 5\n"])
def test_none_is_none(folder: Path, text: str) -> None:
    assert read_assessment(settings(folder, text)) is None


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('dpia_ref = "KS 1"', r"\[listening\] dpia_on: write the day"),
        ("dpia_on = 2026-11-01", r"\[listening\] dpia_ref: name the assessment"),
        ('dpia_ref = "KS 1"\ndpia_on = 2026-11-23', "2026-11-23 is still to come"),
        ('dpia_ref = "KS 1"\ndpia_on = "soon"', "dpia_on: write a day, dpia_on = 2026-11-01"),
        ('dpia_ref = "KS 1"\ndpia_on = 2026-11-01T07:00:00Z', "write a day"),
        ("dpia_ref = 7", "write the dpia_ref as text"),
    ],
)
def test_half_of_one_is_refused(folder: Path, text: str, told: str) -> None:
    with pytest.raises(ConfigError, match=told):
        read_assessment(settings(folder, f"[listening]\n{text}\n"))


def test_listening_without_end_is_refused_and_says_what_to_do(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings(folder, "[sources.bluesky]\nenabled = true\n" + QUERY)
    assert run(["stream"]) == 2
    told = capsys.readouterr().err
    assert "[listening] dpia_ref" in told
    assert "listen config dpia" in told
    assert not (folder / "listener.db").exists()


def test_a_search_by_hand_goes_on_without(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings(folder, NOTHING_ON + QUERY)
    assert run(["--query", "simhall*", "--purpose", "test", "--offline", "--format", "json"]) == 0
    told = capsys.readouterr()
    assert json.loads(told.out) == []
    assert "dpia" not in told.err


def test_the_audit_says_that_its_queries_are_asked_without(folder: Path) -> None:
    assert "asked without an impact assessment" in lacking(settings(folder, QUERY))
    assert lacking(settings(folder, "")) == ""
    assert lacking(settings(folder, QUERY + NAMED)) == ""


@pytest.mark.parametrize(("text", "state"), [(QUERY, "warn"), ("", "ok"), (QUERY + NAMED, "ok")])
def test_doctor_tells(folder: Path, text: str, state: str) -> None:
    (found,) = [check for check in examine(settings(folder, NOTHING_ON + text)) if check.name == "impact assessment"]
    assert found.state == state


@pytest.mark.parametrize("language", ["sv", "en"])
def test_a_draft_holds_what_the_settings_tell(folder: Path, language: str, capsys: pytest.CaptureFixture[str]) -> None:
    piped = '[queries.bus]\nquery = "buss*"\npurpose = "kris | trafik"\nsources = ["bluesky"]\n'
    kept = '[retention]\ndecision_ref = "KS 2026/5"\nmentions = 90\n[review]\nfour_eyes = false\n'
    settings(folder, "[sources.bluesky]\nenabled = true\n" + QUERY + piped + kept + NAMED)
    assert run(["config", "dpia", "--language", language]) == 0
    written = capsys.readouterr().out
    assert "Almby kommun" in written.splitlines()[0]
    assert re.search(r"\| bath \| `simhall\*` \| omvärldsbevakning \| all[a]? \|", written)
    assert re.search(r"\| (Diarienummer|Reference) \| KS 2026/123 \|", written)
    assert re.search(r"\| (Beslutad|Decided) \| 2026-11-01,", written)
    assert "| bus | `buss*` | kris \\| trafik | bluesky |" in written
    assert "KS 2026/5" in written
    assert "| mentions | 90 |" in written
    assert "| supervision | **[" in written
    assert "four_eyes = false" in written
    assert "bluesky" in next(line for line in written.splitlines() if line.startswith(("Källor", "Sources that")))


def test_a_draft_is_written_to_a_file_in_the_language_of_the_settings(folder: Path) -> None:
    settings(folder, "")
    assert run(["config", "dpia", "-o", "draft.md"]) == 0
    assert (folder / "draft.md").read_text(encoding="utf-8").startswith("# Konsekvensbedömning")
