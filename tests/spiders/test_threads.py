"""What the spider reads from a forum's search, and when it stops."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from scrapy import Request
from scrapy.http import HtmlResponse

from listener.harvest import read_html
from spiders.plan import Plan, ThreadPost
from spiders.threads import HERE, ThreadSpider, next_page, read_date, read_posts

SEARCH = "https://forum.example/sok/?query=almby&page=1"
NOW = datetime(2026, 11, 23, 10, 0, tzinfo=HERE)
BODY = (Path(__file__).parent / "pages" / "sokning.html").read_bytes()


def test_posts_are_read_with_thread_excerpt_and_time_and_without_their_author() -> None:
    page, _text = read_html(BODY.decode())
    posts = read_posts(page, SEARCH, NOW)
    assert posts[0] == ThreadPost(
        id="90000003",
        url="https://forum.example/p90000003",
        thread="Almby kommun höjer avgiften",
        excerpt="Har någon annan fått brev från Almby kommun om avgiften? Citat",
        date="Idag, 09:12",
        published_at="2026-11-23T09:12:00+01:00",
    )
    assert [post.id for post in posts] == ["90000003", "90000002", "90000001"]
    assert posts[1].excerpt == "Simhallen i Almby kommun stängs."
    assert posts[2].published_at == ""
    assert not any("påhittad" in str(post) for post in posts)


@pytest.mark.parametrize(
    ("day", "clock", "read"),
    [
        ("Igår", "22:10", "2026-11-22T22:10:00+01:00"),
        ("2026-07-01", "08:00", "2026-07-01T08:00:00+02:00"),
        ("2026-13-45", "08:00", ""),
        ("idag", "99:99", ""),
    ],
)
def test_times_are_those_of_the_forum(day: str, clock: str, read: str) -> None:
    assert read_date(day, clock, NOW) == read


def test_pages_follow_each_other_up_to_the_limit() -> None:
    assert next_page("https://forum.example/sok/?query=almby+kommun", 3).endswith("query=almby+kommun&page=2")
    assert next_page("https://forum.example/sok/?query=a&page=3", 3) == ""
    assert next_page("https://forum.example/sok/?query=a&page=x", 3).endswith("page=2")


def spider(since: str = "", depth: int = 3) -> ThreadSpider:
    return ThreadSpider(
        plan=Plan(
            starts=(SEARCH,), sites=("forum.example",), user_agent="t", since=since, depth=depth, spider="threads"
        )
    )


def read(forum: ThreadSpider, body: bytes = BODY, **more: dict[str, str]) -> list[Request]:
    response = HtmlResponse(SEARCH, body=body, encoding="utf-8", **more)  # type: ignore[arg-type]
    return [row for row in forum.parse(response) if isinstance(row, Request)]


def test_it_reads_on_until_it_is_as_far_back_as_asked() -> None:
    assert [request.url for request in read(spider("2026-11-01T00:00:00Z"))] == [SEARCH.replace("page=1", "page=2")]
    assert read(spider("2026-11-21T00:00:00Z")) == []


def test_a_limit_that_leaves_pages_is_told_and_a_page_that_is_no_search_too() -> None:
    short = spider("2026-11-01T00:00:00Z", depth=1)
    assert read(short) == []
    assert short.summary("finished").left == 1
    changed = spider()
    assert read(changed, b"<h1>Ny design</h1>") == []
    assert changed.summary("finished").troubles == {"changed": 1}
    empty = spider()
    read(empty, "<p>Sökningen gav inga träffar".encode())
    assert empty.summary("finished").troubles == {}


def test_a_forum_that_reserves_itself_is_not_read() -> None:
    forum = spider()
    assert read(forum, headers={"X-Robots-Tag": "noai"}) == []
    assert forum.summary("finished").troubles == {"reserved": 1}
    assert forum.pages == 0
