"""Listening to a Jetstream: what is written is logged once, whatever the server does meanwhile."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import pytest
from stream.conftest import Listening
from stream.jetstream_fake import DID, POST, START, Jetstream

from listener.errors import LockedError
from listener.run import locked
from listener.store import open_store
from listener.store.lines import load_lines
from listener.stream.channel import Channel
from listener.stream.desk import Desk
from listener.stream.intake import Batch
from listener.stream.pace import Backoff, Clock
from listener.stream.plan import Plan
from listener.stream.session import Limits, Session

pytestmark = pytest.mark.network

SECOND = 1_000_000


def test_a_post_is_logged_as_the_search_shows_it_and_stands_there_once(server: Jetstream, listening: Listening) -> None:
    server.handles = {DID: "almby.example"}
    listening.reached()
    parent = {"uri": "at://did:plc:x/app.bsky.feed.post/3parent", "cid": "b"}
    root = {"uri": "at://did:plc:x/app.bsky.feed.post/3root", "cid": "b"}
    link = {"features": [{"$type": "app.bsky.richtext.facet#link", "uri": "https://almby.example/bad"}]}
    record = {"text": "Simhallen i Almby stänger", "createdAt": "2026-11-18T12:00:00Z", "langs": ["sv"]}
    record |= {"reply": {"root": root, "parent": parent}, "facets": [link]}
    uri = server.post(key="3kpost", **record)
    author = {"did": DID, "handle": "almby.example"}
    server.found = [{"uri": uri, "author": author, "record": record, "indexedAt": "2026-11-18T12:00:01Z"}]
    assert listening.run(posts=1) == 0
    (row,) = listening.rows("SELECT post_id, url, author, lang, published_at, reply_to, thread, links FROM mentions")
    assert row == (
        f"at://{DID}/{POST}/3kpost",
        "https://bsky.app/profile/almby.example/post/3kpost",
        "almby.example",
        "sv",
        "2026-11-18T12:00:00Z",
        parent["uri"],
        root["uri"],
        '["https://almby.example/bad"]',
    )


def test_it_goes_on_where_it_was_and_a_line_that_breaks_repeats_and_turns_back_adds_nothing(
    server: Jetstream, listening: Listening, monkeypatch: pytest.MonkeyPatch
) -> None:
    listening.reached()
    server.twice = True
    server.close_after = 5
    written = [f"simhallen {number}" for number in range(12)]
    for number, text in enumerate(written):
        server.post(text, at=START + number * SECOND)
    monkeypatch.setattr("listener.stream.channel.Backoff", partial(Backoff, first=0.01))
    listening.run(posts=30)
    assert sorted(listening.texts()) == sorted(written)
    assert server.asked[0]["cursor"] == str(START - 5 * SECOND)
    assert int(server.asked[-1]["cursor"]) >= START - SECOND
    with open_store(listening.config.store) as store:
        (line,) = load_lines(store)
    assert line.mark == START + 11 * SECOND
    assert line.beat_at is not None
    assert not [told for told in listening.issues() if "told nothing" in told]


def test_what_the_server_forgot_meanwhile_is_searched_for(
    server: Jetstream, listening: Listening, monkeypatch: pytest.MonkeyPatch
) -> None:
    by = threads_of(monkeypatch, "polled", "filled", "save")
    listening.reached()
    server.forgotten = START + 3600 * SECOND
    author = {"did": DID, "handle": "almby.example"}
    missed = {"text": "Almby kommun i natt", "createdAt": "2026-11-18T11:55:00Z"}
    server.found = [{"uri": f"at://{DID}/{POST}/3missed", "author": author, "record": missed}]
    server.post("Almby kommun i dag", at=START + 3600 * SECOND)
    server.post("annat", at=START + 3601 * SECOND)
    assert listening.run(posts=2, queries=["town"]) == 0
    assert sorted(listening.texts()) == ["Almby kommun i dag", "Almby kommun i natt"]
    assert listening.rows("SELECT DISTINCT unit FROM mentions") == [("Kansliet",)]
    place = listening.config.source("bluesky")["stream_url"].partition("://")[2]
    since, until = (datetime.fromtimestamp((START / 1e6) + seconds, UTC) for seconds in (0, 3600))
    told = f"{place} told nothing from {since:%Y-%m-%dT%H:%M:%SZ} to {until:%Y-%m-%dT%H:%M:%SZ}: since searched for"
    assert told in listening.issues()
    assert by.keys() == {"polled", "filled", "save"}
    assert len(set.union(*by.values())) == 1  # counts that two threads write come out wrong


def threads_of(monkeypatch: pytest.MonkeyPatch, *names: str) -> dict[str, set[int]]:
    """In which threads these methods of the desk are called."""
    by: dict[str, set[int]] = {}

    def noted(name: str, method: Callable[..., Any]) -> Callable[..., Any]:
        def call(*given: Any) -> Any:
            by.setdefault(name, set()).add(threading.get_ident())
            return method(*given)

        return call

    for name in names:
        monkeypatch.setattr(Desk, name, noted(name, getattr(Desk, name)))
    return by


def test_a_gap_that_no_search_closes_is_told_with_its_times(server: Jetstream, listening: Listening) -> None:
    listening.reached()
    server.forgotten = START + 3600 * SECOND
    server.search_status = 403
    server.post("simhallen i dag", at=START + 3600 * SECOND)
    listening.run(posts=1)
    (row,) = listening.rows("SELECT completeness FROM source_results WHERE source = 'bluesky:posts'")
    assert row == ("truncated",)
    assert any("told nothing from" in told and "searched" not in told for told in listening.issues())


HOSTILE = [
    b"",
    b"{",
    b"\xff\xfe garbage",
    b"[" * 50_000,
    b'{"did": 5, "time_us": "soon", "kind": "commit"}',
    b'{"did": "did:plc:a", "time_us": -1, "kind": "commit", "commit": {}}',
    b'{"did": "x/../..", "time_us": %d, "kind": "commit", "commit": {"operation": "create", "collection": "%s",'
    b' "rkey": "../..", "record": {"text": "simhallen"}}}' % (START, POST.encode()),
    b'{"did": "did:plc:a", "time_us": %d, "kind": "commit", "commit": {"operation": "create", "collection": "%s",'
    b' "rkey": "3k", "record": ["simhallen"]}}' % (START, POST.encode()),
    b'{"time_us": %d, "text": "%s"}' % (START, b"x" * 5_100_000),
    b'{"time_us": 9999999999999999999999}',
    b'{"time_us": 7000000000000000, "kind": "identity"}',
]


def test_frames_that_cannot_be_read_are_counted_and_nothing_else_is_lost(
    server: Jetstream, listening: Listening
) -> None:
    listening.reached()
    for number, frame in enumerate(HOSTILE):
        server.raw(frame, START + number)
    for text, made in (("simhallen 1970", "1970-01-01T00:00:00Z"), ("simhallen 2106", "2106-02-07T06:28:15Z")):
        server.post(text, createdAt=made)
    odd = {"langs": [5, None], "facets": [{"features": 7}, "x"], "reply": {"parent": [], "root": {"uri": 4}}}
    server.post("simhallen \x00 sist " + "ö" * 30_000, **odd)
    assert listening.run(posts=3) == 0
    first, second, third = listening.texts()
    assert (first, second) == ("simhallen 1970", "simhallen 2106")
    assert third.startswith("simhallen  sist")
    assert len(third) <= 20_000
    times = [row[0][:4] for row in listening.rows("SELECT published_at FROM mentions ORDER BY id")]
    assert times == ["1970", "2026", "2026"]  # nobody writes in the future
    told = "\n".join(listening.issues())
    assert "left out 3 frames: a frame that is no JSON" in told
    assert "left out 1 frames: larger than any that is read" in told
    with open_store(listening.config.store) as store:
        assert load_lines(store)[0].mark < START + 60 * SECOND  # the frame from the year 2191 did not carry us off


def test_half_of_a_pair_of_surrogates_loses_no_post(server: Jetstream, listening: Listening) -> None:
    listening.reached()
    server.post("simhallen före")
    server.post("simhallen \ud800 mitt i")
    server.post("simhallen efter")
    assert listening.run(posts=3) == 0
    assert listening.texts() == ["simhallen före", "simhallen \ufffd mitt i", "simhallen efter"]


def test_the_log_marks_what_its_author_changed_or_took_away(server: Jetstream, listening: Listening) -> None:
    listening.reached()
    for key in ("3keep", "3change", "3gone"):
        server.post(f"simhallen {key}", key=key)
    changed = {"$type": POST, "text": "simhallen är öppen", "createdAt": "2026-11-18T12:00:00Z"}
    server.commit("update", "3change", record=changed)
    server.commit("delete", "3gone")
    server.post("annat")
    listening.run(posts=5)
    rows = listening.rows("SELECT text, edited_at IS NOT NULL, gone_at IS NOT NULL FROM mentions ORDER BY id")
    assert rows == [("simhallen 3keep", 0, 0), ("simhallen 3change", 1, 0), ("simhallen 3gone", 0, 1)]


def test_posts_wait_while_another_run_writes(
    server: Jetstream, listening: Listening, monkeypatch: pytest.MonkeyPatch
) -> None:
    listening.reached()
    monkeypatch.setattr("listener.store.database.BUSY_SECONDS", 0.1)
    monkeypatch.setattr("listener.stream.session.AGAIN", 0.1)
    server.post("simhallen")
    other = sqlite3.connect(listening.folder / "listener.db", check_same_thread=False, isolation_level=None)
    told: list[str] = []

    def progress(line: str) -> None:
        told.append(line)
        if other.in_transaction and len(told) > 3:
            other.execute("COMMIT")

    def show(_status: object) -> None:
        if "held" not in told:
            other.execute("BEGIN IMMEDIATE")
            told.append("held")

    listening.run(posts=1, progress=progress, show=show)
    other.close()
    assert listening.texts() == ["simhallen"]
    assert "another run is writing to the log: waiting" in told


def test_two_sessions_do_not_run_but_an_audit_may(server: Jetstream, listening: Listening, tmp_path: Path) -> None:
    listening.reached()
    server.post("simhallen")
    with locked(listening.config.store):  # as an audit holds it
        assert listening.run(posts=1) == 0
    with locked(tmp_path / "listener.db.stream"), pytest.raises(LockedError):
        listening.run(posts=1)


def test_a_server_that_does_not_let_us_listen_is_asked_instead(server: Jetstream, listening: Listening) -> None:
    server.status = 403
    row = "platform,url,unit,status,owner_email\nbluesky,https://bsky.app/profile/a.example,Badet,approved,bad@almby.example\n"
    (listening.folder / "registry.csv").write_text(row, encoding="utf-8")
    record = {"text": "simhallen", "createdAt": "2026-11-18T11:55:00Z"}
    server.found = [{"uri": f"at://{DID}/{POST}/3k", "author": {"did": DID, "handle": "a.example"}, "record": record}]
    listening.run(seconds=2)
    assert listening.rows("SELECT text, direction FROM mentions") == [("simhallen", "out")]
    assert len(server.asked) == 1
    assert any("it is asked now and then instead" in told for told in listening.issues())


def test_a_query_that_names_an_author_matches_what_the_stream_tells(server: Jetstream, tmp_path: Path) -> None:
    more = '[queries.ours]\nquery = "author:almby.example morgon"'
    listening = Listening(tmp_path, server.url, more)
    server.handles = {DID: "almby.example"}
    listening.reached()
    server.post("God morgon", key="3k1")
    server.post("God morgon", key="3k2", did="did:plc:someoneelse")
    listening.run(posts=2)
    assert listening.rows("SELECT post_id, author FROM mentions") == [(f"at://{DID}/{POST}/3k1", "almby.example")]


def test_a_stop_loses_no_post_that_has_been_read(
    server: Jetstream, listening: Listening, monkeypatch: pytest.MonkeyPatch
) -> None:
    listening.reached()
    server.post("simhallen först")
    config = listening.config
    clock = Clock(config.moment)
    session = Session(config, Plan(config, ["bluesky"]), clock=clock, dice=Random(1), limits=Limits(),
                      show=lambda _status: None, progress=lambda _line: None)  # fmt: skip
    reading = Desk.read_frames

    async def stop() -> None:
        """More has come, and everything that can be stopped has been."""
        await session._basket.some()
        session._stop.set()
        for _turn in range(50):
            await asyncio.sleep(0)

    def stopped_meanwhile(desk: Desk, frames: Sequence[tuple[Channel, bytes]]) -> Batch:
        batch = reading(desk, frames)
        if not session._stop.is_set():
            server.post("simhallen sist")
            asyncio.run_coroutine_threadsafe(stop(), loop).result(10)
        return batch

    monkeypatch.setattr(Desk, "read_frames", stopped_meanwhile)
    with asyncio.Runner() as runner:
        loop = runner.get_loop()
        assert runner.run(session.run()) == 0
    assert listening.texts() == ["simhallen först", "simhallen sist"]
