"""GDELT against a small one of our own: its stamps, its row limit, and its plain words instead of errors."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from listener.context import Context
from listener.demo.serve import Reply, Request, Server, json_reply
from listener.errors import Blocked, Changed, SourceError, Throttled
from listener.models import Completeness
from listener.query import parse
from listener.sources import gdelt

NOW = datetime(2026, 11, 22, 7, 0, tzinfo=UTC)
WEEK = NOW - timedelta(days=7)
Make = Callable[..., Context]

pytestmark = pytest.mark.network


class News:
    """As many articles as it is given times for, at most 250 an answer, like GDELT's artlist."""

    def __init__(self, times: list[datetime]) -> None:
        self.times = times
        self.asked: list[str] = []

    def __call__(self, request: Request) -> Reply:
        assert (request.one("mode"), request.one("format"), request.one("maxrecords")) == ("artlist", "json", "250")
        self.asked.append(request.one("query"))
        start, end = (
            datetime.strptime(request.one(name), "%Y%m%d%H%M%S").replace(tzinfo=UTC)
            for name in ("startdatetime", "enddatetime")
        )
        rows = [
            {
                "url": f"https://almbyposten.example/{n}",
                "title": f"Almby kommun {n}",
                "seendate": f"{at:%Y%m%dT%H%M%SZ}",
            }
            for n, at in enumerate(self.times)
            if start <= at <= end
        ]
        return json_reply({"articles": rows[:250]} if rows else {})


def heard(make_context: Make, answer: Callable[[Request], Reply], since: datetime = WEEK) -> tuple[Context, list[str]]:
    server = Server(answer)
    try:
        ctx = make_context("gdelt", {"base_url": server.url})
        return ctx, [post.text for post in gdelt.posts(ctx, parse('"Almby kommun"', NOW), since)]
    finally:
        server.stop()


def test_more_articles_than_an_answer_holds_are_asked_for_in_shorter_stretches(make_context: Make) -> None:
    news = News([NOW - timedelta(minutes=20 * n) for n in range(490)])
    ctx, texts = heard(make_context, news)
    assert len(set(texts)) == len(texts) == 490
    assert set(news.asked) == {'"Almby kommun" sourcecountry:SW'}
    assert len(news.asked) == 5  # 490, then 252 and 238 in halves, the fuller one halved again
    assert ctx.completeness == Completeness.COMPLETE


def test_an_hour_too_full_is_told(make_context: Make) -> None:
    ctx, texts = heard(make_context, News([NOW - timedelta(seconds=n) for n in range(300)]))
    assert len(texts) == 250
    assert ctx.completeness == Completeness.TRUNCATED


def test_further_back_than_three_months_is_told(make_context: Make) -> None:
    ctx, texts = heard(make_context, News([]), NOW - timedelta(days=365))
    assert texts == []
    assert [issue.detail for issue in ctx.issues] == ["GDELT reaches back three months only"]


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b"Please limit requests to one every 5 seconds or contact someone for larger queries.\n", Throttled),
        (b"The specified phrase is too short.\n", SourceError),
        (b"", SourceError),
        (b'{"articles": [{"url": "https://alm', Changed),
        (b'{"artiklar": []}', Changed),
        (b'{"articles": [{"title": "utan adress"}]}', Changed),
    ],
)
def test_plain_words_are_no_empty_answer(make_context: Make, body: bytes, error: type[SourceError]) -> None:
    with pytest.raises(error):
        heard(make_context, lambda _request: Reply(body=body, kind="text/html; charset=utf-8"))


def test_one_search_that_it_will_not_make_does_not_hide_the_others(make_context: Make) -> None:
    news = News([NOW - timedelta(days=1)])

    def answer(request: Request) -> Reply:
        if request.one("query").startswith("ån "):
            return Reply(body=b"The specified phrase is too short.", kind="text/html")
        return news(request)

    server = Server(answer)
    try:
        ctx = make_context("gdelt", {"base_url": server.url})
        assert [post.text for post in gdelt.posts(ctx, parse("ån OR Almby", NOW), WEEK)] == ["Almby kommun 0"]
    finally:
        server.stop()
    assert ctx.completeness == Completeness.TRUNCATED


def test_being_shut_out_is_blocked(make_context: Make) -> None:
    with pytest.raises(Blocked):
        heard(make_context, lambda _request: Reply(status=403))
