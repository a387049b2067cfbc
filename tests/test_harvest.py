"""Social links of a page, wherever the page keeps them and however broken it is."""

from __future__ import annotations

import pytest

from listener.harvest import page_links, read_html, same_as

BASE = "https://www.almby.example/kontakt/"


def found(html: str | bytes, base: str = BASE) -> list[tuple[str, str, str]]:
    return [(link.platform, link.handle, link.kind.value) for link in page_links(html, base)]


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ('<a href="https://www.facebook.com/almby">F</a>', [("facebook", "almby", "profile")]),
        ('<map><area href="https://x.com/almby"></map>', [("x", "almby", "profile")]),
        (
            '<link rel="me nofollow" href="https://social.example/@almby">',
            [("mastodon", "almby@social.example", "profile")],
        ),
        ('<link rel="stylesheet" href="https://x.com/almby">', []),
        ('<a itemprop="sameAs" content="https://x.com/almby">', [("x", "almby", "profile")]),
        ('<meta name="twitter:site" content="@almby">', [("x", "almby", "profile")]),
        ('<meta name="twitter:site" content="https://almby.example">', []),
        (
            '<meta name="fediverse:creator" content="@almby@social.example">',
            [("mastodon", "almby@social.example", "profile")],
        ),
        ('<meta name="fediverse:creator" content="Almby">', []),
        (
            '<meta property="article:publisher" content="https://www.facebook.com/almby">',
            [("facebook", "almby", "profile")],
        ),
        ('<a href="/nyheter">Nyheter</a><a href="mailto:a@almby.example">a</a><a href="#x">x</a><a>y</a>', []),
        ('<a href="https://www.facebook.com/sharer.php?u=x">Dela</a>', [("facebook", "", "share")]),
        ('<a href="https://x.com/almby/status/12">…</a>', [("x", "almby", "post")]),
        ('<a href=" https://x.com/almby\n">X</a>', [("x", "almby", "profile")]),
        ('<a href="//x.com/almby">X</a>', [("x", "almby", "profile")]),
        ('<a href="https://x.com/almby">1</a><a href="https://x.com/almby">2</a>', [("x", "almby", "profile")]),
        ('<base href="https://x.com/"><a href="almby">X</a>', [("x", "almby", "profile")]),
        ('<!-- <a href="https://x.com/gammal"> --><a href="https://x.com/almby">', [("x", "almby", "profile")]),
        ("", []),
    ],
)
def test_where_links_stand(html: str, expected: list[tuple[str, str, str]]) -> None:
    assert found(html) == expected


JSON_LD = """<script type="application/ld+json">
{"@graph": [{"@type": "GovernmentOrganization", "sameAs": ["https://www.youtube.com/@almby", 7, null],
 "department": {"sameAs": "https:\\/\\/www.instagram.com\\/almby"}}]}</script>"""


def test_structured_data() -> None:
    assert sorted(found(JSON_LD)) == [("instagram", "almby", "profile"), ("youtube", "almby", "profile")]


@pytest.mark.parametrize(
    "script",
    [
        '{"sameAs": ["https:\\/\\/x.com\\/almby",]}',
        '{"name": "Al\nmby" "sameAs":"https://x.com/almby"',
        "[" * 5000 + '"sameAs": "https://x.com/almby"',
    ],
)
def test_broken_structured_data_is_read_as_text(script: str) -> None:
    assert list(same_as(script)) == ["https://x.com/almby"]


def test_bytes_are_decoded_as_the_page_says() -> None:
    page = '<meta charset="iso-8859-1"><a href="https://www.facebook.com/pages/Älmby/200000000000001">Å</a>'
    assert found(page.encode("latin-1")) == [("facebook", "200000000000001", "profile")]


@pytest.mark.parametrize(
    "opening",
    ["<title>Almby", "<textarea>", "<iframe>", "<b>" * 3000, "<!-- never closed", "<?xml version='1.0'?><textarea>"],
)
def test_a_page_too_broken_for_the_fast_parser(opening: str) -> None:
    assert found(f'<html>{opening}<p><a href="https://x.com/almby">X</a>') == [("x", "almby", "profile")]


def test_links_below_any_number_of_elements_are_found() -> None:
    anchors = '<a href="https://x.com/almby">X</a><a href="https://www.facebook.com/almby">F</a>'
    page = f'{anchors}{"<div>" * 60_000}<a href="https://www.instagram.com/almby">I</a>{"</div>" * 60_000}'
    assert [platform for platform, _handle, _kind in found(page)] == ["x", "facebook", "instagram"]


@pytest.mark.parametrize(
    "html",
    [
        b"",
        b"\0\0\0",
        b"\xff\xfe\x00",
        "\ud800<a href='\ud800'>",
        "<a href='http://[::1'>",
        "<" * 20_000,
        "<a href=" * 5_000,
        "<b>" * 20_000,
    ],
)
def test_garbage_gives_no_links_and_no_error(html: str | bytes) -> None:
    assert found(html) == []


@pytest.mark.parametrize("between", [" ", "/", "=''", '=">" ', "< ", "\n"])
def test_a_flood_of_attributes_is_left_out_and_the_page_around_it_is_read(between: str) -> None:
    flood = between.join(f"a{number}" for number in range(20_000))
    profile = "https://www.facebook.com/almbykommun"
    page, _text = read_html(f"<p id=b><div {flood}></div><a href='{profile}'>F</a>")
    assert page.xpath("//a/@href").getall() == [profile]
    assert page.xpath("count(//div/@*)").get() == "0.0"
    assert page.xpath("count(//p/@*)").get() == "1.0"


def test_a_long_attribute_is_no_flood() -> None:
    told = "ord / och = annat " * 10_000
    page, _text = read_html(f'<div title="{told}" id=a>text</div>')
    assert page.xpath("//div/@title").get() == told
