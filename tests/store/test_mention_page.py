"""A page of the log reads no further than its time allows, and pages together miss and repeat nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from listener.posts import Mention, Post
from listener.query import Query, parse
from listener.store import Store
from listener.store.mention_course import counted_in
from listener.store.mention_page import MOST_TOLD, Wanted, page_of_mentions
from listener.store.mentions import Notes, save_mentions

NOW = datetime(2026, 11, 20, 6, tzinfo=UTC)
DAY = timedelta(days=1)


def log(store: Store, count: int) -> None:
    """One post an hour, the last one now; every third has a tag."""
    mentions = [
        Mention(query="badhus", post=Post(
            platform="x", id=str(number), text=f"badhus {chr(97 + number) * 6} nummer {number}", source="x", lang="sv",
            published_at=NOW - timedelta(hours=count - 1 - number)))
        for number in range(count)
    ]  # fmt: skip
    tagged = Notes(tags=("vatten",))
    save_mentions(
        store, None, "badhus", "x", mentions, NOW, notes=lambda one: Notes() if int(one.post.id) % 3 else tagged
    )


def read(store: Store, wanted: Wanted, typed: Query | None, most: int, seconds: float) -> tuple[list[int], int]:
    """The posts of all pages, and how many of those were cut short."""
    found: list[int] = []
    before, cut = None, 0
    while True:
        page = page_of_mentions(store, wanted, typed, before, most, seconds)
        found += [int(fold.found.mention.post.id) for fold in page.folds]
        cut += page.cut
        if page.after is None:
            return found, cut
        before = page.after


def test_pages_that_run_out_of_time_go_on_where_they_ended(store: Store) -> None:
    log(store, 9)
    whole, tagged = list(range(8, -1, -1)), [6, 3, 0]
    for wanted, typed, all_of_them in (
        (Wanted(), None, whole),
        (Wanted(query="badhus"), None, whole),
        (Wanted(tag="vatten"), None, tagged),
        (Wanted(query="badhus", source="x", lang="sv", direction="in"), None, whole),
        (Wanted(tag="vatten"), parse("badhus", NOW), tagged),
        (Wanted(), parse("*dhus", NOW), whole),
        (Wanted(query="skola"), None, []),
    ):
        assert read(store, wanted, typed, 2, 60) == (all_of_them, 0), wanted
        hurried, cut = read(store, wanted, typed, 2, 0)
        assert hurried == all_of_them, wanted
        assert cut > 0 or not all_of_them, wanted


def test_days_are_counted_from_the_newest_back_and_those_left_out_are_unknown(store: Store) -> None:
    log(store, 50)
    edges = [NOW - 3 * DAY, NOW - 2 * DAY, NOW - DAY, NOW + DAY]
    for wanted in (Wanted(), Wanted(query="badhus"), Wanted(source="x")):
        assert [one.mentions for one in counted_in(store, wanted, None, edges, 60)] == [1, 24, 25], wanted
        assert [one.mentions for one in counted_in(store, wanted, None, edges, 0)] == [None, None, 25], wanted
    late = Wanted(since=NOW - timedelta(hours=3), until=NOW)
    assert [one.mentions for one in counted_in(store, late, None, edges, 60)] == [0, 0, 3]


def test_more_than_anybody_reads_is_not_counted_on(store: Store) -> None:
    log(store, 1)
    with store.transaction():
        store.conn.execute(
            """WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
               INSERT INTO mention_queries SELECT 1, place + i, mention_id, '[]', logged_at, NULL
               FROM mention_queries, n""",
            (MOST_TOLD + 5,),
        )
    counted = counted_in(store, Wanted(query="badhus"), None, [NOW - DAY, NOW + DAY])
    assert counted[0].mentions == MOST_TOLD + 1
