"""oEmbed of two platforms on loopback: each believed by itself, each failing by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from servers.contract import Endpoint, contract, serving

from listener.context import Context
from listener.demo.serve import Reply, Request, Server, json_reply
from listener.errors import ConfigError, Throttled
from listener.models import Account, Completeness, Term
from listener.quotas import Quotas
from listener.sources import oembed

NOW = datetime(2026, 11, 22, 7, 0, tzinfo=UTC)
THERE = {"soundcloud", "pinterest", "almbykommun"}
Make = Callable[..., Context]

pytestmark = pytest.mark.network


def profile(request: Request) -> Reply:
    page = request.one("url")
    if page.rstrip("/").rpartition("/")[2] not in THERE:
        return json_reply({"status": "404 - Not Found"}, 404)
    return json_reply({"author_url": page, "author_name": "Almby kommun"})


ENDPOINTS = (
    Endpoint("/oembed", "url format", "", profile),
    Endpoint("/oembed.json", "url format", "", profile),
)


@pytest.fixture
def server() -> Iterator[Server]:
    with serving(contract(ENDPOINTS, {})) as running:
        yield running


@pytest.fixture
def make(server: Server, make_context: Make) -> Make:
    def made(*names: str, **settings: Any) -> Context:
        given = {"base_url": server.url, **settings}
        terms = tuple(Term(text=name, kind="handle") for name in names)
        return make_context("oembed", given, terms=terms, quotas=Quotas(oembed.ABOUT.quotas, now=NOW, settings=given))

    return made


def everything(ctx: Context) -> list[Account]:
    return list(oembed.accounts(ctx, Term(text="")))


def test_a_handle_is_looked_up_on_each_platform(make: Make) -> None:
    ctx = make("almbykommun", "almbyskola", "två ord")
    assert [account.platform for account in everything(ctx)] == ["soundcloud", "pinterest"]
    assert ctx.completeness == Completeness.COMPLETE
    only = make("almbykommun", platforms=["pinterest"])
    assert [account.url for account in everything(only)] == ["https://www.pinterest.com/almbykommun"]


def test_a_platform_that_answers_nobody_is_left_out_and_told(server: Server, make: Make) -> None:
    good = server.answer
    server.answer = lambda r: good(r) if r.path.endswith("json") else json_reply({}, 404)
    ctx = make("almbykommun")
    assert [account.platform for account in everything(ctx)] == ["pinterest"]
    assert ctx.completeness == Completeness.TRUNCATED
    assert [issue.kind for issue in ctx.issues] == ["throttled"]


def test_when_all_platforms_fail_the_source_does(server: Server, make: Make) -> None:
    server.answer = lambda _request: json_reply({}, 404)
    with pytest.raises(Throttled):
        everything(make("almbykommun"))


def test_a_platform_we_do_not_know_is_a_wrong_setting(make: Make) -> None:
    with pytest.raises(ConfigError, match="myspace"):
        everything(make("almbykommun", platforms=["myspace"]))
