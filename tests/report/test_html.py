"""The page: needs nothing from anywhere, says nothing by colour alone, and survives what strangers call themselves."""

from __future__ import annotations

import re
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from almby_weeks import ENTRIES, MONDAY, SCOPE, W47, audit, finding, log
from bs4 import BeautifulSoup, Tag

import listener.report.html as page
from listener.models import Fault, UnitKind, Verdict
from listener.report.html import render_html
from listener.report.weekly import weekly
from listener.store import Store

NASTY = '<script>alert("x")</script><img src=https://evil.example/x.png>\u202egpj.exe "\x00' + "å" * 10_000
STYLE = (Path(page.__file__).parent / "templates" / "style.css").read_text(encoding="utf-8")
# Text on what it stands on.
PAIRS = (
    ("ink", "paper"), ("ink", "card"), ("soft", "paper"), ("soft", "card"), ("accent", "paper"), ("poor", "paper"),
    ("poor", "card"), ("good", "good-bed"), ("poor", "poor-bed"), ("ink", "good-bed"), ("ink", "poor-bed"),
    ("ink", "line"),
)  # fmt: skip


@pytest.fixture
def full(store: Store) -> str:
    """A page with everything on it, nasty names included."""
    findings = (
        finding("almby", Verdict.IMPOSTOR, name=NASTY),
        finding("almby-kommun.example", Verdict.LOOKALIKE_SITE),
        finding("simhall", Verdict.UNAPPROVED_UNIT, kind=UnitKind.LOCAL_OFFICE),
        finding("anna", Verdict.EMPLOYEE_OFFICIAL),
    )
    audit(store, MONDAY - timedelta(weeks=1), findings[:1])
    url = ENTRIES[0].url
    faults = (
        Fault(rule="P1", url=url, unit="Almby kommun", detail=NASTY, hint="Add it."),
        Fault(rule="deputy", url=url, unit="Almby kommun", detail="deputy_email: empty"),
    )
    audit(store, MONDAY, findings, down={"feeds": NASTY}, faults=faults)
    audit(store, MONDAY + timedelta(weeks=1), (*findings, finding("later", Verdict.IMPOSTOR)))
    for back in range(20):
        log(store, MONDAY - timedelta(days=back), 2)
    log(store, MONDAY + timedelta(days=2), 60)
    return render_html(weekly(store, SCOPE, W47, MONDAY + timedelta(weeks=2)), "sv")


@pytest.fixture
def soup(full: str) -> BeautifulSoup:
    return BeautifulSoup(full, "html.parser")


def tags(soup: BeautifulSoup, *names: str) -> list[Tag]:
    return [tag for tag in soup.find_all(names) if isinstance(tag, Tag)]


def test_the_page_needs_nothing_from_anywhere(full: str, soup: BeautifulSoup) -> None:
    assert not tags(soup, "script", "img", "iframe", "object", "link", "form", "base")
    assert not [tag for tag in soup.find_all(True) for name in tag.attrs if name.startswith("on") or name == "src"]
    assert all(tag["href"].startswith("#") for tag in tags(soup, "a"))
    assert "url(" not in full
    assert "@import" not in full
    policy = soup.find("meta", attrs={"http-equiv": "Content-Security-Policy"})
    assert isinstance(policy, Tag)
    assert str(policy["content"]).startswith("default-src 'none'")


def test_what_strangers_call_themselves_is_text_and_nothing_else(full: str) -> None:
    assert "<script" not in full
    assert "&lt;script&gt;" in full
    assert "\u202e" not in full
    assert "\x00" not in full
    assert "å" * 1000 not in full


def test_language_and_landmarks_are_there(soup: BeautifulSoup) -> None:
    assert soup.html is not None
    assert soup.html["lang"] == "sv"
    assert [len(soup.select(place)) for place in ("body > header", "main", "footer", "nav[aria-label]")] == [1, 1, 1, 1]
    assert soup.title is not None
    assert soup.title.text == "Kontorevision Almby kommun – vecka 47 2026"


def test_every_link_on_the_page_leads_to_a_place_on_it(soup: BeautifulSoup) -> None:
    ids = [tag["id"] for tag in soup.find_all(id=True)]
    assert len(ids) == len(set(ids))
    for tag in tags(soup, "a"):
        assert tag["href"][1:] in ids
    for tag in soup.find_all(attrs={"aria-labelledby": True}):
        assert set(str(tag["aria-labelledby"]).split()) <= set(ids)


def test_headings_go_down_one_step_at_a_time(soup: BeautifulSoup) -> None:
    levels = [int(tag.name[1]) for tag in soup.find_all(re.compile(r"^h[1-6]$"))]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(below - above <= 1 for above, below in pairwise(levels))


def test_tables_have_captions_and_scoped_heads(soup: BeautifulSoup) -> None:
    assert len(tags(soup, "table")) >= 6
    for table in tags(soup, "table"):
        assert table.caption is not None
        assert table.caption.text.strip()
        assert all(head.get("scope") in ("col", "row") for head in table.find_all("th"))
        assert all(row.find("th") for row in table.select("tbody tr"))


def test_charts_can_be_heard(soup: BeautifulSoup) -> None:
    charts = tags(soup, "svg")
    assert len(charts) == 2
    for chart in charts:
        assert chart["role"] == "img"
        assert chart.find("title").text.strip()  # type: ignore[union-attr]
        assert chart.find("desc").text.strip()  # type: ignore[union-attr]


def test_nothing_is_said_by_colour_alone(soup: BeautifulSoup) -> None:
    assert "OFULLSTÄNDIG" in soup.select_one(".status").text  # type: ignore[union-attr]
    assert soup.select_one("tr.failed td").text.startswith("✗")  # type: ignore[union-attr]
    assert all("NYTT" in tag.text for tag in soup.select(".tag"))


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_text_stands_out_in_light_and_dark() -> None:
    schemes = [dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block)) for block in re.findall(r":root \{[^}]+", STYLE)]
    light, dark = schemes[0], schemes[1]
    for colours in (light, dark):
        for text, bed in PAIRS:
            assert contrast(colours[text], colours[bed]) >= 4.5, (text, bed, colours)


def test_an_empty_week_is_a_whole_page(store: Store) -> None:
    drawn = render_html(weekly(store, SCOPE, W47, MONDAY), "en")
    assert "INCOMPLETE" in drawn
    assert '<html lang="en">' in drawn
    assert "not measured" in drawn
