"""A log-in instead of an answer, and every status that is a wall: blocked, whichever client library asked."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from listener.context import Context
from listener.demo.serve import Reply, Server
from listener.errors import Blocked, Changed
from listener.http import Response, Session
from listener.models import SourceResult, Term
from listener.query import parse
from listener.run import attempt
from listener.sources import load_sources
from listener.walls import leads_to_log_in, wants_log_in

NOW = datetime(2026, 11, 22, 7, tzinfo=UTC)
FORM = b'<!doctype html><form action="/session"><input name="p" id="p" type="password"></form>'
WORDS = json.dumps({"message": "no", "error": {"message": "no", "status": "NO"}}).encode()
WALLS = {
    "form": Reply(body=FORM, kind="text/html; charset=utf-8"),
    "page": Reply(body=b"<html><title>Log in to go on</title>", kind="text/html"),
    "redirect": Reply(status=302, headers={"Location": "/accounts/login/?next=%2F"}),
    "403": Reply(status=403, body=WORDS, kind="application/json"),
    "451": Reply(status=451, body=WORDS, kind="application/json"),
    "999": Reply(status=999, body=WORDS, kind="application/json"),
}
ASKED = {  # one source a way of asking: our own reader of JSON, and each client library
    "bluesky": "accounts",
    "facebook": "accounts",
    "hackernews": "posts",
    "linkedin": "accounts",
    "mastodon": "accounts",
    "skolverket": "terms",
    "threads": "accounts",
    "x": "accounts",
}


def fared(name: str, wall: Reply) -> SourceResult:
    """How one source fares before a server that answers everything with this wall."""
    server = Server(lambda request: WALLS["form"] if request.path == "/accounts/login/" else wall)
    module: Any = load_sources()[name]
    settings = {"base_url": server.url, "pds_url": server.url, "servers": [server.url], "municipality_code": "9901"}
    http = Session("a@almby.example", allow_loopback=True, per_host_seconds=0, sleep=lambda _seconds: None)
    secrets = {need: "a-key-of-ours" for need in module.ABOUT.needs if name != "bluesky"}
    term = Term(text="almby", kind="handle")
    ctx = Context(name, http, now=NOW, settings=settings, secrets=secrets, allow_loopback=True, terms=(term,))

    def work() -> tuple[int, int]:
        if ASKED[name] == "posts":
            return 0, len(list(module.posts(ctx, parse("almby"), NOW - timedelta(days=7))))
        return len(list(module.terms(ctx) if ASKED[name] == "terms" else module.accounts(ctx, term))), 0

    result = attempt(ctx, work)
    server.stop()
    assert server.requests
    return result


@pytest.mark.network
@pytest.mark.parametrize("wall", WALLS)
@pytest.mark.parametrize("name", ASKED)
def test_a_wall_is_blocked_for_every_source(name: str, wall: str) -> None:
    result = fared(name, WALLS[wall])
    assert result.completeness == "unavailable"
    assert result.issues[-1].kind == "blocked", result.issues


@pytest.mark.network
@pytest.mark.parametrize("name", ["threads", "x"])
def test_an_empty_object_does_not_say_that_nobody_bears_the_handle(name: str) -> None:
    result = fared(name, Reply(body=b"{}", kind="application/json"))
    assert result.completeness == "unavailable"
    assert [issue.kind for issue in result.issues] == ["changed"]


@pytest.mark.parametrize(
    ("url", "leads"),
    [
        ("https://www.facebook.com/login/?next=x", True),
        ("/login.php", True),
        ("https://www.instagram.com/accounts/login/", True),
        ("https://www.linkedin.com/authwall?trk=x", True),
        ("https://login.almby.example/", True),
        ("https://almby.example/logga-in", True),
        ("https://almby.example/users/sign_in", True),
        ("https://www.reddit.com/subreddits/search?q=login", False),
        ("https://almby.example/blogin/inlogg", False),
        ("https://[", False),
        ("", False),
    ],
)
def test_where_a_log_in_stands(url: str, leads: bool) -> None:
    assert leads_to_log_in(url) == leads


def test_a_page_that_was_asked_for_in_json_is_a_wall_only_when_it_is_a_log_in() -> None:
    html = {"content-type": "text/html"}
    page = Response(url="https://almby.example/api", status=200, headers=html, body=FORM)
    with pytest.raises(Blocked, match="log in"):
        page.json()
    with pytest.raises(Changed):
        Response(url="https://almby.example/api", status=200, headers=html, body=b"<p>Hej</p>").json()
    assert not wants_log_in("https://almby.example/login", 200, {"content-type": "application/json"}, b"[")


@pytest.mark.network
def test_our_own_site_may_have_a_log_in_form() -> None:
    server = Server(lambda _request: Reply(body=FORM, kind="text/html"))
    page = Session("a@almby.example", allow_loopback=True, per_host_seconds=0).get(server.url)
    server.stop()
    assert page.body == FORM
