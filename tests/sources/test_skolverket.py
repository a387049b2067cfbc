"""Skolverket's register against a small one of our own, which checks what it is asked."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from listener.config import read_config
from listener.context import Context
from listener.demo.serve import Fault, Reply, Request, Server, json_reply
from listener.errors import Changed, ConfigError, SourceError, Throttled
from listener.models import Completeness, Term
from listener.organisation import load_organisation
from listener.registry import read_registry
from listener.seeds import gather
from listener.sources import skolverket
from listener.store import open_store
from listener.store.runs import start_run
from listener.terms import terms

NOW = datetime(2026, 11, 22, 7, 0, tzinfo=UTC)
OWN = "2120009901"
UNITS = (  # name, status, who runs it
    ("Tallåsskolan F-6", "AKTIV", OWN),
    ("Tallåsskolan 7-9", "AKTIV", OWN),
    ("Almby skola 2", "AKTIV", OWN),
    ("Gamla skolan", "UPPHORT", OWN),
    ("Nya skolan", "PLANERAD", OWN),
    ("Friskolan Eken", "AKTIV", "5560000001"),
)
Make = Callable[..., Context]

pytestmark = pytest.mark.network


def register(request: Request) -> Reply:
    if request.path != "/v2/school-units":
        return Reply(status=404)
    assert (request.one("municipality_code"), request.one("status")) == ("9901", "AKTIV")
    number = request.one("organization_number")
    rows = [
        {
            "schoolUnitCode": str(10_000_000 + place),
            "name": name,
            "status": status,
            "headTeacher": {"name": "Anna Exempel"},
        }
        for place, (name, status, owner) in enumerate(UNITS)
        if number in ("", owner)
    ]
    return json_reply({"data": {"type": "schoolunit", "attributes": rows}, "meta": {"extractDate": "2026-11-21"}})


@pytest.fixture
def served() -> Iterator[Server]:
    server = Server(register)
    yield server
    server.stop()


def names(ctx: Context) -> list[str]:
    return [term.text for term in skolverket.terms(ctx)]


def test_each_school_in_use_is_named_once(served: Server, make_context: Make) -> None:
    settings = {"base_url": served.url, "municipality_code": "9901"}
    assert names(make_context("skolverket", settings)) == ["Tallåsskolan", "Almby skola", "Friskolan Eken"]
    own = make_context("skolverket", {**settings, "org_numbers": ["212000-9901"]})
    assert names(own) == ["Tallåsskolan", "Almby skola"]  # the independent school is not ours
    assert own.completeness == Completeness.COMPLETE


def test_without_a_code_it_says_where_to_write_it(make_context: Make) -> None:
    with pytest.raises(ConfigError, match=r"\[organisation\] municipality_code"):
        names(make_context("skolverket", {}))


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (Reply(status=404), SourceError),
        (Reply(status=429, headers={"Retry-After": "3600"}), Throttled),
        (json_reply({"data": []}), Changed),
        (json_reply({"data": {"attributes": None}}), Changed),
        (json_reply({"data": {"attributes": [{"name": "Skolan"}]}}), Changed),
        (Reply(body=b'{"data": {"attr'), Changed),
    ],
)
def test_a_register_in_trouble_is_a_source_error(make_context: Make, answer: Reply, error: type[SourceError]) -> None:
    def broken(_request: Request) -> Reply:
        return answer

    server = Server(broken)
    try:
        with pytest.raises(error):
            names(make_context("skolverket", {"base_url": server.url, "municipality_code": "9901"}))
    finally:
        server.stop()


def test_the_names_are_searched_for_and_last_weeks_stand_in(served: Server, tmp_path: Path) -> None:
    tables: dict[str, Any] = {
        "organisation": {"name": "Almby kommun", "municipality_code": "9901"},
        "sources": {"skolverket": {"base_url": served.url}},
    }
    environ = {"LISTEN_ALLOW_LOOPBACK": "1", "LISTEN_NOW": "2026-11-22T07:00:00+01:00"}
    config = read_config(tmp_path / "listener.toml", tables, environ)
    organisation, store = load_organisation(config), open_store(config.store)
    sources = {"skolverket": skolverket}
    first = gather(config, store, start_run(store, "audit", config.now, []), sources, organisation)
    served.fail(Fault(status=500))
    second = gather(config, store, start_run(store, "audit", config.now, []), sources, organisation)
    assert [result.completeness for result in (*first.results, *second.results)] == ["complete", "unavailable"]
    assert first.terms == second.terms
    registry = read_registry(b"platform,url,unit,status,owner_email\n", "registry.csv")
    wanted = terms(organisation, registry, second.terms)
    assert wanted[0].text == "Almby kommun"
    assert Term(text="Tallåsskolan", kind="unit") in wanted
    assert "Anna" not in json.dumps(store.rows("SELECT * FROM cursors"), default=str)


def test_what_is_brought_stays_within_the_limit_and_behind_our_own_names() -> None:
    config = read_config(Path("listener.toml"), {"organisation": {"name": "Almby kommun"}}, {})
    registry = read_registry(b"platform,url,unit,status,owner_email\n", "registry.csv")
    brought = [Term(text=f"Skola {number}", kind="unit") for number in range(1000)]
    wanted = terms(load_organisation(config), registry, brought, limit=20)
    assert len(wanted) == 20
    assert wanted[0].text == "Almby kommun"
