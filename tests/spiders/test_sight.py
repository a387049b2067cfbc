"""What a stranger's page shows: names, imprint, logo, forms, links, and what it reserves."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import etree

from spiders.optouts import Reservations, fits, header_optouts
from spiders.plan import Form
from spiders.sight import parked, read_sight
from spiders.sketches import SIZE, STEPS, first_words, share, text_sketch

PAGES = Path(__file__).parent / "pages"
URL = "https://almby-kommun.example/"


def frozen(name: str) -> str:
    return (PAGES / name).read_text(encoding="utf-8")


def test_a_page_that_claims_our_name_is_read_for_all_it_claims() -> None:
    sight = read_sight(frozen("natfiske.html"), URL)
    assert (sight.name, sight.headline) == ("Almby kommun", "Du har 2 348 kr att hämta")
    assert sight.description == "Hämta din återbetalning av VA-avgiften."
    assert "Org.nr 990000-0017" in sight.imprint
    assert "Logga in med BankID" in sight.text
    assert sight.logo == "https://www.almby.example/bilder/skold.svg"


def test_what_a_form_asks_for_and_where_it_goes() -> None:
    sight = read_sight(frozen("natfiske.html"), URL)
    assert sight.forms == (
        Form(asks=("password", "personal number", "BankID"), goes_to="https://samla.example/ta-emot"),
    )


def test_what_a_page_leads_to() -> None:
    sight = read_sight(frozen("natfiske.html"), URL)
    assert sight.profiles == ("https://www.facebook.com/almbykommun.support",)
    assert set(sight.outward) == {"hjalp.example", "ram.example"}


@pytest.mark.parametrize(
    ("fields", "asks"),
    [
        ('<input type="search" name="q">', ()),
        ('<input type="hidden" name="password">', ()),
        ('<input type="email" name="e">', ("e-mail",)),
        ('<input autocomplete="cc-number">', ("card",)),
        ('<input id="kontonummer">', ("account number",)),
        ('<input placeholder="ÅÅÅÅMMDD-XXXX" aria-label="Personnummer">', ("personal number",)),
    ],
)
def test_fields_without_a_form_are_asked_for_too(fields: str, asks: tuple[str, ...]) -> None:
    assert [form.asks for form in read_sight(f"<p>{fields}", URL).forms] == ([asks] if asks else [])


def test_structured_data_name_the_owner_and_its_logo() -> None:
    script = '{"@graph": [{"@type": "GovernmentOrganization", "name": "Almby kommun", "logo": {"url": "/l.png"}}]}'
    sight = read_sight(f'<script type="application/ld+json">{script}</script>', URL)
    assert (sight.name, sight.logo) == ("Almby kommun", f"{URL}l.png")


def test_a_parked_page_and_one_that_only_speaks_of_sales() -> None:
    assert read_sight(frozen("parkerad.html"), URL).parked == "for sale"
    assert parked("Welcome to nginx!") == "placeholder"
    assert not parked("Kommunen har sagt att domänen är till salu. " + "Mer om ärendet. " * 200)


def test_a_copied_text_is_found_in_part_and_other_words_are_not() -> None:
    ours = text_sketch(" ".join(f"ord{n} nästa{n}" for n in range(300)))
    half = text_sketch(" ".join(f"ord{n} nästa{n}" for n in range(150)) + " ".join(f" eget{n}" for n in range(300)))
    assert 0.35 < share(half, ours) < 0.65
    assert share(text_sketch(" ".join(f"annat{n}" for n in range(300))), ours) == 0.0
    assert share((), ours) == 0.0


def test_a_share_is_right_when_both_pages_are_longer_than_a_sketch() -> None:
    words = [f"ord{n}" for n in range(9 * SIZE)]
    whole, third = text_sketch(" ".join(words)), text_sketch(" ".join(words[: 3 * SIZE]))
    assert share(third, whole) > 0.9
    assert 0.2 < share(whole, third) < 0.47


def test_a_page_that_reserves_itself_shows_nothing() -> None:
    sight = read_sight('<meta name="tdm-reservation" content="1"><title>Almby kommun</title>', URL)
    assert sight.reserved == ("tdm-reservation",)
    assert not sight.title
    assert not sight.words
    assert read_sight('<meta name="robots" content="noindex, noai">', URL).reserved == ("noai",)


@pytest.mark.parametrize(
    ("name", "value", "reserved"),
    [
        ("TDM-Reservation", "1", ("tdm-reservation",)),
        ("tdm-reservation", "0", ()),
        ("X-Robots-Tag", "noindex, noai, noimageai", ("noai",)),
        ("X-Robots-Tag", "otherbot: noai", ()),
        ("X-Robots-Tag", "listen: notdm", ("notdm",)),
        ("Content-Type", "noai", ()),
    ],
)
def test_reservations_in_headers(name: str, value: str, reserved: tuple[str, ...]) -> None:
    assert header_optouts([(name, value)]) == reserved


def test_the_first_rule_that_fits_decides_what_a_file_reserves() -> None:
    rules = Reservations(b'[{"location": "/oppet/*", "tdm-reservation": 0}, {"location": "/*", "tdm-reservation": 1}]')
    assert not rules.reserve("https://a.example/oppet/sida")
    assert rules.reserve("https://a.example/annat?x=1")


@pytest.mark.parametrize("body", [b"", b"<html>", b"[" * 90_000, b"[1, null]", b'{"location": "/"}', b"\xff\xfe"])
def test_a_file_that_is_none_reserves_nothing(body: bytes) -> None:
    assert not Reservations(body).reserve("https://a.example/")


@pytest.mark.parametrize(
    "html",
    ["", "\0", "<form action='http://[::1'><input name=password>", "<div>" * 20_000 + "x", "<img src='http://[::1'>",
     "<script type='application/ld+json'>" + "[" * 9_000 + "</script>", "\ud800<h1>\udfff</h1>", "<form>" * 5_000],
)  # fmt: skip
def test_hostile_pages_are_read_without_harm(html: str) -> None:
    assert read_sight(html, URL).url == URL


@pytest.mark.parametrize(
    ("location", "place", "fit"),
    [
        ("/", "/skola", True),
        ("/skola", "/skog", False),
        ("/*/bild", "/a/b/bild.png", True),
        ("/*.pdf$", "/a.pdf.pdf", True),
        ("/*.pdf$", "/a.pdf?x", False),
        ("/a$", "/a", True),
        ("/a$", "/ab", False),
        ("/a*a$", "/a", False),
        ("/**", "/x", True),
        ("/*$", "/x", True),
        ("*b*a", "/ab", False),
        ("/" + "*a" * 200 + "*b", "/" + "a" * 1_900, False),  # 2^200 ways back, were there any
    ],
)
def test_where_a_location_lies(location: str, place: str, fit: bool) -> None:
    assert fits(location, place) is fit


def test_a_label_of_a_hundred_thousand_elements_is_read_as_far_as_its_bound() -> None:
    label = etree.fromstring("<label>Pnr" + "<b>x</b>" * 1_000 + "</label>")
    assert first_words(label, 5_000) == "Pnr" + "x" * STEPS
    page = "<form><label>Personnummer" + "<input name=a>" * 300 + "<b>x</b>" * 100_000 + "</label><button>BankID"
    assert read_sight(page, URL).forms == (Form(asks=("personal number", "BankID")),)


def test_fields_inside_and_outside_forms_are_told_apart_in_one_walk() -> None:
    page = "<input name=pnr><form><p><input type=password></form><div>" + "<div>" * 90 + "<input type=email>"
    assert read_sight(page, URL).forms == (Form(asks=("password",)), Form(asks=("personal number", "e-mail")))


def test_of_many_footers_and_pictures_the_first_are_read() -> None:
    page = "<footer>Org.nr 990000-0017" + "<footer>" * 900 + "<b></b>" * 10_000 + "<img src=a.png>" * 6_000
    sight = read_sight(page + "<img src=b.png>", URL)
    assert "990000-0017" in sight.imprint
    assert sight.pictures == (f"{URL}a.png",)
