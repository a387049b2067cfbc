"""What a session and a spider are answered is spooled whole, without a secret, and never ends a run."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from loopback_sites import page, serving

from listener.context import Context
from listener.evidence.spool import Spool, Writer
from listener.http import Session
from listener.models import Term
from listener.redaction import Secrets
from listener.sources import website

TOKEN = "s3cr3t|Tok/en+x=="
ENVIRON = {"LISTEN_GRAPH_TOKEN": TOKEN, "LISTEN_NOW": "2026-11-16", "LISTEN_BLUESKY_IDENTIFIER": "almby.example"}


@pytest.fixture
def site() -> Iterator[str]:
    """A server that hands back what it is given, as some interfaces do."""

    class Echo(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = dict(self.headers)
            body = json.dumps({"next": self.path, "headers": asked, "who": "almby.example", "access_token": "EAAB9"})
            self.send_response(200)
            self.send_header("Content-Type", "application/json; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Set-Cookie", "session=abcdefgh")
            self.send_header("X-Echo", asked.get("Authorization", ""))
            self.end_headers()
            self.wfile.write(body.encode())

        do_POST = do_GET  # noqa: N815

        def log_message(self, *_said: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Echo)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.network
def test_no_secret_reaches_the_spool(site: str) -> None:
    spool = Spool(Secrets(ENVIRON))
    session = Session("a@almby.example", allow_loopback=True, per_host_seconds=0)
    session.record(spool)
    session.get(f"{site}/v20/pages", params={"q": "Almby", "access_token": TOKEN, "key": "AIzaPlain"})
    session.get(f"{site}/me", headers={"Authorization": "Bearer learned-on-the-way", "X-Api-Key": "another-one-77"})
    session.get(f"{site}/again?next=learned-on-the-way")
    session.requests.post(f"{site}/login", json={"password": "p"})
    kept = list(spool)
    assert [exchange.url for _place, exchange, _body in kept] == [
        f"{site}/v20/pages?q=Almby&access_token=[redacted]&key=[redacted]",
        f"{site}/me",
        f"{site}/again?next=[redacted]",
    ]
    whole = b"".join(repr(exchange).encode() + body for _place, exchange, body in kept)
    spellings = (TOKEN, "s3cr3t%7CTok%2Fen%2Bx%3D%3D", "learned-on-the-way", "another-one-77", "abcdefgh", "EAAB9")
    assert [secret for secret in spellings if secret.encode() in whole] == []
    assert all(json.loads(body)["who"] == "almby.example" for _place, _exchange, body in kept), "a handle is no secret"
    assert all(exchange.redacted for _place, exchange, _body in kept)
    assert "Authorization" not in dict(kept[1][1].asked)
    spool.close()


@pytest.mark.network
def test_client_libraries_are_recorded_too(site: str) -> None:
    spool = Spool(Secrets({}))
    session = Session("a@almby.example", allow_loopback=True, per_host_seconds=0)
    session.record(spool)
    answer = session.requests.get(f"{site}/x")
    (place, exchange, body), = spool  # fmt: skip
    assert (exchange.url, exchange.status, exchange.content_type) == (f"{site}/x", 200, "application/json")
    assert json.loads(body)["next"] == answer.json()["next"] == "/x"
    assert spool.read(place) == (exchange, body)
    session.record(None)
    session.requests.get(f"{site}/y")
    assert len(list(spool)) == 1
    spool.close()


def test_a_child_writes_beside_us_and_what_it_broke_off_is_left_out() -> None:
    spool = Spool()
    path = spool.lend()
    for name in ("one", "two"):
        with open(path, "ab", buffering=0) as file:
            Writer(file, Secrets()).add(f"https://a.example/{name}", 200, [], name.encode())
    spool.writer.add("https://b.example/", 200, [], b"ours")
    with open(path, "ab", buffering=0) as file:
        file.write(b"\x00\x00\x01\x00\x00\x00\x10\x00{")
    assert [body for _place, _exchange, body in spool] == [b"ours", b"one", b"two"]
    spool.close()


def test_a_spool_that_is_full_says_so() -> None:
    spool = Spool()
    small = Writer(spool._own, Secrets(), most=10)
    small.add("https://a.example/", 200, [], b"first")
    small.add("https://a.example/", 200, [], b"second")
    assert small.left_out == 1
    assert [body for _place, _exchange, body in spool] == [b"first"]
    with open("/dev/full", "wb", buffering=0) as full:
        writer = Writer(full, Secrets())
        writer.add("https://a.example/", 200, [], b"x")
        assert writer.trouble == "No space left on device"
    spool.close()


@pytest.mark.network
def test_what_the_spider_read_is_spooled_too() -> None:
    with serving() as serve:
        site = serve({"/": page('<a href="https://www.facebook.com/almby-fejk">Facebook</a>')}).url
        session = Session("a@almby.example", allow_loopback=True, per_host_seconds=0)
        settings = {"start": [site], "seconds_between_requests": 0}
        ctx = Context("website", session, now=datetime.now(UTC), settings=settings, allow_loopback=True)
        spool = ctx.spool = Spool()
        (found,) = website.accounts(ctx, Term(text=""))
    read = {exchange.url: body for _place, exchange, body in spool}
    assert b"almby-fejk" in read[site]
    spool.close()
    assert found.handle == "almby-fejk"
