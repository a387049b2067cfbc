"""The saved queries: read or refused by name, asked from where they were left off, told as one result a source."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import msgspec
import pytest

from listener.clock import rfc3339
from listener.config import Config, default_config, load_config
from listener.context import Context
from listener.demo.serve import Reply, Request, Server
from listener.errors import ConfigError, CredentialError, SourceError, Throttled
from listener.heard import Wish
from listener.listen import MOST_POSTS, listen
from listener.models import Completeness, Issue, SourceResult
from listener.posts import Post
from listener.query import Query, parse
from listener.saved import Logged, joined, listen_saved, saved_queries
from listener.sources import About, feeds, truncated
from listener.store import Store, open_store
from listener.store.mentions import save_mentions

NOW = datetime(2026, 11, 6, 6, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
BADHUS, SIMHALL = parse("badhus"), parse("simhall")
Plug = Callable[[ModuleType], None]


class Network:
    """A platform with one post a day about the bath; `trouble` says what goes wrong while a query is asked."""

    def __init__(self, first: datetime, days: int, access: str = "official_api") -> None:
        self.written = [first + day * DAY for day in range(days)]
        self.asked: list[tuple[str, datetime]] = []
        self.contexts: set[int] = set()
        self.trouble: Callable[[Context, Query], None] = lambda ctx, query: None
        self.module = ModuleType("network")
        self.module.ABOUT = About(access=access, finds=("posts",), note="", on_by_default=True)  # type: ignore[arg-type]
        self.module.posts = self.posts

    def posts(self, ctx: Context, query: Query, since: datetime) -> Iterator[Post]:
        self.asked.append((query.text, since))
        self.contexts.add(id(ctx))
        yield from (
            Post(platform="net", id=f"{when:%m-%d}", text="badhus och simhall", published_at=when)
            for when in self.written
            if since <= when <= ctx.now
        )
        self.trouble(ctx, query)

    def sinces(self) -> list[datetime]:
        return [since for _text, since in self.asked]


@pytest.fixture
def config(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Config:
    monkeypatch.chdir(tmp_path)
    return default_config({"LISTEN_NOW": rfc3339(NOW)})


@pytest.fixture
def store(config: Config) -> Iterator[Store]:
    with open_store(config.store) as opened:
        yield opened


@pytest.fixture
def plug(monkeypatch: pytest.MonkeyPatch) -> Plug:
    def plug_in(module: ModuleType) -> None:
        monkeypatch.setattr("listener.discover.load_sources", lambda: {"net": module})

    return plug_in


def run(config: Config, store: Store, days: float, *queries: Query) -> Logged:
    """One run so many days after the first one."""
    return listen_saved(msgspec.structs.replace(config, now=NOW + days * DAY), queries or (BADHUS,), store)


def fails(ctx: Context, query: Query) -> None:
    raise SourceError("it answers 500")


def stops_short(ctx: Context, query: Query) -> None:
    truncated(ctx, "posts", "more posts than were read")


def test_a_machine_that_slept_two_weeks_loses_nothing_and_logs_nothing_twice(
    config: Config, store: Store, plug: Plug
) -> None:
    net = Network(NOW - 6 * DAY, 21)
    plug(net.module)
    assert run(config, store, 0).new == 7
    assert run(config, store, 14).new == 14
    assert run(config, store, 14).new == 0
    assert net.sinces() == [NOW - 7 * DAY, NOW - HOUR, NOW + 14 * DAY - HOUR]
    logged = store.rows("SELECT published_at FROM mentions ORDER BY 1")
    assert [row["published_at"] for row in logged] == [rfc3339(when) for when in net.written]


def test_a_query_is_never_asked_further_back_than_it_says(config: Config, store: Store, plug: Plug) -> None:
    net = Network(NOW, 1)
    plug(net.module)
    for days in (0, 14):
        run(config, store, days, parse("badhus since:2026-11-02"), parse("simhall since:2026-11-15"))
    fixed, later = datetime(2026, 11, 1, 23, tzinfo=UTC), datetime(2026, 11, 14, 23, tzinfo=UTC)
    assert net.sinces() == [fixed, later, NOW - HOUR, later]


def test_a_clock_set_back_hides_nothing(config: Config, store: Store, plug: Plug) -> None:
    net = Network(NOW, 1)
    plug(net.module)
    run(config, store, 300)
    run(config, store, 0)
    assert net.sinces()[1] == NOW - HOUR


def test_a_failed_source_is_asked_again_from_where_it_was(config: Config, store: Store, plug: Plug) -> None:
    net = Network(NOW - 6 * DAY, 30)
    plug(net.module)
    net.trouble = fails
    for days in (0, 10, 20):
        run(config, store, days)
    net.trouble = lambda ctx, query: None
    run(config, store, 21)
    run(config, store, 22)
    first = NOW - 7 * DAY
    assert net.sinces() == [first, *[first - HOUR] * 3, NOW + 21 * DAY - HOUR]


def test_what_a_limit_left_out_is_asked_for_once_more_but_not_for_ever(
    config: Config, store: Store, plug: Plug
) -> None:
    net = Network(NOW - 6 * DAY, 30)
    plug(net.module)
    run(config, store, 0)
    net.trouble = stops_short
    for days in (1, 2, 3):
        run(config, store, days)
    assert net.sinces()[1:] == [NOW - HOUR, NOW - HOUR, NOW + 2 * DAY - HOUR]


def test_too_many_posts_leave_the_query_where_it_was(config: Config, store: Store, plug: Plug) -> None:
    net = Network(NOW, 1, "open_feed")
    plug(net.module)
    run(config, store, 0)
    net.written = [NOW + HOUR + second * timedelta(seconds=1) for second in range(MOST_POSTS + 1)]
    run(config, store, 7)
    run(config, store, 8)
    assert net.sinces()[1:] == [NOW - DAY, NOW - DAY]


def test_what_no_later_question_could_bring_does_not_hold_it_up(config: Config, store: Store, plug: Plug) -> None:
    net = Network(NOW, 1)
    plug(net.module)
    run(config, store, 0, parse("badh*"))
    assert run(config, store, 7, parse("badh*")).results[0].completeness == Completeness.TRUNCATED
    feed = Network(NOW, 1, "open_feed")
    feed.trouble = stops_short
    plug(feed.module)
    run(config, store, 14, parse("badh*"))
    run(config, store, 21, parse("badh*"))
    assert net.sinces()[1:] == [NOW - HOUR]
    assert feed.sinces() == [NOW + 6 * DAY, NOW + 13 * DAY]


def test_all_queries_share_one_log_in_and_none_hides_behind_another(config: Config, store: Store, plug: Plug) -> None:
    net = Network(NOW - DAY, 30)
    net.trouble = lambda ctx, query: stops_short(ctx, query) if query is BADHUS else None
    plug(net.module)
    heard = run(config, store, 0, BADHUS, SIMHALL)
    assert len(net.contexts) == 1
    assert (heard.new, heard.results[0].source, heard.results[0].completeness) == (4, "net:posts", "truncated")
    net.trouble = stops_short
    run(config, store, 1, BADHUS, SIMHALL)
    run(config, store, 2, BADHUS, SIMHALL)
    held, read = NOW - 7 * DAY - HOUR, NOW - HOUR
    assert net.sinces()[2:] == [held, read, NOW + DAY - HOUR, read]


def test_a_server_that_failed_for_one_query_is_not_taken_as_read_for_the_next(
    config: Config, store: Store, plug: Plug
) -> None:
    net = Network(NOW, 30)
    net.trouble = lambda ctx, query: fails(ctx, query) if query is BADHUS else None
    plug(net.module)
    for days in (0, 14):
        run(config, store, days, BADHUS, SIMHALL)
    assert net.sinces()[2:] == [NOW - 7 * DAY - HOUR] * 2


@pytest.mark.parametrize("trouble", [Throttled("wait"), CredentialError("refused")])
def test_a_source_that_turns_us_away_is_not_asked_again_in_the_run(
    config: Config, store: Store, plug: Plug, trouble: Exception
) -> None:
    def refuse(ctx: Context, query: Query) -> None:
        raise trouble

    net = Network(NOW, 1)
    net.trouble = refuse
    plug(net.module)
    run(config, store, 0, BADHUS, SIMHALL)
    assert net.asked == [("badhus", NOW - 7 * DAY)]


def test_a_search_by_hand_moves_no_saved_query(config: Config, store: Store, plug: Plug) -> None:
    net = Network(NOW - 6 * DAY, 30)
    plug(net.module)
    run(config, store, 0)
    by_hand = msgspec.structs.replace(config, now=NOW + 14 * DAY)
    assert listen(by_hand, BADHUS, Wish(), store).new == 8
    assert run(config, store, 14).new == 6
    assert net.sinces()[1:] == [NOW + 7 * DAY, NOW - HOUR]


class Paper:
    """A paper with an entity tag for what it holds."""

    def __init__(self) -> None:
        self.entries = ["badhus"]
        self.hours = 5
        self.answers: list[int] = []

    def __call__(self, request: Request) -> Reply:
        if request.path == "/robots.txt":
            return Reply(status=404)
        tag = f'"{len(self.entries)}"'
        fresh = request.headers.get("if-none-match") != tag
        self.answers.append(200 if fresh else 304)
        when = f"{NOW - self.hours * HOUR:%a, %d %b %Y %H:%M:%S} +0000"
        rows = "".join(
            f"<item><title>{text}</title><guid>{text}</guid><pubDate>{when}</pubDate></item>" for text in self.entries
        )
        body = f'<rss version="2.0"><channel><title>A</title>{rows}</channel></rss>'
        kept = {"status": 200, "body": body.encode()} if fresh else {"status": 304}
        return Reply(**kept, kind="application/rss+xml", headers={"ETag": tag})  # type: ignore[arg-type]


def reading(folder: Path, monkeypatch: pytest.MonkeyPatch, *urls: str) -> Config:
    """Settings that read these feeds of this machine and no other source."""
    monkeypatch.setattr("listener.discover.load_sources", lambda: {"feeds": feeds})
    listed = ", ".join(f'"{url}"' for url in urls)
    settings = f'[organisation]\nname = "Almby"\n[sources.feeds]\nurls = [{listed}]\n'
    (folder / "listener.toml").write_text(settings, encoding="utf-8")
    return load_config(folder / "listener.toml", {"LISTEN_ALLOW_LOOPBACK": "1", "LISTEN_NOW": rfc3339(NOW)})


@pytest.mark.network
def test_a_feed_is_fetched_once_a_run_and_hides_nothing_from_a_new_query(
    tmp_path: Path, store: Store, plug: Plug, monkeypatch: pytest.MonkeyPatch
) -> None:
    paper = Paper()
    server = Server(paper)
    try:
        config = reading(tmp_path, monkeypatch, f"{server.url}/rss.xml")
        assert [run(config, store, 0, BADHUS, SIMHALL).new, paper.answers] == [1, [200]]
        assert [run(config, store, 0.01, BADHUS, SIMHALL).new, paper.answers] == [0, [200, 304]]
        assert run(config, store, 0.02, BADHUS, SIMHALL, parse("badh*")).new == 1  # never held against the feed
        assert run(config, store, 0.03, BADHUS, SIMHALL, parse("badh*")).new == 0
        assert paper.answers == [200, 304, 200, 304]
        paper.entries.append("simhall")
        assert run(config, store, 0.04, BADHUS, SIMHALL).new == 1  # though it bears a time before the last reading
    finally:
        server.stop()


@pytest.mark.network
def test_a_dead_feed_keeps_no_other_from_being_asked_for_news_and_is_read_from_where_it_fell_silent(
    tmp_path: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    papers = {"/lever.xml": Paper(), "/nere.xml": Paper()}
    down = ["/nere.xml"]
    server = Server(lambda asked: Reply(status=404) if asked.path in down else papers.get(asked.path, Paper())(asked))
    try:
        config = reading(tmp_path, monkeypatch, *(f"{server.url}{path}" for path in papers))
        papers["/nere.xml"].entries = ["simhall som ingen läste"]
        first = run(config, store, 0, BADHUS, SIMHALL)
        assert (first.new, first.results[0].completeness) == (1, Completeness.TRUNCATED)
        assert [issue.kind for issue in first.results[0].issues] == ["failed", "truncated"]  # the gravest first
        for day in (1, 2, 3):
            again = run(config, store, day, BADHUS, SIMHALL)
            assert (again.new, [issue.kind for issue in again.results[0].issues]) == (0, ["failed"])
        assert papers["/lever.xml"].answers == [200, 304, 304, 304]
        assert run(config, store, 4, BADHUS, SIMHALL, parse("badh*")).new == 1  # a new query takes no mark away
        down.clear()
        mended = run(config, store, 5, BADHUS, SIMHALL)
        assert (mended.new, [issue.kind for issue in mended.results[0].issues]) == (1, ["truncated"])
        assert run(config, store, 6, BADHUS, SIMHALL).results[0].completeness == Completeness.COMPLETE
    finally:
        server.stop()


@pytest.mark.network
def test_a_run_that_is_cut_short_forgets_no_feed_that_was_down(
    tmp_path: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    papers = {"/lever.xml": Paper(), "/nere.xml": Paper()}
    down = ["/nere.xml"]
    server = Server(lambda asked: Reply(status=404) if asked.path in down else papers.get(asked.path, Paper())(asked))
    kept: list[str] = []

    def cut_short(*given: Any, **more: Any) -> int:
        if kept:
            raise KeyboardInterrupt
        kept.append("one query")
        return save_mentions(*given, **more)

    try:
        config = reading(tmp_path, monkeypatch, *(f"{server.url}{path}" for path in papers))
        monkeypatch.setattr("listener.saved.save_mentions", cut_short)
        with pytest.raises(KeyboardInterrupt):
            run(config, store, 0, SIMHALL, BADHUS)
        monkeypatch.setattr("listener.saved.save_mentions", save_mentions)
        down.clear()
        papers["/nere.xml"].entries, papers["/nere.xml"].hours = ["simhall som ingen läste"], 60
        assert run(config, store, 5, SIMHALL).new == 1
    finally:
        server.stop()


def queries(folder: Path, text: str) -> tuple[str, ...]:
    (folder / "listener.toml").write_text(f'[organisation]\nname = "Almby kommun"\n{text}', encoding="utf-8")
    return tuple(query.text for query in saved_queries(load_config(folder / "listener.toml", {})))


def test_every_saved_query_is_read(tmp_path: Path) -> None:
    text = "[queries.a]\nquery = '\"Almby kommun\"'\n[queries.b]\nquery = 'Almby badhus'\n"
    assert queries(tmp_path, text) == ('"Almby kommun"', "Almby badhus")


@pytest.mark.parametrize("line", ["query = 3", "purpose = 'x'", "query = '(Almby'"])
def test_a_query_that_cannot_be_read_is_named(tmp_path: Path, line: str) -> None:
    with pytest.raises(ConfigError, match=r"listener\.toml: \[queries\.badhus\]"):
        queries(tmp_path, f"[queries.badhus]\n{line}\n")


def test_a_source_is_as_incomplete_as_its_worst_answer_and_a_trouble_is_told_once() -> None:
    trouble = Issue(source="bluesky", kind="throttled", detail="later")
    parts = [
        SourceResult(source="bluesky", completeness=Completeness.COMPLETE, posts=3),
        SourceResult(source="bluesky", completeness=Completeness.UNAVAILABLE, posts=1, issues=(trouble,)),
        SourceResult(source="bluesky", completeness=Completeness.UNAVAILABLE, issues=(trouble,)),
    ]
    whole = joined("bluesky", parts)
    assert (whole.source, whole.completeness, whole.posts) == ("bluesky:posts", Completeness.UNAVAILABLE, 4)
    assert [issue.detail for issue in whole.issues] == ["later"]
