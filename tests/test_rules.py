"""Profile rules P1–P4, as the organisation's own guidelines put them."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from listener.logos import Likeness
from listener.models import Account, Entry, Status
from listener.organisation import Organisation, read_organisation
from listener.rules import check_profile

PHRASE = "En verksamhet inom Almby kommun"


@pytest.fixture
def almby() -> Organisation:
    table: dict[str, Any] = {
        "name": "Almby kommun",
        "places": ["Almby"],
        "domains": ["almby.example", "xn--almb-1wa.example"],
        "own_symbol_phrase": PHRASE,
        "allowed_platforms": ["facebook", "bluesky"],
    }
    return read_organisation(table, "listener.toml")


def entry(**columns: str) -> Entry:
    return Entry(
        platform="bluesky",
        url="https://bsky.app/profile/almbybibliotek.example",
        unit="Almby bibliotek",
        status=Status.APPROVED,
        owner_email="biblioteket@almby.example",
        handle="almbybibliotek.example",
        columns=columns,
    )


GOOD = Account(
    platform="bluesky",
    platform_id="did:plc:bib",
    handle="almbybibliotek.example",
    display_name="Almby kommun – biblioteket",
    description="Biblioteket i Almby kommun.",
    links=("https://www.almby.example/bibliotek",),
    avatar="https://cdn.example/logo.png",
)


def rules(account: Account, organisation: Organisation, row: Entry | None = None, **more: Any) -> list[str]:
    return [fault.rule for fault in check_profile(account, row or entry(), organisation, **more)]


def changed(**fields: Any) -> Account:
    return msgspec.structs.replace(GOOD, **fields)


def test_a_profile_in_order_has_no_fault(almby: Organisation) -> None:
    assert rules(GOOD, almby) == []


def test_p1_asks_for_the_name_in_display_name_and_description(almby: Organisation) -> None:
    assert rules(changed(display_name="Biblioteket"), almby) == ["P1"]
    assert rules(changed(display_name="Biblioteket", description="Läs mer!"), almby) == ["P1", "P1"]
    assert rules(changed(display_name="ALMBY  KOMMUN"), almby) == []


def test_what_could_not_be_seen_is_not_judged(almby: Organisation) -> None:
    assert rules(changed(display_name=None, description=None, links=None, avatar=None), almby) == []


def test_p2_asks_for_the_logo_unless_the_unit_has_its_own_symbol(almby: Organisation) -> None:
    assert rules(changed(avatar=""), almby) == ["P2"]
    assert rules(changed(avatar="", description=f"{PHRASE}."), almby, entry(own_symbol="ja")) == []


@pytest.mark.parametrize(
    ("seen", "found"),
    [
        (Likeness("almby.svg", 0.99, "whole"), []),
        (Likeness("almby.svg", 0.05, "whole"), ["P2"]),
        (Likeness(None, 0.0, None), ["P2"]),
        (None, []),
    ],
)
def test_p2_asks_for_our_logo_in_the_picture_when_it_could_be_seen(
    almby: Organisation, seen: Likeness | None, found: list[str]
) -> None:
    assert rules(GOOD, almby, likeness=lambda _avatar: seen) == found
    own = changed(description=f"{PHRASE}. Biblioteket i Almby kommun.")
    assert rules(own, almby, entry(own_symbol="ja"), likeness=lambda _avatar: seen) == []


@pytest.mark.parametrize(
    ("description", "found"),
    [
        ("Vi lånar ut böcker åt Almby kommun", ["P3"]),
        ("En del av Almby kommun", ["P3"]),
        ("en verksamhet inom Almby  kommun", []),
        ("Välkommen! En verksamhet inom Almby kommun. Öppet 10–18.", []),
    ],
)
def test_p3_asks_for_the_exact_sentence(almby: Organisation, description: str, found: list[str]) -> None:
    assert rules(changed(description=description), almby, entry(own_symbol="ja")) == found


def test_p3_quotes_a_near_miss_beside_the_exact_text(almby: Organisation) -> None:
    account = changed(description="Hej! En del av Almby kommun. Öppet 10–18.")
    fault = check_profile(account, entry(own_symbol="ja"), almby)[0]
    assert "'En del av Almby kommun'" in fault.detail
    assert fault.hint.endswith(PHRASE)


@pytest.mark.parametrize(
    "link",
    [
        "https://almby.example.evil.example/",
        "https://älmby.example/",
        "https://evil.example/almby.example",
        "https://notalmby.example/",
        "javascript:alert(1)",
    ],
)
def test_p4_asks_for_a_link_that_really_leads_to_our_domain(almby: Organisation, link: str) -> None:
    assert rules(changed(links=(link,)), almby) == ["P4"]


def test_p4_follows_a_shortened_link(almby: Organisation) -> None:
    account = changed(links=("https://bit.ly/abc",))
    assert rules(account, almby, expand=lambda _url: "https://www.almby.example/bibliotek") == []
    assert rules(account, almby, expand=lambda url: "https://evil.example/") == ["P4"]


def test_p4_judges_nobody_by_a_shortened_link_that_could_not_be_followed(almby: Organisation) -> None:
    account = changed(links=("https://evil.example/", "https://bit.ly/abc"))
    assert rules(account, almby, expand=lambda _url: None) == []
    assert rules(account, almby) == []
    assert rules(changed(links=("https://evil.example/",)), almby, expand=lambda _url: None) == ["P4"]


def test_a_platform_outside_the_list_is_a_fault(almby: Organisation) -> None:
    row = msgspec.structs.replace(entry(), platform="tiktok", url="https://www.tiktok.com/@almby")
    assert rules(changed(platform="tiktok"), almby, row) == ["platform"]
