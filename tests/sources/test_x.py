"""X through tweepy against a small v2 server that holds every request against our contract: costs, proofs, shapes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from screened import screener

from listener.config import read_config
from listener.context import Context
from listener.demo.serve import Fault, Reply, Request, Server, json_reply
from listener.errors import Blocked, Changed, ConfigError, CredentialError, SourceError, Throttled
from listener.models import Account, Completeness, Term, Verdict
from listener.overview import overview
from listener.posts import Post
from listener.query import parse
from listener.quotas import Forgotten, Quotas
from listener.sources import x
from listener.sources.settings import check_gate
from listener.sources.x_client import SIGNING
from tests.servers.openapi import Contract

NOW = datetime(2026, 11, 22, 7, 0, tzinfo=UTC)
KEY = {"LISTEN_X_BEARER_TOKEN": "almby-app-only"}
KEYS = {**KEY, "LISTEN_X_USER_TOKEN": "almby-user-only"}
NAME, HANDLE = Term(text="Årby kommun"), Term(text="almbykommun", kind="handle")
OWN = {"id": "1", "username": "almbykommun", "name": "Almby kommun", "verified_type": "government"}
SCHOOL = {"id": "2", "username": "almbyskola", "name": "Almby skola", "affiliation": {"user_id": ["1"]}}
FRAUD = {"id": "3", "username": "almbyhjalp", "name": "Almby kommun", "verified_type": "blue", "parody": True}
USERS = {row["username"]: row for row in (OWN, SCHOOL, FRAUD)}
Make = Callable[..., Context]

pytestmark = pytest.mark.network


class X:
    """X as it answers: three users, thirty posts, and a refusal for what is not in the contract."""

    def __init__(self, generation: str = "tweet") -> None:
        self.contract = Contract(f"x/contract-{generation}.json")
        self.refused: list[str] = []

    def __call__(self, request: Request) -> Reply:
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        if token.startswith("OAuth ") and 'oauth_token="almby-access"' in token:
            token = KEYS["LISTEN_X_USER_TOKEN"]
        if token not in KEYS.values():
            return json_reply({"title": "Unauthorized", "status": 401}, 401)
        if wrong := self.contract.violations(request.path, request.query):
            self.refused += wrong
            return json_reply({"title": "Invalid Request", "detail": "; ".join(wrong)}, 400)
        if request.path in ("/2/users/search", "/2/users/me") and token != KEYS["LISTEN_X_USER_TOKEN"]:
            return json_reply({"title": "Unsupported Authentication"}, 403)
        return json_reply(getattr(self, (self.contract.operation(request.path) or {})["operationId"])(request))

    def users_by_name(self, request: Request) -> dict[str, Any]:
        names = request.one("usernames").split(",")
        made = {name: {"id": f"9{name}", "username": name, "name": "A"} for name in names if "ingen" not in name}
        return {"data": [USERS.get(name, row) for name, row in made.items()]}

    def users_by_id(self, request: Request) -> dict[str, Any]:
        gone = {"resource_id": "8", "detail": "User has been suspended: [8].", "title": "Forbidden"}
        ids = request.one("ids").split(",")
        rows = [row for row in USERS.values() if row["id"] in ids]
        return {"data": rows, "errors": [gone]} if "8" in ids else {"data": rows}

    def me(self, _request: Request) -> dict[str, Any]:
        return {"data": OWN}

    def search_users(self, request: Request) -> dict[str, Any]:
        return {"data": [FRAUD, SCHOOL][: int(request.one("max_results"))], "meta": {"next_token": "more"}}

    def affiliates(self, _request: Request) -> dict[str, Any]:
        return {"data": [SCHOOL]}

    def mentions(self, _request: Request) -> dict[str, Any]:
        return {"data": [{"id": "77", "text": "@almbykommun Hej", "author_id": "17"}], "meta": {"result_count": 1}}

    def count_posts(self, request: Request) -> dict[str, Any]:
        return {"data": [], "meta": {"total_tweet_count": 0 if "tyst" in request.one("query") else 30}}

    def search_posts(self, request: Request) -> dict[str, Any]:
        page = int(request.one("next_token", "0"))
        rows = [{"id": str(page * 10 + n), "text": "Almby", "author_id": "17"} for n in range(10)]
        users = [{"id": "17", "username": "majah", "name": "Maja"}]
        return {"data": rows, "includes": {"users": users}, "meta": {"next_token": str(page + 1)} if page < 2 else {}}


@pytest.fixture
def server() -> Iterator[Server]:
    running = Server(X())
    yield running
    assert not running.answer.refused  # type: ignore[attr-defined]
    running.stop()


@pytest.fixture
def ask(server: Server, make_context: Make) -> Make:
    """ask(secrets, usage=…, cursor=…, terms=…, **settings) is a context with X's quotas."""

    def make(secrets: dict[str, str] = KEYS, **more: Any) -> Context:
        given = {name: more.pop(name) for name in ("terms", "cursor") if name in more}
        usage, settings = more.pop("usage", None), {"base_url": server.url, "generation": "tweet", **more}
        quotas = Quotas(x.ABOUT.quotas, now=NOW, settings=settings, usage=usage, dollars=x.ABOUT.dollars)
        return make_context("x", settings, secrets=secrets, quotas=quotas, **given)

    return make


