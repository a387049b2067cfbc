"""Web search against a SearXNG and a Brave of our own on loopback, which check what they are asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from listener.audit import audit
from listener.config import Config, read_config
from listener.context import Context
from listener.demo.serve import Reply, Request, Server, json_reply
from listener.errors import Blocked, Changed, ConfigError, CredentialError, SourceError, Throttled
from listener.models import Completeness, Term
from listener.query import parse
from listener.quotas import Quotas
from listener.run import make_context as context_of
from listener.sources import bluesky, search_rows, websearch
from listener.store import open_store

NOW = datetime(2026, 11, 22, 7, 0, tzinfo=UTC)
WEEK = NOW - timedelta(days=7)
TERMS = tuple(
    Term(text=text) for text in ("Örebro kommun", "Orebro kommun", "Almby kommun", "Tallåsskolan", "Almby bad")
)
HIT = {"url": "https://almby.example/kontakt", "title": "Kontakt", "content": ""}
Make = Callable[..., Context]

pytestmark = pytest.mark.network


class Engine:
    """A search engine that knows what it is told: site -> rows; `silent` engines answer nothing."""

    def __init__(self) -> None:
        self.rows: dict[str, list[dict[str, Any]]] = {"almby.example": [HIT]}
        self.news: list[dict[str, Any]] = []
        self.silent: list[list[str]] = []
        self.broken: Reply | None = None
        self.falls_silent_after = 1_000  # searches
        self.asked: list[str] = []

    def __call__(self, request: Request) -> Reply:
        if self.broken is not None:
            return self.broken
        text = request.one("q")
        self.asked.append(text)
        if request.path.startswith("/res/v1/"):
            return self._brave(request, text)
        assert (request.path, request.one("format"), request.one("language")) == ("/search", "json", "sv")
        rows = self.news if request.one("categories") == "news" else self._found(text)
        return json_reply({"query": text, "results": rows, "unresponsive_engines": self.silent})

    def _brave(self, request: Request, text: str) -> Reply:
        if request.headers.get("x-subscription-token") != "brave-1":
            return json_reply({"error": {"code": "SUBSCRIPTION_TOKEN_INVALID"}}, 422)
        assert request.one("country") == "SE"
        if request.path == "/res/v1/news/search":
            return json_reply({"type": "news", "query": {}, "results": self.news})
        rows = self._found(text)
        return json_reply(
            {"type": "search", "query": {"original": text}, **({"web": {"results": rows}} if rows else {})}
        )

    def _found(self, text: str) -> list[dict[str, Any]]:
        return [] if len(self.asked) > self.falls_silent_after else self.rows.get(text.partition("site:")[2], [])


@pytest.fixture
def engine() -> Engine:
    return Engine()


@pytest.fixture
def url(engine: Engine) -> Iterator[str]:
    server = Server(engine)
    yield server.url
    server.stop()


def settings(url: str, **more: Any) -> dict[str, Any]:
    return {"base_url": url, "sites": ["facebook.com", "instagram.com"], **more}


def searched(ctx: Context) -> list[Any]:
    return list(websearch.accounts(ctx, Term(text="")))


def test_profiles_on_closed_platforms_come_to_light(engine: Engine, url: str, make_context: Make) -> None:
    engine.rows["instagram.com"] = [
        {"url": "https://www.instagram.com/p/Cx1/", "title": "Ett foto", "content": ""},
        {"url": "https://www.instagram.com/almby.kommun/p/Cx1/?hl=sv", "title": "Ett foto till", "content": "Hej"},
        {
            "url": "https://m.instagram.com/Almby.Kommun/",
            "title": "Almby kommun (@almby.kommun) • Instagram",
            "content": "Bio",
        },
        {"url": "javascript:alert(1)", "title": None},
        {"url": 7},
    ]
    ctx = make_context("websearch", settings(url), sites=("almby.example",), terms=TERMS[2:3])
    (account,) = searched(ctx)
    assert (account.platform, account.handle, account.display_name) == ("instagram", "almby.kommun", "Almby kommun")
    assert (account.url, account.source, account.term) == (
        "https://www.instagram.com/almby.kommun",
        "websearch",
        "Almby kommun",
    )
    assert engine.asked == [
        "site:almby.example",
        '"Almby kommun" site:facebook.com',
        '"Almby kommun" site:instagram.com',
    ]
    assert ctx.completeness == Completeness.TRUNCATED  # a row without an address cannot be read


def test_an_excerpt_that_changes_with_the_question_changes_no_decision(make_context: Make) -> None:
    row = {"url": "https://www.instagram.com/almby/", "title": "Almby • Instagram", "content": "3 inlägg"}
    first, second = websearch.read_account(row), websearch.read_account({**row, "content": "4 inlägg"})
    assert first is not None
    assert second is not None
    assert first.description != second.description
    assert first.fingerprint == second.fingerprint


def test_the_open_web_shows_pages_that_bear_our_whole_name(engine: Engine, url: str, make_context: Make) -> None:
    engine.rows[""] = [
        HIT,
        {"url": "https://sv.wikipedia.org/wiki/Almby", "title": "Almby kommun – Wikipedia", "content": "En kommun"},
        {
            "url": "https://almby-kommun.example/login",
            "title": "Logga in | Almby kommun",
            "content": "Fyll i ditt kort",
        },
        {
            "url": "https://almbyposten.example/7",
            "title": "Almby kommun bygger ny simhall",
            "content": "Almby kommun bygger",
        },
    ]
    ctx = make_context("websearch", settings(url, sites=[""]), sites=("almby.example",), terms=TERMS[2:3])
    found = {account.handle: account for account in searched(ctx)}
    assert set(found) == {"almby-kommun.example", "almbyposten.example"}
    assert found["almby-kommun.example"].display_name == "Almby kommun"
    assert found["almby-kommun.example"].description == "Fyll i ditt kort"
    assert found["almbyposten.example"].display_name is None  # a headline is no name
    assert found["almbyposten.example"].description is None


def test_names_take_turns_and_the_next_run_goes_on(engine: Engine, url: str, make_context: Make) -> None:
    cursor: dict[str, str] = {}
    asked: list[set[str]] = []
    for _week in range(3):
        engine.asked.clear()
        ctx = make_context("websearch", settings(url, searches_per_run=6), terms=TERMS, cursor=cursor)
        searched(ctx)
        cursor = ctx.next_cursor
        asked.append(set(engine.asked))
    always = {
        f'"{name}" site:{site}'
        for name in ("Örebro kommun", "Almby kommun")
        for site in ("facebook.com", "instagram.com")
    }
    assert all(always <= week for week in asked)
    assert asked[0] - always == {'"Tallåsskolan" site:facebook.com', '"Tallåsskolan" site:instagram.com'}
    assert asked[1] - always == {'"Almby bad" site:facebook.com', '"Almby bad" site:instagram.com'}
    assert asked[2] == asked[0]
    assert ctx.completeness == Completeness.TRUNCATED
    assert ctx.issues[-1].detail.startswith("6 searches made, 2 wait")


def test_units_are_searched_for_where_they_are_and_names_everywhere(make_context: Make) -> None:
    terms = (*TERMS[2:3], Term(text="Almby stad"), Term(text="Almbys fest"), Term(text="Tallåsskolan", kind="unit"))
    turns = websearch.plan(make_context("websearch", {}, terms=terms))
    sites = {
        name: [search.site for search in turns.turn if search.name == name] for name in ("Almbys fest", "Tallåsskolan")
    }
    assert sites["Almbys fest"] == list(websearch.SITES)
    assert sites["Tallåsskolan"] == ["facebook.com", "instagram.com", "tiktok.com"]


def test_a_run_too_small_for_its_names_still_comes_to_all_of_them(engine: Engine, url: str, make_context: Make) -> None:
    cursor: dict[str, str] = {}
    for _week in range(4):
        ctx = make_context("websearch", settings(url, searches_per_run=2), terms=TERMS, cursor=cursor)
        searched(ctx)
        cursor = ctx.next_cursor
    assert len(set(engine.asked)) == 8


def test_a_search_that_misses_our_own_site_finds_nothing_out(engine: Engine, url: str, make_context: Make) -> None:
    engine.rows = {"almby.example": [{"url": "https://nagon-annan.example/", "title": "Hej"}]}
    with pytest.raises(SourceError, match="must find something"):
        searched(make_context("websearch", settings(url), sites=("almby.example",), terms=TERMS))
    assert len(engine.asked) == 1


def test_an_engine_that_keeps_silent_is_told_and_the_others_go_on(engine: Engine, url: str, make_context: Make) -> None:
    engine.silent = [["stor motor", "CAPTCHA"]]
    ctx = make_context("websearch", settings(url), sites=("almby.example",), terms=TERMS)
    assert searched(ctx) == []
    assert engine.asked.count("site:almby.example") == 3  # at first, and after each three empty answers
    assert len(set(engine.asked)) == 9
    assert ctx.completeness == Completeness.TRUNCATED
    assert ["stor motor" in issue.detail for issue in ctx.issues] == [True]


def test_when_nobody_answers_any_more_the_run_stops_and_the_next_goes_on_there(
    engine: Engine, url: str, make_context: Make
) -> None:
    engine.silent = [["stor motor", "CAPTCHA"]]
    engine.rows["facebook.com"] = [{"url": "https://www.facebook.com/almbykommun"}]
    engine.falls_silent_after = 7
    ctx = make_context("websearch", settings(url), sites=("almby.example",), terms=TERMS)
    with pytest.raises(SourceError, match=r"no engine answers the search any more \(stor motor\)"):
        searched(ctx)
    assert ctx.next_cursor == {"after": '"Tallåsskolan" site:facebook.com'}


def test_without_a_search_that_must_hit_silence_is_no_answer(engine: Engine, url: str, make_context: Make) -> None:
    engine.silent = [["stor motor", "CAPTCHA"]]
    with pytest.raises(SourceError, match="nobody can tell"):
        searched(make_context("websearch", settings(url), terms=TERMS))
    with pytest.raises(SourceError, match="no engine answers"):
        list(websearch.posts(make_context("websearch", settings(url)), parse("Almby", NOW), WEEK))


@pytest.mark.parametrize(
    ("broken", "error"),
    [
        (Reply(status=403, body=b"Forbidden", kind="text/html"), Blocked),
        (Reply(status=429, headers={"Retry-After": "3600"}), Throttled),
        (Reply(status=500), SourceError),
        (Reply(status=404, body=b"{}"), SourceError),
        (Reply(body=b"<html><title>Just a moment</title></html>", kind="text/html"), Blocked),
        (Reply(body=b"<html>hej</html>", kind="text/html"), Changed),
        (json_reply([]), Changed),
        (json_reply({"results": "none"}), Changed),
        (json_reply({"results": []}), SourceError),
        (Reply(body=b'{"results": [{"url": "https://almby.ex'), Changed),
    ],
    ids=["json off", "limiter", "500", "404", "challenge", "html", "list", "shape", "empty", "cut"],
)
def test_an_engine_in_trouble_is_never_an_empty_answer(
    engine: Engine, url: str, make_context: Make, broken: Reply, error: type[SourceError]
) -> None:
    engine.broken = broken
    with pytest.raises(error):
        searched(make_context("websearch", settings(url), sites=("almby.example",), terms=TERMS))


def test_json_that_is_off_says_where_to_turn_it_on(engine: Engine, url: str, make_context: Make) -> None:
    engine.broken = Reply(status=403)
    with pytest.raises(Blocked, match=r"formats under search in its settings\.yml"):
        searched(make_context("websearch", settings(url), sites=("almby.example",), terms=TERMS))


def test_brave_is_asked_within_its_free_searches(engine: Engine, url: str, make_context: Make) -> None:
    engine.rows["facebook.com"] = [
        {"url": "https://www.facebook.com/almbykommun/", "title": "<strong>Almby</strong> kommun | Facebook"}
    ]
    quotas = Quotas(websearch.ABOUT.quotas, now=NOW, settings={"max_paid_searches": 3}, dollars=websearch.ABOUT.dollars)
    brave = {"engine": "brave", **settings(url)}
    ctx = make_context(
        "websearch",
        brave,
        sites=("almby.example",),
        terms=TERMS[2:],
        secrets={"LISTEN_BRAVE_TOKEN": "brave-1"},
        quotas=quotas,
    )
    (account,) = searched(ctx)
    assert (account.handle, account.display_name) == ("almbykommun", "Almby kommun")
    assert len(engine.asked) == 3
    assert ctx.completeness == Completeness.QUOTA
    assert quotas.cost() == pytest.approx(0.015)
    assert ctx.next_cursor == {}  # what waits is asked first next time


def test_brave_without_or_with_a_wrong_token_says_which_secret(engine: Engine, url: str, make_context: Make) -> None:
    brave = {"engine": "brave", **settings(url)}
    for secrets, said in (({}, "set LISTEN_BRAVE_TOKEN"), ({"LISTEN_BRAVE_TOKEN": "fel"}, "check LISTEN_BRAVE_TOKEN")):
        with pytest.raises(CredentialError, match=said):
            searched(make_context("websearch", brave, sites=("almby.example",), terms=TERMS, secrets=secrets))


@pytest.mark.parametrize("wrong", [{"engine": "google"}, {}])
def test_settings_that_name_no_engine_are_refused(make_context: Make, wrong: dict[str, str]) -> None:
    with pytest.raises(ConfigError):
        searched(make_context("websearch", wrong, terms=TERMS))


@pytest.mark.parametrize("name", ["searxng", "brave"])
def test_news_since_a_time(engine: Engine, url: str, make_context: Make, name: str) -> None:
    when = "publishedDate" if name == "searxng" else "page_age"
    engine.news = [
        {
            "url": "https://almbyposten.example/7",
            "title": "Almby kommun bygger",
            "content": "Ny simhall",
            when: "2026-11-20T08:00:00",
        },
        {"url": "https://almbyposten.example/1", "title": "Gammalt", "content": "", when: "2026-08-01T08:00:00"},
    ]
    ctx = make_context("websearch", settings(url, engine=name), secrets={"LISTEN_BRAVE_TOKEN": "brave-1"})
    (post,) = websearch.posts(ctx, parse('"Almby kommun" -bandy', NOW), WEEK)
    assert (post.text, post.author) == ("Almby kommun bygger\nNy simhall", "almbyposten.example")
    assert engine.asked == ['"Almby kommun"']


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Almby kommun (@almbykommun) • Instagram-foton och -videoklipp", "Almby kommun"),
        ("Almby kommun | Almby | Facebook", "Almby kommun | Almby"),
        ("Almby kommun - Fritid | LinkedIn", "Almby kommun - Fritid"),
        ("Almby kommun (@almby) / X", "Almby kommun"),
        ("Telegram: Contact @almby", "almby"),
        ("Almby kommun on Threads", "Almby kommun"),
        ("Almby kommuns bibliotek och ...", None),
        ("Log in or sign up to view", None),
        ("Facebook", None),
        ("Almby kommun" + " " * 100_000 + "x", None),  # would take minutes to take apart
        ("", None),
    ],
)
def test_the_name_in_a_title(title: str, name: str | None) -> None:
    assert search_rows.name_in(title) == name


def almby(folder: Path, **tables: Any) -> Config:
    (folder / "registry.csv").write_text("platform,url,unit,status,owner_email\n", encoding="utf-8")
    organisation = {"name": "Almby kommun", "domains": ["almby.example"]}
    environ = {"LISTEN_NOW": "2026-11-22T07:00:00+01:00"}
    return read_config(folder / "listener.toml", {"organisation": organisation, **tables}, environ)


def test_a_decision_stands_while_only_the_excerpt_changes(engine: Engine, url: str, tmp_path: Path) -> None:
    found = {"url": "https://www.facebook.com/almby.kommun.support", "title": "Almby kommun support | Facebook"}
    config = almby(tmp_path, sources={"websearch": settings(url, seconds_between_requests=0)})
    saved = []
    for week in range(2):
        engine.rows["facebook.com"] = [{**found, "content": f"{week} gillar"}]
        outcome = audit(config, ["websearch"])
        assert outcome.exit_code == 0
        saved.append({name: outcome.saved.get(name, 0) for name in ("new", "changed", "regressed")})
    assert saved == [{"new": 1, "changed": 0, "regressed": 0}, {"new": 0, "changed": 0, "regressed": 0}]
    (row,) = open_store(config.store).rows("SELECT source, platform, handle_key FROM accounts")
    assert tuple(row.values()) == ("websearch", "facebook", "almby.kommun.support")


def test_a_searxng_on_this_machine_is_asked_and_nothing_else_there(url: str, tmp_path: Path) -> None:
    config = almby(tmp_path, sources={"websearch": settings(url), "bluesky": {"base_url": url}})
    assert (
        context_of(config, "websearch", about=websearch.ABOUT).http.get(f"{url}/search?q=x&format=json&language=sv").ok
    )
    with pytest.raises(Blocked):
        context_of(config, "bluesky", about=bluesky.ABOUT).http.get(f"{url}/search?q=x&format=json&language=sv")
    elsewhere = almby(tmp_path, sources={"websearch": settings("https://search.almby.example")})
    with pytest.raises(Blocked):
        context_of(elsewhere, "websearch", about=websearch.ABOUT).http.get(url)


@pytest.mark.parametrize("status", [200, 302, 401, 422, 429, 500])
def test_the_token_is_written_nowhere_whatever_the_engine_answers(tmp_path: Path, status: int) -> None:
    elsewhere: list[Request] = []
    stranger = Server(lambda request: elsewhere.append(request) or json_reply({}))  # type: ignore[func-returns-value]

    def echo(request: Request) -> Reply:
        told = {"error": {"code": "SUBSCRIPTION_TOKEN_INVALID", "heard": request.headers}}
        return json_reply(told, status, {"Location": f"{stranger.url}/res/v1/web/search"} if status == 302 else {})

    server = Server(echo)
    said: list[str] = []
    try:
        config = almby(tmp_path, sources={"websearch": {"engine": "brave", "base_url": server.url}})
        config = msgspec.structs.replace(config, secrets={"LISTEN_BRAVE_TOKEN": "marked+1"}, allow_loopback=True)
        assert audit(config, ["websearch"], said.append).exit_code in (3, 4)
    finally:
        server.stop()
        stranger.stop()
    assert server.requests[0].headers["x-subscription-token"] == "marked+1"
    assert not [request for request in elsewhere if "marked" in str(request.headers)]
    written = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()) + "\n".join(said).encode()
    assert b"marked" not in written
