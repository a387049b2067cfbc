"""Web search through a real SearXNG: closed platforms by site:, news, silent engines, and JSON turned off."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from servers.searxng import Index, searxng

from listener.context import Context
from listener.errors import Blocked, SourceError
from listener.models import Completeness, Term
from listener.query import parse
from listener.sources import websearch

NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
PAGES = [
    {"url": "https://almby.example/kontakt", "title": "Kontakt", "text": "Almby kommun"},
    {"url": "https://www.facebook.com/almbykommun", "title": "Almby kommun | Facebook", "text": "Officiell sida"},
    {"url": "https://www.facebook.com/almbykommun/posts/1", "title": "Almby kommun - Hej", "text": "Ett inlägg"},
    {
        "url": "https://www.instagram.com/almby_kommun_support/",
        "title": "Almby kommun (@almby_kommun_support)",
        "text": "Hjälp",
    },
    {"url": "https://se.linkedin.com/company/almby-kommun?trk=x", "title": "Almby kommun | LinkedIn", "text": "Kommun"},
    {"url": "https://www.linkedin.com/jobs/almby-kommun-1", "title": "Jobb hos Almby kommun", "text": "Lediga jobb"},
    {"url": "https://www.tiktok.com/@almbyk", "title": "Almby kommun (@almbyk) | TikTok", "text": "Dans"},
]
NEWS = [{"url": "https://almbyposten.example/7", "title": "Almby kommun bygger", "text": "En ny simhall"}]
SITES = ["facebook.com", "instagram.com", "linkedin.com/company", "tiktok.com"]

pytestmark = pytest.mark.realserver


@pytest.fixture(scope="module")
def indexes() -> tuple[Index, Index]:
    return Index(PAGES), Index(NEWS)


@pytest.fixture(scope="module")
def engine(indexes: tuple[Index, Index]) -> Iterator[str]:
    with searxng(*indexes) as url:
        yield url


def our(context: Callable[..., Context], url: str) -> Context:
    ctx = context("websearch", base_url=url, sites=SITES)
    ctx.sites, ctx.terms = ("almby.example",), (Term(text="Almby kommun"),)
    return ctx


def test_closed_platforms_are_seen_through_it(context: Callable[..., Context], engine: str) -> None:
    ctx = our(context, engine)
    found = {account.url: account.display_name for account in websearch.accounts(ctx, Term(text=""))}
    assert found == {
        "https://www.facebook.com/almbykommun": "Almby kommun",
        "https://www.instagram.com/almby_kommun_support": "Almby kommun",
        "https://www.linkedin.com/company/almby-kommun": "Almby kommun",
        "https://www.tiktok.com/@almbyk": "Almby kommun",
    }
    assert ctx.completeness == Completeness.COMPLETE


def test_news_are_heard_through_it(context: Callable[..., Context], engine: str) -> None:
    (post,) = websearch.posts(our(context, engine), parse('"Almby kommun"', NOW), NOW - timedelta(days=7))
    assert (post.text, post.url) == ("Almby kommun bygger\nEn ny simhall", "https://almbyposten.example/7")


def test_an_engine_behind_it_that_fails_is_no_empty_answer(
    context: Callable[..., Context], engine: str, indexes: tuple[Index, Index]
) -> None:
    indexes[0].broken = True
    try:
        with pytest.raises(SourceError, match=r"no engine answers the search any more \(sidor\)"):
            list(websearch.accounts(our(context, engine), Term(text="")))
    finally:
        indexes[0].broken = False


def test_json_turned_off_says_where_to_turn_it_on(
    context: Callable[..., Context], indexes: tuple[Index, Index]
) -> None:
    with searxng(*indexes, formats=("html",)) as url, pytest.raises(Blocked, match=r"settings\.yml"):
        list(websearch.accounts(our(context, url), Term(text="")))
