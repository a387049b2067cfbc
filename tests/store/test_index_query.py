"""What a query leaves out is stepped over by the index, not looked at post by post, and nothing else is lost by it."""

from __future__ import annotations

from datetime import timedelta

import msgspec
from almby_findings import NOW
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_mentions import ids, log, post
from test_word_list import learnt, live

from listener.posts import Post
from listener.query import parse
from listener.query.tree import Node, leaves
from listener.store import Store
from listener.store.index_query import Asking
from listener.store.mention_search import candidates
from listener.store.own_words import LONGEST, spelled
from listener.text.words import TOKENISER, alike_everywhere, nfc, words

POSTS = [
    post(1, "Almby badhus", url="https://www.svt.example/1", platform="web", author="SVT Nyheter"),
    post(2, "almby skola och badhus", lang="sv", links=("https://almby.example/simhall?x=1",)),
    post(3, "Almby kommun", author="@kim.ek@m.example", reply_to="1", title="Badhuset i Almby"),
    post(4, "almby och Almby vattenläcka", lang="en", url="https://m.svt.example/4"),
    post(5, "almby badhus", platform="web", url="https://almby-posten.example/5", source="news-feeds"),
    post(6, "Almby \U0001e900 badhus", author="kimqekqd"),
    post(7, "almby", links=("https://sub.almby.example/simhallar/x", "https://almby.example/")),
    post(8, "almby badhus ﬁsk ſkola", title="qsqbluesky qhqsvtqdexample qoqodd"),
]
# What is left out, and the posts that a search for almby must still look at besides those that it finds.
LEFT_OUT = {
    "-badhus": "68", "-badh*": "68", '-"almby badhus"': "68", "-(badhus OR skola)": "68", "-(almby badhus)": "68",
    "-!Almby": "46", "-!almby": "468", "-*läcka": "", "-*badh*": "68", "-headline:badhuset": "", "-intros:badhus": "68",
    "(badhus OR och) NEAR/0 almby": "68", "-intros:skola": "",
    "-site:svt.example": "", "-site:www.svt.example": "", "-link:almby.example": "", "-link:almby.example/simhall": "",
    "-link:almby.example/simhall/x": "7", "-lang:sv": "", "-author:kim.ek@m.example": "",
    "-author:@KIM.EK@M.example": "",
    "-source:web": "", "-source:mastodon": "", "-srcname:svt": "", "-srcname:almbyposten": "", "-srcname:newsfeeds": "",
    "-is:reply": "", "-is:original": "", "is:original": "", "-(site:svt.example -badhus)": "", "-*vatten*": "",
    "-(lang:en OR source:web OR headline:badhuset)": "", "-(badhus -skola)": "68", "(site:svt.example OR is:reply)": "",
    '-"almby badh*"': "68", '-"almby *hus"': "68", "-(almby NEAR/1 badhus)": "68", "-headline:bad*": "",
    "-srcname:sv*": "", "-headline:*huset": "", "-(skola OR -badhus)": "68", "-(-(skola OR -badhus))": "12345678",
    "(lang:en OR -skola)": "12345678",
    "-until:2030-01-01": "", "-since:2001-01-01": "",
}  # fmt: skip


def test_what_is_left_out_is_not_looked_at(store: Store) -> None:
    log(store, *POSTS)
    learnt(store)
    for text, more in LEFT_OUT.items():
        query = parse(f"almby {text}", NOW)
        found = live(POSTS, query.text)
        assert set(ids(store, query.text)) == found, text
        looked_at = {row["post_id"] for row in candidates(store, query, [])}
        assert looked_at - found <= set(more), text


PARTS = ["almby", "Almby", "ALMBY", "badhus", "skola*", '"almby badhus"', "!Almby", "!almby", "*hus", "al*y",
         "(almby NEAR/1 badhus)", '"badhus almby"~1', "site:svt.example", "link:almby.example/sim", "lang:sv",
         "author:kim", "source:web", "srcname:s*", "srcname:svt", "is:reply", "is:original", "headline:badhus",
         "intros:almby", "((badhus OR almby) NEAR/1 (skola* OR x1))", "intros:badhus", "headline:bad*",
         '"almby bad*"', "(almby NEAR/0 badhus)", '("almby badhus" NEAR/1 badhus)',
         "(badhus NEAR/2 skolan NEAR/2 almby)",
         "since:2026-11-20", "until:2026-11-22"]  # fmt: skip
SAID = ["almby", "Almby", "ALMBY", "badhus", "Badhus", "skolan", "q", "qsqweb", "ſkola", "a\u030almby", "\U0001e900",
        "🤦", "al\u00admby", "x1"]  # fmt: skip
