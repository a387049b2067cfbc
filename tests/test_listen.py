"""One listening run: several sources and the log as one list, each mention logged once, each failure kept apart."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType

import msgspec
import pytest

from listener.config import Config, default_config
from listener.context import Context
from listener.errors import Blocked, ConfigError, CredentialError, SourceError
from listener.heard import Wish
from listener.listen import MOST_POSTS, explain, listen
from listener.mentions import LONGEST, cleaned, counted, folded, merged
from listener.posts import Mention, Post
from listener.query import Query, parse
from listener.query.when import read_when
from listener.sources import About, Access
from listener.store import Store, open_store
from listener.store.mention_rows import counted_from
from listener.store.mention_search import Found

NOW = datetime(2026, 11, 22, 6, tzinfo=UTC)
Posts = Callable[[Context, Query, datetime], Iterator[Post]]


def post(number: int, text: str = "nytt badhus", platform: str = "bluesky", **fields: object) -> Post:
    when = datetime(2026, 11, 20, number, tzinfo=UTC)
    known = {"platform": platform, "id": str(number), "text": text, "published_at": when, "lang": "sv"}
    return Post(**known | fields)


def source(posts: Posts, *, needs: tuple[str, ...] = (), access: Access = "official_api") -> ModuleType:
    module = ModuleType("made_up")
    module.ABOUT = About(access=access, finds=("posts",), note="", needs=needs, on_by_default=True)
    module.posts = posts
    return module


def giving(*posts: Post) -> ModuleType:
    return source(lambda ctx, query, since: iter(posts))


def failing(trouble: Exception, *first: Post, needs: tuple[str, ...] = ()) -> ModuleType:
    def posts(ctx: Context, query: Query, since: datetime) -> Iterator[Post]:
        yield from first
        raise trouble

    return source(posts, needs=needs)


@pytest.fixture
def config(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Config:
    monkeypatch.chdir(tmp_path)
    return default_config({"LISTEN_NOW": "2026-11-22T06:00:00Z"})


@pytest.fixture
def store(config: Config) -> Iterator[Store]:
    with open_store(config.store) as opened:
        yield opened


@pytest.fixture
def plug(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    def plug_in(**modules: ModuleType) -> None:
        monkeypatch.setattr("listener.discover.load_sources", lambda: modules)

    return plug_in


def heard_ids(mentions: tuple[Found, ...]) -> list[str]:
    return [found.mention.post.id for found in mentions]


def as_found(*posts: Post) -> list[Found]:
    return [
        Found(mention=Mention(post=one, query="q"), at=counted_from(one.published_at, NOW), writer="") for one in posts
    ]


def test_sources_and_log_are_one_list_newest_first(config: Config, store: Store, plug: Callable[..., None]) -> None:
    plug(one=giving(post(1), post(5)), two=giving(post(3, platform="mastodon"), post(4, text="simhall")))
    query = parse("badhus")
    first = listen(config, query, Wish(), store)
    assert heard_ids(first.mentions) == ["5", "3", "1"]
    assert (first.new, first.exit_code) == (3, 0)
    plug(one=giving(post(5), post(6)))
    again = listen(config, query, Wish(), store)
    assert heard_ids(again.mentions) == ["6", "5", "3", "1"]
    assert again.new == 1
    assert again.mentions[0].mention.spans == ((5, 11),)


def test_the_same_search_twice_logs_nothing_twice(config: Config, store: Store, plug: Callable[..., None]) -> None:
    plug(one=giving(post(1), post(2)))
    assert [listen(config, parse("badhus"), Wish(), store).new for _time in range(3)] == [2, 0, 0]
    assert store.rows("SELECT count(*) AS logged FROM mentions") == [{"logged": 2}]


def test_offline_asks_nobody(config: Config, store: Store, plug: Callable[..., None]) -> None:
    plug(one=giving(post(1)))
    listen(config, parse("badhus"), Wish(), store)
    plug(one=failing(AssertionError("was asked")))
    heard = listen(config, parse("badhus"), Wish(offline=True), store)
    assert (heard_ids(heard.mentions), heard.results, heard.exit_code) == (["1"], (), 0)


def test_without_a_store_nothing_is_kept(config: Config, plug: Callable[..., None]) -> None:
    plug(one=giving(post(1)))
    assert heard_ids(listen(config, parse("badhus"), Wish(), None).mentions) == ["1"]
    assert not config.store.exists()


@pytest.mark.parametrize(
    ("wish", "ids"),
    [
        (Wish(limit=2), ["9", "7"]),
        (Wish(since=datetime(2026, 11, 20, 5, tzinfo=UTC)), ["9", "7", "5"]),
        (Wish(until=datetime(2026, 11, 20, 5, tzinfo=UTC)), ["3", "1"]),
        (Wish(lang="en"), ["3"]),
        (Wish(sources=("two",)), ["9"]),
    ],
)
def test_wishes_hold_live_and_in_the_log(
    config: Config, store: Store, plug: Callable[..., None], wish: Wish, ids: list[str]
) -> None:
    plug(one=giving(post(1), post(3, lang="en"), post(5), post(7)), two=giving(post(9, platform="mastodon")))
    assert heard_ids(listen(config, parse("badhus"), wish, None).mentions) == ids
    listen(config, parse("badhus"), Wish(), store)
    logged = msgspec.structs.replace(wish, offline=True)
    assert heard_ids(listen(config, parse("badhus"), logged, store).mentions) == ids


def test_a_broken_register_costs_only_the_log(config: Config, store: Store, plug: Callable[..., None]) -> None:
    plug(one=giving(post(1), post(2)))
    config.registry.write_text("platform,url\nbluesky,x\n", encoding="utf-8")
    heard = listen(config, parse("badhus"), Wish(), store)
    assert (heard_ids(heard.mentions), heard.new, heard.exit_code) == (["2", "1"], 0, 0)
    assert "registry.csv:1: owner_email" in heard.unlogged
    config.registry.unlink()
    mended = listen(config, parse("badhus"), Wish(), store)
    assert (mended.new, mended.unlogged) == (2, "")


def test_a_failing_source_costs_only_itself(config: Config, store: Store, plug: Callable[..., None]) -> None:
    plug(bad=failing(Blocked("it answers 403"), post(2)), good=giving(post(1, platform="mastodon")))
    heard = listen(config, parse("badhus"), Wish(), store)
    assert heard_ids(heard.mentions) == ["2", "1"]
    assert heard.exit_code == 3
    assert [(issue.source, issue.kind) for result in heard.results for issue in result.issues] == [("bad", "blocked")]


def test_a_bug_in_a_source_is_told_with_its_place(config: Config, plug: Callable[..., None]) -> None:
    plug(bad=failing(KeyError("text")), good=giving(post(1)))
    heard = listen(config, parse("badhus"), Wish(), None)
    assert heard.exit_code == 3
    assert "test_listen.py" in heard.results[0].issues[0].detail


def test_no_log_in_anywhere_is_four(config: Config, plug: Callable[..., None]) -> None:
    plug(one=failing(CredentialError("set LISTEN_ONE"), needs=("LISTEN_ONE",)))
    assert listen(config, parse("badhus"), Wish(), None).exit_code == 4
    assert listen(config, parse("badhus"), Wish(sources=("one",)), None).exit_code == 4


def test_a_source_never_set_up_is_no_failure_while_another_answers(config: Config, plug: Callable[..., None]) -> None:
    plug(one=failing(CredentialError("set LISTEN_ONE"), needs=("LISTEN_ONE",)), two=giving(post(1)))
    heard = listen(config, parse("badhus"), Wish(), None)
    assert heard.exit_code == 0
    assert heard.results[0].issues[0].detail == "set LISTEN_ONE"
    assert listen(config, parse("badhus"), Wish(sources=("one", "two")), None).exit_code == 3


def test_a_refused_log_in_is_a_failure(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, plug: Callable[..., None]
) -> None:
    monkeypatch.chdir(tmp_path)
    config = default_config({"LISTEN_ONE": "wrong", "LISTEN_NOW": "2026-11-22T06:00:00Z"})
    plug(one=failing(CredentialError("refused"), needs=("LISTEN_ONE",)), two=giving(post(1)))
    assert listen(config, parse("badhus"), Wish(), None).exit_code == 3


def test_an_unknown_source_stops_before_any_work(config: Config, plug: Callable[..., None]) -> None:
    plug(one=giving(post(1)))
    for offline in (False, True):
        with pytest.raises(ConfigError, match="no source myspace"):
            listen(config, parse("badhus"), Wish(sources=("myspace",), offline=offline), None)


def test_an_endless_source_is_cut_and_says_so(config: Config, plug: Callable[..., None]) -> None:
    def endless(ctx: Context, query: Query, since: datetime) -> Iterator[Post]:
        number = 0
        while True:
            yield post(1, id=str(number))
            number += 1

    plug(one=source(endless))
    heard = listen(config, parse("badhus"), Wish(), None)
    assert len(heard.mentions) == MOST_POSTS
    assert heard.results[0].completeness == "truncated"
    assert heard.exit_code == 0


def test_a_narrowed_question_is_said(config: Config, plug: Callable[..., None]) -> None:
    plug(one=giving(post(1)), feed=source(lambda ctx, query, since: iter(()), access="open_feed"))
    heard = listen(config, parse("badh*"), Wish(), None)
    assert [(result.source, result.completeness.value) for result in heard.results] == [
        ("feed", "complete"),
        ("one", "truncated"),
    ]


def test_posts_that_state_no_language_are_not_dropped_in_silence(config: Config, plug: Callable[..., None]) -> None:
    plug(one=giving(post(1, lang=None), post(2, text="annat", lang=None), post(3)))
    heard = listen(config, parse("badhus"), Wish(lang="sv"), None)
    assert heard_ids(heard.mentions) == ["3"]
    assert heard.results[0].issues[0].detail == "left out 1 post that states no language"


@pytest.mark.parametrize(
    ("query", "wish", "since"),
    [
        ("badhus", Wish(), "2026-11-15T06:00"),
        ("badhus", Wish(since=datetime(2026, 11, 1, tzinfo=UTC)), "2026-11-01T00:00"),
        ("badhus since:2026-11-10", Wish(), "2026-11-09T23:00"),
        ("badhus OR (simhall since:30d)", Wish(), "2026-10-23T06:00"),
        ("badhus OR (simhall since:1d)", Wish(), "2026-11-15T06:00"),
    ],
)
def test_how_far_back_sources_are_asked(
    config: Config, plug: Callable[..., None], query: str, wish: Wish, since: str
) -> None:
    asked: list[datetime] = []

    def posts(ctx: Context, query: Query, since: datetime) -> Iterator[Post]:
        asked.append(since)
        return iter(())

    plug(one=source(posts))
    listen(config, parse(query, NOW), wish, None)
    assert asked[0].isoformat()[:16] == since


def test_hostile_posts_are_matched_logged_and_counted(config: Config, store: Store, plug: Callable[..., None]) -> None:
    odd = post(1, text="badhus \ud800\x00 \u202e" + "x" * 10_000, author="\udfff", url="https://almby.example/\ud800")
    plug(one=giving(odd, post(2, text="fa\u030ar badhus", published_at=None)))
    heard = listen(config, parse("badhus"), Wish(), store)
    assert heard.new == 2
    assert listen(config, parse("badhus"), Wish(offline=True), store).mentions == heard.mentions
    assert "får badhus" in [found.mention.post.text for found in heard.mentions]
    "".join(found.mention.post.text for found in heard.mentions).encode("utf-8")


def test_explains_without_asking(config: Config, plug: Callable[..., None]) -> None:
    plug(
        bluesky=failing(SourceError("was asked")), feeds=source(lambda ctx, query, since: iter(()), access="open_feed")
    )
    told = explain(config, parse("almby (badhus OR simhall) -bio"), Wish(lang="sv"))
    assert told.sources == {"bluesky": ("almby badhus", "almby simhall"), "feeds": ()}
    assert told.checked_here == ("NOT bio", "lang:sv")
    assert told.log == '(("almby" AND ("badhus" OR "simhall") AND facets:qlqsv) NOT (text:"bio" NOT facets:qoqodd))'


def test_one_post_seen_twice_is_one_mention() -> None:
    seen = as_found(
        post(1, url="https://www.almby.example/a?utm_source=x"),
        post(1),
        post(2, platform="web", url="https://almby.example/a"),
        post(2, published_at=None),
    )
    assert merged(seen) == [seen[3], seen[0]], "what bears no time counts as said now"


def test_copies_are_folded_into_the_newest() -> None:
    alone, first, second, third = as_found(post(1), post(2), post(3), post(4))
    copies = [msgspec.structs.replace(found, cluster=7) for found in (first, second, third)]
    one, other = folded([copies[0], alone, *copies[1:]])
    assert (one.mention.post.id, one.copies) == ("2", 2)
    assert other == alone


def test_copies_are_one_line_with_how_many_more_there_are(
    config: Config, store: Store, plug: Callable[..., None]
) -> None:
    said = "badhus stänger och ingen av oss som badar där varje vecka har blivit tillfrågad"
    plug(one=giving(post(1, text=said), post(2, text=f"Sprid! {said}"), post(3, text=said.upper())))
    heard = listen(config, parse("badhus"), Wish(fold=True, limit=1), store)
    assert [(found.mention.post.id, found.copies) for found in heard.mentions] == [("3", 2)]


def test_who_wrote_is_a_pseudonym_that_stays(config: Config, store: Store, plug: Callable[..., None]) -> None:
    plug(one=giving(post(1, author="kim.example"), post(2, author="Kim.example"), post(3, author="eva.example")))
    named = [found.writer for found in listen(config, parse("badhus"), Wish(), store).mentions]
    assert len(set(named)) == 2
    assert not any("kim" in name or "eva" in name for name in named)
    assert [found.writer for found in listen(config, parse("badhus"), Wish(offline=True), store).mentions] == named
    assert heard_ids(listen(config, parse("badhus author:kim.example"), Wish(), store).mentions) == ["2", "1"]
    without = [found.writer for found in listen(config, parse("badhus"), Wish(), None).mentions]
    assert len(set(without)) == 2
    assert not set(without) & set(named)


def test_counts_by_swedish_day() -> None:
    late = post(1, published_at=datetime(2026, 11, 19, 23, 30, tzinfo=UTC))
    mentions = as_found(late, post(2), post(3, published_at=datetime(2026, 11, 1, tzinfo=UTC)))
    assert [(count.value, count.mentions) for count in counted(mentions, "day")] == [
        ("2026-11-01", 1),
        ("2026-11-20", 2),
    ]
    assert [(count.value, count.mentions) for count in counted(mentions, "lang")] == [("sv", 3)]


def test_a_huge_text_is_cut_and_said_to_be(config: Config, store: Store, plug: Callable[..., None]) -> None:
    plug(one=giving(post(1, text="badhus " + "x" * 1_000_000)))
    heard = listen(config, parse("badhus"), Wish(), store)
    assert len(heard.mentions[0].mention.post.text) == LONGEST
    assert [issue.kind for issue in heard.results[0].issues] == ["skipped"]


def test_a_cleaned_post_names_its_source() -> None:
    assert cleaned(post(1), "feeds").source == "feeds"
    assert cleaned(post(1, source="other"), "feeds").source == "other"


@pytest.mark.parametrize(
    ("text", "moment", "end"),
    [
        ("7d", "2026-11-15T06:00:00+00:00", "2026-11-15T06:00:00+00:00"),
        ("24h", "2026-11-21T06:00:00+00:00", "2026-11-21T06:00:00+00:00"),
        ("2w", "2026-11-08T06:00:00+00:00", "2026-11-08T06:00:00+00:00"),
        ("2026-07-01", "2026-06-30T22:00:00+00:00", "2026-07-01T22:00:00+00:00"),
        ("2026-10-25", "2026-10-24T22:00:00+00:00", "2026-10-25T23:00:00+00:00"),
        ("2026-11-01T08:00+01:00", "2026-11-01T07:00:00+00:00", "2026-11-01T07:00:00+00:00"),
        ("2026-11-01T08:00", "2026-11-01T07:00:00+00:00", "2026-11-01T07:00:00+00:00"),
    ],
)
def test_moments_as_people_write_them(text: str, moment: str, end: str) -> None:
    assert read_when(text, NOW).isoformat() == moment
    assert read_when(text, NOW, end=True).isoformat() == end


@pytest.mark.parametrize(
    "text", ["", "igår", "7", "-7d", "99999d", "0001-01-01", "2026-13-01", "2026-02-30", "7 d", "\ud800"]
)
def test_what_is_no_moment_is_refused_with_the_forms(text: str) -> None:
    with pytest.raises(ValueError, match="write 24h, 7d"):
        read_when(text, NOW)
