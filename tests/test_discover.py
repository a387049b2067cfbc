"""A source that used to bring accounts and brings none has not been seen: a symptom, and nobody there is gone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from types import ModuleType

import msgspec
import pytest

from listener.asking import fetch, linked_before, scope_of
from listener.config import Config, default_config, load_config
from listener.context import Context
from listener.discover import World, discover
from listener.first_files import register
from listener.models import Account, Completeness, Finding, SourceResult, Term, Verdict
from listener.organisation import Organisation
from listener.run import failed
from listener.sources import About, load_sources
from listener.store import Store, open_store
from listener.store.accounts import save_findings
from listener.store.runs import save_source, start_run


class Town(ModuleType):
    """A source that answers well and holds these accounts."""

    ABOUT = About(access="official_api", finds=("accounts",), note="", per_term=False)

    def __init__(self, *handles: str) -> None:
        super().__init__("town")
        self.handles = handles

    def accounts(self, ctx: Context, term: Term) -> Iterator[Account]:
        yield from (Account(platform="town", platform_id=handle, handle=handle) for handle in self.handles)


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Config:
    monkeypatch.chdir(tmp_path)
    return default_config({"LISTEN_NOW": "2026-11-22T07:00:00+01:00"})


@pytest.fixture
def store(config: Config) -> Iterator[Store]:
    with open_store(config.store) as opened:
        yield opened


def ask(config: Config, store: Store, *handles: str) -> SourceResult:
    """Ask once more, and keep how it went."""
    result = fetch(config, store, "town", Town(*handles), (), Organisation(name="Almby kommun"), None).result
    save_source(store, start_run(store, "audit", config.now, ["town"]), result)
    return result


def test_nothing_where_there_was_much_is_a_symptom_until_something_is_there(config: Config, store: Store) -> None:
    assert ask(config, store, "a", "b", "c").completeness is Completeness.COMPLETE
    for _week in range(10):
        silent = ask(config, store)
        assert silent.completeness is not Completeness.COMPLETE
        assert failed(silent)
        assert [(issue.kind, "last brought 3 accounts" in issue.detail) for issue in silent.issues] == [
            ("silent", True)
        ]
    assert not failed(ask(config, store, "a"))


def test_a_source_of_one_or_two_accounts_may_lose_them_and_says_so(config: Config, store: Store) -> None:
    assert not failed(ask(config, store, "a", "b"))
    empty = ask(config, store)
    assert empty.completeness is Completeness.COMPLETE
    assert [issue.detail for issue in empty.issues] == ["brought nothing, where it last brought 2"]


def test_what_a_platform_showed_as_ours_is_not_held_against_it_for_ever(config: Config, store: Store) -> None:
    pages = ("https://almby.example/kontakt", "https://x.com/almbykommun/affiliates")
    school = Account(platform="x", platform_id="2", handle="almbyskola", official_links=pages)
    run = start_run(store, "audit", config.now, ["x"])
    save_findings(store, run, "x", [Finding(account=school, verdict=Verdict.UNAPPROVED_UNIT, score=0.8)], config.now)
    assert linked_before(store) == {"x:almbyskola": ("https://almby.example/kontakt",)}


class Registrar(Town):
    """A source that looks up exact names, and no others."""

    ABOUT = About(access="official_api", finds=("accounts",), note="", per_term=False, looks_up=True)

    def known(self, ctx: Context, accounts: Sequence[Account]) -> Iterator[Account]:
        yield from (Account(platform="town", platform_id="7", handle=account.handle) for account in accounts)


def test_what_a_tip_tells_of_is_looked_up_on_its_own_platform(config: Config, store: Store) -> None:
    tip = Account(platform="town", handle="almbykundtjanst", source="tips")
    run = start_run(store, "audit", config.now, ["tips"])
    save_findings(store, run, "tips", [Finding(account=tip, verdict=Verdict.IMPOSTOR, score=0.9)], config.now)
    almby = Organisation(name="Almby kommun")
    assert not fetch(config, store, "town", Town(), (), almby, None).accounts
    found = fetch(config, store, "town", Registrar(), (), almby, None).accounts
    assert [(account.platform_id, account.handle) for account in found] == [("7", "almbykundtjanst")]


ZONE = """[organisation]
name = "Almby kommun"
domains = ["almby.example"]
[evidence]
enabled = false
[sources.zone]
files = [{files}]
"""


def test_an_account_is_gone_only_for_who_looked_where_it_was_seen(config: Config, store: Store) -> None:
    folder = config.store.parent
    for file, name in (("se.txt", "almbykommun.se."), ("nu.txt", "almbykommun.nu.")):
        (folder / file).write_text(f"bageri.{name[-3:]}\n{name}\n", encoding="utf-8")
    (folder / "registry.csv").write_text(register(), encoding="utf-8")
    path = folder / "listener.toml"

    def look(*files: str) -> dict[str, str]:
        path.write_text(ZONE.format(files=", ".join(f'"{file}"' for file in files)), encoding="utf-8")
        now = load_config(path, {"LISTEN_NOW": "2026-11-22T07:00:00+01:00"})
        discover(now, World.load(now), store, start_run(store, "discover", now.now, ["zone"]), ["zone"], seeded=False)
        return {row["handle"]: row["observation"] for row in store.rows("SELECT handle, observation FROM accounts")}

    assert look("se.txt", "nu.txt") == {"almbykommun.se": "seen", "almbykommun.nu": "seen"}
    for _week in range(3):
        assert look("se.txt") == {"almbykommun.se": "seen", "almbykommun.nu": "not_checked"}
    look("se.txt", "nu.txt")
    (folder / "nu.txt").write_text("bageri.nu.\n", encoding="utf-8")
    for _week in range(2):
        last = look("se.txt", "nu.txt")
    assert last == {"almbykommun.se": "seen", "almbykommun.nu": "gone"}


class Named(Town):
    """A source that asks for known accounts by themselves."""

    def known(self, ctx: Context, accounts: Sequence[Account]) -> Iterator[Account]:
        yield from ()


def test_who_is_asked_for_by_name_is_missed_whatever_else_is_searched(config: Config) -> None:
    def scope(source: ModuleType, **settings: object) -> str:
        return scope_of(msgspec.structs.replace(config, tables={"sources": {"town": settings}}), "town", source)

    assert scope(Named(), pages=1) == scope(Named(), pages=9)
    assert scope(Named(), servers=["a.example"]) != scope(Named(), servers=["a.example", "b.example"])
    assert scope(Town(), pages=1) != scope(Town(), pages=9)
    assert scope(Town(), max_seconds=1, enabled=True) == scope(Town(), max_seconds=9)


def test_who_looks_at_what_others_found_says_when_that_is_nothing(config: Config, store: Store) -> None:
    late = load_sources()["rdap"]
    idle = fetch(config, store, "rdap", late, (), Organisation(name="Almby kommun"), None).result
    assert [issue.detail for issue in idle.issues] == ["nothing to look at: no source has found a site yet"]
    assert not failed(idle)
