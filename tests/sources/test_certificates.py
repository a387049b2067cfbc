"""crt.sh and Cert Spotter on loopback: words searched for, wildcards collapsed, failures that are no absence."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from screened import organisation, registry

from listener.context import Context
from listener.demo.serve import Fault, Reply, Request, Server, json_reply
from listener.errors import Changed, SourceError, Throttled
from listener.models import Completeness, Term
from listener.quotas import Quotas
from listener.screen.sift import NameSift
from listener.sources import certificates

Make = Callable[..., Context]
SIFT = NameSift(organisation(), registry())
TERMS = (Term(text="Almby kommun"), Term(text="Almby"), Term(text="Almby biblioteket", kind="unit"))
NAMES = {
    "almby": [
        "*.almby-login.com\nalmby-login.com",
        "www.almby-login.com",
        "almbykommun.evil.test",
        "info@almby-login.com",
    ],
    "almbykommun": ["almbykommun.nu"],
}

pytestmark = pytest.mark.network


def crt_sh(request: Request) -> Reply:
    """Rows as crt.sh gives them, for a word between percent signs."""
    word = request.one("q")
    if request.path != "/" or request.one("output") != "json" or not (word.startswith("%") and word.endswith("%")):
        return json_reply({"error": "bad request"}, 400)
    found = [names for held, listed in NAMES.items() if word[1:-1] in held for names in listed]
    return json_reply([{"id": n, "name_value": names, "common_name": "x"} for n, names in enumerate(found)])


def spotter(request: Request) -> Reply:
    """Issuances as Cert Spotter gives them, for a whole domain."""
    if request.path != "/v1/issuances" or request.one("expand") != "dns_names":
        return json_reply({"code": "bad"}, 400)
    there = request.one("domain") == "almbykommun.se"
    return json_reply([{"id": "1", "dns_names": ["almbykommun.se", "*.almbykommun.se"]}] if there else [])


@pytest.fixture
def servers() -> Iterator[tuple[Server, Server]]:
    running = Server(crt_sh), Server(spotter)
    yield running
    for server in running:
        server.stop()


def context(make_context: Make, servers: tuple[Server, Server], **more: Any) -> Context:
    settings = {"base_url": servers[0].url, "spotter_url": servers[1].url}
    more["quotas"] = Quotas(certificates.ABOUT.quotas, now=datetime(2026, 11, 22, 7, tzinfo=UTC))
    return make_context("certificates", settings, sift=SIFT, terms=TERMS, sites=("almby.example",), **more)


def found(ctx: Context) -> list[str]:
    return [account.handle or "" for account in certificates.accounts(ctx, Term(text=""))]


def test_names_are_collapsed_and_only_those_about_us_are_kept(
    make_context: Make, servers: tuple[Server, Server]
) -> None:
    ctx = context(make_context, servers)
    assert found(ctx) == ["almby-login.com", "almbykommun.nu", "almbykommun.evil.test"]
    assert ctx.completeness == Completeness.COMPLETE
    assert [request.one("q") for request in servers[0].requests] == ["%almby%"], "almbykommun holds almby"
    assert not servers[1].requests


def test_an_answer_is_kept_for_a_day(make_context: Make, servers: tuple[Server, Server]) -> None:
    ctx = context(make_context, servers)
    first = found(ctx)
    assert found(context(make_context, servers, cursor=ctx.next_cursor)) == first
    assert len(servers[0].requests) == 1


def test_while_crt_sh_fails_likely_names_are_looked_up(make_context: Make, servers: tuple[Server, Server]) -> None:
    servers[0].fail(Fault(kind="status", status=502))
    ctx = context(make_context, servers)
    assert found(ctx) == ["almbykommun.se"]
    assert ctx.completeness == Completeness.TRUNCATED
    assert ctx.issues[0].kind == "failed"
    assert len(servers[1].requests) == 10
    assert not ctx.next_cursor


@pytest.mark.parametrize(
    ("fault", "error"),
    [(Fault(kind="status", status=429), Throttled), (Fault(kind="status", status=500), SourceError)],
)
def test_when_both_are_silent_it_is_a_failure(
    make_context: Make, servers: tuple[Server, Server], fault: Fault, error: type[SourceError]
) -> None:
    for server in servers:
        server.fail(fault)
    with pytest.raises(error):
        found(context(make_context, servers))


def test_an_answer_in_a_new_form_is_told(make_context: Make, servers: tuple[Server, Server]) -> None:
    servers[0].answer = servers[1].answer = lambda request: json_reply({"results": []})
    with pytest.raises(Changed):
        found(context(make_context, servers))


@pytest.mark.parametrize(
    "row",
    [
        {"dns_names": []},
        {"dns_names": [None, {}, "..", "*", "a b.se", "x" * 300 + ".se"]},
        {"name_value": "\n\n*.\n@"},
    ],
)
def test_an_odd_certificate_names_nobody(row: dict[str, object]) -> None:
    assert not certificates.read_names(row)


@pytest.mark.parametrize("rows", [[1, 2], [{"a": 1}, {"name_value": 7}]], ids=["numbers", "of another form"])
def test_a_list_that_holds_no_certificate_has_changed(
    make_context: Make, servers: tuple[Server, Server], rows: list[Any]
) -> None:
    servers[0].answer = servers[1].answer = lambda _request: json_reply(rows)
    with pytest.raises(Changed):
        found(context(make_context, servers))
