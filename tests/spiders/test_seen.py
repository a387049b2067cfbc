"""What a crawl remembers of the addresses it has met."""

from __future__ import annotations

from random import Random

from scrapy import Request

from spiders.seen import Seen, SeenFilter


def test_it_answers_as_a_set_does() -> None:
    chance, seen, known = Random(4), Seen(5_000), set[str]()
    for _turn in range(20_000):
        text = f"https://almby.example/{chance.randrange(5_000)}"
        assert (text in seen) == (text in known)
        assert seen.add(text) == (text not in known)
        known.add(text)
    assert len(known) > 4_500


def test_a_full_one_remembers_what_it_knows_and_takes_no_more() -> None:
    seen = Seen(3)
    assert [seen.add(text) for text in ("a", "b", "c", "d", "a")] == [True, True, True, False, False]
    assert seen.full
    assert [text in seen for text in "abcd"] == [True, True, True, False]


def test_a_redirect_to_a_page_already_asked_for_is_not_followed_and_another_spelling_is() -> None:
    asked = SeenFilter()
    assert not asked.request_seen(Request("http://almby.example/"))
    assert not asked.request_seen(Request("https://www.almby.example/"))
    assert asked.request_seen(Request("http://almby.example/"))


def test_a_full_filter_lets_new_addresses_through() -> None:
    asked = SeenFilter(1)
    assert not asked.request_seen(Request("http://almby.example/1"))
    assert not asked.request_seen(Request("http://almby.example/2"))
    assert not asked.request_seen(Request("http://almby.example/2"))
    assert asked.request_seen(Request("http://almby.example/1"))
