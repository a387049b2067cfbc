"""Live and history agree: the full-text index of the store finds whatever a live match finds."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import sqlite_utils
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from listener.errors import QueryError
from listener.query import Query, parse
from listener.text.words import TOKENISER, nfc

NOW = datetime(2026, 11, 22, tzinfo=UTC)
LETTERS = (
    "aåÅbBﬁßẞſKKİıΣσςñéÉ\u0301\u0308\u200d\ufe0fxX1²½ٱلفو字한Ა\U00010400🤦🏽🫠\U0001fae8❤"
    "\ue000\uf8ff\u2067\u0000_.-'’#@日ก็\u0e34"
)
WORDS = [
    "almby",
    "Almby",
    "kommun",
    "kommunens",
    "badhus",
    "får",
    "far",
    "fa\u030ar",
    "e-tjänst",
    "OR",
    "ord",
    "🤦badhus",
    "ß",
    "ss",
]
a_word = st.one_of(st.sampled_from(WORDS), st.text(LETTERS, min_size=1, max_size=4), st.text(min_size=1, max_size=3))
a_text = st.lists(a_word, max_size=8).flatmap(
    lambda words: st.sampled_from([" ", "", "-", "\n", ". "]).map(lambda gap: gap.join(words))
)
bare = a_word.map(lambda word: "".join(char for char in word if char not in '()"“”„«»* ') or "almby")
leaf = st.one_of(
    bare,
    bare.map(lambda word: f"{word}*"),
    st.lists(bare, min_size=1, max_size=3).map(lambda words: '"' + " ".join(words) + '"'),
    bare.map(lambda word: f'"{word}*"'),
)
a_query = st.recursive(
    leaf,
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(" ".join),
        st.tuples(inner, inner).map(" OR ".join),
        st.tuples(inner, inner).map(lambda pair: f"{pair[0]} -({pair[1]})"),
        inner.map(lambda query: f"({query})"),
    ),
    max_leaves=5,
)


@pytest.fixture(scope="module")
def db() -> Iterator[sqlite_utils.Database]:
    """An index of texts in memory, cut into words as that of the store is."""
    memory = sqlite_utils.Database(memory=True)
    memory.execute(f'CREATE VIRTUAL TABLE mentions_fts USING fts5(text, tokenize="{TOKENISER}")')
    yield memory
    memory.close()


def logged(db: sqlite_utils.Database, texts: list[str]) -> None:
    db.execute("DELETE FROM mentions_fts")
    db.conn.executemany("INSERT INTO mentions_fts (rowid, text) VALUES (?, ?)", list(enumerate(texts)))


def index_finds(db: sqlite_utils.Database, query: Query, texts: list[str]) -> set[int]:
    asked = query.to_fts()
    if asked is None:
        return set(range(len(texts)))
    return {row[0] for row in db.execute("SELECT rowid FROM mentions_fts WHERE mentions_fts MATCH ?", (asked,))}


def understood(text: str) -> Query | None:
    try:
        return parse(text, NOW)
    except QueryError:
        return None


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(a_query, min_size=1, max_size=5), st.lists(a_text, min_size=1, max_size=20))
def test_the_index_finds_all_that_a_live_match_finds(
    db: sqlite_utils.Database, queries: list[str], texts: list[str]
) -> None:
    texts = [nfc(text.encode("utf-8", "replace").decode()) for text in texts]
    logged(db, texts)
    for query in filter(None, map(understood, queries)):
        live = {n for n, text in enumerate(texts) if query.spans(text) is not None}
        assert live <= index_finds(db, query, texts), query.text


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
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
        query = parse(gap.join(["almby"] * (3900 // len("almby" + gap))))
        assert index_finds(db, query, ["almby"]) == {0}
    nested = parse("(" * 20 + "almby" + " OR bad)" * 20)
    assert index_finds(db, nested, ["almby"]) == {0}
    zigzag = parse("almby OR (almby (" * 10 + "almby" + "))" * 10)
    assert index_finds(db, zigzag, ["almby"]) == {0}


def test_what_the_index_cannot_know_makes_it_look_at_every_post() -> None:
    assert parse("\U0001e900").to_fts() is None  # Adlam, younger than SQLite's tables
    assert parse("almby \U0001e900").to_fts() == '"almby"'
