"""Sources with what nobody sees, and the latest runs with their troubles in the reader's language."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

from listener.models import Completeness, Issue, SourceResult
from listener.store import Store
from listener.store.runs import finish_run, save_source, start_run

from .conftest import NOW, Browser

Open = Callable[..., Browser]
TOO_MANY = "stopped after 2000 posts: ask for a shorter time or for more words"


def ran(store: Store, days: int, issues: int = 0, completeness: Completeness = Completeness.COMPLETE) -> int:
    """An audit that day, in which Bluesky had so many troubles; Mastodon was never reached."""
    now = NOW - timedelta(days=days)
    run = start_run(store, "audit", now, ["bluesky", "mastodon"])
    told = tuple(Issue(source="bluesky", kind="truncated", detail=TOO_MANY, until=None) for _issue in range(issues))
    result = SourceResult(
        source="bluesky", completeness=completeness, accounts=3, posts=1, issues=told, seconds=1.2
    )  # fmt: skip
    save_source(store, run, result)
    finish_run(store, run, now, 3 if issues else 0, complete=not issues)
    return run


def test_every_source_says_how_it_went_and_every_gap_why(browser: Open, store: Store) -> None:
    ran(store, 1, issues=1, completeness=Completeness.TRUNCATED)
    page = browser("reader").get("/sources").text
    assert "Bluesky – on" in page
    assert "(in part)" in page
    assert TOO_MANY in page
    gaps = page.partition('id="gaps"')[2]
    assert re.search(r"<dt>TikTok</dt><dd>\S+", gaps)
    assert "Vad som inte söks" in browser("reader", "sv").get("/sources").text


def test_the_latest_runs_tell_their_troubles_in_the_readers_language(browser: Open, store: Store) -> None:
    ran(store, 2)
    ran(store, 1, issues=25, completeness=Completeness.TRUNCATED)
    page = browser("reader", "sv").get("/runs").text
    assert re.findall(r'href="/run/(\d+)"', page) == ["2", "1"]
    assert "OFULLSTÄNDIG" in page
    assert TOO_MANY not in page, "it is Swedish here"
    assert page.count("2000 inlägg") == 20
    assert "… och 5 till" in page
    whole = browser("reader").get("/run/2").text
    assert whole.count(TOO_MANY) == 25
    assert "Never reached: mastodon." in whole


def test_runs_go_on_page_by_page_and_hostile_details_stay_harmless(browser: Open, store: Store) -> None:
    for _run in range(51):
        start_run(store, "listen", NOW, [])
    bad = Issue(source="<b>", kind="<i>", detail="<script>alert(1)</script> https://evil.example/ \u202e", until=NOW)
    result = SourceResult(
        source="<b>", completeness=Completeness.COMPLETE, accounts=0, posts=0, issues=(bad,), seconds=0
    )  # fmt: skip
    save_source(store, 51, result)
    one = browser("reader")
    page = one.get("/runs").text
    assert "not finished: it goes on, or it broke off" in page
    assert "<script>alert" not in page
    assert "https://evil.example" not in page
    assert "\u202e" not in page
    following = re.search(r'rel="next" href="([^"]+)"', page)
    assert following
    assert re.findall(r'href="/run/(\d+)"', one.get(following[1]).text) == ["1"]
    assert one.get("/run/99").status_code == 404
    assert one.get("/run/99999999999999999999999").status_code == 404
