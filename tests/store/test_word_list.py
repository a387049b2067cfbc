"""A star and a letter case find what they found before, with a list of words and without, and nothing deleted stays."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest
from almby_findings import NOW
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_mentions import SAID, ids, log, post

from listener.posts import Post
from listener.query import parse
from listener.store import Store, mention_search, word_list
from listener.store.disposal import Disposal, delete_old, wipe
from listener.store.mention_rows import facets
from listener.store.schema import migrations
from listener.store.word_list import behind, learn, listed
from listener.text.words import nfc

STARS = ("*läck*", "*läckor", "vatt*läcka", '"stor *läcka"', "*läck* OR badhus", "*läck* badhus", "!*Läcka", "*zz*")
LEAKS = [
    post(1, "Stor vattenläcka i Almby"),
    post(2, "badhuset: Gasläcka!"),
    post(3, "Läckor och badhus"),
    post(4, "inget", title="En oljeläcka"),
    post(5, "vatten läcka", published_at=None),
    post(6, "STOR VATTENLÄCKA", published_at=NOW - timedelta(days=4000)),
    post(7, "läckan; läckagefri vattenläckagetur"),
    post(8, "vatten\U0001e900läcka badhus"),  # a letter younger than SQLite's tables
]


def learnt(store: Store) -> None:
    with store.transaction():
        learn(store.conn)


def live(posts: list[Post], text: str) -> set[str]:
    query = parse(text, NOW)
    return {one.id for one in posts if query.matches(msgspec.structs.replace(one, source="mastodon")) is not None}


@pytest.mark.parametrize("most", [1, 200])
@pytest.mark.parametrize("ahead", [0, 4, len(LEAKS)])
def test_a_star_finds_the_same_however_much_is_listed(
    store: Store, monkeypatch: pytest.MonkeyPatch, most: int, ahead: int
) -> None:
    monkeypatch.setattr(word_list, "MOST", most)
    log(store, *LEAKS[:ahead])
    learnt(store)
    log(store, *LEAKS[ahead:])
    for text in STARS:
        found = ids(store, text)
        assert set(found) == live(LEAKS, text), text
        assert len(found) == len(set(found))
    assert ids(store, "*läck*") == ["5", "1", "2", "3", "7", "8", "6"], "newest first"


def test_the_newest_come_first_also_where_there_are_more_words_than_are_asked_for(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(word_list, "MOST", 2)
    log(store, *(post(number, f"ord{number}läcka hos oss") for number in range(9)))
    learnt(store)
    log(store, post(3_000, "ordläcka förr"), post(-3, "nyordläcka"))
    assert ids(store, "*läcka") == ["-3", *map(str, range(9)), "3000"]
    assert ids(store, "*läcka", since=NOW - timedelta(hours=1, minutes=30)) == ["-3", "0", "1"]
    assert ids(store, "*läcka", until=NOW - timedelta(hours=7)) == ["8", "3000"]


def test_the_latest_place_of_a_word_is_kept(store: Store) -> None:
    log(store, post(2, "gasläcka"), post(9, "gasläcka igen"), post(5, "oljeläcka"))
    learnt(store)
    log(store, post(1, "Oljeläcka"), post(50, "gasläcka"))
    learnt(store)
    places = {row["word"]: row["place"] for row in store.rows("SELECT word, place FROM mention_words")}
    at = {row["post_id"]: row["place"] for row in store.rows("SELECT post_id, place FROM mentions")}
    assert (places["gasläcka"], places["oljeläcka"]) == (at["2"], at["1"])
    found = listed(store.conn, "*läcka")
    assert found is not None
    assert found.words == ("oljeläcka", "gasläcka")


def test_words_are_learnt_a_portion_behind_the_log(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(word_list, "PORTION", 2)
    log(store, post(1, "ett"))
    assert behind(store.conn) == (1, 0)
    with store.transaction():
        learn(store.conn, least=2)
    assert behind(store.conn) == (1, 0)
    log(store, *(post(number, "två") for number in range(2, 7)))
    with store.transaction():
        learn(store.conn, least=2, portions=1)
    assert behind(store.conn) == (4, 2)
    learnt(store)
    assert behind(store.conn) == (0, 6)


def test_a_log_far_ahead_of_its_list_is_looked_at_post_by_post(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mention_search, "MOST_NEWER", 1)
    log(store, *LEAKS)
    assert set(ids(store, "*läck*")) == live(LEAKS, "*läck*")


def test_no_word_of_a_deleted_post_stays_in_the_list(store: Store) -> None:
    log(store, post(1, "Hemligheten i Almby"))
    learnt(store)
    with store.transaction():
        store.conn.execute("UPDATE mentions SET logged_at = '2020-01-01T00:00:00Z'")
    log(store, post(2, "Kvarvarande"))
    learnt(store)
    delete_old(store, [Disposal(kind="mentions", before=NOW, count=1, decision_ref="KS 1")], "sara", NOW)
    wipe(store)
    store.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    written = b"".join(file.read_bytes() for file in store.path.parent.glob("listener.db*"))
    assert b"hemlighet" not in written.lower()
    assert ids(store, "*varande") == ["2"]
    assert behind(store.conn) == (0, 2)


CASES = ["!Almby", "!almby", "!ALMBY", "!aLmby", '!"Almby badhus"', '!"almby Badhus"', "!Almb*", "!Almby OR !Örebro",
         "!almby -!Almby", "almby !badhus", "!Straße", "!x_Y", "headline:!Almby", "headline:almby",
         "headline:badh*", "almby headline:*dhus", "!qtalmby", "!Åsa"]  # fmt: skip
WRITTEN = ["Almby", "almby", "ALMBY", "aLmby", "Almby-almby", "badhus", "Badhus", "BADHUS", "Örebro", "Straße", "X_y",
           "x_Y", "qtalmby", "qcq", "Åsa", "åsa", "A\u030asa", "\U0001e900Almby", "ALMBY,Almby"]  # fmt: skip


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    texts=st.lists(st.lists(st.sampled_from(WRITTEN), min_size=1, max_size=4).map(" ".join), min_size=1, max_size=8),
    titles=st.lists(st.none() | st.sampled_from(WRITTEN), min_size=8, max_size=8),
    asked=st.sampled_from(CASES),
)
def test_a_letter_case_finds_what_the_live_search_finds(
    store: Store, texts: list[str], titles: list[str | None], asked: str
) -> None:
    with store.transaction():
        store.conn.execute("DELETE FROM mentions")
        store.conn.execute("INSERT INTO mentions_fts (mentions_fts) VALUES ('rebuild')")
    posts = [post(number, nfc(text), title=titles[number]) for number, text in enumerate(texts)]
    log(store, *posts)
    assert set(ids(store, asked)) == live(posts, asked)


def test_a_letter_case_is_told_to_the_index() -> None:
    assert facets(Post(platform="x", id="1", text="Almby och ALMBY, almby: Åsa-lisa"), "sv").split() == [
        "qsqx", "qlqsv", "qtalmby", "qmalmby", "qualmby", "qtåsa",
    ]  # fmt: skip
    many = facets(Post(platform="x", id="1", text=" ".join(f"Ord{number}" for number in range(9_000))), None).split()
    assert "qcq" in many
    assert len(many) < 320


def test_what_a_post_is_finds_what_the_live_search_finds(store: Store) -> None:
    posts = [
        post(1, "Almby", author="@Kim.Ek@m.example"),
        post(2, "Almby", author="kimek@m.example", reply_to="1"),
        post(3, "Almby badhus öppnar", title="Almby badhus", author="日本"),
        post(4, "badhuset", title="Almby", reply_to=""),
        post(5, "Om badhuset i Almby", title="Nytt"),
    ]
    log(store, *posts)
    for text in ("author:kim.ek@m.example", "author:@KIM.EK@m.example", "author:日本", "author:nobody", "is:reply",
                 "is:original", "headline:almby", 'headline:"almby badhus"', "headline:nytt",
                 "headline:al*"):  # fmt: skip
        asked = f"(almby OR badhuset) {text}"
        assert set(ids(store, asked)) == live(posts, asked), text


def test_a_log_without_letter_case_and_list_is_given_both(store: Store) -> None:
    log(store, *SAID, *(msgspec.structs.replace(one, id=f"9{one.id}") for one in LEAKS))
    with store.transaction():
        store.conn.execute("DROP TABLE mention_words")
        store.conn.execute("DROP TABLE mention_words_upto")
        store.conn.execute("UPDATE mentions SET facets = 'qsqmastodon'")
        store.conn.execute("DELETE FROM _sqlite_migrations WHERE name = 'm051_letter_case_and_words'")
        migrations.apply(store.db)
    assert ids(store, "!ALMBY") == ["3"]
    assert behind(store.conn)[0] == 0
    assert set(ids(store, "*läck*")) == {f"9{number}" for number in live(LEAKS, "*läck*")}


def test_a_headline_that_was_kept_in_pieces_is_found_by_a_star(store: Store) -> None:
    posts = [post(1, "inget", title="En oljela\u0308cka"), post(2, "annat", title="Vattenläcka")]
    log(store, *posts)
    with store.transaction():
        store.conn.execute("UPDATE mentions SET title = ? WHERE post_id = '1'", ("En oljela\u0308cka",))
        store.conn.execute("DELETE FROM mention_words")
        store.conn.execute("UPDATE mention_words_upto SET upto = 0")
        learn(store.conn)
        store.conn.execute("DELETE FROM _sqlite_migrations WHERE name = 'm055_headlines_and_exact_words'")
        migrations.apply(store.db)
    assert set(ids(store, "headline:*läcka")) == {"1", "2"}
