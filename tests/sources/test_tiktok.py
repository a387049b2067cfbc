"""TikTok's oEmbed on loopback: who exists, who does not, and when it tells neither."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from servers.contract import serving
from servers.look_ups import WRONG, tiktok_oembed

from listener.context import Context
from listener.demo.serve import Fault, Server, json_reply
from listener.errors import Blocked, Changed, SourceError, Throttled
from listener.models import Account, Completeness, Term
from listener.quotas import Quotas
from listener.sources import tiktok

NOW = datetime(2026, 11, 22, 7, 0, tzinfo=UTC)
Make = Callable[..., Context]

pytestmark = pytest.mark.network


@pytest.fixture
def server() -> Iterator[Server]:
    with serving(tiktok_oembed()) as running:
        yield running


@pytest.fixture
def make(server: Server, make_context: Make) -> Make:
    def made(*names: str, **settings: Any) -> Context:
        given = {"base_url": server.url, **settings}
        terms = tuple(Term(text=name, kind="handle") for name in names)
        return make_context("tiktok", given, terms=terms, quotas=Quotas(tiktok.ABOUT.quotas, now=NOW, settings=given))

    return made


def everything(ctx: Context) -> list[Account]:
    return list(tiktok.accounts(ctx, Term(text="")))


def test_handles_that_exist_are_found_and_others_are_not_there(server: Server, make: Make) -> None:
    ctx = make("almbykommun", "@almbyskola", "två ord", "almby/../x")
    assert [(account.handle, account.display_name) for account in everything(ctx)] == [
        ("almbykommun", "almbykommun åäö")
    ]
    assert ctx.completeness == Completeness.COMPLETE
    assert len(server.requests) == 5  # two handles, the well-known one before and after, and one that nobody has
    assert not list(tiktok.known(ctx, [Account(platform="tiktok", handle="almbyskola")]))
    assert ctx.completeness == Completeness.COMPLETE


def test_when_not_even_tiktok_is_there_nobody_is_called_missing(server: Server, make: Make) -> None:
    server.answer = lambda _request: WRONG
    with pytest.raises(Throttled, match="tiktok"):
        everything(make("almbykommun"))


def test_when_everybody_is_there_nobody_is(server: Server, make: Make) -> None:
    server.answer = lambda _request: json_reply({"author_url": "https://www.tiktok.com/@x", "author_name": "x"})
    with pytest.raises(Changed, match="nobody"):
        everything(make("almbykommun"))


def test_one_name_alone_can_be_asked_for(make: Make) -> None:
    ctx = make()
    assert [a.term for a in tiktok.accounts(ctx, Term(text="almbykommun", kind="handle"))] == ["almbykommun"]
    assert not list(tiktok.accounts(ctx, Term(text="Almby kommun", kind="name")))


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
    server: Server, make: Make, fault: Fault, error: type[SourceError]
) -> None:
    server.fail(fault)
    with pytest.raises(error):
        everything(make("almbykommun"))


@pytest.mark.parametrize("body", [[], "x", {"author_name": "x"}, {"author_url": 7, "author_name": "x"}])
def test_an_answer_of_another_shape_is_changed(server: Server, make: Make, body: Any) -> None:
    good = server.answer
    server.answer = lambda r: json_reply(body) if "almby" in r.one("url") else good(r)
    with pytest.raises(Changed):
        everything(make("almbykommun"))
