"""Which pages the spider reads, and in which order."""

from __future__ import annotations

import pytest

from spiders.frontier import MOST_WAITING, Frontier, telling

HOME = "https://almby.example/"


def frontier(pages: int = 100, *sites: str) -> Frontier:
    return Frontier(sites or ("almby.example",), pages)


@pytest.mark.parametrize(
    ("url", "ours"),
    [
        ("https://almby.example/", True),
        ("http://www.almby.example/kontakt", True),
        ("https://bibliotek.almby.example/", True),
        ("https://xn--lmby-example.test/", False),
        ("https://notalmby.example/", False),
        ("https://almby.example.evil.test/", False),
        ("https://almby.example@evil.test/", False),
        ("ftp://almby.example/", False),
        ("javascript:alert(1)", False),
        ("http://[::1", False),
        ("", False),
    ],
)
def test_only_our_own_domains_are_ours(url: str, ours: bool) -> None:
    assert frontier().in_site(url) is ours


def test_a_bare_address_is_a_site_only_on_its_own_port() -> None:
    local = frontier(100, "127.0.0.1:8000")
    assert local.in_site("http://127.0.0.1:8000/kontakt")
    assert not local.in_site("http://127.0.0.1:8001/kontakt")
    assert not local.in_site("http://127.0.0.1/")


def test_pages_about_social_media_come_before_contact_before_units_before_the_rest() -> None:
    ranks = [
        frontier().rank(f"{HOME}{path}", text)
        for path, text in [
            ("a", "Följ oss i sociala medier"),
            ("kontakt", ""),
            ("b", "Stadsbiblioteket"),
            ("forskola", ""),
            ("sophamtning", "Sophämtning"),
        ]
    ]
    assert all(rank is not None for rank in ranks)
    assert ranks == sorted(ranks, key=lambda rank: -(rank or 0))
    assert len(set(ranks)) == 5


def test_the_words_are_read_in_quoted_paths_too() -> None:
    assert telling("/f%C3%B6lj%20oss", "") == telling("/x", "Följ oss") > telling("/x", "Sopor")


@pytest.mark.parametrize("path", ["bild.jpg", "beslut.PDF", "film.mp4", "arkiv.zip", "x" * 3_000])
def test_files_and_endless_addresses_are_not_pages(path: str) -> None:
    assert frontier().rank(HOME + path) is None


def test_one_page_in_many_spellings_is_read_once() -> None:
    known = frontier()
    assert known.rank("https://almby.example/kontakt") is not None
    for again in ("http://www.almby.example/kontakt/", "https://almby.example/kontakt?utm_source=x"):
        assert known.rank(again) is None
    assert known.left == 0


def test_a_calendar_without_end_is_left_after_a_few_days() -> None:
    known = frontier()
    ranks = [known.rank(f"{HOME}kalender?dag={day}") for day in range(50)]
    assert 0 < sum(rank is not None for rank in ranks) < 10
    assert known.left > 40


def test_pages_are_counted_for_each_site_with_its_subdomains() -> None:
    budget = frontier(20, "almby.example", "almbybostader.example")
    taken = [budget.spend(f"https://{name}.almby.example/{name}") for name in "abcdefghijklmnopqrstuvwxyz"]
    assert sum(taken) == 20
    assert budget.spend("https://almbybostader.example/")
    assert budget.left == 6


def test_one_section_cannot_take_all_pages() -> None:
    budget = frontier(40)
    assert sum(budget.spend(f"{HOME}nyheter/{number}") for number in range(40)) == 20
    assert budget.spend(f"{HOME}kontakt")


def test_a_host_that_told_us_to_stop_gets_no_more() -> None:
    budget = frontier()
    budget.close("www.almby.example")
    assert not budget.spend("https://www.almby.example/kontakt")
    assert budget.spend("https://bibliotek.almby.example/")


def test_what_scrapy_is_not_to_hold_waits_its_turn_and_none_is_lost() -> None:
    known = frontier(100_000)
    found = [(f"{HOME}sida/{number}", number % 7) for number in range(9_000)]
    given = list(known.next_pages(found, waiting=0))
    assert len(given) == MOST_WAITING
    while more := list(known.next_pages((), waiting=0)):
        assert len(more) <= MOST_WAITING
        given += more
    assert given == found
