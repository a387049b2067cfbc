"""A post is logged once a query, found by its words as the live search finds it, newest first."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec
import pytest
from almby_findings import NOW
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from listener.posts import Mention, Post
from listener.query import parse
from listener.store import Store
from listener.store.mention_rows import INDEXED
from listener.store.mentions import save_mentions, search_mentions
from listener.store.runs import load_cursor, start_run


def post(number: int, text: str, **changes: object) -> Post:
    known = {
        "platform": "mastodon",
        "id": str(number),
        "text": text,
        "source": "mastodon",
        "lang": "sv",
        "published_at": NOW - timedelta(hours=number),
    }
    return Post(**known | changes)  # type: ignore[arg-type]


def log(store: Store, *posts: Post, query: str = "almby", cursor: dict[str, str] | None = None) -> int:
    run_id = start_run(store, "listen", NOW, ["mastodon"])
    found = [Mention(post=one, query=query, spans=((0, 1),)) for one in posts]
    return save_mentions(store, run_id, query, "mastodon", found, NOW, cursor)


def ids(store: Store, query: str, **limits: object) -> list[str]:
    return [found.post.id for found in search_mentions(store, parse(query), **limits)]  # type: ignore[arg-type]


def test_a_post_is_logged_once_a_query_and_found_once(store: Store) -> None:
    one = post(
        1, "Badhuset i Almby har öppnat", url="https://m.example/1", author="kim", links=("https://almby.example",)
    )
    assert log(store, one, cursor={"since_id": "1"}) == 1
    assert log(store, one) == 0
    assert log(store, one, query="bad") == 1
    (found,) = search_mentions(store, parse("almby"))
    assert (found.post, found.spans) == (one, ((11, 16),))
    assert load_cursor(store, "mastodon", "almby") == {"since_id": "1"}
    assert load_cursor(store, "mastodon") == {}


def test_swedish_letters_are_letters_of_their_own(store: Store) -> None:
    log(store, post(1, "Ett får i hagen"), post(2, "Min far är här"), post(3, "Fa\u030ar igen"))
    assert ids(store, "får") == ["1", "3"]
    assert ids(store, "far") == ["2"]


def test_limits_are_kept_and_the_newest_come_first(store: Store) -> None:
    timeless = post(4, "almby utan tid", published_at=None)
    log(store, post(3, "almby tre"), post(1, "almby ett", lang="en-GB"), post(2, "Almby två", source="feeds"), timeless)
    assert ids(store, "almby") == ["4", "1", "2", "3"]
    assert ids(store, "almby", limit=2) == ["4", "1"]
    assert ids(store, "almby", lang="en") == ["1"]
    assert ids(store, "almby", since=NOW - timedelta(hours=2), until=NOW - timedelta(hours=1)) == ["4", "2"]
    assert ids(store, "almby", source="mastodon") == ["4", "1", "2", "3"], "the source is who fetched it"
    assert ids(store, "almby", source=["feeds", "bluesky"]) == []
    assert ids(store, "almby -tre lang:sv") == ["4", "2"]


SAID = [
    post(1, "Almby badhus", lang="sv"),
    post(2, "almby BADHUS", lang="en-GB"),
    post(3, "Grundskolan i ALMBY", lang=None),
    post(4, "grundSKOLAN", platform="web", url="https://p.example/4"),
    post(5, "Badhuset", title="Almby i dag"),
    post(6, "\u212aommunen Almby", lang="sv"),
    post(7, "förskolan", published_at=None),
    post(8, "Almby simhall", published_at=NOW + timedelta(days=9000)),
    post(9, "almby", published_at=NOW - timedelta(days=20_000)),
]


@pytest.mark.parametrize(
    "text",
    [
        "!Almby", "!almby", "!ALMBY badhus", "*skolan", "*skola*", "*ommun*", "k*mmunen", "*skolan OR badhus",
        "*skolan OR !Almby", "almby lang:sv", "almby lang:en", "almby source:mastodon", "almby source:web",
        "almby since:2h", "almby until:2026-11-01", "*skolan since:4h", "almby -lang:sv", "almby (since:2h OR badhus)",
        "(almby source:web) OR *skolan", '!"Almby badhus"', "-!Almby almby", "almby author:nobody",
        "almby -badhus", "almby -bad*", "almby -*hu*", "*skolan -almby", '-"i almby" *skolan',
    ],
)  # fmt: skip
def test_whatever_is_left_out_early_would_not_have_matched(store: Store, text: str) -> None:
    log(store, *SAID)
    query = parse(text, NOW)
    live = {one.id for one in SAID if query.matches(msgspec.structs.replace(one, source="mastodon")) is not None}
    assert {found.post.id for found in search_mentions(store, query)} == live


def test_new_posts_enter_the_index_without_a_look_at_the_rest_of_the_log(store: Store) -> None:
    plan = [row["detail"] for row in store.rows(f"EXPLAIN QUERY PLAN {INDEXED}", (1,))]
    assert "SEARCH mentions USING INTEGER PRIMARY KEY (rowid>?)" in plan


@pytest.mark.parametrize(
    "text", ["nul\0l almby", "half \ud800 almby", "\u202e almby", "almby " + "x" * 100_000, "🦆 almby"]
)
def test_hostile_posts_are_logged_and_found(store: Store, text: str) -> None:
    assert log(store, post(1, text)) == 1
    assert ids(store, "almby") == ["1"]


@pytest.mark.parametrize("join", [" OR ", " "])
def test_a_query_of_a_thousand_exact_words_is_answered(store: Store, join: str) -> None:
    words = [f"Ord{number}" for number in range(1_100)]
    log(store, post(1, " ".join(words)), post(2, " ".join(words).casefold()))
    assert ids(store, join.join(f"!{word}" for word in words)) == ["1"]


def test_a_post_counts_on_the_swedish_day(store: Store) -> None:
    late = datetime.fromisoformat("2026-11-15T23:30:00+00:00")
    log(store, post(1, "almby", published_at=late), post(2, "almby", published_at=late - timedelta(hours=1)))
    rows = store.rows("SELECT day, mentions FROM mention_counts ORDER BY day")
    assert rows == [{"day": "2026-11-15", "mentions": 1}, {"day": "2026-11-16", "mentions": 1}]


WORDS = st.sampled_from(["Almby", "badhus", "får", "far", "Straße", "İzmir", "skola", "5:e", "x_y", "c++", "Ǆ", "ﬁn"])
TEXTS = st.lists(WORDS | st.text(max_size=6), max_size=6).map(" ".join)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    texts=st.lists(TEXTS, min_size=1, max_size=20), asked=st.lists(WORDS, min_size=1, max_size=3), either=st.booleans()
)
def test_the_log_answers_as_the_live_search_does(
    store: Store, texts: list[str], asked: list[str], either: bool
) -> None:
    with store.transaction():
        store.db.execute("DELETE FROM mentions")
        store.db.execute("INSERT INTO mentions_fts (mentions_fts) VALUES ('rebuild')")
    posts = [post(number, text) for number, text in enumerate(texts)]
    log(store, *posts)
    query = parse((" OR " if either else " ").join(f'"{word}"' for word in asked))
    live = [one.id for one in posts if query.matches(one) is not None]
    assert ids(store, query.text) == live
