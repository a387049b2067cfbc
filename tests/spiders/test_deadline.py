"""A page that takes too long to read."""

from __future__ import annotations

import signal

import pytest
from scrapy.http import HtmlResponse

from spiders import pages, walker
from spiders.pages import PageSpider
from spiders.plan import Plan, Sight

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
