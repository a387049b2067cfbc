"""What the spider reads from frozen pages and sitemaps."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from spiders.reading import Place, read_page, read_sitemap

PAGES = Path(__file__).parent / "pages"
URL = "https://www.almby.example/kontakt"
SPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


def frozen(name: str) -> str:
    return (PAGES / name).read_text(encoding="utf-8")


def test_profiles_are_found_once_each_and_posts_and_share_buttons_are_not() -> None:
    page = read_page(frozen("kontakt.html"), URL)
    assert {link.link for link in page.links} == {
        "https://www.facebook.com/almbykommun",
        "https://www.instagram.com/almbykommun",
        "https://bsky.app/profile/almby.example",
        "https://mastodon.example/@almby",
        "https://www.youtube.com/@almbykommun",
    }
    assert len(page.links) == 5


def test_each_link_says_where_it_stood_and_whether_the_page_claims_it_as_its_own() -> None:
    page = read_page(frozen("kontakt.html"), URL)
    mine = {link.link for link in page.links if link.rel_me}
    assert mine == {"https://bsky.app/profile/almby.example", "https://mastodon.example/@almby"}
    assert {link.page_url for link in page.links} == {URL}
    assert {link.title for link in page.links} == {"Kontakta oss – Almby kommun"}


def test_other_links_are_absolute_by_the_base_of_the_page_and_without_fragments() -> None:
    onward = dict(read_page(frozen("kontakt.html"), URL).onward)
    assert onward["https://www.almby.example/sv/om-kommunen"] == "Om kommunen"
    assert onward["https://www.almby.example/sociala-medier"] == "Sociala medier"
    assert not any(address.startswith(("mailto:", "tel:", "javascript:")) for address in onward)


def test_a_page_that_never_ends_its_title_is_read_by_the_patient_reader() -> None:
    page = read_page(frozen("oavslutad.html"), "https://almby.example/")
    assert "https://www.instagram.com/almbybibliotek" in {link.link for link in page.links}
    assert "https://almby.example/oppettider" in {url for url, _text in page.onward}


def test_a_tangle_of_tags_that_never_end_is_left_out_and_what_ends_is_read() -> None:
    tangle = "<div>" * 2_100 + "<a href='x' " * 100_000
    page = read_page(
        f"{tangle}<a rel=me href='https://www.facebook.com/almbykommun?a=1&amp;b=2'>F</a><a href=/y>Y", URL
    )
    assert [(link.link, link.rel_me) for link in page.links] == [("https://www.facebook.com/almbykommun", True)]
    assert page.onward[-1] == ("https://www.almby.example/y", "Y")


def test_the_text_of_a_link_is_read_as_far_as_its_bound() -> None:
    page = read_page("<a href=/x>" + "<b>ord</b>" * 100_000, URL)
    assert page.onward == (("https://www.almby.example/x", "ord" * 100),)


@pytest.mark.parametrize(
    "html",
    [
        "",
        "\x00\x00",
        "\ud800 <a href='/x'>\udfff</a>",
        "<a href='" + "x" * 10_000 + "'>lång</a>",
        "<div>" * 5_000 + "<a href='/djup'>djup</a>",
        "<a href='\u202e/bakvänd'>\u202e</a>",
        "<base href='http://[::1'><a href='/x'>x</a>",
        "%PDF-1.7 binary \x01\x02",
    ],
)
def test_hostile_pages_are_read_without_harm(html: str) -> None:
    assert isinstance(read_page(html, URL).onward, tuple)


def test_a_sitemap_gives_its_pages() -> None:
    body = f"<urlset {SPACE}><url><loc> https://almby.example/a </loc><lastmod>2026-11-01</lastmod></url></urlset>"
    assert list(read_sitemap(body.encode())) == [Place("https://almby.example/a", False)]


def test_a_sitemap_index_gives_sitemaps_gzipped_too() -> None:
    body = f"<sitemapindex {SPACE}><sitemap><loc>https://almby.example/karta-1.xml</loc></sitemap></sitemapindex>"
    assert list(read_sitemap(gzip.compress(body.encode()))) == [Place("https://almby.example/karta-1.xml", True)]


def test_the_pictures_of_a_page_are_not_pages() -> None:
    image = "<image:image><image:loc>https://almby.example/bild.png</image:loc></image:image>"
    space = 'xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"'
    body = f"<urlset {SPACE} {space}><url><loc>https://almby.example/a</loc>{image}</url></urlset>"
    assert [place.url for place in read_sitemap(body.encode())] == ["https://almby.example/a"]


def test_a_sitemap_that_breaks_off_gives_what_came_before() -> None:
    body = f"<urlset {SPACE}><url><loc>https://almby.example/a</loc></url><url><lo"
    assert [place.url for place in read_sitemap(body.encode())] == ["https://almby.example/a"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html><body>404</body></html>",
        b"\x1f\x8b broken gzip",
        b'<!DOCTYPE x [<!ENTITY a "b"><!ENTITY c "&a;&a;">]><urlset><url><loc>&c;</loc></url></urlset>',
        b'<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><urlset><url><loc>&f;</loc></url></urlset>',
    ],
)
def test_what_is_no_sitemap_gives_no_pages(body: bytes) -> None:
    assert list(read_sitemap(body)) == []
