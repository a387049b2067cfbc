"""The session against servers that mean harm, are tired, or want proof of a person."""

from __future__ import annotations

import gzip
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
import requests

from listener import guard
from listener.demo.serve import Fault, Reply, Request, Server, json_reply
from listener.errors import Blocked, Changed, SourceError, Throttled
from listener.http import HOPS, Session, is_challenge
from listener.robots import read_robots
from listener.throttle import Throttle, retry_at

NOW = datetime(2026, 11, 22, 7, 0, tzinfo=UTC)
PAGE = "text/html; charset=utf-8"


def session(sleeps: list[float] | None = None, **options: object) -> Session:
    """A session that never really sleeps; what it would have slept is written down."""
    slept = sleeps if sleeps is not None else []
    given: dict[str, object] = {"allow_loopback": True, "per_host_seconds": 0.0, "timeout": (2, 2), **options}
    return Session("press@almby.example", sleep=slept.append, now=lambda: NOW, **given)  # type: ignore[arg-type]


@contextmanager
def serving(answer: Callable[[Request], Reply]) -> Iterator[Server]:
    server = Server(answer)
    try:
        yield server
    finally:
        server.stop()


def well(request: Request) -> Reply:
    return json_reply({"path": request.path, "agent": request.headers.get("user-agent", "")})


@pytest.mark.network
def test_it_says_who_asks_and_how_to_reach_them() -> None:
    with serving(well) as server:
        answer = session().get(f"{server.url}/sida", params={"q": "Örebro & co"})
        assert answer.json() == {"path": "/sida", "agent": "listen/0.1.0 (+press@almby.example)"}
        assert server.requests[0].one("q") == "Örebro & co"


@pytest.mark.network
@pytest.mark.parametrize("status", [401, 403, 407, 451, 999])
def test_a_wall_is_blocked(status: int) -> None:
    with serving(lambda _request: Reply(status=status)) as server, pytest.raises(Blocked, match=str(status)):
        session().get(server.url)


@pytest.mark.network
def test_what_is_not_there_is_told_by_its_status() -> None:
    with serving(lambda _request: Reply(status=404, body=b"ingen sida", kind=PAGE)) as server:
        answer = session().get(server.url)
        assert (answer.status, answer.ok, answer.text) == (404, False, "ingen sida")


@pytest.mark.network
def test_a_server_error_is_tried_again_and_then_reported() -> None:
    slept: list[float] = []
    with serving(well) as server:
        server.fail(Fault(status=500))
        with pytest.raises(SourceError, match="500"):
            session(slept).get(server.url)
        assert len(server.requests) == 3
        assert slept == [0.5, 1.0]


@pytest.mark.network
def test_a_server_that_recovers_is_not_reported() -> None:
    answers = iter([Reply(status=502), json_reply({"ok": True})])
    with serving(lambda _request: next(answers)) as server:
        assert session().get(server.url).json() == {"ok": True}


@pytest.mark.network
@pytest.mark.parametrize("status", [429, 503])
def test_a_short_wait_is_waited_and_a_long_one_is_told(status: int) -> None:
    slept: list[float] = []
    answers = iter([Reply(status=status, headers={"Retry-After": "7"}), json_reply({"ok": True})])
    with serving(lambda _request: next(answers)) as server:
        assert session(slept).get(server.url).ok
        assert slept == [7.0]
    with serving(lambda _request: Reply(status=status, headers={"Retry-After": "3600"})) as server:
        with pytest.raises(Throttled) as late:
            session(slept).get(server.url)
        assert late.value.until == NOW + timedelta(hours=1)
        assert len(server.requests) == 1


@pytest.mark.network
def test_the_wait_may_be_a_date() -> None:
    until = NOW + timedelta(hours=2)
    reply = Reply(status=429, headers={"Retry-After": format_datetime(until, usegmt=True)})
    with serving(lambda _request: reply) as server, pytest.raises(Throttled) as late:
        session().get(server.url)
    assert late.value.until == until


