"""Flashback's search, read by the real spider from a small forum on loopback."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from loopback_sites import Page, Serve, Site, page, serving

from listener.context import Context
from listener.errors import Blocked, Changed
from listener.http import Session
from listener.models import Completeness
from listener.query import parse
from listener.sources import flashback

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
SINCE = datetime(2026, 11, 1, tzinfo=UTC)
FIRST = Page((Path(__file__).parent.parent / "spiders" / "pages" / "sokning.html").read_bytes())
SEARCH = "/sok/?query=almby&sp=1&search_post=1&so=pd"
NONE = page("<p>Sökningen gav inga träffar.</p>")


@pytest.fixture
def serve() -> Iterator[Serve]:
    with serving() as start:
        yield start


def context(site: Site, **settings: Any) -> Context:
    session = Session("press@almby.example", allow_loopback=True, per_host_seconds=0.0, max_seconds=60.0)
    return Context("flashback", session, now=NOW, settings={"base_url": site.url, **settings}, allow_loopback=True)


def test_it_is_slow_where_it_is_not_on_loopback() -> None:
    ctx = Context("flashback", Session("press@almby.example"), now=NOW, settings={"seconds_between_requests": 0})
    plan = flashback.read_plan(ctx, [flashback.address(ctx, "almby")], SINCE, 3)
    assert plan.delay >= 10.0
    assert plan.starts == ("https://www.flashback.org/sok/?query=almby&sp=1&search_post=1&so=pd",)


@pytest.mark.network
def test_posts_are_found_once_page_by_page(serve: Serve) -> None:
    site = serve({SEARCH: FIRST, f"{SEARCH}&page=2": FIRST, f"{SEARCH}&page=3": NONE})
    ctx = context(site)
    posts = {post.id: post for post in flashback.posts(ctx, parse("almby", NOW), SINCE)}
    assert set(posts) == {"90000001", "90000002", "90000003"}
    assert posts["90000002"].text == "Almby kommun höjer avgiften\nSimhallen i Almby kommun stängs."
    assert posts["90000002"].url == f"{site.url}p90000002"
    assert posts["90000002"].author is None
    assert ctx.completeness is Completeness.COMPLETE


@pytest.mark.network
@pytest.mark.parametrize("robots", [Page(b"User-agent: *\nDisallow: /sok/"), Page(b"", status=500)])
def test_a_forum_that_does_not_let_us_in_is_not_searched(serve: Serve, robots: Page) -> None:
    site = serve({SEARCH: FIRST, "/robots.txt": robots})
    with pytest.raises(Blocked, match=r"robots\.txt does not allow it"):
        list(flashback.posts(context(site), parse("almby", NOW), SINCE))
    assert SEARCH not in site.paths


@pytest.mark.network
def test_another_shape_is_told(serve: Serve) -> None:
    site = serve({SEARCH: page("<h1>Ny sida</h1>")})
    with pytest.raises(Changed, match="neither posts nor word that there are none"):
        list(flashback.posts(context(site), parse("almby", NOW), SINCE))