def found(ctx: Context) -> dict[str, Account]:
    return {account.handle or "": account for account in x.accounts(ctx, Term(text=""))}


def read(ctx: Context, text: str) -> list[Post]:
    return list(x.posts(ctx, parse(text, NOW), NOW - timedelta(days=3)))


@pytest.mark.parametrize("settings", [{}, {"enabled": True}, {"enabled": True, "terms_accepted": "yes"}])
def test_nothing_is_asked_before_the_terms_are_accepted(settings: dict[str, Any]) -> None:
    with pytest.raises(ConfigError, match="Enterprise"):
        check_gate("x", x.ABOUT, settings)


def test_handles_are_looked_up_in_batches(server: Server, ask: Make) -> None:
    terms = (HANDLE, Term(text="Almbykommun", kind="handle"), Term(text="för.lång", kind="handle"))
    ctx = ask(KEY, terms=terms, handles=[f"almby{n}" for n in range(120)], max_users=500)
    accounts = found(ctx)
    assert len(accounts) == 121
    assert [len(request.one("usernames").split(",")) for request in server.requests] == [100, 21]
    assert accounts["Almbykommun"].term == "Almbykommun"
    assert all(request.headers["user-agent"].startswith("listen/") for request in server.requests)


def test_names_are_searched_in_ascii_with_a_users_token(server: Server, ask: Make) -> None:
    terms = (NAME, Term(text="ÅRBY KOMMUN", kind="alias"), Term(text="Kulturskolan, Årby!", kind="unit"))
    ctx = ask(terms=terms)
    assert set(found(ctx)) == {"almbyhjalp", "almbyskola"}
    searched = [request.one("query") for request in server.requests]
    assert searched == ["Arby kommun", "Aarby kommun", "Kulturskolan Arby", "Kulturskolan Aarby"]
    assert {request.one("max_results") for request in server.requests} == {"20"}
    assert ctx.completeness is Completeness.TRUNCATED  # X had more than the likeliest


def test_without_a_users_token_the_search_is_left_out_and_said_to_be(server: Server, ask: Make) -> None:
    ctx = ask(KEY, terms=(NAME, HANDLE))
    assert set(found(ctx)) == {"almbykommun"}
    assert [issue.kind for issue in ctx.issues] == ["truncated"]
    assert "LISTEN_X_USER_TOKEN" in ctx.issues[0].detail


def test_signed_requests_speak_as_a_user_too(server: Server, ask: Make) -> None:
    signing = {name: f"almby-{name.rpartition('_')[0].rpartition('_')[2].lower()}" for name in SIGNING}
    assert set(found(ask(signing, terms=(NAME, HANDLE)))) == {"almbykommun", "almbyhjalp", "almbyskola"}
    assert set(found(ask(signing | KEY, terms=(NAME, HANDLE)))) == {"almbykommun", "almbyhjalp", "almbyskola"}
    ways = [(request.path, request.headers["authorization"][:6]) for request in server.requests]
    assert ("/2/users/by", "OAuth ") in ways
    assert ("/2/users/by", "Bearer") in ways  # the app's own token where it will do
    assert ("/2/users/search", "Bearer") not in ways


def test_what_x_marks_as_parody_or_as_a_government_is_read(ask: Make) -> None:
    accounts = found(ask(terms=(NAME, HANDLE)))
    assert accounts["almbykommun"].verified == "government"
    assert (accounts["almbyhjalp"].verified, accounts["almbyhjalp"].labels) == ("individual", ("parody",))


