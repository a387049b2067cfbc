"""What only some may read stays out of all that is handed on: the search of a terminal, letters, patterns, pictures."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from listener.alerts.letter import render_text, write
from listener.cli import run
from listener.config import load_config
from listener.coordination.look import look
from listener.crisis.html import render_html
from listener.crisis.json import render_json
from listener.crisis.picture import draw, load_scope
from listener.posts import Mention, Post
from listener.report.wording import Words
from listener.store import Store, open_store
from listener.store.answers import add_step
from listener.store.mentions import Notes, save_mentions
from listener.store.outbox import Kept
from listener.store.restricted import restricted

NOW = datetime(2026, 11, 20, 11, tzinfo=UTC)
TEXT = "Varför stänger badhuset i Almby igen? Familjen Svensson har fått en orosanmälan, när svarar Almby kommun?"
SETTINGS = """
[organisation]
name = "Almby kommun"
[queries.badhus]
query = "badhuset"
purpose = "omvärldsbevakning"
"""
GROUNDS = pytest.mark.parametrize("ground", ["tag", "secrecy", "child_abuse"])


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LISTEN_NOW", "2026-11-20T12:00:00+01:00")
    (tmp_path / "listener.toml").write_text(SETTINGS, encoding="utf-8")
    (tmp_path / "registry.csv").write_text("platform,url,unit,status,owner_email\n", encoding="utf-8")
    return tmp_path


@pytest.fixture
def store(folder: Path) -> Store:
    with open_store(folder / "listener.db") as opened:
        yield opened


def log(store: Store, ground: str) -> None:
    """Twelve copies, all of them closed on one's ground; and one post that everybody may read."""
    notes = Notes(tags=("sekretess",) if ground == "tag" else ())
    for number in range(1, 13):
        say(store, number, f"{TEXT} {'nu ' * number}", notes)
    say(store, 13, "Badhuset i Almby har fått nytt kakel, vilken fin dag", Notes())
    if ground != "tag":
        with store.transaction():
            add_step(store, 3, "remove", ground, "kim", NOW)


def say(store: Store, number: int, text: str, notes: Notes) -> None:
    post = Post(
        platform="bluesky", id=str(number), author=f"kim{number}", text=text, source="bluesky", lang="sv",
        url=f"https://b.example/{number}", published_at=NOW - timedelta(minutes=20 + number),
    )  # fmt: skip
    save_mentions(
        store, None, "badhuset", "bluesky", [Mention(post=post, query="badhuset")], NOW, notes=lambda _m: notes
    )


@GROUNDS
def test_no_picture_quotes_it_and_each_says_that_something_is_left_out(folder: Path, store: Store, ground: str) -> None:
    log(store, ground)
    config = load_config(folder / "listener.toml", {"LISTEN_NOW": "2026-11-20T12:00:00+01:00"})
    picture = draw(config, store, load_scope(config), "kim")
    assert (picture.amount.posts, picture.coverage.closed) == (1, 12)
    page = render_html(picture, "en")
    assert "12 posts that only some may read are left out." in page
    for told in ("Svensson", "orosanm"):
        assert told not in page
        assert told not in render_json(picture)


@GROUNDS
def test_no_letter_and_no_pattern_quotes_it(folder: Path, store: Store, ground: str) -> None:
    log(store, ground)
    alert = Kept(
        id=1, at=NOW, kind="threat", severity="urgent", title="What may be a threat", cause="13 posts", links=(),
        key="threat:1", posts=(1, 2, 13),
    )  # fmt: skip
    said = render_text(write(store, alert, "Almby kommun", frozenset()), Words("en"))
    assert "kakel" in said
    for told in ("orosanm", "/1]", "example/1\n", "example/2"):
        assert told not in said
    config = load_config(folder / "listener.toml", {"LISTEN_NOW": "2026-11-20T12:00:00+01:00"})
    seen = look(config, store, "badhuset", NOW - timedelta(days=1), NOW)
    assert seen.pattern.posts == 13
    assert set(seen.posts) <= {13}


@GROUNDS
def test_the_terminal_finds_and_lists_none_of_it(store: Store, ground: str, capfd: pytest.CaptureFixture[str]) -> None:
    log(store, ground)

    def ask(*words: str) -> str:
        assert run([*words]) == 0
        return capfd.readouterr().out

    found = json.loads(ask("--query", "badhuset", "--offline", "--format", "json"))
    assert [row["text"][:8] for row in found] == ["Badhuset"]
    assert json.loads(ask("--query", "Svensson", "--offline", "--format", "json")) == []
    for said in (ask("mentions", "list", "--all", "--format", "json"), ask("mentions", "show", "3")):
        assert "(restricted)" in said
        for told in ("Svensson", "writer-", "b.example/3"):
            assert told not in said


def test_the_places_of_what_is_closed_follow_the_log(store: Store) -> None:
    def closed() -> set[int]:
        sql = "SELECT id FROM mentions WHERE place IN (SELECT place FROM closed_posts)"
        assert len(store.rows(sql)) == store.rows("SELECT count(*) AS n FROM closed_posts")[0]["n"], "no place is left"
        return {row["id"] for row in store.rows(sql)}

    log(store, "secrecy")
    assert closed() == set(range(1, 13))
    say(store, 14, f"{TEXT} genast", Notes())
    assert closed() == {*range(1, 13), 14}, "a copy that comes later"
    with store.transaction():
        add_step(store, 5, "remove", "child_abuse", "kim", NOW)
        store.conn.execute("DELETE FROM mentions WHERE id < 4")
    assert closed() == {*range(4, 13), 14}
    assert {row["ground"] for row in store.rows("SELECT ground FROM closed_posts")} == {"child_abuse"}


def test_what_was_closed_before_the_store_knew_of_it_is_closed(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    with open_store(path) as before:
        log(before, "secrecy")
        say(before, 14, "Badhuset i Almby: hemlig handling", Notes(tags=("sekretess",)))
        for name in ("closed_posts", "closed_clusters"):
            before.conn.execute(f"DROP TABLE {name}")
        made = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND sql LIKE '%closed_%'"
        for row in before.rows(made):
            before.conn.execute(f"DROP TRIGGER {row['name']}")
        before.conn.execute("DELETE FROM _sqlite_migrations WHERE name IN ('m075_restricting', 'm076_closed_places')")
        before.conn.commit()
    with open_store(path) as after:
        places = "SELECT m.id FROM mentions m JOIN closed_posts c ON c.place = m.place ORDER BY m.id"
        assert [row["id"] for row in after.rows(places)] == [*range(1, 13), 14]
        assert restricted(after, [3, 13, 14]) == {3: "secrecy", 14: "secrecy"}
