"""Settings and register that change while a session listens count without its being started anew."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random

import pytest
from stream.conftest import Listening
from stream.jetstream_fake import DID, START, Jetstream

from listener.config import load_config
from listener.errors import ConfigError
from listener.posts import Mention, Post
from listener.stream import Status
from listener.stream.desk import Desk
from listener.stream.pace import Clock
from listener.stream.plan import Plan

HEADER = "platform,url,unit,status,owner_email\n"
OURS = HEADER + "bluesky,https://bsky.app/profile/almby.example,Almby,approved,a@almby.example\n"
ASSESSED = 'dpia_ref = "KS 2024/2"\ndpia_on = 2024-03-01\n'
SETTINGS = f'[sources.bluesky]\nenabled = true\n[queries.bath]\nquery = "simhall*"\n[listening]\n{ASSESSED}'


class Here:
    """A desk in a folder, whose files can be changed."""

    def __init__(self, folder: Path) -> None:
        self.settings, self.register = folder / "listener.toml", folder / "registry.csv"
        self.settings.write_text(SETTINGS, encoding="utf-8")
        self.register.write_text(HEADER, encoding="utf-8")
        config = load_config(self.settings, {"LISTEN_NOW": "2026-11-22T08:00:00+01:00"})
        self.desk = Desk.open(config, Plan(config, ["bluesky"]), Clock(config.moment), Random(1))

    def direction(self) -> str:
        """Which way a post by almby.example goes now."""
        post = Post(platform="bluesky", id="at://did:plc:a/app.bsky.feed.post/3a", text="x", author="almby.example")
        return self.desk.noter(Mention(post=post, query="bath")).direction


@pytest.fixture
def here(tmp_path: Path) -> Here:
    return Here(tmp_path)


def test_nothing_is_said_while_nothing_has_changed(here: Here) -> None:
    assert here.desk.renew() == []
    here.desk.close()


def test_a_changed_register_counts_for_what_is_logged_next(here: Here) -> None:
    assert here.direction() == "in"
    here.register.write_text(OURS, encoding="utf-8")
    assert here.desk.renew() == [f"{here.register} has changed: rows that count from now on: 1"]
    assert here.direction() == "out"
    assert here.desk.renew() == []
    here.register.unlink()
    assert here.desk.renew() == [f"{here.register} has changed: rows that count from now on: 0"]
    assert here.direction() == "in"
    here.desk.close()


def test_what_cannot_be_read_is_said_once_and_the_old_stands(here: Here) -> None:
    here.register.write_text(OURS, encoding="utf-8")
    here.desk.renew()
    here.register.write_text(OURS + 'x,"https://x.com/almby\n', encoding="utf-8")
    (told,) = here.desk.renew()
    assert told.startswith(f"{here.register} has changed, and is not taken over: {here.register}:3: ")
    assert here.desk.renew() == []
    assert here.direction() == "out"
    here.register.write_text(OURS, encoding="utf-8")
    here.settings.write_text(SETTINGS + '[queries.bad]\nquery = "a AND"\n', encoding="utf-8")
    (told,) = here.desk.renew()
    assert "not taken over" in told
    assert "[queries.bad]" in told
    assert here.desk.renew() == []
    assert list(here.desk.plan.asked(here.desk.since)) == ["bath"]
    here.desk.close()


def test_a_change_that_met_a_broken_register_counts_when_that_is_mended(here: Here) -> None:
    here.settings.write_text(SETTINGS + '[queries.bus]\nquery = "buss"\n', encoding="utf-8")
    here.register.write_text("nonsense\n", encoding="utf-8")
    (told,) = here.desk.renew()
    assert "not taken over" in told
    here.register.write_text(OURS, encoding="utf-8")
    assert here.desk.renew() == [
        f"{here.settings} has changed: listened for from now on: bath, bus",
        f"{here.register} has changed: rows that count from now on: 1",
    ]
    here.desk.close()


def test_what_needs_a_new_start_is_said(here: Here) -> None:
    here.settings.write_text(SETTINGS + "[sources.mastodon]\nenabled = true\n", encoding="utf-8")
    assert here.desk.renew() == [f"{here.settings} has changed: [sources] counts when listening is started anew"]
    here.settings.write_text(SETTINGS + 'topics = { bath = ["simhall*"] }\n', encoding="utf-8")
    assert here.desk.renew()[-1].startswith(f"{here.settings} has changed: ")
    assert here.desk.noter.topics == {"bath": (" simhall",)}
    here.desk.close()


@pytest.mark.network
def test_a_running_session_listens_for_a_new_query_and_knows_a_new_account_of_ours(
    server: Jetstream, listening: Listening, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("listener.stream.session.BEAT", 0.05)
    server.handles = {DID: "almby.example"}
    settings = listening.folder / "listener.toml"
    listening.reached()
    server.post("simhallen")
    told: list[str] = []

    def change(status: Status) -> None:
        if status.new == 1 and "changed" not in told:
            told.append("changed")
            settings.write_text(settings.read_text(encoding="utf-8") + "[queries.bus]\nquery = 'buss'\n", "utf-8")
            (listening.folder / "registry.csv").write_text(OURS, encoding="utf-8")
            server.post("en buss kom", at=START + 1_000_000)

    assert listening.run(posts=2, show=change, progress=told.append) == 0
    assert listening.rows("SELECT text, direction FROM mentions ORDER BY id") == [
        ("simhallen", "in"),
        ("en buss kom", "out"),
    ]
    assert f"{settings} has changed: listened for from now on: bath, town, bus" in told
    assert json.dumps(told).count("rows that count from now on: 1") == 1


@pytest.mark.network
def test_an_account_of_ours_that_takes_another_handle_stays_ours_and_is_told_with_the_queries(
    server: Jetstream, listening: Listening, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("listener.stream.session.BEAT", 0.05)
    (listening.folder / "registry.csv").write_text(
        HEADER.strip() + f",handle,platform_id\n{OURS.splitlines()[1]},almby.example,{DID}\n", encoding="utf-8"
    )
    settings = listening.folder / "listener.toml"
    settings.write_text(
        settings.read_text("utf-8") + "[queries.own]\nquery = 'author:almby.example simhall*'\n", "utf-8"
    )
    server.handles = {DID: "almby.example"}
    listening.reached()
    server.post("simhallen")
    told: list[str] = []

    def rename(status: Status) -> None:
        if status.new and "renamed" not in told:
            told.append("renamed")
            server.handles[DID] = "nya.example"
            identity = {"did": DID, "handle": "evil.example", "seq": 1, "time": "2026-11-18T12:00:00Z"}
            row = {"did": DID, "time_us": START + 1_000_000, "kind": "identity", "identity": identity}
            server.raw(json.dumps(row).encode(), START + 1_000_000)
        if any("nya.example" in line for line in told) and len(server.events) == 2:
            server.post("simhallen igen", at=START + 2_000_000)

    assert listening.run(posts=2, show=rename, progress=told.append) == 0
    assert listening.rows("SELECT author, direction FROM mentions ORDER BY id") == [
        ("almby.example", "out"),
        ("nya.example", "out"),
    ]
    assert told[2:] == [
        "our account almby.example is called nya.example now: correct the register",
        "almby.example is called nya.example now: these queries name the old handle: own",
    ]


def test_an_assessment_that_is_taken_away_ends_the_listening(here: Here) -> None:
    here.settings.write_text(SETTINGS.replace(ASSESSED, ""), encoding="utf-8")
    with pytest.raises(ConfigError, match="dpia_ref"):
        here.desk.renew()
    here.desk.close()