@pytest.mark.network
def test_too_often_without_a_time_is_not_asked_again() -> None:
    with serving(lambda _request: Reply(status=429)) as server:
        with pytest.raises(Throttled) as late:
            session().get(server.url)
        assert late.value.until is None
        assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("name", "value", "seconds"),
    [
        ("Retry-After", "120", 120),
        ("retry-after", "0", 0),
        ("Retry-After", "Sun, 22 Nov 2026 07:01:00 GMT", 60),
        ("Retry-After", "Sun, 22 Nov 2026 06:00:00 GMT", 0),
        ("X-Rate-Limit-Reset", str(int(NOW.timestamp()) + 900), 900),
        ("RateLimit-Reset", str(int(NOW.timestamp()) + 300), 300),
        ("X-RateLimit-Reset", "2026-11-22T07:05:00.000Z", 300),
        ("Retry-After", "999999999", 30 * 86_400),
        ("Retry-After", "soon", None),
        ("Retry-After", "-5", None),
        ("Retry-After", "٣٠", None),
        ("Retry-After", "9" * 5000, None),
        ("Server", "120", None),
    ],
)
def test_when_to_come_back(name: str, value: str, seconds: int | None) -> None:
    headers = requests.structures.CaseInsensitiveDict({name: value})
    assert retry_at(headers, NOW) == (None if seconds is None else NOW + timedelta(seconds=seconds))


@pytest.mark.network
@pytest.mark.parametrize("body", [b'{"half": ', b"\x00\xff{[<", b"<html>", b"[" * 100_000, b""])
def test_garbage_is_a_changed_answer(body: bytes) -> None:
    with serving(lambda _request: Reply(body=body)) as server, pytest.raises(Changed):
        session().get(server.url).json()


@pytest.mark.network
def test_ten_megabytes_are_not_read() -> None:
    with serving(well) as server:
        server.fail(Fault(kind="huge", size=10_000_000))
        with pytest.raises(SourceError, match="5,000,000 bytes"):
            session().get(server.url)
        assert session().get(server.url, max_bytes=11_000_000).ok


@pytest.mark.network
def test_a_bomb_is_measured_unpacked() -> None:
    bomb = Reply(body=gzip.compress(b"0" * 50_000_000), headers={"Content-Encoding": "gzip"})
    assert len(bomb.body) < 100_000
    with serving(lambda _request: bomb) as server, pytest.raises(SourceError, match="bytes"):
        session().get(server.url)


@pytest.mark.network
def test_redirects_are_followed_so_far_and_no_further() -> None:
    def hop(request: Request) -> Reply:
        turn = int(request.one("turn", "0"))
        return Reply(status=302, headers={"Location": f"/?turn={turn + 1}"}) if turn < 5 else json_reply({"turn": turn})

    with serving(hop) as server:
        assert session().get(server.url).url.endswith("turn=5")
        server.fail(Fault(kind="redirect"))
        with pytest.raises(SourceError, match=f"more than {HOPS} redirects"):
            session().get(server.url)


@pytest.mark.network
def test_a_circle_is_seen_at_once() -> None:
    with serving(lambda _request: Reply(status=301, headers={"Location": "/"})) as server:
        with pytest.raises(SourceError, match="circle"):
            session().get(f"{server.url}/")
        assert len(server.requests) == 1


@pytest.mark.network
@pytest.mark.parametrize(
    "target",
    [
        "http://10.0.0.1/",
        "http://169.254.169.254/latest/",
        "file:///etc/passwd",
        "http://0x0a000001/",
        "//[::ffff:0a00:1]/",
    ],
)
def test_a_redirect_does_not_lead_inside(target: str) -> None:
    with serving(lambda _request: Reply(status=302, headers={"Location": target})) as server:
        with pytest.raises(Blocked):
            session().get(server.url)
        with pytest.raises((Blocked, requests.exceptions.InvalidSchema)):
            session().requests.get(server.url)


