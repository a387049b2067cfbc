"""Google News' search feed: headlines only, once its terms are accepted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from listener.config import read_config
from listener.context import Context
from listener.demo.serve import Reply, Request, Server
from listener.discover import planned
from listener.errors import Blocked, Changed, ConfigError, SourceError, Throttled
from listener.models import Completeness
from listener.query import parse
from listener.sources import googlenews

NOW = datetime(2026, 11, 22, 7, 0, tzinfo=UTC)
WEEK = NOW - timedelta(days=7)
Make = Callable[..., Context]
ENTRY = """<item><title>Almby kommun bygger {n} - Almbyposten</title><link>https://news.google.com/rss/articles/{n}</link>
<guid isPermaLink="false">g{n}</guid><pubDate>{day} Nov 2026 08:00:00 GMT</pubDate>
<description>&lt;a href="https://news.google.com/rss/articles/{n}"&gt;Almby kommun bygger&lt;/a&gt;</description>
<source url="https://almbyposten.example">Almbyposten</source></item>"""

pytestmark = pytest.mark.network


def feed(*days: str) -> Reply:
    entries = "".join(ENTRY.format(n=number, day=day) for number, day in enumerate(days))
    body = f'<?xml version="1.0"?><rss version="2.0"><channel><title>Google News</title>{entries}</channel></rss>'
    return Reply(body=body.encode(), kind="application/xml; charset=utf-8")


def heard(make_context: Make, answer: Reply) -> tuple[Context, list[tuple[str, str | None]], list[Request]]:
    asked: list[Request] = []

    def served(request: Request) -> Reply:
        if request.path == "/robots.txt":
            return Reply(status=404)
        asked.append(request)
        return answer

    server = Server(served)
    try:
        ctx = make_context("googlenews", {"base_url": f"{server.url}/rss/search"})
        found = googlenews.posts(ctx, parse('"Almby kommun"', NOW), WEEK)
        return ctx, [(post.text, post.author) for post in found], asked
    finally:
        server.stop()


def test_headlines_come_with_paper_and_without_googles_markup(make_context: Make) -> None:
    ctx, found, asked = heard(make_context, feed("20", "01"))
    assert found == [("Almby kommun bygger 0", "almbyposten.example")]
    assert (asked[0].one("q"), asked[0].one("ceid")) == ('"Almby kommun" when:8d', "SE:sv")
    assert ctx.completeness == Completeness.COMPLETE


def test_a_full_feed_is_told_as_cut_off(make_context: Make) -> None:
    ctx, found, _asked = heard(make_context, feed(*["20"] * 100))
    assert len(found) == 100
    assert ctx.completeness == Completeness.TRUNCATED


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (Reply(status=404), SourceError),
        (Reply(status=403), Blocked),
        (Reply(status=429, headers={"Retry-After": "3600"}), Throttled),
        (Reply(body=b"<html><p>Samtyck</p></html>", kind="text/html"), Changed),
        (Reply(body=b"<title>Just a moment</title>", kind="text/html"), Blocked),
    ],
    ids=["404", "403", "429", "consent", "challenge"],
)
def test_a_feed_in_trouble_is_a_source_error(make_context: Make, answer: Reply, error: type[SourceError]) -> None:
    with pytest.raises(error):
        heard(make_context, answer)


def test_it_is_asked_only_when_its_terms_are_accepted() -> None:
    table: dict[str, object] = {"enabled": True}
    tables = {"organisation": {"name": "Almby kommun"}, "sources": {"googlenews": table}}
    with pytest.raises(ConfigError, match="personal, non-commercial"):
        planned(read_config(Path("listener.toml"), tables, {}), "posts")
    table["terms_accepted"] = "own use"
    assert "googlenews" in planned(read_config(Path("listener.toml"), tables, {}), "posts")
