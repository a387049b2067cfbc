"""Feeds as publishers serve them, well and badly."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from listener.context import Context
from listener.demo.serve import Reply, Request, Server
from listener.errors import Changed, SourceError
from listener.http import Response
from listener.models import Completeness
from listener.query import parse
from listener.sources import feeds

NOW = datetime(2026, 11, 22, 7, 0, tzinfo=UTC)
WEEK = NOW - timedelta(days=7)
RSS = """<?xml version="1.0"?><rss version="2.0"><channel><title>Almbyposten</title><language>sv-se</language>
<item><title>Simhallen &amp; badet</title><link>https://almbyposten.example/1</link><guid>n1</guid>
<pubDate>Sat, 21 Nov 2026 08:00:00 +0100</pubDate>
<description>&lt;p&gt;Stängd &lt;b&gt;igen&lt;/b&gt;&lt;/p&gt;</description></item>
<item><title>Gammalt</title><link>https://almbyposten.example/0</link><guid>n0</guid>
<pubDate>Sat, 01 Aug 2026 08:00:00 +0200</pubDate></item></channel></rss>"""
Make = Callable[..., Context]


class Paper:
    """A paper that knows its entity tag, and another address that is down."""

    def __init__(self) -> None:
        self.asked: list[Request] = []

    def __call__(self, request: Request) -> Reply:
        if request.path == "/robots.txt":
            return Reply(status=404)
        if request.path == "/nere.xml":
            return Reply(status=500)
        self.asked.append(request)
        if request.headers.get("if-none-match") == '"v1"':
            return Reply(status=304)
        return Reply(body=RSS.encode(), kind="application/rss+xml", headers={"ETag": '"v1"'})


@pytest.mark.network
def test_entries_since_a_time_are_read_once_a_run_and_not_again_when_nothing_is_new(make_context: Make) -> None:
    paper = Paper()
    server = Server(paper)
    try:
        settings = {"urls": [f"{server.url}/rss.xml"]}
        ctx = make_context("feeds", settings)
        (post,) = feeds.posts(ctx, parse("simhall*"), WEEK)
        assert (post.id, post.text, post.lang) == ("n1", "Simhallen & badet\nStängd igen", "sv")
        assert post.published_at == datetime(2026, 11, 21, 7, 0, tzinfo=UTC)
        list(feeds.posts(ctx, parse("skola"), WEEK))
        assert len(paper.asked) == 1
        assert ctx.completeness == Completeness.COMPLETE
        later = make_context("feeds", settings, cursor=ctx.next_cursor)
        assert not list(feeds.posts(later, parse("simhall*"), WEEK))
        assert not list(feeds.posts(later, parse("skola"), WEEK))
        assert len(paper.asked) == 2
        assert later.next_cursor == ctx.next_cursor
    finally:
        server.stop()


@pytest.mark.network
def test_one_feed_down_does_not_hide_the_others_and_all_down_is_an_error(make_context: Make) -> None:
    server = Server(Paper())
    try:
        ctx = make_context("feeds", {"urls": [f"{server.url}/nere.xml", f"{server.url}/rss.xml"]})
        assert len(list(feeds.posts(ctx, parse("simhall*"), WEEK))) == 1
        assert (ctx.completeness, [issue.kind for issue in ctx.issues]) == (Completeness.TRUNCATED, ["failed"])
        with pytest.raises(SourceError):
            list(feeds.posts(make_context("feeds", {"urls": [f"{server.url}/nere.xml"]}), parse("a"), WEEK))
    finally:
        server.stop()


@pytest.mark.network
def test_a_feed_that_does_not_reach_back_says_so(make_context: Make) -> None:
    server = Server(Paper())
    try:
        ctx = make_context("feeds", {"urls": [f"{server.url}/rss.xml"]})
        assert len(list(feeds.posts(ctx, parse("simhall*"), NOW - timedelta(days=365)))) == 2
        assert ctx.completeness == Completeness.TRUNCATED
    finally:
        server.stop()


def test_a_badly_written_feed_is_read_as_far_as_it_goes() -> None:
    broken = RSS.replace("&amp;", "&").replace("</channel></rss>", "").encode()
    assert feeds.read_feed(Response(url="https://almbyposten.example/", status=200, headers={}, body=broken))


@pytest.mark.parametrize("body", [b"", b"<html><p>Hej</p></html>", b"\x00\xff", b"/etc/passwd", b'{"a": 1}'])
def test_what_is_no_feed_is_changed(body: bytes) -> None:
    with pytest.raises(Changed):
        feeds.read_feed(Response(url="https://almbyposten.example/", status=200, headers={}, body=body))


@pytest.mark.network
def test_feeds_that_no_time_was_left_for_are_read_from_there_the_next_time(
    make_context: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = Server(Paper())
    try:
        ctx = make_context("feeds", {"urls": [f"{server.url}/{name}.xml" for name in ("rss", "nere", "b", "c")]})
        monkeypatch.setattr(ctx.http.allowance, "spent", True)
        with pytest.raises(SourceError):
            list(feeds.posts(ctx, parse("simhall*"), WEEK))
        assert sum(mark == "2026-11-15T07:00:00Z" for mark in ctx.next_cursor.values()) == 3
    finally:
        server.stop()
