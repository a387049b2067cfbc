"""Server-sent events put together from any pieces; addresses that are not listened to; a timeline of the fediverse."""

from __future__ import annotations

import asyncio
import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import libipld
import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st
from stream.conftest import Listening
from stream.jetstream_fake import Jetstream, serving

from listener.errors import Blocked, Changed
from listener.sources.firehose import Firehose
from listener.sources.mastodon_stream import Timeline, streams
from listener.stream.wire import Events, TooLarge, check

EVENTS = [b"update\n{}", b"", b"delete\n1", b"update\na\nb"]
TOLD = b"event: update\ndata: {}\n\n:thump\n\nevent: delete\r\ndata: 1\r\n\r\nid: 7\nevent:update\ndata:a\ndata: b\n\n"


@given(st.lists(st.integers(0, len(TOLD)), max_size=12))
def test_events_are_the_same_however_they_are_cut(cuts: list[int]) -> None:
    at = sorted({0, len(TOLD), *cuts})
    events = Events()
    pieces = [TOLD[start:end] for start, end in pairwise(at)]
    assert [event for piece in pieces for event in events.feed(piece)] == EVENTS


@pytest.mark.parametrize("start", [b"data: ", b"data: x\ndata: "])
def test_an_event_without_end_is_cut_off(start: bytes) -> None:
    events = Events("almby.example")

    def feed() -> None:
        list(events.feed(start))
        for _chunk in range(10):
            list(events.feed(b"x" * 1_000_000))

    with pytest.raises(TooLarge, match=r"almby\.example"):
        feed()


def test_an_event_of_many_empty_lines_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("listener.stream.wire.LARGEST", 10_000)
    events = Events("almby.example")
    with pytest.raises(TooLarge, match=r"almby\.example"):
        for _chunk in range(100):
            list(events.feed(b"data:\n" * 1_000))


def test_a_long_event_may_come_in_small_pieces() -> None:
    """Had each piece all before it copied, this would take minutes."""
    events = Events("almby.example")
    piece = b"x" * 100
    told = [event for _piece in range(79_000) for event in events.feed(piece)]
    assert told == []
    assert list(events.feed(b"\n\n")) == []
    assert list(events.feed(b"data: a\n\n")) == [b"\na"]


@pytest.mark.parametrize(
    "url",
    [
        "ws://jetstream.example/subscribe",
        "http://social.example/api",
        "wss://10.0.0.1/subscribe",
        "wss://localhost/subscribe",
        "wss://169.254.169.254/",
        "wss://jetstream.example:6379/",
        "wss://2130706433/",
        "file:///etc/passwd",
    ],
)
def test_only_public_encrypted_lines_are_listened_to(url: str) -> None:
    with pytest.raises(Blocked):
        check(url, allow_loopback=False)


def test_this_machine_is_listened_to_when_that_is_allowed() -> None:
    check("ws://127.0.0.1:8080/subscribe", allow_loopback=True)
    check("wss://jetstream.example/subscribe", allow_loopback=False)
    with pytest.raises(Blocked):
        check("ws://192.168.1.5/subscribe", allow_loopback=True)


@given(st.binary(max_size=300))
def test_no_bytes_break_the_reader_of_the_firehose(frame: bytes) -> None:
    try:
        Firehose("wss://pds.example").read(frame)
    except Changed:
        return


def test_one_operation_that_cannot_be_read_does_not_hide_the_others() -> None:
    head = {"op": 1, "t": "#commit"}
    ops = [{"action": "delete", "path": f"app.bsky.feed.post/{key}", "cid": None} for key in ("3a", "../..", "3b")]
    body = {"seq": 7, "time": "2026-11-20T12:00:00Z", "repo": "did:plc:a", "ops": ops, "blocks": b""}
    told = Firehose("wss://pds.example").read(libipld.encode_dag_cbor(head) + libipld.encode_dag_cbor(body))
    assert [(one.kind, one.mark) for one in told] == [("gone", 7), ("odd", 7), ("gone", 7)]
    assert told[1].id == "an operation that is none we know, or on what is no post"


def test_a_token_goes_to_its_own_server_alone() -> None:
    lines = streams({"servers": ["one.example", "two.example"]}, {"LISTEN_MASTODON_TOKEN": "t"})
    assert ["Authorization" in line.headers for line in lines] == [True, False]
    assert lines[0].address(0, 0) == "https://one.example/api/v1/streaming/public"


def status(number: int, text: str, **more: Any) -> dict[str, Any]:
    uri = f"https://one.example/users/anna/statuses/{number}"
    author = {"acct": "anna", "uri": "https://one.example/users/anna", "url": "https://one.example/@anna"}
    return {"id": str(number), "uri": uri, "content": f"<p>{text}</p>", "created_at": "2026-11-20T12:00:00Z",
            "account": author, **more}  # fmt: skip


def event(name: str, content: Any) -> bytes:
    told = content if isinstance(content, str) else json.dumps(content)
    return f"event: {name}\ndata: {told}\n\n".encode()


def test_a_timeline_knows_again_what_is_taken_away() -> None:
    line = Timeline("https://one.example", None)
    (told,) = line.read(b"update\n" + json.dumps(status(1, "simhallen")).encode())
    assert told.kind == "post"
    assert told.post is not None
    assert told.post.id == "https://one.example/users/anna/statuses/1"
    assert [one.kind for one in line.read(b"delete\n1")] == ["gone"]
    assert [one.kind for one in line.read(b"delete\n1")] == ["other"]
    with pytest.raises(Changed):
        line.read(b"update\n[1, 2]")


@pytest.mark.network
def test_a_timeline_is_logged_and_a_server_without_one_is_asked(server: Jetstream, tmp_path: Path) -> None:
    asked: list[str] = []

    async def timeline(request: web.Request) -> web.StreamResponse:
        asked.append(request.path)
        answer = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await answer.prepare(request)
        await answer.write(b":connected\n\n" + event("update", status(1, "Simhallen öppnar")))
        await answer.write(event("update", status(2, "simhallen igen")) + event("status.update", status(1, "ändrat")))
        await answer.write(event("delete", "2") + b"event: update\ndata: {broken\n\n" + event("update", status(3, "x")))
        while request.transport is not None and not request.transport.is_closing():
            await asyncio.sleep(0.05)
        return answer

    places: list[str] = []
    with serving({"/api/v1/streaming/public": timeline}, places.append):
        more = f'[sources.mastodon]\nservers = ["http://{places[0]}", "{server.url.replace("ws", "http")}"]'
        listening = Listening(tmp_path, server.url, more)
        listening.run(posts=4, sources=["mastodon"])
    rows = listening.rows("SELECT text, author, edited_at IS NOT NULL, gone_at IS NOT NULL FROM mentions ORDER BY id")
    assert rows == [
        ("Simhallen öppnar", "anna@one.example", 1, 0),
        ("simhallen igen", "anna@one.example", 0, 1),
    ]
    assert asked == ["/api/v1/streaming/public"]
    told = "\n".join(listening.issues())
    assert "answers 404: it does not let us listen; it is asked now and then instead" in told
    assert "left out 1 frames: a frame that is no JSON" in told
