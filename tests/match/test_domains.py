"""Host names read beside ours: a truth table of attacks and innocents, and what is said of each trick."""

from __future__ import annotations

from pathlib import Path

import pytest
from screened import organisation, screener, table

from listener.match.domains import Sites, site_name
from listener.models import Account
from listener.organisation import Organisation, read_organisation
from listener.registry import read_registry
from listener.screen.bulk import Screener

ROWS = table("hosts")
SITES = Sites(organisation())
TOWN = screener()
DOMAINS = table("domains")
OURS = {
    "sundvik": {
        "name": "Sundvik kommun",
        "places": ["Sundvik"],
        "domains": ["sundvik.se"],
        "siblings": [{"name": "Region Sundvik", "domains": ["regionsundvik.se"]}],
    },
    "lunako": {"name": "Lunako", "domains": ["lunako.com"], "languages": ["en"]},
    "mossbanken": {"name": "Mossbanken", "domains": ["mossbanken.se"]},
}
REGISTER = "platform,url,unit,status,owner_email\nweb,https://www.{}/sv/,Turism,{},a@sundvik.se\n"


def known(name: str) -> Organisation:
    return read_organisation(OURS[name], Path("listener.toml"))


def screener_of(name: str, status: str = "approved", site: str = "visitsundvik.se") -> Screener:
    return Screener(known(name), read_registry(REGISTER.format(site, status).encode(), "registry.csv"))


SCREENERS = {name: screener_of(name) for name in OURS}


@pytest.mark.parametrize("row", DOMAINS, ids=[row["host"] for row in DOMAINS])
def test_the_trick_of_a_domain_is_told(row: dict[str, str]) -> None:
    screener = SCREENERS[row["ours"]]
    site = screener.index.sites.read(row["host"])
    finding = screener.judge(Account(platform="web", handle=row["host"]))
    assert (site.how if site else "") == row["how"], site
    assert ("yes" if finding.flagged else "no") == row["flagged"], finding.signals


@pytest.mark.parametrize("row", ROWS, ids=[row["host"] for row in ROWS])
def test_a_host_is_read(row: dict[str, str]) -> None:
    site = SITES.read(row["host"])
    finding = TOWN.judge(Account(platform="web", handle=row["host"]))
    assert (site.how if site else "") == row["how"]
    assert ("yes" if finding.flagged else "no") == row["flagged"], finding.signals


def said(host: str, name: str = "sundvik") -> str:
    return "; ".join(s.detail for s in SCREENERS[name].judge(Account(platform="web", handle=host)).signals)


@pytest.mark.parametrize(
    ("host", "trick"),
    [
        ("sundvij.se", "'j' is next to 'k' on a Swedish keyboard"),
        ("5undvik.se", "looks like our 'sundvik.se': '5' for 's'"),
        ("sundvlk.se", "looks like our 'sundvik.se': 'l' for 'i'"),
        ("sundvík.se", "reads like our 'sundvik.se': 'í' for 'i'"),
        ("xn--sundvk-7va.se", "'í' for 'i'"),
        ("-sundvik.se", "is our 'sundvik.se' with other hyphens"),
        ("sundvikkommun.se", "is our name 'sundvikkommun' as a domain of its own"),
        ("sundvikkommun.nu", "is our 'sundvikkommun' under '.nu'"),
        ("sundvik.nu", "is our 'sundvik.se' under '.nu'"),
        ("sundvikse.com", "is our 'sundvik.se' without its dots"),
        ("sundivk.se", "'vi' turned to 'iv'"),
        ("sunndvik.se", "'n' doubled"),
        ("sudvik.se", "'n' left out"),
        ("sundvik.se.evil.example", "puts our 'sundvik.se' before someone else's domain"),
        ("mina-sidor-sundvik.se", "puts words that lure or claim beside our 'sundvik.se'"),
        ("sundvіk.se", "CYRILLIC"),
    ],
)
def test_the_sentence_names_the_trick(host: str, trick: str) -> None:
    assert trick in said(host)


def test_our_name_with_its_own_letters_is_told_by_them() -> None:
    sites = Sites(
        read_organisation({"name": "Örnsjö kommun", "places": ["Örnsjö"], "domains": ["ornsjo.se"]}, Path("x"))
    )
    found = sites.read("örnsjö.se")
    assert found is not None
    assert site_name(found).detail == "host 'örnsjö.se' is our 'ornsjo.se' with other letters: 'ö' for 'o'"


def test_swedish_letters_lie_beside_p_and_l() -> None:
    sites = Sites(read_organisation({"name": "Lupp", "domains": ["luppan.se"]}, Path("x")))
    assert [site.why for host in ("luåpan.se", "öuppan.se") if (site := sites.read(host))] == [
        "'å' is next to 'p' on a Swedish keyboard",
        "'ö' is next to 'l' on a Swedish keyboard",
    ]


def test_a_name_alone_is_unclear_and_a_second_signal_says_more() -> None:
    judge = SCREENERS["sundvik"].judge
    bare = Account(platform="web", handle="sundvik-login.se")
    fishing = Account(platform="web", handle="sundvik-login.se", description="Logga in med BankID och betala avgiften")
    assert judge(bare).verdict == "unclear"
    assert judge(fishing).verdict == "lookalike_site"


def test_what_the_register_says_of_a_domain_holds_for_what_stands_below_it() -> None:
    """A site that the register knows needs no look, whoever's it is; one that a reviewer called an impostor's does."""
    page = Account(platform="web", handle="login.sundvik-bokning.example")
    for status in ("approved", "known_third_party", "defensive", "archived", "parody_ok"):
        assert not screener_of("sundvik", status, "sundvik-bokning.example").judge(page).flagged
    taken = Account(platform="web", handle="www2.sundvik-login.example")
    assert screener_of("sundvik", "impostor_confirmed", "sundvik-login.example").judge(taken).flagged


def test_odd_letters_of_a_host_are_named() -> None:
    finding = TOWN.judge(Account(platform="web", handle="xn--almb-y6d.test"))
    assert any("CYRILLIC" in signal.detail for signal in finding.signals)


def test_our_name_as_it_is_spelled_is_not_odd() -> None:
    """`örebrokommun` with its dots is our name under an address that is not ours; `örebrö` imitates us."""
    sites = Sites(
        read_organisation({"name": "Åby kommun", "places": ["Åby"], "domains": ["abystad.example"]}, Path("x"))
    )
    assert [site.how for host in ("åbykommun.test", "åbystad.test") if (site := sites.read(host))] == ["ending", "odd"]


@pytest.mark.parametrize(
    "host",
    ["", ".", "xn--", "xn--\ud800", "a" * 5000, "a." * 200, "almby\x00.test", "..almby..", "xn--" + "9" * 60 + ".se",
     "\u202ealmby.se", "almby" + "\u0301" * 5000, "https://almby.se/", "*.", "::1", "almby.se:80", "-" * 300],
)  # fmt: skip
def test_a_broken_host_is_no_trouble(host: str) -> None:
    SITES.read(host)
