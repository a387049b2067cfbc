"""Facebook, Instagram and Threads against one small Graph interface on loopback: proof, paging, refusals by code."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from types import ModuleType
from typing import Any

import pytest
from screened import screener
from servers.contract import serving
from servers.meta import KEYS, OWN, SECRET, TOKEN, graph, trouble

from listener.context import Context
from listener.demo.serve import Fault, Reply, Server, json_reply
from listener.errors import Blocked, Changed, ConfigError, CredentialError, SourceError, Throttled
from listener.models import Account, Completeness, Term
from listener.query import parse
from listener.quotas import Quotas
from listener.sources import facebook, instagram, threads
from listener.sources.graph import regained

NOW = datetime(2026, 11, 22, 7, 0, tzinfo=UTC)
WEEK = NOW - timedelta(days=7)
Make = Callable[..., Context]

pytestmark = pytest.mark.network


@pytest.fixture
def server() -> Iterator[Server]:
    with serving(graph()) as running:
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
    assert next(request.one("q") for request in server.requests if "search" in request.path) == "almby"
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
        (Reply(body=b"<title>Log in</title>", kind="text/html"), Blocked),
        (Reply(status=302, headers={"Location": "https://www.facebook.com/login"}), Blocked),
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