def test_an_affiliate_of_our_verified_organisation_is_shown_as_ours(ask: Make) -> None:
    accounts = found(ask(own=["almbykommun"], terms=(NAME,)))
    assert accounts["almbyskola"].official_links == ("https://x.com/almbykommun/affiliates",)
    assert accounts["almbyhjalp"].official_links == ()
    unverified = {**OWN, "verified_type": "blue"}
    USERS["almbykommun"] = unverified
    try:
        assert found(ask(own=["almbykommun"], terms=(NAME,)))["almbyskola"].official_links == ()
    finally:
        USERS["almbykommun"] = OWN


def test_the_money_of_a_month_bounds_what_is_asked(server: Server, ask: Make) -> None:
    spent = Forgotten()
    ctx = ask(terms=(NAME,), handles=[f"almby{n}" for n in range(9)], max_dollars=0.05, usage=spent)
    assert len(found(ctx)) == 5
    assert ctx.completeness is Completeness.QUOTA
    again = ask(terms=(HANDLE,), max_dollars=0.05, usage=spent)
    asked = len(server.requests)
    assert found(again) == {}
    assert len(server.requests) == asked  # the month's money is spent: nobody is asked
    assert again.completeness is Completeness.QUOTA


def test_handles_that_are_nobodys_cost_nothing(ask: Make) -> None:
    nobody = [f"ingen{n}" for n in range(30)]
    ctx = ask(KEY, handles=[*nobody, "almbykommun"], max_users=10)
    assert set(found(ctx)) == {"almbykommun"}
    assert ctx.completeness is Completeness.COMPLETE


def test_an_id_that_was_paid_today_is_free_and_tomorrow_is_not(ask: Make) -> None:
    first = ask(terms=(HANDLE,))
    found(first)
    assert first.quotas.cost() == pytest.approx(0.010)
    again = ask(terms=(HANDLE,), cursor=first.next_cursor)
    found(again)
    assert again.quotas.cost() == 0
    yesterday = {name: kept.replace("2026-11-22", "2026-11-21") for name, kept in first.next_cursor.items()}
    late = ask(terms=(HANDLE,), cursor=yesterday)
    found(late)
    assert late.quotas.cost() == pytest.approx(0.010)


def test_known_accounts_are_followed_by_id_and_a_suspension_is_told_once(server: Server, ask: Make) -> None:
    before = [
        Account(platform="x", platform_id="3", handle="almbykommun_info"),
        Account(platform="x", platform_id="8", handle="almbyvinst"),
    ]
    ctx = ask()
    (again,) = x.known(ctx, before)
    assert (again.platform_id, again.handle) == ("3", "almbyhjalp")
    assert server.requests[-1].one("ids") == "3,8"
    assert [(issue.kind, issue.detail) for issue in ctx.issues] == [
        ("unavailable", "'almbyvinst': X has suspended the account")
    ]
    later = ask(cursor=ctx.next_cursor)
    list(x.known(later, before))
    assert later.issues == []


def test_the_estimate_is_never_below_what_is_paid(ask: Make) -> None:
    ctx = ask(terms=(NAME, HANDLE))
    told = ctx.quotas.price_of(x.wanted(ctx))
    found(ctx)
    assert told == pytest.approx(0.41)  # one handle, and twenty users for each of two searches
    assert 0 < ctx.quotas.cost() <= told
    looks_up, poor = ask(KEY, terms=(NAME, HANDLE)), ask(terms=(NAME, HANDLE), max_dollars=0.2)
    assert looks_up.quotas.price_of(x.wanted(looks_up)) == pytest.approx(0.01)
    assert poor.quotas.price_of(x.wanted(poor)) == pytest.approx(0.2)


def test_the_estimate_is_shown_before_a_run(tmp_path: Path) -> None:
    (tmp_path / "registry.csv").write_text("platform,url,unit,status,owner_email\n", encoding="utf-8")
    tables = {
        "organisation": {"name": "Årby kommun"},
        "sources": {"x": {"enabled": True, "terms_accepted": "enterprise"}},
    }
    for secrets, dollars in ((KEY, 0.02), (KEYS, 0.42)):  # two likely handles; two searches besides
        config = read_config(tmp_path / "listener.toml", tables, {"LISTEN_NOW": "2026-11-22T07:00:00Z", **secrets})
        (row,) = (row for row in overview(config).sources if row.name == "x")
        assert (row.state, row.next_dollars) == ("on", dollars)


