"""X through tweepy against a small v2 server on loopback: the gate, the budget, the shapes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from listener.context import Context
from listener.demo.serve import Fault, Reply, Request, Server, json_reply
from listener.errors import Blocked, Changed, ConfigError, CredentialError, SourceError, Throttled
from listener.models import Completeness, Term
from listener.query import parse
from listener.sources import x

NOW = datetime(2026, 11, 22, 7, 0, tzinfo=UTC)
KEY = {"LISTEN_X_BEARER_TOKEN": "almby-test-only"}
Make = Callable[..., Context]

pytestmark = pytest.mark.network


def answer(request: Request) -> Reply:
    """Users whose handle holds `almby`, and three pages of ten posts."""
    if request.headers.get("authorization") != "Bearer almby-test-only":
        return json_reply({"title": "Unauthorized", "status": 401}, 401)
    if request.path == "/2/users/by":
        names = [name for name in request.one("usernames").split(",") if "almby" in name]
        return json_reply({"data": [{"id": str(n), "username": name, "name": "A"} for n, name in enumerate(names)]})
    page = int(request.one("next_token", "0"))
    rows = [{"id": str(page * 10 + n), "text": "Almby", "author_id": "17"} for n in range(10)]
    users = [{"id": "17", "username": "majah", "name": "Maja"}]
    meta = {"next_token": str(page + 1)} if page < 2 else {}
    return json_reply({"data": rows, "includes": {"users": users}, "meta": meta})


@pytest.fixture
def server() -> Iterator[Server]:
    running = Server(answer)
    yield running
    running.stop()


def settings(server: Server, **more: Any) -> dict[str, Any]:
    return {"enabled": True, "terms_accepted": "enterprise", "base_url": server.url, **more}


@pytest.mark.parametrize(
    "gate", [{}, {"enabled": True}, {"terms_accepted": "enterprise"}, {"enabled": True, "terms_accepted": "yes"}]
)
def test_nothing_is_asked_before_the_terms_are_accepted(
    server: Server, make_context: Make, gate: dict[str, Any]
) -> None:
    ctx = make_context("x", {"base_url": server.url, **gate}, secrets=KEY)
    with pytest.raises(ConfigError, match="Enterprise"):
        list(x.accounts(ctx, Term(text="almby", kind="handle")))
    assert not server.requests


def test_handles_are_looked_up_in_batches_and_never_twice(server: Server, make_context: Make) -> None:
    handles = [f"almby{n}" for n in range(120)]
    ctx = make_context("x", settings(server, handles=handles, max_users=500), secrets=KEY)
    found = list(x.accounts(ctx, Term(text="almbykommun", kind="handle")))
    assert len(found) == 121
    assert [len(request.one("usernames").split(",")) for request in server.requests] == [100, 21]
    assert not list(x.accounts(ctx, Term(text="Almbykommun", kind="handle")))
    assert not list(x.accounts(ctx, Term(text="Almby kommun")))  # no handle: X has no search we may use
    assert len(server.requests) == 2
    assert server.requests[0].headers["user-agent"].startswith("listen/")


def test_the_budget_bounds_what_is_paid_for(server: Server, make_context: Make) -> None:
    ctx = make_context("x", settings(server, handles=[f"almby{n}" for n in range(9)], max_users=4), secrets=KEY)
    assert len(list(x.accounts(ctx, Term(text="")))) == 4
    list(x.accounts(ctx, Term(text="almbykommun", kind="handle")))
    assert ctx.completeness == Completeness.QUOTA
    assert len(ctx.issues) == 1


def test_recent_posts_are_paged_with_their_authors(server: Server, make_context: Make) -> None:
    ctx = make_context("x", settings(server), secrets=KEY)
    found = list(x.posts(ctx, parse('"Almby kommun"', NOW), NOW - timedelta(days=3)))
    assert len(found) == 30
    assert {post.author for post in found} == {"majah"}
    assert server.requests[0].one("start_time") == "2026-11-19T07:00:00Z"
    late = make_context("x", settings(server, max_posts=10), secrets=KEY)
    assert len(list(x.posts(late, parse("Almby", NOW), NOW - timedelta(days=30)))) == 10
    assert [issue.kind for issue in late.issues] == ["truncated", "quota"]


@pytest.mark.parametrize("secrets", [{}, {"LISTEN_X_BEARER_TOKEN": "fel"}])
def test_no_token_or_a_wrong_one_says_which_secret(server: Server, make_context: Make, secrets: dict[str, str]) -> None:
    with pytest.raises(CredentialError, match="LISTEN_X_BEARER_TOKEN"):
        list(x.accounts(make_context("x", settings(server), secrets=secrets), Term(text="almby", kind="handle")))


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault(status=500), SourceError),
        (Fault(status=403), Blocked),
        (Fault(status=429, retry_after=900), Throttled),
        (Fault(kind="garbage"), Changed),
        (Fault(kind="redirect"), SourceError),
    ],
    ids=["500", "403", "429", "garbage", "redirects"],
)
def test_a_server_in_trouble_is_a_source_error(
    server: Server, make_context: Make, fault: Fault, error: type[SourceError]
) -> None:
    server.fail(fault)
    with pytest.raises(error):
        list(x.accounts(make_context("x", settings(server), secrets=KEY), Term(text="almby", kind="handle")))
