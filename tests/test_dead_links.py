"""A link on our page to a name that nobody bears is told, with the page; one that could not be looked up is not."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from listener.asking import Harvest
from listener.context import Context
from listener.dead_links import as_terms, dead_links, linked_on
from listener.http import Session
from listener.language import translations
from listener.models import Account, Completeness, SourceResult, Term
from listener.sentences import in_language

PAGE = "https://almby.example/kontakt"
NOW = datetime(2026, 11, 22, 7, 0, tzinfo=UTC)


def harvest(source: str, *accounts: Account, completeness: Completeness = Completeness.COMPLETE) -> Harvest:
    ctx = Context(source, Session("press@almby.example"), now=NOW)
    return Harvest(ctx=ctx, result=SourceResult(source=source, completeness=completeness), accounts=accounts)


def on_our_page(platform: str, handle: str) -> Account:
    url = f"https://{platform}.example/{handle}"
    return Account(platform=platform, handle=handle, url=url, official_links=(PAGE,), source="website")


OWN = harvest(
    "website", on_our_page("x", "AlmbyKommun"), on_our_page("x", "almbybadet"), on_our_page("tiktok", "almby")
)


def test_a_name_that_nobody_has_is_told_with_the_page() -> None:
    linked = linked_on(OWN, "x")
    assert as_terms(linked) == (Term(text="AlmbyKommun", kind="handle"), Term(text="almbybadet", kind="handle"))
    there = Account(platform="x", platform_id="17", handle="almbykommun", source="x")
    (fault,) = dead_links(linked, harvest("x", there))
    assert (fault.rule, fault.url) == ("dead_link", "https://x.example/almbybadet")
    swedish = translations("sv").gettext
    assert (
        in_language(fault.detail, swedish)
        == f"{PAGE} länkar till almbybadet på X (Twitter), och ingen har det namnet där"
    )
    assert in_language(fault.hint, swedish) != fault.hint


@pytest.mark.parametrize("how", [Completeness.UNAVAILABLE, Completeness.TRUNCATED, Completeness.QUOTA])
def test_what_was_not_seen_in_whole_proves_nothing(how: Completeness) -> None:
    assert dead_links(linked_on(OWN, "x"), harvest("x", completeness=how)) == []


def test_without_our_site_nothing_is_asked() -> None:
    assert linked_on(None, "x") == ()
