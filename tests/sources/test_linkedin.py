"""LinkedIn's partner interface on loopback: exact names, e-mail domains, refusals."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from servers.contract import serving
from servers.linkedin import KEY, linkedin_partner

from listener.context import Context
from listener.demo.serve import Fault, Server, json_reply
from listener.errors import Blocked, Changed, CredentialError, SourceError, Throttled
from listener.models import Account, Completeness, Term
from listener.quotas import Quotas
from listener.sources import linkedin

NOW = datetime(2026, 11, 22, 7, 0, tzinfo=UTC)
Make = Callable[..., Context]

pytestmark = pytest.mark.network


@pytest.fixture
def server() -> Iterator[Server]:
    with serving(linkedin_partner()) as running:
        yield running


@pytest.fixture
def make(server: Server, make_context: Make) -> Make:
    def made(*names: str, secrets: dict[str, str] = KEY, **settings: Any) -> Context:
        given = {"base_url": server.url, **settings}
        terms = tuple(Term(text=name, kind="handle") for name in names)
        quotas = Quotas(linkedin.ABOUT.quotas, now=NOW, settings=given)
        more = {"terms": terms, "quotas": quotas, "sites": ("almby.example",)}
        return make_context("linkedin", given, secrets=secrets, **more)

    return made


def test_organisations_are_found_by_name_and_by_our_domain(server: Server, make: Make) -> None:
    ctx = make("almby-kommun", "almbyskola", "två ord")
    found = {account.platform_id: account.handle for account in linkedin.accounts(ctx, Term(text=""))}
    assert found == {"70002": "almby-example", "70001": "almby-kommun"}
    assert len(server.requests) == 3
    assert ctx.completeness == Completeness.COMPLETE


def test_one_that_took_another_name_is_not_called_gone(make: Make) -> None:
    ctx = make()
    kept = [Account(platform="linkedin", platform_id="70001", handle=name) for name in ("almby-kommun", "almby-gamla")]
    assert [account.platform_id for account in linkedin.known(ctx, kept)] == ["70001"]
    assert ctx.completeness == Completeness.TRUNCATED


def test_the_quota_bounds_the_look_ups(server: Server, make: Make) -> None:
    ctx = make("almby-kommun", "almby-skola", max_lookups=2)
    list(linkedin.accounts(ctx, Term(text="")))
    assert len(server.requests) == 2
    assert ctx.completeness == Completeness.TRUNCATED


@pytest.mark.parametrize("secrets", [{}, {"LISTEN_LINKEDIN_TOKEN": "fel"}])
def test_without_the_right_token_its_name_is_told(make: Make, secrets: dict[str, str]) -> None:
    with pytest.raises(CredentialError, match="LISTEN_LINKEDIN_TOKEN"):
        list(linkedin.accounts(make("almby-kommun", secrets=secrets), Term(text="")))


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault(status=500), SourceError),
        (Fault(status=403), Blocked),
        (Fault(status=426), Changed),
        (Fault(status=429, retry_after=900), Throttled),
        (Fault(kind="garbage"), Changed),
    ],
    ids=["500", "403", "426", "429", "garbage"],
)
def test_a_server_in_trouble_is_a_source_error(
    server: Server, make: Make, fault: Fault, error: type[SourceError]
) -> None:
    server.fail(fault)
    with pytest.raises(error):
        list(linkedin.accounts(make("almby-kommun"), Term(text="")))


@pytest.mark.parametrize("body", [[], {"elements": {}}, {"elements": [{"vanityName": "x"}]}, {"elements": [{"id": 7}]}])
def test_an_answer_of_another_shape_is_changed(server: Server, make: Make, body: Any) -> None:
    server.answer = lambda _request: json_reply(body)
    with pytest.raises(Changed):
        list(linkedin.accounts(make("almby-kommun"), Term(text="")))