TREES = st.recursive(
    st.sampled_from(PARTS),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(lambda two: f"({two[0]} {two[1]})"),
        st.tuples(inner, inner).map(lambda two: f"({two[0]} OR {two[1]})"),
        st.tuples(inner, inner).map(lambda two: f"({two[0]} -{two[1]})"),
    ),
    max_leaves=6,
)
MADE = st.builds(
    Post,
    id=st.just(""),
    text=st.lists(st.sampled_from(SAID), min_size=1, max_size=5).flatmap(
        lambda said: st.sampled_from([" ", "\n", "-"]).map(lambda gap: nfc(gap.join(said)))
    ),
    title=st.none() | st.lists(st.sampled_from(SAID), min_size=1, max_size=2).map(" ".join),
    url=st.sampled_from([None, "https://svt.example/", "https://x.svt.example/a/", "https://b.example/"]),
    lang=st.sampled_from([None, "sv", "sv-SE", "en"]),
    author=st.sampled_from([None, "kim", "@Kim", "kimq"]),
    platform=st.sampled_from(["web", "mastodon"]),
    reply_to=st.sampled_from([None, "", "1"]),
    links=st.sampled_from([(), ("https://www.almby.example/simhall",), ("https://almby.example/s",)]),
    published_at=st.sampled_from([None, NOW - timedelta(days=1), NOW - timedelta(days=9)]),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(made=st.lists(MADE, min_size=1, max_size=6), asked=TREES, known=st.booleans())
def test_any_query_finds_what_the_live_search_finds(store: Store, made: list[Post], asked: str, known: bool) -> None:
    with store.transaction():
        store.conn.execute("DELETE FROM mentions")
        store.conn.execute("INSERT INTO mentions_fts (mentions_fts) VALUES ('rebuild')")
    posts = [
        msgspec.structs.replace(one, id=str(number), url=one.url and f"{one.url}{number}")
        for number, one in enumerate(made)
    ]
    log(store, *posts)
    if known:
        learnt(store)
    text = f"(almby OR badhus OR skolan) {asked}"
    assert set(ids(store, text)) == live(posts, text)


@given(st.text("aq.-_/xå@%0", max_size=8), st.text("aq.-_/xå@%0", max_size=8))
def test_no_two_values_are_spelled_alike(one: str, other: str) -> None:
    assert (spelled(one) == spelled(other)) == (one == other)
    assert spelled(one + other).startswith(spelled(one))


def test_a_value_too_long_for_its_word_leaves_nothing_out(store: Store) -> None:
    names = ["a" * LONGEST + end for end in ("x", "y")]
    log(store, *(post(number, "almby", author=name) for number, name in enumerate(names)))
    assert ids(store, f"almby -author:{names[0]}") == ["1"]
    assert ids(store, f"almby author:{names[0]}") == ["0"]


def test_what_is_sought_is_looked_up_though_much_is_left_out(store: Store) -> None:
    log(store, *POSTS)
    learnt(store)
    left_out = " ".join(f"-*{letters}*" for letters in ("al", "ko", "de", "fö", "sk", "ba", "bi", "en", "st"))
    text = f"(xyzzy {left_out}) OR *attenl*"
    assert [row["post_id"] for row in candidates(store, parse(text, NOW), [])] == ["4"]


def nested(depth: int, name: str = "k") -> str:
    inner = f"({nested(depth - 1, name + 'a')}) ({nested(depth - 1, name + 'b')})" if depth else "almby"
    return f"{name} (-x OR {inner})" if depth else name


def test_each_part_of_a_nested_query_is_looked_at_no_more_than_twice() -> None:
    class Counting(Asking):
        looked = 0

        def _all_have(self, node: Node, base: str | None) -> str | None:
            Counting.looked += 1
            return super()._all_have(node, base)

    tree = parse(nested(8)).tree
    assert Counting().needed(tree)
    assert Counting.looked <= 6 * len(list(leaves(tree)))


def test_words_longer_than_the_index_keeps_leave_no_other_post_out(store: Store) -> None:
    long = "x" * 40_000
    posts = [post(1, f"almby {long}ab"), post(2, f"almby {long}"), post(3, "almby")]
    log(store, *posts)
    learnt(store)
    for text in ("almby -*xab", f"almby -{long[:9_000]}*", "almby -xx*xx"):
        assert set(ids(store, text)) == live(posts, text), text[:40]


def test_a_letter_case_of_letters_that_the_index_folds_further(store: Store) -> None:
    posts = [post(1, "σας Σασ"), post(2, "ſkola Skola"), post(3, "µg Μg")]
    log(store, *posts)
    for text in ("!σας", "!ſkola", "!µg"):
        assert set(ids(store, text)) == live(posts, text) != set(), text


def test_a_moment_within_a_second_ends_after_it(store: Store) -> None:
    posts = [post(number, "almby", published_at=NOW - timedelta(seconds=number)) for number in range(4)]
    log(store, *posts)
    moment = (NOW - timedelta(seconds=1.5)).isoformat().replace("+00:00", "Z")
    for text in (f"almby until:{moment}", f"almby -since:{moment}", f"almby since:{moment}", f"almby -until:{moment}"):
        assert set(ids(store, text)) == live(posts, text), text


def test_the_index_sees_the_same_words_in_what_is_alike_everywhere(store: Store) -> None:
    chars = [chr(code) for code in range(0x30000) if not 0xD800 <= code < 0xE000]
    texts = [nfc(f"a{char}b {char} {char}c d{char}") for char in chars if alike_everywhere(char)]
    known = [text for text in texts if alike_everywhere(text)]
    assert len(known) > 50_000
    store.conn.execute(f'CREATE VIRTUAL TABLE temp.texts USING fts5(said, tokenize="{TOKENISER}")')
    store.conn.execute("CREATE VIRTUAL TABLE temp.terms USING fts5vocab(temp, texts, instance)")
    store.conn.executemany("INSERT INTO temp.texts (rowid, said) VALUES (?, ?)", enumerate(known))
    seen: dict[int, list[str]] = {}
    for term, number in store.conn.execute("SELECT term, doc FROM temp.terms ORDER BY doc, offset"):
        seen.setdefault(number, []).append(term)
    assert [seen.get(number, []) for number in range(len(known))] == [
        [word.folded for word in words(text)] for text in known
    ]
