"""Lemmy servers on loopback: searched one by one, each one's failure kept apart."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from servers.contract import serving
from servers.lemmy import lemmy_server

from listener.context import Context
from listener.demo.serve import Fault, Server, json_reply
from listener.errors import Changed, ConfigError, SourceError, Throttled
from listener.models import Account, Completeness, Term
from listener.query import parse
from listener.sources import lemmy

NOW = datetime(2026, 11, 22, 7, 0, tzinfo=UTC)
WEEK = NOW - timedelta(days=7)
Make = Callable[..., Context]

pytestmark = pytest.mark.network


@pytest.fixture
def server() -> Iterator[Server]:
    with serving(lemmy_server()) as running:
        yield running


def test_people_and_communities_of_every_page_are_found_once(server: Server, make_context: Make) -> None:
    ctx = make_context("lemmy", {"servers": [server.url]})
    found = list(lemmy.accounts(ctx, Term(text="Almby")))
    assert len(found) == 61
    assert found[-1].handle == "c/almby@127.0.0.1"
    assert not list(lemmy.accounts(ctx, Term(text="almby")))
    assert ctx.completeness == Completeness.COMPLETE
    short = make_context("lemmy", {"servers": [server.url], "pages": 1})
    assert len(list(lemmy.accounts(short, Term(text="Almby")))) == 51
    assert [issue.kind for issue in short.issues] == ["truncated"]


def test_posts_end_where_they_grow_too_old(server: Server, make_context: Make) -> None:
    found = list(lemmy.posts(make_context("lemmy", {"servers": [server.url]}), parse("Almby", NOW), WEEK))
    assert [item.id for item in found] == ["https://lemmy.example/post/1"]


def test_known_accounts_are_asked_for_where_they_live(server: Server, make_context: Make) -> None:
    ctx = make_context("lemmy", {"servers": [server.url]})
    names = ["almby1@127.0.0.1", "almby2@127.0.0.1", "c/almby@127.0.0.1"]
    known = [Account(platform="lemmy", handle=name) for name in names]
    assert [account.handle for account in lemmy.known(ctx, known)] == [names[0], names[2]]
    assert ctx.completeness == Completeness.COMPLETE
    assert not list(lemmy.known(ctx, [Account(platform="lemmy", handle="almby@annan.example")]))
    assert ctx.completeness == Completeness.TRUNCATED


def test_one_server_that_fails_does_not_hide_the_other(server: Server, make_context: Make) -> None:
    with serving(lambda _request: json_reply({"error": "no"}, 403)) as closed:
        ctx = make_context("lemmy", {"servers": [closed.url, server.url]})
        assert list(lemmy.accounts(ctx, Term(text="Almby")))
        asked = len(closed.requests)
        list(lemmy.accounts(ctx, Term(text="Almby skola")))
        assert len(closed.requests) == asked  # left out for the run
    assert ctx.completeness == Completeness.TRUNCATED
    assert [issue.kind for issue in ctx.issues] == ["blocked"]


def test_without_a_server_the_setting_to_write_is_named(make_context: Make) -> None:
    with pytest.raises(ConfigError, match="servers"):
        list(lemmy.accounts(make_context("lemmy", {}), Term(text="Almby")))


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault(status=500), SourceError),
        (Fault(status=429, retry_after=900), Throttled),
        (Fault(kind="garbage"), Changed),
        (Fault(status=404), SourceError),
    ],
    ids=["500", "429", "garbage", "404"],
)
def test_the_last_server_that_fails_fails_the_source(
    server: Server, make_context: Make, fault: Fault, error: type[SourceError]
) -> None:
    server.fail(fault)
    with pytest.raises(error):
        list(lemmy.accounts(make_context("lemmy", {"servers": [server.url]}), Term(text="Almby")))


@pytest.mark.parametrize("body", [[], {"users": "none"}, {"users": [{"person": {"name": "a"}}]}])
def test_an_answer_of_another_shape_is_changed(make_context: Make, body: Any) -> None:
    with serving(lambda _request: json_reply(body)) as server, pytest.raises(Changed):
        list(lemmy.accounts(make_context("lemmy", {"servers": [server.url]}), Term(text="Almby")))
