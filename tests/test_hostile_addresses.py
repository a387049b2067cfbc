"""Addresses that strangers write: none ends a run, none holds it up, and no secret in one is ever repeated."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from listener.audit import EXPANDED, Expander
from listener.context import Context
from listener.demo.serve import Reply, Request, Server
from listener.errors import Blocked, SourceError
from listener.http import Session
from listener.models import Account, Completeness
from listener.run import attempt, failed
from listener.sources.proofs import PROOFS, prove_domain
from listener.urls import shown_url

NOW = datetime(2026, 11, 22, 7, tzinfo=UTC)
DID = "did:plc:" + "a" * 24


class Ticking:
    """A clock that goes on by `step` seconds at each look."""

    def __init__(self, step: float) -> None:
        self.now, self.step = 0.0, step

    def __call__(self) -> float:
        self.now += self.step
        return self.now


def session(**options: object) -> Session:
    given: dict[str, object] = {"allow_loopback": True, "per_host_seconds": 0.0, "timeout": (2, 2), **options}
    return Session("press@almby.example", sleep=lambda _seconds: None, **given)  # type: ignore[arg-type]


def serving(request: Request) -> Reply:
    """A web site that lets everybody in and sends them to no address at all."""
    if request.path == "/robots.txt":
        return Reply(body=b"User-agent: *\nAllow: /", kind="text/plain")
    if request.path == "/ok":
        return Reply(body=b"ok", kind="text/plain")
    return Reply(status=302, headers={"Location": "http://[bad"})


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://bob:s3cret@almby.example/rss?token=abc&x=1#hemlig", "https://almby.example/rss?token=…&x=…"),
        ("https://bob:p@ss@almby.example/", "https://almby.example/"),
        ("https://almby.example/?abc", "https://almby.example/?…"),
        ("https://almby.example/@anna", "https://almby.example/@anna"),
        ("bob:s3cret@almby.example", "almby.example"),
        ("http://bob:s3cret@[bad", "http://[bad"),
        ("", ""),
    ],
)
def test_an_address_is_shown_without_its_secrets(url: str, shown: str) -> None:
    assert shown_url(url) == shown


@pytest.mark.network
@pytest.mark.parametrize("path", ["/", "/ok", "/robots.txt"])
def test_no_message_repeats_a_secret(path: str) -> None:
    server = Server(lambda _request: Reply(status=503 if path == "/" else 403))
    try:
        place = server.url.replace("http://", "http://bob:s3cret@") + path
        for robots in (False, True):
            with pytest.raises(SourceError) as told:
                session().get(f"{place}?token=abc", robots=robots)
            assert "s3cret" not in str(told.value)
            assert "abc" not in str(told.value)
    finally:
        server.stop()


@pytest.mark.parametrize(
    "url", ["http://bob:s3cret@[bad", "ftp://bob:s3cret@almby.example/", "http://bob:s3cret@a:99/"]
)
def test_no_refusal_repeats_a_secret(url: str) -> None:
    with pytest.raises(Blocked) as told:
        session().get(url)
    assert "s3cret" not in str(told.value)


@pytest.mark.network
def test_a_redirect_to_no_address_is_refused_and_a_shortener_that_does_so_costs_its_own_link_only() -> None:
    server = Server(serving)
    try:
        with pytest.raises(Blocked):
            session().get(f"{server.url}/x")
        expand = Expander(session())
        assert expand(f"{server.url}/x") is None
        assert expand("http://[bad") is None
        assert expand(f"{server.url}/ok") == f"{server.url}/ok"
    finally:
        server.stop()


@pytest.mark.network
def test_shortened_links_are_followed_once_and_only_so_many_and_by_the_rules() -> None:
    closed = Server(lambda _request: Reply(body=b"User-agent: *\nDisallow: /", kind="text/plain"))
    opened = Server(serving)
    try:
        expand = Expander(session())
        assert expand(f"{closed.url}/x") is None
        assert expand.unfollowed == 1
        assert [request.path for request in closed.requests] == ["/robots.txt"]
        for number in range(2 * EXPANDED):
            expand(f"{opened.url}/{number % (EXPANDED + 50)}")
        assert len(opened.requests) == EXPANDED  # one of robots.txt, and all but the one above
    finally:
        closed.stop()
        opened.stop()


@pytest.mark.network
@pytest.mark.parametrize("change", ["scheme", "port"])
def test_a_log_in_does_not_follow_to_another_origin(change: str) -> None:
    from listener.http import _next_hop

    target = {"scheme": "http://almby.example/", "port": "https://almby.example:8443/"}[change]
    assert "Authorization" not in _next_hop("https://almby.example/", target, {"Authorization": "Bearer x"}).headers
    assert "Authorization" in _next_hop("https://almby.example/", "/b", {"Authorization": "Bearer x"}).headers


@pytest.mark.network
def test_a_source_stops_when_its_time_is_up_and_keeps_what_it_has() -> None:
    server = Server(serving)
    ctx = Context("bluesky", session(max_seconds=900, timer=Ticking(200)), now=NOW)
    found: list[str] = []

    def work() -> tuple[int, int]:
        while True:
            found.append(ctx.http.get(f"{server.url}/ok").text)

    try:
        result = attempt(ctx, work)
    finally:
        server.stop()
    assert found
    assert result.completeness is Completeness.TRUNCATED
    assert [issue.detail for issue in result.issues] == [
        "stopped after 900 seconds: raise max_seconds in [sources.bluesky]"
    ]
    assert failed(result)


def test_what_a_stranger_wrote_is_not_kept_with_a_bug() -> None:
    def work() -> tuple[int, int]:
        raise KeyError("Majken Sagovik")

    detail = attempt(Context("bluesky", session(), now=NOW), work).issues[0].detail
    assert detail.startswith("KeyError at test_hostile_addresses.py:")
    assert "Majken" not in detail


@pytest.mark.network
@pytest.mark.parametrize(
    ("handle", "did"),
    [
        ("almby.example/../x?", DID),
        ("bob@almby.example", DID),
        ("almby", DID),
        ("almby.example", "did:plc:../../x"),
        ("almby.example", "did:web:almby.example/x?y"),
        ("almby.example", ""),
    ],
)
def test_a_handle_or_did_of_another_form_is_put_into_no_address(handle: str, did: str) -> None:
    server = Server(serving)
    try:
        assert prove_domain(proving(server), Account(platform="bluesky", handle=handle, platform_id=did)) is None
        assert server.requests == []
    finally:
        server.stop()


@pytest.mark.network
def test_only_so_many_handles_are_proven_a_run() -> None:
    server = Server(lambda _request: Reply(status=404))
    try:
        ctx = proving(server)
        for number in range(PROOFS + 10):
            prove_domain(ctx, Account(platform="bluesky", handle=f"n{number}.example", platform_id=DID))
        assert len(server.requests) == 2 * PROOFS
    finally:
        server.stop()


def proving(server: Server) -> Context:
    settings = {"proof_url": server.url + "/{handle}", "directory_url": server.url}
    return Context("bluesky", session(), now=NOW, settings=settings, allow_loopback=True)
