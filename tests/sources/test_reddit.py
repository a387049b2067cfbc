"""Reddit's interface on loopback: the app's own log-in, names, searches, and what is closed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from servers.contract import serving
from servers.reddit import KEYS, answer

from listener.context import Context
from listener.demo.serve import Fault, Server, json_reply
from listener.errors import Blocked, Changed, CredentialError, SourceError, Throttled
from listener.models import Account, Completeness, Term
from listener.query import parse
from listener.quotas import Quotas
from listener.sources import reddit

NOW = datetime(2026, 11, 22, 7, 0, tzinfo=UTC)
WEEK = NOW - timedelta(days=7)
Make = Callable[..., Context]

pytestmark = pytest.mark.network


@pytest.fixture
def server() -> Iterator[Server]:
    with serving(answer) as running:
        yield running


@pytest.fixture
def make(server: Server, make_context: Make) -> Make:
    def made(*terms: Term, secrets: dict[str, str] = KEYS, **settings: Any) -> Context:
        given = {"base_url": server.url, "login_url": f"{server.url}/api/v1/access_token", **settings}
        quotas = Quotas(reddit.ABOUT.quotas, now=NOW, settings=given)
        return make_context("reddit", given, secrets=secrets, terms=terms, quotas=quotas)

    return made


def handle(text: str) -> Term:
    return Term(text=text, kind="handle")


def test_communities_and_people_are_found_by_name_and_by_handle(server: Server, make: Make) -> None:
    ctx = make(Term(text="Almby kommun"), handle("almby"), handle("almbykommun"), handle("almbyintern"), handle("å"))
    found = [account.handle for account in reddit.accounts(ctx, Term(text=""))]
    assert found == ["r/almby", "almbykommun"]
    assert [issue.kind for issue in ctx.issues] == ["truncated"]  # the closed one
    logins = [request for request in server.requests if request.method == "POST"]
    assert len(logins) == 1
    assert all(request.headers["user-agent"].startswith("listen/") for request in server.requests)


def test_known_names_that_are_free_again_are_left_out(make: Make) -> None:
    ctx = make()
    kept = [
        Account(platform="reddit", handle=name) for name in ("r/almby", "almbykommun", "r/almbyskola", "almbyskola")
    ]
    assert [account.handle for account in reddit.known(ctx, kept)] == ["r/almby", "almbykommun"]
    assert ctx.completeness == Completeness.COMPLETE


def test_posts_are_read_down_to_their_time(server: Server, make: Make) -> None:
    ctx = make(pages=9)
    assert [item.id for item in reddit.posts(ctx, parse("Almby", NOW), WEEK)] == ["t3_1", "t3_2", "t3_3"]
    assert len(server.requests) == 3
    short = make(pages=1)
    assert len(list(reddit.posts(short, parse("Almby", NOW), WEEK))) == 2
    assert short.completeness == Completeness.TRUNCATED


@pytest.mark.parametrize("secrets", [{}, {**KEYS, "LISTEN_REDDIT_CLIENT_SECRET": "fel"}])
def test_without_the_right_keys_their_names_are_told(make: Make, secrets: dict[str, str]) -> None:
    with pytest.raises(CredentialError, match="LISTEN_REDDIT_CLIENT_ID"):
        list(reddit.accounts(make(secrets=secrets), handle("almby")))


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault(status=500, only="search"), SourceError),
        (Fault(status=403, only="search"), Blocked),
        (Fault(status=401, only="search"), CredentialError),
        (Fault(status=429, retry_after=900, only="search"), Throttled),
        (Fault(kind="garbage", only="search"), Changed),
        (Fault(status=403, only="token"), CredentialError),
    ],
    ids=["500", "403", "401", "429", "garbage", "login"],
)
def test_a_server_in_trouble_is_a_source_error(
    server: Server, make: Make, fault: Fault, error: type[Exception]
) -> None:
    server.fail(fault)
    with pytest.raises(error) as told:
        list(reddit.accounts(make(), Term(text="Almby")))
    assert "test-only" not in str(told.value)


@pytest.mark.parametrize("body", [[], {"data": {"children": {}}}, {"data": {"children": [{"kind": "t9"}]}}])
def test_an_answer_of_another_shape_is_changed(server: Server, make: Make, body: Any) -> None:
    server.answer = lambda request: json_reply(body) if request.method == "GET" else answer(request)
    with pytest.raises(Changed):
        list(reddit.accounts(make(), Term(text="Almby")))
