"""`listen pattern` at the terminal: what it shows, hides and keeps."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from listener.cli import run
from listener.posts import Mention, Post
from listener.query import parse
from listener.store import open_store
from listener.store.mentions import save_mentions
from listener.store.patterns import rulings

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SETTINGS = """
[organisation]
name = "Almby kommun"

[queries.badet]
query = "badhuset"
purpose = "omvärldsbevakning"

[listening]
watched = ["https://forum.example/t123"]
"""
COPIED = "De har vetat om badhuset i två år och tigit, din jävla idiot, ring 070-123 45 67"


def post(number: int, author: str, text: str, hours: float) -> Post:
    at = NOW - timedelta(hours=hours)
    return Post(platform="bluesky", id=str(number), text=text, author=author, published_at=at, lang="sv")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Six weeks of talk about a bath, and in the last day one text from fifteen accounts."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LISTEN_NOW", "2026-11-22T12:00:00Z")
    monkeypatch.setenv("LISTEN_USER", "Kim Ek")
    (tmp_path / "listener.toml").write_text(SETTINGS, encoding="utf-8")
    subjects = ("duschen", "bastun", "kassan", "simskolan", "parkeringen", "taket")
    posts = [
        post(
            number,
            f"lokal{number % 23}.example",
            f"Om badhuset {number}: {subjects[number % 6]} {number * 17}",
            6 * number,
        )
        for number in range(4, 170)
    ]
    posts += [post(900 + number, f"ny{number}.example", COPIED, 5 - number / 60) for number in range(15)]
    with open_store(tmp_path / "listener.db") as store:
        query = parse("badhuset", NOW).name
        save_mentions(store, None, query, "bluesky", [Mention(post=one, query=query) for one in posts], NOW)
    return tmp_path


def test_a_push_is_shown_with_masked_words_and_no_names(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["pattern", "badet", "--since", "3d"]) == 0
    shown = capsys.readouterr().out
    assert "Unusual pattern" in shown
    assert "it looks like an organised push" in shown
    assert "15 writers posted nearly the same text" in shown
    assert "if copied text were as usual: heated criticism" in shown
    assert "Näthatshjälpen" in shown
    assert "idiot" not in shown
    assert "070" not in shown
    assert "▇" in shown
    assert ".example" not in shown


def test_what_a_person_made_of_it_is_kept_and_shown_next_time(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(["pattern", "badhuset", "--since", "3d", "--format", "json"])
    found = json.loads(capsys.readouterr().out)
    assert (found["kind"], found["unusual"], found["ruling"]) == ("organised", True, None)
    number = str(found["id"])
    assert run(["pattern", "confirm", number, "--reason", "source_known", "--text", "samma kampanj som i våras"]) == 0
    capsys.readouterr()
    run(["pattern", "badet", "--since", "3d"])
    assert (
        "confirmed by Kim Ek on 2026-11-22 13:00: we know where it comes from – samma kampanj"
        in capsys.readouterr().out
    )
    run(["pattern", "reject", number, "--reason", "organic", "--who", "Bo"])
    run(["pattern", "badet", "--since", "3d"])
    assert "rejected by Bo" in capsys.readouterr().out
    with open_store(folder / "listener.db") as store:
        kept = rulings(store, parse("badhuset", NOW).name)
        assert [(one.ruling, one.who, one.kind) for one in kept] == [
            ("rejected", "Bo", "organised"),
            ("confirmed", "Kim Ek", "organised"),
        ]
        with pytest.raises(Exception, match="append-only"):
            store.db.execute("DELETE FROM pattern_rulings")


def test_an_earlier_ruling_is_told_beside_a_new_pattern(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(["pattern", "badet", "--since", "3d", "--format", "json"])
    number = str(json.loads(capsys.readouterr().out)["id"])
    run(["pattern", "reject", number, "--reason", "other", "--text", "vår egen"])
    run(["pattern", "badet", "--since", "14d", "--until", "2d"])
    shown = capsys.readouterr().out
    assert "No unusual pattern; it looks like criticism" in shown
    assert f"Earlier, pattern {number} (an organised push): rejected by Kim Ek" in shown


@pytest.mark.parametrize(
    "words",
    [
        ["pattern", "badet", "--since", "when it began"],
        ["pattern", "badet", "--since", "2d", "--until", "3d"],
        ["pattern", "confirm", "1", "--reason", "because"],
        ["pattern", "confirm", "1", "--reason", "other"],
        ["pattern", "confirm", "77", "--reason", "read"],
        ["pattern", "(", "--since", "2d"],
    ],
)
def test_what_cannot_be_done_is_said(folder: Path, words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(words) == 2
    assert capsys.readouterr().err


def test_a_query_that_nothing_was_logged_for_is_too_few(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["pattern", "biblioteket"]) == 0
    assert "No answer: too few posts to say" in capsys.readouterr().out


def test_a_name_that_no_saved_query_has_is_said(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["pattern", "baddet"]) == 0
    assert capsys.readouterr().err == "no saved query 'baddet': read as the text of one; saved are badet\n"
    assert run(["pattern", "badhuset"]) == 0
    assert capsys.readouterr().err == "", "that is the text of a saved one"
