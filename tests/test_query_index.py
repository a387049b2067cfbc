"""Live and history agree: the full-text index of the store finds whatever a live match finds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

import pytest
import query_cases
import sqlite_utils
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from listener.errors import QueryError
from listener.posts import Post
from listener.query import Query, parse
from listener.query.explain import written
from listener.query.parse import LONGEST
from listener.query.tree import Text, leaves
from listener.store.index_query import Asking
from listener.store.mention_rows import facets
from listener.text.words import TOKENISER, nfc

NOW = datetime(2026, 11, 22, tzinfo=UTC)
LETTERS = (
    "aåÅbBﬁßẞſKKİıΣσςñéÉ\u0301\u0308\u200d\ufe0fxX1²½ٱلفو字한Ა\U00010400🤦🏽🫠\U0001fae8❤"
    "\ue000\uf8ff\u2067\u0000_.-'’#@日ก็\u0e34"
)


@pytest.fixture(scope="module")
def db() -> Iterator[sqlite_utils.Database]:
    """An index of texts in memory, cut into words as that of the store is."""
    memory = sqlite_utils.Database(memory=True)
    memory.execute(f'CREATE VIRTUAL TABLE mentions_fts USING fts5(text, facets, title, tokenize="{TOKENISER}")')
    yield memory
    memory.close()


def needed(query: Query) -> str | None:
    return Asking().needed(query.tree)


def logged(db: sqlite_utils.Database, texts: list[str]) -> None:
    logged_posts(db, [Post(platform="", id="", text=text) for text in texts])


def logged_posts(db: sqlite_utils.Database, posts: list[Post]) -> None:
    """Indexed as the store does it."""
    db.execute("DELETE FROM mentions_fts")
    rows = [(n, post.text, facets(post, post.lang), nfc(post.title or "")) for n, post in enumerate(posts)]
    db.conn.executemany("INSERT INTO mentions_fts (rowid, text, facets, title) VALUES (?, ?, ?, ?)", rows)


def index_finds(db: sqlite_utils.Database, query: Query, posts: Sequence[object]) -> set[int]:
    asked = needed(query)
    if asked is None:
        return set(range(len(posts)))
    return {row[0] for row in db.execute("SELECT rowid FROM mentions_fts WHERE mentions_fts MATCH ?", (asked,))}


def understood(text: str) -> Query | None:
    try:
        return parse(text, NOW)
    except QueryError:
        return None


@pytest.mark.parametrize("seed", range(2))
def test_the_index_finds_all_that_a_live_match_finds(db: sqlite_utils.Database, seed: int) -> None:
    posts = query_cases.posts(seed, 80)
    logged_posts(db, posts)
    found = 0
    for query in query_cases.queries(100 + seed, 120):
        live = {n for n, post in enumerate(posts) if query.matches(post) is not None}
        assert live <= index_finds(db, query, posts), query.text
        found += len(live)
    assert found > 60, "the random queries and posts must meet"


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text(LETTERS, min_size=1, max_size=6), min_size=1, max_size=8), st.data())
def test_the_index_finds_words_of_any_letters(db: sqlite_utils.Database, words: list[str], data: st.DataObject) -> None:
    texts = [nfc(" ".join(words)), nfc("".join(words)), nfc("-".join(reversed(words)))]
    logged(db, texts)
    letters = data.draw(st.sampled_from(words))
    bare = "".join(char for char in letters if char not in '()"“”„«»* ')
    for form in ("{0}", "{0}*", '"{0} {0}"', "*{0}*", "{0} NEAR {0}", "intros:{0}", '"{0}* {0}"'):
        query = understood(form.format(bare))
        if query is not None:
            live = {n for n, text in enumerate(texts) if query.spans(text) is not None}
            assert live <= index_finds(db, query, texts), query.text


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.sampled_from('aå*"”() -–!:~ORNTADsince7d\ud800\x00🤦.'), max_size=30))
def test_whatever_is_typed_is_read_or_refused_with_a_caret(db: sqlite_utils.Database, typed: str) -> None:
    try:
        query = parse(typed, NOW)
    except QueryError as refused:
        _first, _shown, caret, _hint = str(refused).split("\n")
        assert caret.strip() == "^"
        return
    index_finds(db, query, [])
    query.spans(typed)
    assert query.phrases
    assert all(alternative.to_platform("bluesky") for alternative in query.alternatives())


def test_what_is_shown_of_a_query_reads_as_the_query() -> None:
    posts = query_cases.posts(5, 40)
    for query in query_cases.queries(6, 150):
        again = parse(written(query.tree), NOW)
        assert [again.matches(post) for post in posts] == [query.matches(post) for post in posts], query.text


def test_some_search_of_a_platform_finds_every_match() -> None:
    posts = [(post, Text(f"{post.title}\n{post.text}")) for post in query_cases.posts(7, 60)]
    met = 0
    for query in query_cases.queries(8, 200):
        searches = [set(leaves(search.tree)) for search in query.alternatives()]
        assert searches
        for post, text in posts:
            if not query.narrowed and query.matches(post) is not None:
                met += 1
                assert any(all(set(leaf.folded) <= text.places.keys() for leaf in way) for way in searches), query.text
    assert met > 100


def test_the_index_is_exact_for_common_words(db: sqlite_utils.Database) -> None:
    texts = ["Almby kommun", "kommun i Almby", "får", "far", "badhus🤦", "almbys kommuner", "Örebro", "örebro"]
    logged(db, texts)
    for query in (
        '"almby kommun"',
        "får",
        "far",
        "badhus",
        "kommun*",
        "örebro",
        "almby OR badhus",
        "almby (får OR kommun)",
    ):
        asked = parse(query)
        live = {n for n, text in enumerate(texts) if asked.spans(text) is not None}
        assert index_finds(db, asked, texts) == live


def test_a_long_query_stays_within_what_the_index_can_read(db: sqlite_utils.Database) -> None:
    logged(db, ["almby"])
    for gap in (" ", " OR "):
        query = parse(gap.join(["almby"] * (LONGEST // len("almby" + gap))))
        assert index_finds(db, query, ["almby"]) == {0}
    nested = parse("(" * 20 + "almby" + " OR bad)" * 20)
    assert index_finds(db, nested, ["almby"]) == {0}
    zigzag = parse("almby OR (almby (" * 10 + "almby" + "))" * 10)
    assert index_finds(db, zigzag, ["almby"]) == {0}


def test_a_headline_that_the_text_lacks_is_found_by_the_index_too(db: sqlite_utils.Database) -> None:
    posts = [
        Post(platform="web", id="1", text="Det är stängt.", title="Badhuset i Almby"),
        Post(platform="web", id="2", text="Badhuset i Almby är stängt.", title="Badhuset i Alm"),
        Post(platform="web", id="3", text="Badhuset i Almby", title=None),
    ]
    logged_posts(db, posts)
    for text, live in (("headline:badhuset", {0, 1}), ("headline:alm", {1}), ('intros:"i almby"', {0, 1, 2})):
        query = parse(text)
        assert {n for n, post in enumerate(posts) if query.matches(post) is not None} == live
        assert live <= index_finds(db, query, posts)


def test_what_the_index_cannot_know_makes_it_look_at_every_post() -> None:
    assert needed(parse("\U0001e900")) is None  # Adlam, younger than SQLite's tables
    assert needed(parse("almby \U0001e900")) == '"almby"'
