"""Facebook, Instagram and Threads against one small Graph interface on loopback: proof, paging, refusals by code."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from types import ModuleType
from typing import Any

import pytest
from screened import screener
from servers.contract import Endpoint, contract, serving

from listener.context import Context
from listener.demo.serve import Fault, Reply, Request, Server, json_reply
from listener.errors import Blocked, Changed, ConfigError, CredentialError, SourceError, Throttled
from listener.models import Account, Completeness, Term
from listener.query import parse
from listener.quotas import Quotas
from listener.sources import facebook, instagram, threads
from listener.sources.graph import proof, regained

NOW = datetime(2026, 11, 22, 7, 0, tzinfo=UTC)
WEEK = NOW - timedelta(days=7)
TOKEN, SECRET = "EAAtestonly", "app-secret-test-only"
KEYS = {
    f"LISTEN_{place}_{kind}": text
    for place in ("FACEBOOK", "THREADS")
    for kind, text in (("TOKEN", TOKEN), ("SECRET", SECRET))
}
OWN = "17841400000000000"
PAGES = {
    "200000000000001": {"name": "Almby kommun", "username": "almbykommun", "about": "Officiell sida"},
    "200000000000002": {"name": "Almby kommun", "is_unclaimed": True},
    "200000000000003": {"name": "Badhusets vänner"},
}
POSTS = [
    {"id": f"p{n}", "text": "Almby", "username": "maja", "timestamp": "2026-11-20T08:00:00+0000"} for n in range(3)
]
OLD = {"id": "old", "caption": "Almby", "username": "maja", "timestamp": "2026-01-20T08:00:00+0000"}
Make = Callable[..., Context]

pytestmark = pytest.mark.network


def trouble(code: int, subcode: int = 0, message: str = "no", status: int = 400, **headers: str) -> Reply:
    error = {"message": message, "type": "OAuthException", "code": code, "error_subcode": subcode, "fbtrace_id": "A"}
    return json_reply({"error": error}, status, headers)


def proven(answer: Callable[[Request], Reply]) -> Callable[[Request], Reply]:
    def checked(request: Request) -> Reply:
        held = request.one("appsecret_proof") == proof(TOKEN, SECRET)
        return answer(request) if held else trouble(190, message="Invalid appsecret_proof provided in the API argument")

    return checked


def paged(request: Request, rows: list[dict[str, Any]]) -> Reply:
    """One row a page; the address of the next page holds the token and leads elsewhere."""
    start = int(request.one("after", "0") or 0)
    more = {"cursors": {"after": str(start + 1)}, "next": f"http://evil.example/?access_token={TOKEN}"}
    last = start + 1 >= len(rows)
    return json_reply({"data": rows[start : start + 1], "paging": {"cursors": {"after": "x"}} if last else more})


def brief(number: str) -> dict[str, Any]:
    page = {key: value for key, value in PAGES[number].items() if key in ("name", "is_unclaimed")}
    return {"id": number, "link": f"https://www.facebook.com/{PAGES[number].get('username', number)}/", **page}


def search_pages(request: Request) -> Reply:
    """Those whose name holds the words, and one that Facebook thinks is near enough."""
    words = request.one("q").casefold()
    found = [number for number, page in PAGES.items() if words in str(page["name"]).casefold() or number[-1] == "3"]
    return paged(request, [brief(number) for number in found])


def several(request: Request) -> Reply:
    return json_reply({number: {"id": number, **PAGES[number]} for number in request.one("ids").split(",")})


def page(request: Request) -> Reply:
    name = request.path.rpartition("/")[2]
    for number, row in PAGES.items():
        if name in (number, row.get("username")):
            return json_reply({"id": number, **row})
    if name.isdecimal():
        return trouble(100, 33, "Unsupported get request. Object does not exist or missing permissions")
    return trouble(803, message=f"(#803) Some of the aliases you requested do not exist: {name}", status=404)


def discover(request: Request) -> Reply:
    asked = re.fullmatch(r"business_discovery\.username\(([\w.]+)\)\{[\w,]+\}", request.one("fields"))
    if asked is None:
        return trouble(100, message="Tried accessing nonexisting field")
    if asked[1] != "almbykommun":
        return trouble(110, 2207013, "Invalid user id")
    row = {"id": "17841400000000001", "username": "almbykommun", "biography": "Officiellt"}
    return json_reply({"business_discovery": row, "id": OWN})


def profile(request: Request) -> Reply:
    if request.one("username") != "almbykommun":
        return trouble(100, 33)
    return json_reply({"username": "almbykommun", "is_verified": True})


ENDPOINTS = (
    Endpoint("/v25.0/pages/search", "q fields limit appsecret_proof", "after", proven(search_pages)),
    Endpoint("/v25.0/", "ids fields appsecret_proof", "", proven(several)),
    Endpoint(f"/v25.0/{OWN}", "fields appsecret_proof", "", proven(discover)),
    Endpoint(
        f"/v25.0/{OWN}/tags",
        "fields limit appsecret_proof",
        "after",
        proven(lambda request: paged(request, [{**POSTS[0], "caption": "Almby"}, OLD, OLD])),
    ),
    Endpoint("/v1.0/profile_lookup", "username fields appsecret_proof", "", proven(profile)),
    Endpoint(
        "/v1.0/keyword_search",
        "q search_type since fields limit appsecret_proof",
        "after",
        proven(lambda request: paged(request, POSTS)),
    ),
    Endpoint("/v25.0/[^/]+", "fields appsecret_proof", "", proven(page)),
)


@pytest.fixture
def server() -> Iterator[Server]:
    with serving(contract(ENDPOINTS, {"Authorization": f"Bearer {TOKEN}"}, (TOKEN, SECRET))) as running:
        yield running


@pytest.fixture
def make(server: Server, make_context: Make) -> Make:
    def made(module: ModuleType, *terms: Term, secrets: dict[str, str] = KEYS, **settings: Any) -> Context:
        given = {"base_url": server.url, "own_id": OWN, **settings}
        quotas = Quotas(module.ABOUT.quotas, now=NOW, settings=given)
        name = module.__name__.rpartition(".")[2]
        return make_context(name, given, secrets=secrets, terms=terms, quotas=quotas)

    return made


def handle(text: str) -> Term:
    return Term(text=text, kind="handle")


def everything(module: ModuleType, ctx: Context) -> dict[str | None, Account]:
    return {account.platform_id: account for account in module.accounts(ctx, Term(text=""))}


def test_pages_are_found_by_name_and_those_that_bear_ours_are_looked_up(server: Server, make: Make) -> None:
    ctx = make(facebook, Term(text="Almby kommun"), pages=5)
    found = everything(facebook, ctx)
    assert found["200000000000001"].description == "Officiell sida"
    assert found["200000000000002"].labels == (facebook.UNCLAIMED,)
    assert found["200000000000003"].description is None
    assert len(server.requests) == 5  # three pages of one row, and two look-ups
    assert ctx.completeness == Completeness.COMPLETE
    assert not everything(facebook, make(facebook, Term(text="Badhusets"), max_requests=0))


@pytest.mark.parametrize(("unclaimed", "verdict"), [(True, "auto_place_page"), (False, "impostor")])
def test_a_page_that_facebook_made_of_a_place_is_no_impostor(unclaimed: bool, verdict: str) -> None:
    row = {"id": "200000000000009", "name": "Almby kommun", "is_unclaimed": unclaimed, "about": "Kundservice"}
    assert screener().judge(facebook.read_account(row)).verdict.value == verdict


def test_more_pages_than_are_read_are_told(make: Make) -> None:
    ctx = make(facebook, Term(text="almby"), pages=1)
    assert len(everything(facebook, ctx)) == 1
    assert [issue.kind for issue in ctx.issues] == ["truncated"]


def test_handles_are_looked_up_and_nobody_is_nobody(server: Server, make: Make) -> None:
    ctx = make(facebook, handle("almbykommun"), handle("almby.service"), handle("kort"), handle("a/b?x=1"))
    assert list(everything(facebook, ctx)) == ["200000000000001"]
    assert ctx.completeness == Completeness.COMPLETE
    assert len(server.requests) == 2


def test_known_pages_that_are_not_shown_are_not_called_gone(make: Make) -> None:
    ctx = make(facebook)
    kept = [Account(platform="facebook", platform_id=number) for number in ("200000000000001", "999999999999999")]
    assert [account.platform_id for account in facebook.known(ctx, kept)] == ["200000000000001"]
    assert ctx.completeness == Completeness.TRUNCATED  # a run that is not complete calls nobody gone


def test_without_the_right_to_look_up_the_search_still_finds(server: Server, make: Make) -> None:
    good = server.answer
    denied = trouble(10, message="(#10) This endpoint requires the 'Page Public Metadata Access' feature")
    server.answer = lambda request: good(request) if "search" in request.path else denied
    ctx = make(facebook, Term(text="almby kommun"), handle("almbykommun"), handle("almbyskola"), pages=9)
    found = everything(facebook, ctx)
    assert len(found) == 3
    assert found["200000000000001"].handle == "almbykommun"  # from its address
    assert [issue.detail for issue in ctx.issues] == [facebook.NEEDS_REVIEW]
    assert len(server.requests) == 4


def test_requests_are_counted_and_the_next_run_goes_on(server: Server, make: Make) -> None:
    terms = [handle(f"almbyskola{number}") for number in range(5)]
    ctx = make(facebook, *terms, max_requests=2)
    everything(facebook, ctx)
    assert len(server.requests) == 2
    assert ctx.next_cursor == {"next_requests": "almbyskola2"}
    assert ctx.completeness == Completeness.TRUNCATED


def test_instagram_shows_professional_accounts_by_handle(server: Server, make: Make) -> None:
    ctx = make(
        instagram,
        handle("almbykommun"),
        handle("maja){id}"),
        handle("almbyskola"),
        Term(text="Almby kommun", kind="unit"),
    )
    found = everything(instagram, ctx)
    assert [account.handle for account in found.values()] == ["almbykommun"]
    assert len(server.requests) == 2  # the odd one would end the expression it stands in
    assert ctx.completeness == Completeness.COMPLETE
    renamed = Account(platform="instagram", platform_id="1", handle="almbykommun")
    assert not list(instagram.known(ctx, [renamed]))  # another account bears the handle now
    assert ctx.completeness == Completeness.TRUNCATED


def test_posts_that_tag_us_are_read_once_down_to_their_time(server: Server, make: Make) -> None:
    ctx = make(instagram)
    assert [post.id for post in instagram.posts(ctx, parse("almby", NOW), WEEK)] == ["p0"]
    assert [post.id for post in instagram.posts(ctx, parse("skola", NOW), WEEK)] == ["p0"]
    assert len(server.requests) == 2
    assert ctx.completeness == Completeness.COMPLETE


def test_instagram_wants_to_know_our_own_account(server: Server, make: Make) -> None:
    with pytest.raises(ConfigError, match="own_id"):
        everything(instagram, make(instagram, handle("almbykommun"), own_id="almbykommun"))
    assert not server.requests


def test_threads_searches_posts_and_looks_up_profiles(server: Server, make: Make) -> None:
    ctx = make(threads, handle("almbykommun"), handle("almbyskola"), Term(text="Almby kommun"))
    assert [account.verified for account in threads.accounts(ctx, Term(text=""))] == ["true"]
    found = list(threads.posts(ctx, parse('"Almby kommun" OR almby', NOW), WEEK))
    assert {post.id for post in found} == {"p0", "p1", "p2"}
    assert next(request.one("q") for request in server.requests if "search" in request.path) == "Almby kommun"
    assert ctx.completeness == Completeness.COMPLETE
    assert not list(threads.known(ctx, [Account(platform="threads", handle="almbyskola")]))
    assert ctx.completeness == Completeness.TRUNCATED


def test_searches_stop_with_the_quota(server: Server, make: Make) -> None:
    ctx = make(threads, max_searches=2)
    assert len(list(threads.posts(ctx, parse("almby", NOW), WEEK))) == 2
    assert (len(server.requests), ctx.completeness) == (2, Completeness.QUOTA)


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (trouble(190, message="Error validating access token: Session has expired"), CredentialError),
        (trouble(102), CredentialError),
        (trouble(4, message="(#4) Application request limit reached"), Throttled),
        (trouble(32), Throttled),
        (trouble(613), Throttled),
        (trouble(80_001), Throttled),
        (trouble(200, message="(#200) Provide valid app ID"), Blocked),
        (trouble(10), Blocked),
        (trouble(100, message="(#100) Tried accessing nonexisting field (verification_status)"), Changed),
        (trouble(2, message="An unexpected error has occurred"), SourceError),
        (trouble(99_999), SourceError),
        (json_reply({"data": "none"}), Changed),
        (json_reply({"data": [{"name": "A"}]}), Changed),
        (json_reply([]), Changed),
        (Reply(status=400, body=b"<html>", kind="text/html"), SourceError),
        (Reply(body=b"<title>Log in</title>", kind="text/html"), Changed),
        (Reply(status=302, headers={"Location": "https://www.facebook.com/login"}), SourceError),
    ],
    ids=lambda value: None,
)
def test_a_refusal_is_what_its_code_says(server: Server, make: Make, answer: Reply, error: type[Exception]) -> None:
    server.answer = lambda _request: answer
    with pytest.raises(error) as told:
        everything(facebook, make(facebook, Term(text="Almby")))
    assert TOKEN not in str(told.value)
    assert SECRET not in str(told.value)


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault(status=500), SourceError),
        (Fault(status=429, retry_after=900), Throttled),
        (Fault(kind="garbage"), Changed),
    ],
    ids=["500", "429", "garbage"],
)
def test_a_server_in_trouble_is_a_source_error(
    server: Server, make: Make, fault: Fault, error: type[SourceError]
) -> None:
    server.fail(fault)
    with pytest.raises(error):
        everything(threads, make(threads, handle("almbykommun")))


@pytest.mark.parametrize(
    ("usage", "minutes"),
    [
        ('{"1": [{"type": "pages", "call_count": 100, "estimated_time_to_regain_access": 19}]}', 19),
        ('{"1": [{"estimated_time_to_regain_access": 0}]}', 60),
        ('{"call_count": 100}', 60),
        ('{"1": [{"estimated_time_to_regain_access": 99999999}]}', 1440),
        ("[" * 5000, 60),
        ("", 60),
    ],
)
def test_when_meta_may_be_asked_again_is_read_from_its_headers(usage: str, minutes: int) -> None:
    assert regained({"x-business-use-case-usage": usage}, NOW) == NOW + timedelta(minutes=minutes)


@pytest.mark.parametrize("module", [facebook, instagram, threads])
def test_without_a_token_the_secret_to_set_is_named(make: Make, module: ModuleType) -> None:
    with pytest.raises(CredentialError, match=module.ABOUT.needs[0]):
        everything(module, make(module, handle("almbykommun"), secrets={}))