def test_posts_are_counted_first_and_paged_with_their_authors(server: Server, ask: Make) -> None:
    ctx = ask(KEY)
    posts = read(ctx, '"Almby kommun"')
    assert len(posts) == 30
    assert {post.author for post in posts} == {"majah"}
    assert [request.path.rpartition("/2/tweets/")[2] for request in server.requests[:2]] == [
        "counts/recent",
        "search/recent",
    ]
    assert server.requests[1].one("start_time") == "2026-11-19T07:00:00Z"
    assert ctx.quotas.cost() == pytest.approx(0.005 + 30 * 0.005 + 0.010)  # the author is a user, and paid once


def test_a_search_that_finds_nothing_is_not_made(server: Server, ask: Make) -> None:
    assert read(ask(KEY), "tyst") == []
    assert [request.path for request in server.requests] == ["/2/tweets/counts/recent"]


def test_a_search_that_finds_more_than_can_be_paid_says_how_many_there_are(ask: Make) -> None:
    ctx = ask(KEY, max_posts=10)
    assert len(read(ctx, "Almby")) == 10
    assert ctx.completeness is Completeness.QUOTA
    assert any("30" in issue.detail for issue in ctx.issues)


def test_what_mentions_us_is_read_once_and_cheaply(server: Server, ask: Make) -> None:
    ctx = ask(own=["almbykommun"])
    assert "77" in {post.id for post in read(ctx, "tyst")}
    assert "77" in {post.id for post in read(ctx, "lugn")}
    assert [request.path for request in server.requests].count("/2/users/1/mentions") == 1
    assert ctx.quotas.cost() == pytest.approx(0.010 + 0.001 + 2 * 0.005 + (30 * 0.005 + 0.010))


def test_more_than_a_week_back_is_said_to_be_out_of_reach(ask: Make) -> None:
    ctx = ask(KEY)
    list(x.posts(ctx, parse("Almby", NOW), NOW - timedelta(days=30)))
    assert [issue.kind for issue in ctx.issues] == ["truncated"]


def test_the_words_of_the_newer_generation_are_spoken_when_asked_for(make_context: Make) -> None:
    running = Server(X("post"))
    try:
        settings = {"base_url": running.url, "generation": "post", "own": ["almbykommun"]}
        ctx = make_context("x", settings, secrets=KEYS, terms=(NAME, HANDLE))
        assert set(found(ctx)) == {"almbykommun", "almbyskola", "almbyhjalp"}
        assert {post.author for post in read(ctx, "Almby")} == {"majah", None}
        assert running.answer.refused == []  # type: ignore[attr-defined]
    finally:
        running.stop()
    with pytest.raises(ConfigError, match="generation"):
        found(make_context("x", {"generation": "toot"}, secrets=KEYS))


def test_an_affiliate_is_ours_and_a_parody_is_spared() -> None:
    judge = screener().judge
    school = x.read_account({"id": "2", "username": "almbyskola", "name": "Almby skola"})
    shown = msgspec.structs.replace(school, official_links=("https://x.com/almbykommun/affiliates",))
    assert judge(shown).verdict is Verdict.UNAPPROVED_UNIT
    assert any("x.com/almbykommun/affiliates" in signal.detail for signal in judge(shown).signals)
    row = {"id": "3", "username": "almbykomun", "name": "Almby kommun"}
    assert judge(x.read_account(row)).flagged
    assert judge(x.read_account({**row, "parody": True})).verdict is Verdict.PARODY


@pytest.mark.parametrize("secrets", [{}, {"LISTEN_X_BEARER_TOKEN": "fel"}])
def test_no_token_or_a_wrong_one_says_which_secret(ask: Make, secrets: dict[str, str]) -> None:
    with pytest.raises(CredentialError, match="LISTEN_X_BEARER_TOKEN"):
        found(ask(secrets, terms=(HANDLE,)))


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault(status=500), SourceError),
        (Fault(status=402), Blocked),
        (Fault(status=403), Blocked),
        (Fault(status=429, retry_after=900), Throttled),
        (Fault(kind="garbage"), Changed),
        (Fault(kind="redirect"), SourceError),
    ],
    ids=["500", "402", "403", "429", "garbage", "redirects"],
)
def test_a_server_in_trouble_is_a_source_error(
    server: Server, ask: Make, fault: Fault, error: type[SourceError]
) -> None:
    server.fail(fault)
    with pytest.raises(error):
        found(ask(terms=(HANDLE,)))


def test_what_was_paid_for_before_a_failure_is_kept(server: Server, ask: Make) -> None:
    server.fail(Fault(status=500, only="search"))
    ctx = ask(terms=(HANDLE, NAME))
    accounts = x.accounts(ctx, Term(text=""))
    assert next(accounts).handle == "almbykommun"
    with pytest.raises(SourceError):
        next(accounts)
