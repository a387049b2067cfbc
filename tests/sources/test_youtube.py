"""YouTube against a small Data API on loopback: searches within a quota, handles, comments, refusals."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from servers.contract import contract, serving
from servers.youtube import ENDPOINTS, OURS, THEIRS, refusal

from listener.context import Context
from listener.demo.serve import Fault, Reply, Server, json_reply
from listener.errors import Changed, CredentialError, SourceError, Throttled
from listener.models import Account, Completeness, Term
from listener.query import parse
from listener.quotas import Quotas
from listener.sources import youtube

NOW = datetime(2026, 11, 22, 7, 0, tzinfo=UTC)
WEEK = NOW - timedelta(days=7)
KEY = {"LISTEN_YOUTUBE_KEY": "yt-test-only"}
NOBODY = "UCnobody-0000000-0000000"
Make = Callable[..., Context]

pytestmark = pytest.mark.network


@pytest.fixture
def server() -> Iterator[Server]:
    with serving(contract(ENDPOINTS, {"X-Goog-Api-Key": KEY["LISTEN_YOUTUBE_KEY"]}, ("yt-test-only",))) as running:
        yield running


@pytest.fixture
def make(server: Server, make_context: Make) -> Make:
    def made(terms: tuple[Term, ...] = (), cursor: dict[str, str] | None = None, **settings: Any) -> Context:
        given = {"base_url": server.url, **settings}
        quotas = Quotas(youtube.ABOUT.quotas, now=NOW, settings=given)
        return make_context("youtube", given, secrets=KEY, terms=terms, cursor=cursor, quotas=quotas)

    return made


def named(*texts: str, kind: str = "unit") -> tuple[Term, ...]:
    return tuple(Term(text=text, kind=kind) for text in texts)


def asked(server: Server, method: str) -> list[str]:
    """The search words of the requests so far."""
    return [request.one("q") for request in server.requests if request.path.endswith(method)]


def test_channels_are_found_by_name_and_by_handle_with_their_full_record(server: Server, make: Make) -> None:
    ctx = make((*named("Almby kommun"), *named("almbykommun", "almby.kommun", "ab", kind="handle")), pages=2)
    found = {account.platform_id: account for account in youtube.accounts(ctx, Term(text=""))}
    assert set(found) == {OURS, THEIRS}
    assert found[THEIRS].description == "Skriv till oss"
    assert found[OURS].links == ("https://almby.example/",)
    assert ctx.completeness == Completeness.COMPLETE
    assert all(request.headers["user-agent"].startswith("listen/") for request in server.requests)


def test_handles_that_nobody_told_of_are_guessed_from_our_name(make: Make) -> None:
    ctx = make(named("Almby", kind="name"), max_searches=0)
    assert [account.handle for account in youtube.accounts(ctx, Term(text=""))] == ["almbykundtjanst"]


def test_searches_that_the_quota_does_not_allow_wait_for_the_next_run(server: Server, make: Make) -> None:
    terms = named("Almby", "Tallåsskolan", "Biblioteket", "Simhallen", "Museet")
    first = make(terms, max_searches=2)
    list(youtube.accounts(first, Term(text="")))
    assert asked(server, "search") == ["Almby", "Tallåsskolan"]
    assert (first.completeness, [issue.kind for issue in first.issues]) == (Completeness.TRUNCATED, ["truncated"] * 2)
    second = make(terms, cursor=first.next_cursor, max_searches=9)
    list(youtube.accounts(second, Term(text="")))
    assert asked(server, "search")[2:] == ["Biblioteket", "Simhallen", "Museet", "Almby", "Tallåsskolan"]
    assert not second.next_cursor  # all were asked for: the next run begins with the most telling name


def test_what_was_spent_earlier_today_counts(server: Server, make: Make) -> None:
    ctx = make(named("Almby"), max_searches=3)
    ctx.spend("searches", 3)
    assert not list(youtube.accounts(ctx, Term(text="")))
    assert ctx.completeness == Completeness.QUOTA
    assert not server.requests


def test_a_day_begins_at_midnight_in_california() -> None:
    day = next(quota for quota in youtube.ABOUT.quotas if quota.window == "day")
    assert day.begins(NOW) == datetime(2026, 11, 21, 8, 0, tzinfo=UTC)


def test_a_quota_that_google_says_is_spent_leaves_the_handles(server: Server, make: Make) -> None:
    good = server.answer
    server.answer = lambda r: refusal(403, "quotaExceeded") if r.path.endswith("search") else good(r)
    ctx = make((*named("Almby", "Tallåsskolan"), *named("almbykommun", kind="handle")))
    found = list(youtube.accounts(ctx, Term(text="")))
    assert [account.platform_id for account in found] == [OURS]
    assert len(asked(server, "search")) == 1
    assert "quota" in [issue.kind for issue in ctx.issues]
    assert ctx.next_cursor == {"next_searches": "Tallåsskolan"}


def test_known_channels_are_asked_for_by_id_and_those_gone_are_left_out(server: Server, make: Make) -> None:
    kept = [Account(platform="youtube", platform_id=number) for number in (OURS, NOBODY)]
    again = list(youtube.known(make(), kept))
    assert [account.handle for account in again] == ["almbykommun"]
    assert len(server.requests) == 1
    assert not list(youtube.known(make(), kept[1:]))


def test_videos_come_with_their_whole_text_and_comments_with_their_replies(server: Server, make: Make) -> None:
    ctx = make(channels=["@almbykommun", THEIRS, "@ingen"])
    found = {post.id: post for post in youtube.posts(ctx, parse("simhall* OR simhallen", NOW), WEEK)}
    assert set(found) == {"v1", "c1", "c1.r"}  # the older comment ends the reading
    assert found["v1"].text == "Nya simhallen\ni Almby"
    assert found["c1.r"].reply_to == "c1"
    list(youtube.posts(ctx, parse("bibliotek", NOW), WEEK))
    threads = [request for request in server.requests if request.path.endswith("commentThreads")]
    assert len(threads) == 2  # one a channel, for all queries
    assert [issue.kind for issue in ctx.issues] == ["skipped"]


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (refusal(400, "badRequest", "API key not valid. Please pass a valid API key."), CredentialError),
        (refusal(403, "accessNotConfigured", "YouTube Data API has not been used"), CredentialError),
        (refusal(403, "quotaExceeded"), Throttled),
        (refusal(400, "invalidParameter"), Changed),
        (json_reply({"items": "none"}), Changed),
        (json_reply({"kind": "youtube#channelListResponse"}), Changed),
        (json_reply({"items": [{"id": OURS}]}), Changed),
        (json_reply([]), Changed),
        (Reply(status=403, body=b"<title>Sorry</title>", kind="text/html"), SourceError),
    ],
    ids=["key", "off", "quota", "question", "list", "empty", "row", "array", "wall"],
)
def test_a_refusal_is_what_it_says(server: Server, make: Make, answer: Reply, error: type[Exception]) -> None:
    server.answer = lambda _request: answer
    with pytest.raises(error) as told:
        list(youtube.accounts(make(named("almbykommun", kind="handle")), Term(text="")))
    assert KEY["LISTEN_YOUTUBE_KEY"] not in str(told.value)


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault(status=500), SourceError),
        (Fault(status=429, retry_after=3600), Throttled),
        (Fault(kind="garbage"), Changed),
        (Fault(kind="redirect"), SourceError),
        (Fault(kind="huge"), SourceError),
    ],
    ids=["500", "429", "garbage", "redirects", "huge"],
)
def test_a_server_in_trouble_is_a_source_error(
    server: Server, make: Make, fault: Fault, error: type[SourceError]
) -> None:
    server.fail(fault)
    with pytest.raises(error):
        list(youtube.known(make(), [Account(platform="youtube", platform_id=OURS)]))


@pytest.mark.parametrize("value", ["", "två ord", "rad\nbrytning"])
def test_no_key_or_one_that_cannot_be_one_is_never_sent_nor_told(
    server: Server, make_context: Make, value: str
) -> None:
    ctx = make_context("youtube", {"base_url": server.url}, secrets={"LISTEN_YOUTUBE_KEY": value})
    with pytest.raises(CredentialError, match="LISTEN_YOUTUBE_KEY") as told:
        list(youtube.accounts(ctx, Term(text="almbykommun", kind="handle")))
    assert not server.requests
    assert "ord" not in str(told.value)
