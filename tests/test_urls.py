"""Addresses as people type them and as attackers do, row by row."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.urls import LONGEST, clean_url, host, on_site, registrable_domain, unwrap, url_key

TABLE = list(csv.DictReader((Path(__file__).parent / "tables" / "urls.csv").read_text("utf-8").splitlines()))
HOSTILE = ["\0", "\ud800", "https://" + "a" * 10_000, "http://" + "ö" * 10_000 + ".se", "[" * 500]


@pytest.mark.parametrize("row", TABLE, ids=[row["url"] for row in TABLE])
def test_table(row: dict[str, str]) -> None:
    url = row["url"]
    assert (clean_url(url) or "", url_key(url), host(url)) == (row["clean"], row["key"], row["host"])
    assert registrable_domain(host(url)) == row["registrable"]


@pytest.mark.parametrize(
    ("url", "ours"),
    [
        ("https://www.almby.example/bibliotek", True),
        ("http://almby.example", True),
        ("bibliotek.almby.example/x", True),
        ("https://almby.example.evil.example", False),
        ("https://evilalmby.example", False),
        ("https://almbý.example", False),
        ("https://almby.example@evil.example/", False),
        ("https://evil.example/?almby.example", False),
        ("https://evil.example#.almby.example", False),
        ("info@almby.example", False),
        ("", False),
    ],
)
def test_on_site_goes_by_whole_labels(url: str, ours: bool) -> None:
    assert on_site(url, ["https://www.almby.example/"]) is ours


def test_no_domain_owns_nothing() -> None:
    assert not on_site("https://almby.example", [])
    assert not on_site("https://almby.example", ["", "."])


@pytest.mark.parametrize(
    ("wrapped", "target"),
    [
        ("https://l.facebook.com/l.php?u=https%3A%2F%2Falmby.example%2Fa%3Fb%3D1&h=AT", "https://almby.example/a?b=1"),
        ("https://www.youtube.com/redirect?event=x&q=https%3A%2F%2Falmby.example", "https://almby.example"),
        ("https://www.google.com/url?sa=t&url=https%3A%2F%2Falmby.example", "https://almby.example"),
        (
            "https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fl.facebook.com%2Fl.php%3Fu%3D"
            "https%253A%252F%252Falmby.example&data=05",
            "https://almby.example",
        ),
        ("https://evil.example/l.php?u=https%3A%2F%2Falmby.example", None),
        ("https://l.facebook.com/l.php?u=javascript%3Aalert(1)", None),
        ("https://almby.example/?url=https://evil.example", None),
    ],
)
def test_jump_pages_are_seen_through(wrapped: str, target: str | None) -> None:
    assert unwrap(wrapped) == (target or wrapped)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_no_address(text: str) -> None:
    assert clean_url(text) is None
    assert host(text) == ""
    url_key(text)
    assert not on_site(text, ["almby.example"])


def test_invisible_characters_do_not_count() -> None:
    assert clean_url("\u202ehttps://almby.exam\u200bple/\n") == "https://almby.example/"


def test_a_text_of_any_length_is_read_or_refused() -> None:
    assert clean_url("https://almby.example/" + "a" * LONGEST) is None


@given(st.text(max_size=60))
def test_no_text_raises_and_cleaning_is_stable(text: str) -> None:
    clean = clean_url(f"http://{text}")
    if clean is not None:
        assert clean_url(clean) == clean
        assert url_key(clean) == url_key(clean.upper().replace("HTTP://", "https://")) or not clean.isascii()
    url_key(text)
