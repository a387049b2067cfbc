"""Whether talks are told apart that were drawn to be confused, and whether the reasons hold."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from drawn_talks import THREAD, Drawn, drawn

from listener.coordination import SIGNALS, Pattern, judge
from listener.coordination.telling import told
from listener.posts import Post
from listener.store.talk import Logged

SEEDS = range(32)
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture(scope="module")
def judged() -> list[tuple[Drawn, Pattern]]:
    return [(one, judge(one.talk, one.history, one.watched)) for one in drawn(SEEDS)]


def test_drawn_talks_are_told_apart(judged: list[tuple[Drawn, Pattern]]) -> None:
    found = Counter((one.kind, pattern.kind) for one, pattern in judged)
    called = sum(count for (_kind, told_as), count in found.items() if told_as == "organised")
    there = sum(count for (kind, _told_as), count in found.items() if kind == "organised")
    assert found["organised", "organised"] / called >= 0.95
    assert found["organised", "organised"] / there >= 0.9
    assert sum(count for (kind, told_as), count in found.items() if kind == told_as) / len(judged) >= 0.9


def test_every_reason_shows_its_strongest_posts_and_can_be_said(judged: list[tuple[Drawn, Pattern]]) -> None:
    for one, pattern in judged:
        ids = {post.id for post in [*one.talk, *one.history]}
        for reason in pattern.reasons:
            assert reason.signal in SIGNALS
            assert 0 < len(reason.posts) <= 5
            assert ids.issuperset(reason.posts)
            assert told(reason.detail, lambda english: f"» {english}") != reason.detail, "no template reads it"
        assert not any(told(change, str) == change for change in pattern.changes)


def test_what_would_change_it_is_what_the_rule_says_then(judged: list[tuple[Drawn, Pattern]]) -> None:
    """Take the copies out of the talk, and it is told as the counterfactual and `rest` said."""
    pushes = [(one, pattern) for one, pattern in judged if pattern.kind == "organised" and len(one.talk) > 80]
    assert pushes
    for one, pattern in pushes:
        assert any("copied" in change or "same_link" in change for change in pattern.changes)
        without = judge([post for post in one.talk if post.id not in pattern.part], one.history, one.watched)
        assert without.kind == pattern.rest


def test_a_pile_on_tells_of_the_thread_it_came_from(judged: list[tuple[Drawn, Pattern]]) -> None:
    linked = [pattern for one, pattern in judged if any(THREAD in post.post.links for post in one.talk)]
    told_of = [pattern for pattern in linked if any(reason.signal == "watched" for reason in pattern.reasons)]
    assert linked
    assert len(told_of) / len(linked) >= 0.8


def said(number: int, writer: str, text: str, minutes: float, **post: object) -> Logged:
    at = NOON + minutes * MINUTE
    known: dict[str, object] = {
        "platform": "bluesky",
        "id": str(number),
        "text": text,
        "published_at": at,
        "lang": "sv",
    }
    return Logged(
        id=number,
        post=Post(**known | post),  # type: ignore[arg-type]
        queries=("almby",),
        at=at,
        logged_at=at,
        direction="in",
        unit=None,
        tags=(),
        cluster=number,
        writer=writer,
    )


def history() -> list[Logged]:
    """Thirty days, four posts each, by thirty locals."""
    return [
        said(10_000 + number, f"local{number * 7 % 30}", f"Något om snön i Almby {number}", -360.0 * (number + 1))
        for number in range(120)
    ]


def test_a_few_posts_are_too_few_to_say() -> None:
    few = [said(number, f"new{number}", "Dela detta nu innan det tas bort", number) for number in range(11)]
    assert judge(few, history()).kind == "too_few"
    one_writer = [said(number, "new", "Dela detta nu innan det tas bort", number) for number in range(40)]
    assert judge(one_writer, history()).kind == "too_few"
    assert judge([], []).kind == "too_few"


def test_without_a_history_nobody_is_new_and_nothing_is_called_organised() -> None:
    alike = [said(number, f"w{number}", "Dela detta nu innan det tas bort", number / 9) for number in range(60)]
    pattern = judge([Logged(**_same(post, cluster=0)) for post in alike], [])
    assert pattern.kind != "organised"
    assert pattern.compared == 0
    assert "new_writers" not in {reason.signal for reason in pattern.reasons}


def _same(post: Logged, **changes: object) -> dict[str, object]:
    return {name: getattr(post, name) for name in post.__struct_fields__} | changes


def test_answers_to_our_own_post_are_not_aimed_at_anybody() -> None:
    answers = [
        said(number, f"local{number % 30}", "När öppnar badet?", 30 * number, reply_to="ours") for number in range(40)
    ]
    ours = Logged(**_same(said(99, "almby", "Badet är stängt", 0, id="ours"), direction="out"))
    assert "one_target" in {reason.signal for reason in judge(answers, history()).reasons}
    assert "one_target" not in {reason.signal for reason in judge([*answers, ours], history()).reasons}


def test_a_language_that_comes_up_is_told() -> None:
    talk = [said(number, f"local{number % 30}", f"om badet {number}", 30 * number) for number in range(20)]
    other = [said(50 + number, f"new{number}", f"عن البلدية {number}", 31 * number, lang="ar") for number in range(20)]
    (detail,) = [r.detail for r in judge([*talk, *other], history()).reasons if r.signal == "languages"]
    assert detail == "20 of 40 posts are in the language ar; usual: 0%"


@pytest.mark.parametrize(
    ("link", "is_watched"),
    [
        ("https://www.forum.example/t123", True),
        ("https://forum.example/t123p2#p99", True),
        ("https://forum.example/t1234", False),
        ("https://t.me/s/kanalen/14", True),
        ("https://t.me/kanalenx", False),
        ("https://sajt.example/artikel/1?utm_source=x", True),
        ("javascript:alert(1)", False),
        ("https://[::1", False),
    ],
)
def test_what_lies_under_a_watched_address_is_watched(link: str, is_watched: bool) -> None:
    watched = ("https://forum.example/t123", "https://t.me/kanalen", "https://sajt.example/", "not an address")
    talk = [said(number, f"local{number}", f"Om badet {number}", 200 * number, links=(link,)) for number in range(20)]
    signals = {reason.signal for reason in judge(talk, history(), watched).reasons}
    assert ("watched" in signals) is is_watched


def test_how_soon_the_talk_grew_after_a_watched_source_wrote_is_told() -> None:
    thread = said(99, "forum", "Tråd om badet", -40, url="https://forum.example/t123", platform="flashback")
    talk = [said(number, f"local{number % 30}", f"om badet {number}", number) for number in range(20)]
    (detail,) = [
        reason.detail
        for reason in judge([thread, *talk], history(), ("https://forum.example/t123",)).reasons
        if reason.signal == "watched"
    ]
    assert detail == "the talk grew 40 minutes after a watched source wrote of it"


def test_who_names_a_watched_address_as_its_own_does_not_leave_the_talk() -> None:
    watched = ("https://forum.example/t123",)
    claimed = [
        said(
            number, f"new{number}", f"om badet {number}", number, platform="mastodon", url="https://forum.example/t123"
        )
        for number in range(20)
    ]
    pattern = judge(claimed, history(), watched)
    assert pattern.posts == 20
    assert "watched" not in {reason.signal for reason in pattern.reasons}


def test_hostile_links_texts_and_thousands_of_copies_are_judged_in_bounded_time() -> None:
    text = "\ud800 @a" * 500
    flood = [
        Logged(**_same(said(number, f"w{number % 500}", text, number / 100, links=("https://a.example/",)), cluster=1))
        for number in range(1_000)
    ]
    assert judge(flood, history()).posts == 1_000
