"""The trail of all decisions, whether it is whole, who searched and read; patterns confirmed or rejected, with why."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import msgspec

from listener.coordination.pattern import Pattern, Reason
from listener.posts import Mention, Post
from listener.store import Store
from listener.store.mention_looks import save_look
from listener.store.mentions import save_mentions
from listener.store.patterns import rulings, save_pattern
from listener.store.searches import save_search

from .conftest import NOW, Browser, finding

Open = Callable[..., Browser]
Flag = Callable[..., None]


def events(page: str) -> list[int]:
    return [int(number) for number in re.findall(r'id="event-(\d+)"', page)]


def test_all_events_stand_latest_first_and_are_found_by_person_and_time(browser: Open, flagged: Flag) -> None:
    flagged(finding(1), finding(2))
    browser("decider").decide(1, "dismissed", "other", text="vår <b>egen</b> kampanj")
    one = browser("reader")
    page = one.get("/trail").text
    assert events(page) == [3, 2, 1]
    assert "new → dismissed" in page
    assert "vår &lt;b&gt;egen&lt;/b&gt; kampanj" in page
    for asked, found in (
        ("who=decider", [3]),
        ("who=nobody", []),
        ("since=2026-11-21", []),
        ("until=2026-11-20", [3, 2, 1]),
        ("below=3", [2, 1]),
    ):
        assert events(one.get(f"/trail?{asked}").text) == found, asked
    assert one.get("/trail?since=soon").status_code == 422
    assert "Almby kоmmun" in page, "whose case it is"
    assert "The time ends before it begins." in one.get("/trail?since=2026-11-20&until=2026-11-10").text


def test_a_trail_that_was_tampered_with_is_told_from_a_whole_one(browser: Open, flagged: Flag, store: Store) -> None:
    flagged(finding(1), finding(2))
    one = browser("reader")
    one.get("/trail")
    assert "The trail is whole: 2 events stand as they were written." in one.post("/trail/check").text
    with store.transaction():
        store.conn.execute("DROP TRIGGER events_stand")
        store.conn.execute("UPDATE events SET who = 'kim' WHERE id = 2")
    assert "The trail is broken at event 2" in one.post("/trail/check").text
    assert one.client.post("/trail/check").status_code == 403, "without the form of the session"


def test_who_searched_and_read_is_for_those_who_look_after_it(browser: Open, store: Store) -> None:
    save_search(store, NOW, "badhus <script>", "svar", None, None, "anna")
    save_search(store, NOW, "muslim*", "x", None, "grouped by author: religion or belief")
    save_look(store, 7, "anna", "threat", "inför anmälan", NOW)
    save_look(store, 8, "kim", "page", "", NOW)
    one = browser("operator")
    page = one.get("/trail/readings").text
    assert "badhus &lt;script&gt;" in page
    assert "refused" in page
    assert "to judge a threat or an insult · “<bdi>inför anmälan" in page
    assert "opened the page" in page
    only = one.get("/trail/readings?who=kim").text
    assert "inför anmälan" not in only
    assert "badhus" not in only
    assert browser("decider").get("/trail/readings").status_code == 403


def kept(store: Store) -> int:
    """A pattern that rests on one logged post."""
    post = Post(platform="mastodon", id="1", text="Alla ska bort, jag ska döda dig", author="kim", published_at=NOW)
    save_mentions(store, None, "badhus", "mastodon", [Mention(post=post, query="badhus")], NOW)
    detail = "3 of 4 writers were never seen on this topic; usual: 1"
    pattern = Pattern(
        kind="pile_on", score=0.8, posts=4, writers=4, compared=60, changes=("if new_writers were as usual: heated",),
        reasons=(Reason(signal="new_writers", score=0.8, detail=detail, posts=(1, 999)),),
    )  # fmt: skip
    made = msgspec.json.encode(pattern).decode()
    return save_pattern(store, NOW, "badhus", NOW - timedelta(days=7), NOW, "pile_on", made)


def test_a_pattern_gives_its_reasons_and_is_called_unusual_not_judged(browser: Open, store: Store) -> None:
    number = kept(store)
    one = browser("reader", "sv")
    assert "ingen har bekräftat eller avvisat det" in one.get("/patterns").text
    page = one.get(f"/pattern/{number}").text
    assert "Ovanligt mönster (0.80)" in page
    assert "3 av 4" in page
    assert "döda" not in page
    assert "kim" not in page
    assert "pattern_rule" not in page
    assert 'name="choice"' not in page, "readers do not rule"
    assert one.get("/pattern/99").status_code == 404


def test_a_pattern_is_confirmed_or_rejected_with_a_reason_by_those_who_decide(browser: Open, store: Store) -> None:
    number = kept(store)
    one, path = browser("decider"), f"/pattern/{number}/rule"
    one.get(f"/pattern/{number}")
    for choice in ("", "confirmed/organic", "confirmed/other", "odd/read", "x" * 3_000):
        assert one.post(path, choice=choice, seen="0").status_code == 422, choice
    assert one.post(path, choice="confirmed/read", seen="0").status_code == 302
    assert "Pattern 1: confirmed" in one.get(f"/pattern/{number}").text
    late = one.post(path, choice="rejected/other", text="en tävling", seen="0")
    assert late.status_code == 409
    assert "Somebody has said what it is" in late.text
    assert one.post(path, choice="rejected/other", text="en tävling", seen="1").status_code == 302
    assert [(ruled.who, ruled.ruling, ruled.text) for ruled in rulings(store, "badhus")] == [
        ("decider", "rejected", "en tävling"), ("decider", "confirmed", ""),
    ]  # fmt: skip
    assert browser("reviewer").post(path, choice="confirmed/read", seen="2").status_code == 403


def test_a_pattern_of_another_version_names_the_signal_that_is_not_known(browser: Open, store: Store) -> None:
    reason = Reason(signal="bot_<net>", score=0.8, detail="4 of 4 writers are bots", posts=(99,))
    made = Pattern(kind="swarm", score=0.8, reasons=(reason,), rest="hum", part=(1,), posts=2, writers=2)
    later = msgspec.to_builtins(made) | {"drawn_by": "9.0"}
    number = save_pattern(store, NOW, "almby", NOW, NOW, "swarm", msgspec.json.encode(later).decode())
    page = browser("reader", "sv").get(f"/pattern/{number}").text
    assert "en signal som den här versionen inte känner, bot_&lt;net&gt;</strong>: 4 of 4 writers are bots" in page
    assert "swarm" in browser("reader").get("/patterns").text
