"""Domains through whole runs: found in a zone, described by the registry, kept while the zone stands, gone after."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from servers.name_server import NameServer, name_server

from listener.config import load_config
from listener.demo.serve import Reply, Request, Server, json_reply
from listener.discover import World, discover
from listener.models import Account, Completeness
from listener.store import Store, open_store
from listener.store.accounts import known_accounts
from listener.store.runs import start_run

CASE = json.loads((Path(__file__).parent / "cases" / "rdap" / "domain.json").read_text(encoding="utf-8"))

pytestmark = pytest.mark.network


@pytest.fixture
def registry() -> Iterator[Server]:
    def answer(request: Request) -> Reply:
        if request.path == "/dns.json":
            return json_reply({"services": [[["se", "nu"], [f"{running.url}/"]]]})
        return json_reply(
            CASE["row"] if request.path.endswith("almbykommun.nu") else {},
            200 if "almbykommun" in request.path else 404,
        )

    running = Server(answer)
    yield running
    running.stop()


def settings(folder: Path, names: NameServer, registry: Server) -> Path:
    (folder / "registry.csv").write_text("platform,url,unit,status,owner_email\n", encoding="utf-8")
    path = folder / "listener.toml"
    path.write_text(
        f"""
[organisation]
name = "Almby kommun"
places = ["Almby"]
domains = ["almby.example"]
[sources.zone]
server = "127.0.0.1"
port = {names.port}
zones = ["nu"]
[sources.rdap]
base_url = "{registry.url}/dns.json"
""",
        encoding="utf-8",
    )
    return path


def run(path: Path, store: Store) -> tuple[dict[str, Account], dict[str, Completeness]]:
    """One discovery: the sites with a case, and how each source fared."""
    config = load_config(path, {"LISTEN_NOW": "2026-11-22T07:00:00Z", "LISTEN_ALLOW_LOOPBACK": "1"})
    done = discover(config, World.load(config), store, start_run(store, "audit", config.now, []), ["zone", "rdap"])
    return {account.handle or "": account for account in known_accounts(store)}, {
        r.source: r.completeness for r in done.results
    }


def observed(store: Store, handle: str) -> str:
    return str(store.rows("SELECT observation FROM accounts WHERE handle = ?", (handle,))[0]["observation"])


def test_a_zone_and_its_registry_through_three_runs(tmp_path: Path, registry: Server) -> None:
    listed = ["bageri.nu", "almbykommun.nu", "almby-login.nu"]
    with open_store(tmp_path / "listener.db") as store, name_server(zones={"nu": listed}) as names:
        path = settings(tmp_path, names, registry)
        sites, fared = run(path, store)
        assert sorted(sites) == ["almby-login.nu", "almbykommun.nu"]
        assert set(fared.values()) == {Completeness.COMPLETE}
        described = sites["almbykommun.nu"]
        assert described.created_at is not None
        assert described.labels == ("registrar: Påhittade Domäner AB", "client hold")
        assert described.source == "zone", "who found it stays"
        assert sites["almby-login.nu"].created_at is None

        asked = len(registry.requests)
        sites, _fared = run(path, store)
        assert [kind for _name, kind in names.asked] == ["SOA", "AXFR", "SOA"], "an unchanged zone is not transferred"
        assert sites["almbykommun.nu"].created_at == described.created_at
        assert not [request for request in registry.requests[asked:] if request.path.endswith("almbykommun.nu")]
        assert observed(store, "almby-login.nu") == "seen"

        names.zones["nu"] = listed[:2]
        for serial in (1, 2):
            names.serial = serial
            run(path, store)
        assert observed(store, "almby-login.nu") == "gone"
        names.zones.clear()
        _sites, fared = run(path, store)
        assert fared["zone"] == Completeness.UNAVAILABLE
        assert observed(store, "almbykommun.nu") != "gone", "could not look is never not there"
