"""Discord invitations on loopback: which server they lead to, and those that lead nowhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from servers.contract import serving
from servers.look_ups import discord_invites

from listener.context import Context
from listener.demo.serve import Fault, Server, json_reply
from listener.errors import Blocked, Changed, SourceError, Throttled
from listener.models import Account, Completeness, Term
from listener.quotas import Quotas
from listener.sources import discord

NOW = datetime(2026, 11, 22, 7, 0, tzinfo=UTC)
Make = Callable[..., Context]

pytestmark = pytest.mark.network


@pytest.fixture
def server() -> Iterator[Server]:
    with serving(discord_invites()) as running:
        yield running


@pytest.fixture
def make(server: Server, make_context: Make) -> Make:
    def made(*names: str, **settings: Any) -> Context:
        given = {"base_url": server.url, **settings}
        terms = tuple(Term(text=name, kind="handle") for name in names)
        return make_context("discord", given, terms=terms, quotas=Quotas(discord.ABOUT.quotas, now=NOW, settings=given))

    return made


def everything(ctx: Context) -> dict[str | None, Account]:
    return {account.platform_id: account for account in discord.accounts(ctx, Term(text=""))}


def test_invitations_of_the_settings_and_those_named_like_us_are_looked_up(server: Server, make: Make) -> None:
    invites = ["https://discord.gg/AbCdEf", "https://discord.com/invite/gone", "friend", "å/ä"]
    found = everything(make("almbykommun", "almbyskola", invites=invites))
    assert {number: account.handle for number, account in found.items()} == {"7001": "almbykommun", "7002": "AbCdEf"}
    assert len(server.requests) == 5
    assert server.requests[0].path.endswith("/AbCdEf")  # its case counts


def test_an_invitation_that_has_ended_does_not_make_its_server_gone(make: Make) -> None:
    ctx = make()
    kept = [
        Account(platform="discord", platform_id=n, handle=code) for n, code in (("7001", "almbykommun"), ("7002", "x9"))
    ]
    assert [account.platform_id for account in discord.known(ctx, kept)] == ["7001"]
    assert ctx.completeness == Completeness.TRUNCATED


def test_an_invitation_that_leads_elsewhere_now_is_another_server(make: Make) -> None:
    ctx = make()
    assert not list(discord.known(ctx, [Account(platform="discord", platform_id="6999", handle="almbykommun")]))
    assert ctx.completeness == Completeness.TRUNCATED


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault(status=500), SourceError),
        (Fault(status=403), Blocked),
        (Fault(status=404), Changed),
        (Fault(status=429, retry_after=900), Throttled),
        (Fault(kind="garbage"), Changed),
    ],
    ids=["500", "403", "404", "429", "garbage"],
)
def test_a_server_in_trouble_is_a_source_error(
    server: Server, make: Make, fault: Fault, error: type[SourceError]
) -> None:
    server.fail(fault)
    with pytest.raises(error):
        everything(make("almbykommun"))


@pytest.mark.parametrize("body", [[], {}, {"code": "x", "guild": {"name": "x"}}])
def test_an_answer_of_another_shape_is_changed(server: Server, make: Make, body: Any) -> None:
    server.answer = lambda _request: json_reply(body)
    with pytest.raises(Changed):
        everything(make("almbykommun"))
