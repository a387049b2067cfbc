"""A link of ours to a name or a domain that nobody holds is told; one that could not be looked up is not."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from servers.name_server import NameServer, name_server

from listener.asking import Harvest
from listener.config import Config, load_config
from listener.context import Context
from listener.dead_links import as_terms, dead_domains, dead_links, linked_on
from listener.http import Session
from listener.language import translations
from listener.models import Account, Completeness, Fault, Finding, SourceResult, Term, Verdict
from listener.organisation import load_organisation
from listener.registry import Registry, read_registry
from listener.sentences import in_language

PAGE = "https://almby.example/kontakt"
NOW = datetime(2026, 11, 22, 7, 0, tzinfo=UTC)


def harvest(source: str, *accounts: Account, completeness: Completeness = Completeness.COMPLETE) -> Harvest:
    ctx = Context(source, Session("press@almby.example"), now=NOW)
    return Harvest(ctx=ctx, result=SourceResult(source=source, completeness=completeness), accounts=accounts)


def on_our_page(platform: str, handle: str) -> Account:
    url = f"https://{platform}.example/{handle}"
    return Account(platform=platform, handle=handle, url=url, official_links=(PAGE,), source="website")


OWN = harvest(
    "website", on_our_page("x", "AlmbyKommun"), on_our_page("x", "almbybadet"), on_our_page("tiktok", "almby")
)


def test_a_name_that_nobody_has_is_told_with_the_page() -> None:
    linked = linked_on(OWN, "x")
    assert as_terms(linked) == (Term(text="AlmbyKommun", kind="handle"), Term(text="almbybadet", kind="handle"))
    there = Account(platform="x", platform_id="17", handle="almbykommun", source="x")
    (fault,) = dead_links(linked, harvest("x", there))
    assert (fault.rule, fault.url) == ("dead_link", "https://x.example/almbybadet")
    swedish = translations("sv").gettext
    assert (
        in_language(fault.detail, swedish)
        == f"{PAGE} länkar till almbybadet på X (Twitter), och ingen har det namnet där"
    )
    assert in_language(fault.hint, swedish) != fault.hint


@pytest.mark.parametrize("how", [Completeness.UNAVAILABLE, Completeness.TRUNCATED, Completeness.QUOTA])
def test_what_was_not_seen_in_whole_proves_nothing(how: Completeness) -> None:
    assert dead_links(linked_on(OWN, "x"), harvest("x", completeness=how)) == []


def test_without_our_site_nothing_is_asked() -> None:
    assert linked_on(None, "x") == ()


REGISTER = """platform,url,handle,unit,status,owner_email,website_link
x,https://x.com/almbykommun,almbykommun,Almby kommun,approved,a@almby.example,https://almby.example/
x,https://x.com/almbyfesten,almbyfesten,Kulturen,approved,a@almby.example,https://almbyfesten.nu/program
x,https://x.com/gamla,gamla,Kulturen,archived,a@almby.example,https://gamlafesten.nu/
"""
ENDINGS = {"se": {"NS": ["a.ns.se."]}, "nu": {"NS": ["a.ns.nu."]}}
HELD = {"NS": ["ns1.host.test."]}


def register() -> Registry:
    return read_registry(REGISTER.encode(), "registry.csv")


def seen(handle: str, *links: str, verdict: Verdict = Verdict.OFFICIAL) -> Finding:
    account = Account(platform="x", handle=handle, url=f"https://x.com/{handle}", links=links, source="x")
    return Finding(account=account, verdict=verdict, score=0.0)


def told(folder: Path, names: str, *findings: Finding) -> list[Fault]:
    """What a run whose name server the settings give tells."""
    config: Config = asked_at(folder, names)
    return dead_domains(config, findings, register(), load_organisation(config))


def asked_at(folder: Path, names: str) -> Config:
    path = folder / "listener.toml"
    path.write_text(f'[organisation]\nname = "Almby kommun"\ndomains = ["almby.example"]\n{names}', encoding="utf-8")
    return load_config(path, {"LISTEN_ALLOW_LOOPBACK": "1"})


def of(server: NameServer) -> str:
    return f'[sources.dns]\nenabled = false\nnameservers = ["127.0.0.1"]\nport = {server.port}\n'


@pytest.mark.network
def test_a_domain_in_nobodys_hands_is_told_for_each_account_that_leads_there(tmp_path: Path) -> None:
    ours = seen("almbykommun", "https://almby.example/", "http://www.badfesten.se/2019", "https://tidningen.se/almby")
    with name_server({**ENDINGS, "tidningen.se": HELD}) as server:
        faults = told(tmp_path, of(server), ours, seen("almbyfesten", "https://badfesten.se"))
    assert [(fault.unit, fault.url, fault.detail) for fault in faults] == [
        ("Kulturen", "https://x.com/almbyfesten", "leads to almbyfesten.nu, and the name servers know no such domain"),
        (
            "Almby kommun",
            "https://x.com/almbykommun",
            "leads to badfesten.se, and the name servers know no such domain",
        ),
        ("Kulturen", "https://x.com/almbyfesten", "leads to badfesten.se, and the name servers know no such domain"),
    ]
    assert {fault.rule for fault in faults} == {"dead_domain"}
    assert not {"gamlafesten.nu", "almby.example"} & {name for name, _kind in server.asked}
    swedish = translations("sv").gettext
    assert in_language(faults[0].detail, swedish) == (
        "leder till almbyfesten.nu, och namnservrarna känner ingen sådan domän"
    )
    assert in_language(faults[0].hint, swedish).startswith("Ta bort länken, eller ta tillbaka domänen")


@pytest.mark.network
def test_a_server_that_fails_or_knows_nothing_of_the_world_proves_nothing(tmp_path: Path) -> None:
    ours = seen("almbykommun", "https://badfesten.se")
    with name_server(ENDINGS, fails=("badfesten.se", "almbyfesten.nu")) as server:
        assert told(tmp_path, of(server), ours) == []
    with name_server({"almby.example": HELD}) as server:  # of a closed network
        assert told(tmp_path, of(server), ours) == []


@pytest.mark.network
def test_what_others_lead_to_is_not_looked_up(tmp_path: Path) -> None:
    theirs = (seen("gamla_almby", "https://badfesten.se"), seen("almbykommun", "b.se", verdict=Verdict.IMPOSTOR))
    links = ("https://127.0.0.1/", "mailto:a@almby.example", "https://[::1]/", "https://", "http://a..b.se/")
    with name_server({**ENDINGS, "almbyfesten.nu": HELD}) as server:
        assert told(tmp_path, of(server), *theirs, seen("almbykommun", *links)) == []
        assert {name for name, _kind in server.asked} <= {"almbyfesten.nu", "b.se"}


def test_a_run_on_loopback_asks_nobody_outside(tmp_path: Path) -> None:
    assert told(tmp_path, "", seen("almbykommun", "https://badfesten.se")) == []
