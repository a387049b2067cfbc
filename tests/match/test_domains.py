"""Host names read beside ours."""

from __future__ import annotations

from pathlib import Path

import pytest
from screened import organisation, screener, table

from listener.match.domains import Sites
from listener.models import Account
from listener.organisation import read_organisation

ROWS = table("hosts")
SITES = Sites(organisation())
TOWN = screener()


@pytest.mark.parametrize("row", ROWS, ids=[row["host"] for row in ROWS])
def test_a_host_is_read(row: dict[str, str]) -> None:
    site = SITES.read(row["host"])
    finding = TOWN.judge(Account(platform="web", handle=row["host"]))
    assert (site.how if site else "") == row["how"]
    assert ("yes" if finding.flagged else "no") == row["flagged"], finding.signals


def test_odd_letters_of_a_host_are_named() -> None:
    finding = TOWN.judge(Account(platform="web", handle="xn--almb-y6d.test"))
    assert any("CYRILLIC" in signal.detail for signal in finding.signals)


def test_our_name_as_it_is_spelled_is_not_odd() -> None:
    """`örebrokommun` with its dots is our name under an address that is not ours; `örebrö` imitates us."""
    sites = Sites(
        read_organisation({"name": "Åby kommun", "places": ["Åby"], "domains": ["abystad.example"]}, Path("x"))
    )
    assert [site.how for host in ("åbykommun.test", "åbystad.test") if (site := sites.read(host))] == ["suffix", "odd"]


@pytest.mark.parametrize("host", ["", ".", "xn--", "xn--\ud800", "a" * 5000, "a." * 200, "almby\x00.test", "..almby.."])
def test_a_broken_host_is_no_trouble(host: str) -> None:
    SITES.read(host)
