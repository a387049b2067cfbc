"""A page that takes too long to read."""

from __future__ import annotations

import signal
from collections.abc import Iterator

import pytest
from scrapy.http import HtmlResponse, Response

from spiders import pages, site, threads, walker
from spiders.pages import PageSpider
from spiders.plan import Plan, Sight
from spiders.reading import Place
from spiders.site import SiteSpider
from spiders.threads import ThreadSpider

URL = "https://a.example/"


def test_a_page_without_end_is_given_up_and_named_and_the_next_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    def read(_html: str, url: str, *_words: object) -> Sight:
        while url == URL:
            pass
        return Sight(start=url, url=url)

    monkeypatch.setattr(pages, "read_sight", read)
    monkeypatch.setattr(walker, "READING", 0.01)
    spider = PageSpider(plan=Plan(starts=(URL,), sites=("a.example",), user_agent="test"))
    before = signal.getsignal(signal.SIGALRM)
    assert list(spider.parse(HtmlResponse(URL, body=b"x", encoding="utf-8"), start=URL)) == []
    assert spider.summary("finished").troubles == {"unread": 1}
    assert spider.summary("finished").examples == {"unread": URL}
    again = HtmlResponse(f"{URL}b", body=b"x", encoding="utf-8")
    assert [row.url for row in spider.parse(again, start=URL)] == [f"{URL}b"]
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)
    assert signal.getsignal(signal.SIGALRM) == before


def endless(*_words: object) -> None:
    while True:
        pass


def test_a_search_page_and_a_sitemap_are_given_up_too_and_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walker, "READING", 0.01)
    monkeypatch.setattr(threads, "read_search", endless)
    forum = ThreadSpider(plan=Plan(starts=(URL,), sites=("a.example",), user_agent="test"))
    assert list(forum.parse(HtmlResponse(URL, body=b"x", encoding="utf-8"))) == []
    assert forum.summary("finished").troubles == {"unread": 1}

    def places(_body: bytes) -> Iterator[Place]:
        yield Place(f"{URL}kontakt", is_sitemap=False)
        endless()

    monkeypatch.setattr(site, "read_sitemap", places)
    ours = SiteSpider(plan=Plan(starts=(URL,), sites=("a.example",), user_agent="test"))
    found = list(ours.parse_sitemap(Response(f"{URL}sitemap.xml", body=b"x")))
    assert [request.url for request in found] == [f"{URL}kontakt"], "what came before it took too long is read"
    assert ours.summary("finished").troubles == {"unread": 1}
