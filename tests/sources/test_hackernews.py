"""Hacker News' search on loopback: pages, and what is no answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from servers.contract import serving
from servers.hackernews import hackernews_search

from listener.context import Context
from listener.demo.serve import Fault, Server, json_reply
from listener.errors import Changed, SourceError, Throttled
from listener.models import Completeness
from listener.query import parse
from listener.sources import hackernews

NOW = datetime(2026, 11, 22, 7, 0, tzinfo=UTC)
WEEK = NOW - timedelta(days=7)
Make = Callable[..., Context]

pytestmark = pytest.mark.network


@pytest.fixture
def server() -> Iterator[Server]:
    with serving(hackernews_search()) as running:
        yield running


def test_posts_of_every_page_are_found_once(server: Server, make_context: Make) -> None:
    ctx = make_context("hackernews", {"base_url": server.url})
    assert len(list(hackernews.posts(ctx, parse("Almby OR kommun", NOW), WEEK))) == 150
    assert server.requests[0].one("numericFilters") == f"created_at_i>={int(WEEK.timestamp())}"
    assert ctx.completeness == Completeness.COMPLETE
    short = make_context("hackernews", {"base_url": server.url, "pages": 1})
    assert len(list(hackernews.posts(short, parse("Almby", NOW), WEEK))) == 100
    assert [issue.kind for issue in short.issues] == ["truncated"]


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault(status=500), SourceError),
        (Fault(status=400), SourceError),
        (Fault(status=429, retry_after=900), Throttled),
        (Fault(kind="garbage"), Changed),
    ],
    ids=["500", "400", "429", "garbage"],
)
def test_a_server_in_trouble_is_a_source_error(
    server: Server, make_context: Make, fault: Fault, error: type[SourceError]
) -> None:
    server.fail(fault)
    with pytest.raises(error):
        list(hackernews.posts(make_context("hackernews", {"base_url": server.url}), parse("Almby", NOW), WEEK))


@pytest.mark.parametrize("body", [[], {"hits": {}}, {"hits": [{"title": "Almby"}]}])
def test_an_answer_of_another_shape_is_changed(make_context: Make, body: Any) -> None:
    with serving(lambda _request: json_reply(body)) as server, pytest.raises(Changed):
        list(hackernews.posts(make_context("hackernews", {"base_url": server.url}), parse("Almby", NOW), WEEK))
