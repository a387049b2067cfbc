"""`listen sources` says before a run what the next search would take of money and quotas."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from listener.cli import run
from listener.language import start_language

UNITS = "".join(
    f'[[organisation.units]]\nname = "Almby skola {number}"\nkind = "local_office"\n' for number in range(30)
)
SETTINGS = f"""
[organisation]
name = "Almby kommun"
domains = ["almby.example"]
{UNITS}
[sources.youtube]
max_searches = 20
[sources.telegram]
enabled = true
[sources.linkedin]
terms_accepted = "linkedin_partner"
enabled = true
[sources.oembed]
platforms = ["soundcloud"]
"""
BRAVE = '[sources.websearch]\nengine = "brave"\nsites = ["facebook.com"]\n'
SEARX = '[sources.websearch]\nbase_url = "https://search.example"\nsites = ["facebook.com"]\n'


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LISTEN_NOW", "2026-11-22T07:00:00+01:00")
    (tmp_path / "registry.csv").write_text("platform,url,unit,status,owner_email\n", encoding="utf-8")
    return tmp_path


def rows(folder: Path, capsys: pytest.CaptureFixture[str], text: str) -> dict[str, Any]:
    (folder / "listener.toml").write_text(SETTINGS + text, encoding="utf-8")
    assert run(["sources", "--format", "json"]) == 0
    return {row["name"]: row for row in json.loads(capsys.readouterr().out)["sources"]}


def test_what_the_next_search_would_take_is_told_beside_what_it_may(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = rows(folder, capsys, "")
    wanted = {name: {one["kind"]: one for one in found[name]["next_wanted"]} for name in found}
    searches = wanted["youtube"]["searches"]
    assert searches["count"] > 30  # every unit and name
    assert searches["may"] == 20
    assert wanted["youtube"]["units"]["may"] == wanted["youtube"]["units"]["count"] > searches["count"]
    guessed = wanted["telegram"]["pages"]["count"]
    assert guessed == wanted["oembed"]["lookups"]["count"] == wanted["linkedin"]["lookups"]["count"] - 1  # our domain
    assert wanted["tiktok"] == {}  # it is off
    assert {row["next_dollars"] for row in found.values()} == {None}


def test_searches_that_are_paid_for_are_told_in_dollars(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    paid = rows(folder, capsys, BRAVE)["websearch"]
    (wanted,) = paid["next_wanted"]
    assert paid["next_dollars"] == pytest.approx(wanted["count"] * 0.005, abs=0.006)
    assert paid["run_dollars"] == 5  # all that the month has left
    poor = rows(folder, capsys, BRAVE + "max_dollars = 0.05\n")["websearch"]
    assert (poor["next_dollars"], poor["next_wanted"][0]["may"]) == (0.05, 10)
    free = rows(folder, capsys, SEARX)["websearch"]
    assert (free["next_dollars"], free["next_wanted"]) == (None, [])


def test_people_read_it_in_their_language(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "listener.toml").write_text(SETTINGS + BRAVE, encoding="utf-8")
    for language, searches, dollars in (
        ("en", "the next search for accounts: about ", r"at most 0\.\d\d US"),
        ("sv", "nästa sökning efter konton: ungefär ", r"högst 0,\d\d US"),
    ):
        monkeypatch.setenv("LANGUAGE", language)
        start_language()
        assert run(["sources"]) == 0
        told = capsys.readouterr().out
        assert searches in told
        assert re.search(dollars, told)
    assert "(varav 20 nu)" in told


def test_a_register_that_cannot_be_read_hides_no_source(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "registry.csv").write_text("platform,url\nx,?\n", encoding="utf-8")
    assert rows(folder, capsys, "")["youtube"]["next_wanted"][0]["count"] > 30


def test_what_is_off_for_one_reason_stands_on_one_line(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "listener.toml").write_text(SETTINGS, encoding="utf-8")
    assert run(["sources"]) == 0
    told = capsys.readouterr().out.partition("Not searched:\n")[2].splitlines()
    (off,) = [line for line in told if line.endswith(": The source is off in listener.toml.")]
    assert "Certificates, Discord, " in off
    assert len([line for line in told if "terms are accepted" in line]) > 1  # each with a ground of its own