@pytest.mark.network
def test_a_log_in_does_not_follow_to_another_host() -> None:
    with serving(well) as other:
        target = other.url.replace("127.0.0.1", "localhost") + "/"
        with serving(lambda _request: Reply(status=302, headers={"Location": target})) as server:
            session().get(server.url, headers={"Authorization": "Bearer hemlig", "X-Ok": "1"})
            assert server.requests[0].headers["authorization"] == "Bearer hemlig"
        assert "authorization" not in other.requests[0].headers
        assert other.requests[0].headers["x-ok"] == "1"


def test_loopback_is_refused_unless_allowed() -> None:
    with pytest.raises(Blocked):
        session(allow_loopback=False).get("http://127.0.0.1:9/")
    with pytest.raises(Blocked):
        session(allow_loopback=False).requests.get("http://localhost/")


@pytest.mark.network
def test_a_name_that_turns_private_is_caught_where_the_connection_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    """DNS rebinding: the name answered with a public address when it was checked, and leads inside a moment later."""
    answers = iter(["93.184.215.14", "10.0.0.7"])

    def look_up(_host: str, port: int | None, *_args: object, **_kwargs: object) -> list[tuple[object, ...]]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(answers), port or 0))]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    assert guard.resolve_public("bytare.example", 80) == ["93.184.215.14"]
    with pytest.raises(Blocked, match=r"bytare\.example leads to 10\.0\.0\.7"):
        session().get("http://bytare.example/")


@pytest.mark.network
def test_the_address_that_was_checked_is_the_one_connected_to(monkeypatch: pytest.MonkeyPatch) -> None:
    looked_up: list[str] = []
    real = socket.getaddrinfo

    def look_up(host: str, port: int | None, *args: object, **kwargs: object) -> object:
        looked_up.append(host)
        return real("127.0.0.1" if host == "namn.localhost" else host, port, *args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    with serving(well) as server:
        assert session().get(server.url.replace("127.0.0.1", "namn.localhost")).ok
    assert looked_up.count("namn.localhost") == 1
    assert set(looked_up) <= {"namn.localhost", "127.0.0.1"}


def dripping(head: bytes, drop: bytes) -> tuple[str, threading.Event, threading.Thread]:
    """A server that sends `head` and then `drop` again and again until the client hangs up."""
    listener = socket.create_server(("127.0.0.1", 0))
    done = threading.Event()

    def drip() -> None:
        with listener, listener.accept()[0] as line:
            line.recv(65_536)
            line.sendall(head)
            try:
                while not done.wait(0.02):
                    line.sendall(drop)
            except OSError:
                return

    thread = threading.Thread(target=drip, daemon=True)
    thread.start()
    return f"http://127.0.0.1:{listener.getsockname()[1]}/", done, thread


@pytest.mark.network
@pytest.mark.parametrize(
    "head",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX-Long: ",
    ],
    ids=["body", "body without length", "chunk size", "header"],
)
def test_a_slow_drip_cannot_hold_us(head: bytes) -> None:
    url, done, thread = dripping(head, b"0")
    with pytest.raises(SourceError, match=r"within 0\.3 seconds"):
        session(deadline=0.3).get(url)
    done.set()
    thread.join()


@pytest.mark.network
def test_a_server_that_never_answers_is_left() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(SourceError, match="in time"):
        session(timeout=(1, 0.2)).get(f"http://127.0.0.1:{silent.getsockname()[1]}/")


@pytest.mark.network
def test_nobody_at_home_is_a_source_error() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(SourceError, match="connection refused"):
        session().get(f"http://127.0.0.1:{port}/")


