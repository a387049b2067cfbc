"""The public list: complete for the public, silent about everyone inside."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from listener.clock import read_time
from listener.registry import read_registry
from listener.registry_publish import COLUMNS, publish

NOW = read_time("2026-11-22T23:30:00Z")
REGISTER = (
    "platform,url,unit,status,owner_email,display_name,unit_kind,language,purpose,deputy_email,decision_ref,notes\n"
    "x,https://x.com/almby,Örby <b>museum</b>,approved,anna@almby.example,Almby,department,sv,"
    "Frågor: skriv till museum@almby.example,bo@almby.example,KS 2026/1,valv 7\n"
    "facebook,https://www.facebook.com/almby,Almby,approved,anna@almby.example,,,,,,,\n"
    "tiktok,https://www.tiktok.com/@almby,Almby,pending,anna@almby.example,,,,,,,\n"
    "x,https://x.com/almbysatir,Satir,parody_ok,anna@almby.example,,,,,,,\n"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    out = tmp_path / "ut" / "lista"
    publish(read_registry(REGISTER.encode(), "r.csv"), "Almby kommun", out, NOW, "sv")
    return out


def test_the_files(folder: Path) -> None:
    names = ["index.en.html", "index.html", "registry.csv", "registry.json"]
    assert sorted(path.name for path in folder.iterdir()) == names


def test_only_public_columns_and_approved_rows(folder: Path) -> None:
    rows = list(csv.DictReader((folder / "registry.csv").read_text("utf-8").splitlines()))
    assert tuple(rows[0]) == COLUMNS
    assert [row["url"] for row in rows] == ["https://www.facebook.com/almby", "https://x.com/almby"]
    document = json.loads((folder / "registry.json").read_text("utf-8"))
    assert document["accounts"] == rows
    assert (document["organisation"], document["published_at"]) == ("Almby kommun", "2026-11-22T23:30:00Z")


def test_nothing_of_the_inside_leaks(folder: Path) -> None:
    everything = "".join(path.read_text("utf-8") for path in folder.iterdir())
    for secret in ("@almby.example", "KS 2026/1", "valv 7", "almbysatir", "tiktok"):
        assert secret not in everything


@pytest.mark.parametrize(
    ("file", "language", "heading", "kind"),
    [
        ("index.html", "sv", "Officiella konton – Almby kommun", "(förvaltning)"),
        ("index.en.html", "en", "Official accounts – Almby kommun", "(department)"),
    ],
)
def test_the_page_reads_well_aloud(folder: Path, file: str, language: str, heading: str, kind: str) -> None:
    text = (folder / file).read_text("utf-8")
    page = BeautifulSoup(text, "html.parser")
    assert page.html is not None
    assert page.html["lang"] == language
    assert [tag.get_text() for tag in page.find_all("h1")] == [heading]
    assert page.title is not None
    assert page.title.get_text() == heading
    assert page.find("caption") is not None
    assert all(tag.get("scope") in ("col", "row") for tag in page.find_all("th"))
    assert "Örby <b>museum</b>" in page.get_text(), "names are text, never markup"
    assert kind in page.get_text()
    assert "2026-11-23" in page.get_text(), "people see Swedish time"
    links = [str(tag["href"]) for tag in page.find_all("a")]
    assert {"https://x.com/almby", "registry.csv", "registry.json"} <= set(links)
    assert not re.search(r"<(?:script|img|link)\b|@import|url\(", text), "nothing is fetched from elsewhere"


def test_colours_have_contrast() -> None:
    style = Path(__file__).parent.parent.joinpath("listener/templates/registry.html").read_text("utf-8")
    for scheme in re.findall(r":root \{([^}]*)\}", style):
        colours = dict(re.findall(r"--(\w+): (#\w+)", scheme))
        for name in ("text", "link"):
            assert contrast(colours[name], colours["page"]) >= 4.5
            assert contrast(colours[name], colours["soft"]) >= 4.5
        assert contrast(colours["line"], colours["page"]) >= 3


def contrast(one: str, other: str) -> float:
    """WCAG 2.1 contrast ratio of two colours written #rgb or #rrggbb."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    digits = digits if len(digits) == 6 else "".join(digit * 2 for digit in digits)
    parts = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_an_empty_list_says_so(tmp_path: Path) -> None:
    empty = read_registry(b"platform,url,unit,status,owner_email\n", "r.csv")
    publish(empty, "Almby", tmp_path, NOW, "xx")
    assert "There are no approved accounts." in (tmp_path / "index.html").read_text("utf-8")
