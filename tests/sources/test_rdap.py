"""A registry and IANA's bootstrap file on loopback: what is asked, kept, and never kept."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from listener.context import Context
from listener.demo.serve import Fault, Reply, Request, Server, json_reply
from listener.errors import Changed, SourceError
from listener.models import Account, Completeness
from listener.sources import rdap

Make = Callable[..., Context]
CASE = json.loads((Path(__file__).parent / "cases" / "rdap" / "domain.json").read_text(encoding="utf-8"))
MADE = datetime(2026, 11, 1, 9, 0, tzinfo=UTC)

pytestmark = pytest.mark.network


@pytest.fixture
def server() -> Iterator[Server]:
    running = Server(lambda request: answer(running, request))
    yield running
    running.stop()


def answer(server: Server, request: Request) -> Reply:
    if request.path == "/dns.json":
        services = [[["nu", "se"], ["http://127.0.0.1:1/", f"{server.url}/rdap"]], [["broken"]], 7, [["dev"], [None]]]
        return json_reply({"version": "1.0", "services": [[["nu"], [f"{server.url}/rdap"]], *services[1:]]})
    if request.path == "/rdap/domain/almbykommun.nu" and request.headers["accept"] == "application/rdap+json":
        return json_reply(CASE["row"])
    return json_reply({"errorCode": 404}, 404)


def site(handle: str, **more: Any) -> Account:
    return Account(platform="web", handle=handle, source="zone", **more)


def asked(make_context: Make, server: Server, sites: list[Account], **more: Any) -> tuple[list[Account], Context]:
    ctx = make_context("rdap", {"base_url": f"{server.url}/dns.json"}, **more)
    return list(rdap.known(ctx, sites)), ctx


def test_a_site_is_described_and_no_person_is_kept(make_context: Make, server: Server) -> None:
    found, ctx = asked(make_context, server, [site("login.almbykommun.nu", labels=("mx",))])
    assert [(one.created_at, one.labels) for one in found] == [
        (MADE, ("mx", "registrar: Påhittade Domäner AB", "client hold"))
    ]
    assert found[0].source == "zone"
    assert "Maja" not in str(msgspec.to_builtins(found)) + str(ctx.next_cursor)
    assert "Vilgot" not in str(msgspec.to_builtins(found)) + str(ctx.next_cursor)
    assert ctx.completeness == Completeness.COMPLETE


def test_what_is_known_is_not_asked_again_and_the_bootstrap_file_once_a_month(
    make_context: Make, server: Server
) -> None:
    sites = [site("almby.nu", created_at=MADE), site("almby-b.nu", labels=("registrar: X",)), site("127.0.0.1")]
    assert asked(make_context, server, sites)[0] == []
    assert not server.requests
    _found, ctx = asked(make_context, server, [site("gone.nu"), site("almby.dev")])
    assert [request.path for request in server.requests] == ["/dns.json", "/rdap/domain/gone.nu"]
    again, _ctx = asked(make_context, server, [site("almbykommun.nu"), site("almby.dev")], cursor=ctx.next_cursor)
    assert len(again) == 1
    assert [request.path for request in server.requests[2:]] == ["/rdap/domain/almbykommun.nu"]


def test_a_registry_that_fails_is_left_alone_and_told(make_context: Make, server: Server) -> None:
    cursor = {"nu": f"{server.url}/rdap/ 2026-11-21T07:00:00Z"}
    server.fail(Fault(kind="status", status=403))
    found, ctx = asked(make_context, server, [site("almbykommun.nu"), site("almby.nu")], cursor=cursor)
    assert not found
    assert len(server.requests) == 1
    assert (ctx.completeness, ctx.issues[0].kind) == (Completeness.TRUNCATED, "blocked")


def test_without_a_bootstrap_file_it_is_a_failure(make_context: Make, server: Server) -> None:
    server.fail(Fault(kind="status", status=500))
    with pytest.raises(SourceError):
        asked(make_context, server, [site("almbykommun.nu")])


@pytest.mark.parametrize("content", [[], {}, {"services": {}}, {"objectClassName": "entity"}, "x"])
def test_an_answer_in_a_new_form_is_told(content: Any) -> None:
    with pytest.raises(Changed):
        rdap.read_servers(content)
    with pytest.raises(Changed):
        rdap.read_registration(content if isinstance(content, dict) else {})
