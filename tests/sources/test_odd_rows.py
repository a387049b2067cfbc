"""A platform whose lists hold what is no row, whole or in part: it changed, or the run says that it is not complete."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from listener.context import Context
from listener.demo.serve import Reply, Request, Server, json_reply
from listener.errors import Changed
from listener.models import Completeness, Term
from listener.query import parse
from listener.sources import load_sources, read_rows
from listener.sources.fields import required, rows_of

NOW = datetime(2026, 11, 22, 7, 0, tzinfo=UTC)
WEEK = NOW - timedelta(days=7)
TERM = Term(text="Almby kommun")
DID = "did:plc:almbyalmbyalmbyalmbyalmb"
Make = Callable[..., Context]


class Odd:
    """Answers every question with every kind of list, each of them holding `rows`."""

    def __init__(self, rows: list[Any]) -> None:
        names = ("actors", "profiles", "posts", "users", "communities", "hits", "articles", "results", "accounts")
        self.body: Any = dict.fromkeys((*names, "statuses", "hashtags", "items", "data", "elements"), rows)

    def __call__(self, request: Request) -> Reply:
        return json_reply(self.body)


@pytest.fixture
def serve() -> Iterator[Callable[[list[Any]], Server]]:
    running: list[Server] = []

    def start(rows: list[Any]) -> Server:
        running.append(Server(Odd(rows)))
        return running[-1]

    yield start
    for server in running:
        server.stop()


GOOD = {
    "bluesky": {"did": DID, "handle": "almby.example", "displayName": "Almby kommun"},
    "mastodon": {"uri": "https://almby.example/users/almby", "acct": "almby@almby.example", "avatar": ""},
}
SECRETS = {"LISTEN_YOUTUBE_KEY": "k", "LISTEN_MASTODON_TOKEN": "k"}


def ask(make_context: Make, name: str, server: Server, what: str) -> tuple[Context, list[Any]]:
    settings = {"base_url": server.url, "servers": [server.url], "spotter_url": server.url, "directory_url": server.url}
    settings["proof_url"] = server.url + "/{handle}"
    ctx = make_context(name, settings, secrets=SECRETS, terms=(TERM,))
    module = load_sources()[name]
    found = module.accounts(ctx, TERM) if what == "accounts" else module.posts(ctx, parse("Almby", NOW), WEEK)
    return ctx, list(found)


@pytest.mark.network
@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("bluesky", "accounts"),
        ("bluesky", "posts"),
        ("lemmy", "accounts"),
        ("lemmy", "posts"),
        ("mastodon", "accounts"),
        ("mastodon", "posts"),
        ("youtube", "accounts"),
        ("youtube", "posts"),
        ("hackernews", "posts"),
        ("gdelt", "posts"),
    ],
)
@pytest.mark.parametrize("rows", [[1, "x", None], [{"a": 1}, {"b": 2}], {"children": 7}], ids=["none", "odd", "object"])
def test_lists_without_a_readable_row_have_changed(
    serve: Callable[[Any], Server], make_context: Make, name: str, what: str, rows: Any
) -> None:
    with pytest.raises(Changed):
        ask(make_context, name, serve(rows), what)


@pytest.mark.network
@pytest.mark.parametrize("odd", [5, {"a": 1}], ids=["no object", "no record"])
@pytest.mark.parametrize("name", ["bluesky", "mastodon"])
def test_one_bad_row_costs_no_other_and_the_run_is_not_complete(
    serve: Callable[[Any], Server], make_context: Make, name: str, odd: Any
) -> None:
    ctx, found = ask(make_context, name, serve([odd, GOOD[name]]), "accounts")
    assert [account.platform for account in found] == [name]
    assert ctx.completeness == Completeness.TRUNCATED
    assert any("rows that cannot be read were left out" in issue.detail for issue in ctx.issues)


def test_what_is_no_row_is_told_once_and_costs_no_other(make_context: Make) -> None:
    ctx = make_context("bluesky")
    rows = rows_of({"rows": [1, {"name": "a"}, None, {"name": 5}, {"name": "b"}]}, "rows")
    assert list(read_rows(ctx, rows, lambda row: required(row, "name"))) == ["a", "b"]
    assert [issue.kind for issue in ctx.issues] == ["truncated"]
    assert ctx.completeness == Completeness.TRUNCATED


def test_an_empty_list_is_an_empty_list(make_context: Make) -> None:
    ctx = make_context("bluesky")
    assert not list(read_rows(ctx, rows_of([], ""), lambda row: required(row, "name")))
    assert ctx.completeness == Completeness.COMPLETE