@pytest.mark.network
def test_robots_are_obeyed_when_asked_for() -> None:
    def site(request: Request) -> Reply:
        if request.path == "/robots.txt":
            return Reply(body=b"User-agent: listen\nDisallow: /intern/\nCrawl-delay: 3\n", kind="text/plain")
        return well(request)

    slept: list[float] = []
    with serving(site) as server:
        polite = session(slept)
        assert polite.get(f"{server.url}/nyheter", robots=True).ok
        with pytest.raises(Blocked, match="robots"):
            polite.get(f"{server.url}/intern/", robots=True)
        assert polite.get(f"{server.url}/mer", robots=True).ok
        assert [request.path for request in server.requests] == ["/robots.txt", "/nyheter", "/mer"]
        assert slept
        assert max(slept) <= 3.0


@pytest.mark.network
@pytest.mark.parametrize(("status", "allowed"), [(404, True), (403, True), (500, False), (503, False)])
def test_robots_that_cannot_be_had(status: int, allowed: bool) -> None:
    def site(request: Request) -> Reply:
        return Reply(status=status) if request.path == "/robots.txt" else well(request)

    with serving(site) as server:
        if allowed:
            assert session().get(server.url, robots=True).ok
            return
        with pytest.raises(Blocked, match="robots"):
            session().get(server.url, robots=True)


def test_robots_with_a_long_delay_do_not_stall_the_run() -> None:
    assert read_robots(200, b"User-agent: *\nCrawl-delay: 86400\n", "listen").delay == 30.0


@pytest.mark.network
@pytest.mark.parametrize(
    ("body", "headers", "challenge"),
    [
        (b"<html><title>Just a moment...</title>", {}, True),
        (b"<html><script>window._cf_chl_opt={}</script>", {}, True),
        (b"<html><title>V\xc3\xa4lkommen</title>", {"cf-mitigated": "challenge"}, True),
        (b"<html><script src='https://geo.captcha-delivery.com/c.js'></script>", {}, True),
        (b"<html><title>Bygglov</title><p>Vi anv\xc3\xa4nder reCAPTCHA i formul\xc3\xa4ret</p>", {}, False),
        (b"<html><title>Just a moment in Almby</title>", {}, True),
    ],
)
def test_a_page_that_wants_proof_of_a_person_is_no_answer(
    body: bytes, headers: dict[str, str], challenge: bool
) -> None:
    with serving(lambda _request: Reply(body=body, kind=PAGE, headers=headers)) as server:
        if challenge:
            with pytest.raises(Blocked, match="proof of a person"):
                session().get(server.url)
            return
        assert not is_challenge(session().get(server.url))


@pytest.mark.network
@pytest.mark.parametrize(
    ("kind", "body", "text"),
    [
        ("text/html; charset=iso-8859-1", "Örebro".encode("latin-1"), "Örebro"),
        ("text/html", "Örebro".encode(), "Örebro"),
        ("text/html; charset=no-such", b"\xef\xbb\xbfhej", "hej"),
        ("text/html", b"\xd6rebro", "�rebro"),
    ],
)
def test_text_is_read_by_its_charset(kind: str, body: bytes, text: str) -> None:
    with serving(lambda _request: Reply(body=body, kind=kind)) as server:
        assert session().get(server.url).text == text


def test_the_pace_is_kept_host_by_host() -> None:
    clock, slept = [100.0], []
    throttle = Throttle(1.0, slept.append, timer=lambda: clock[0])
    for host in ("a.example", "b.example", "a.example"):
        throttle.wait(host)
    clock[0] = 110.0
    throttle.wait("a.example")
    throttle.slow_down("b.example", 5.0)
    throttle.wait("b.example")
    throttle.wait("b.example")
    assert slept == [1.0, 5.0]


@pytest.mark.network
def test_cookies_are_not_kept() -> None:
    with serving(lambda _request: Reply(headers={"Set-Cookie": "spår=1; Path=/"})) as server:
        visitor = session()
        visitor.get(server.url)
        visitor.requests.get(server.url)
        visitor.requests.get(server.url)
        assert all("cookie" not in request.headers for request in server.requests)
