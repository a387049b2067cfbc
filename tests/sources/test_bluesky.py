"""Bluesky against a small XRPC server on loopback."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from listener.context import Context
from listener.demo.bluesky_server import LOGIN, PASSWORD
from listener.demo.serve import Fault, Reply, Request, Server, json_reply
from listener.demo.stage import Served, start
from listener.demo.world import load_world, plc_did
from listener.errors import Changed, CredentialError, SourceError, Throttled
from listener.models import Account, Completeness, Term
from listener.query import parse
from listener.sources import bluesky, proofs
from listener.sources.kept_session import kept_session
from tests.servers.name_server import name_server

NOW = datetime(2026, 11, 22, 7, 0, tzinfo=UTC)
WEEK = NOW - timedelta(days=7)
QUERY = parse("simhall OR badhus OR Almby", NOW)
KEYS = {"LISTEN_BLUESKY_IDENTIFIER": LOGIN, "LISTEN_BLUESKY_PASSWORD": PASSWORD}
Make = Callable[..., Context]

pytestmark = pytest.mark.network


@pytest.fixture
def served() -> Iterator[Served]:
    with start(load_world(NOW)) as running:
        yield running


def settings(served: Served, **more: Any) -> dict[str, Any]:
    url = served.urls["bluesky"]
    return {"base_url": url, "directory_url": url, "proof_url": served.urls["website"] + proofs.PROOF[16:], **more}


def test_accounts_come_with_their_full_profile(served: Served, make_context: Make) -> None:
    ctx = make_context("bluesky", settings(served))
    found = {account.handle: account for account in bluesky.accounts(ctx, Term(text="Almby kommun"))}
    ours = found["almby.example"]
    assert (ours.platform_id, ours.followers, ours.term) == (plc_did("almby.example"), 4210, "Almby kommun")
    assert ours.links[0] == "https://almby.example/"
    assert ctx.completeness == Completeness.COMPLETE
    assert all(request.headers["user-agent"].startswith("listen/") for request in served.requests("bluesky"))


def test_a_domain_handle_is_proven_from_both_ends(served: Served, make_context: Make) -> None:
    ctx = make_context("bluesky", settings(served), sites=("almby.example",))
    found = {account.handle: account for account in bluesky.accounts(ctx, Term(text="almby"))}
    assert found["almby.example"].verified_links == ("https://almby.example/",)
    assert found["almbyuniversitet.example"].verified_links is None  # the DNS was not asked, and might name it
    assert found["tallasskolan.bsky.social"].verified_links is None  # a handle that proves nothing


def test_a_domain_whose_dns_and_web_server_do_not_name_the_account_is_not_proven(
    served: Served, make_context: Make
) -> None:
    with name_server() as names:
        ctx = make_context("bluesky", settings(served, nameserver=f"127.0.0.1:{names.port}"))
        found = {account.handle: account for account in bluesky.accounts(ctx, Term(text="almby"))}
        assert found["almby.example"].verified_links == ("https://almby.example/",)
        assert found["almbyuniversitet.example"].verified_links == ()
        assert ("_atproto.almby.example", "TXT") in names.asked


def test_a_proof_that_cannot_be_fetched_is_unknown_not_false(served: Served, make_context: Make) -> None:
    served.fail("website", Fault(status=500))
    found = {a.handle: a for a in bluesky.accounts(make_context("bluesky", settings(served)), Term(text="almby"))}
    assert found["almby.example"].verified_links is None


def test_pages_beyond_the_limit_are_told_once(served: Served, make_context: Make) -> None:
    ctx = make_context("bluesky", settings(served, limit=2, pages=2))
    assert len(list(bluesky.accounts(ctx, Term(text="almby")))) == 4
    list(bluesky.accounts(ctx, Term(text="kommun")))
    assert ctx.completeness == Completeness.TRUNCATED
    assert [issue.kind for issue in ctx.issues] == ["truncated"]


def test_an_account_is_yielded_once_a_run(served: Served, make_context: Make) -> None:
    ctx = make_context("bluesky", settings(served))
    first = list(bluesky.accounts(ctx, Term(text="almby kommun")))
    assert first
    assert not list(bluesky.accounts(ctx, Term(text="Almby kommun")))


def test_posts_are_searched_with_a_session(served: Served, make_context: Make) -> None:
    ctx = make_context("bluesky", settings(served), secrets=KEYS)
    found = list(bluesky.posts(ctx, parse("simhall OR badhus OR Almby", NOW), WEEK))
    assert found
    assert len({post.id for post in found}) == len(found)
    assert all(post.published_at is not None and post.published_at >= WEEK for post in found)
    list(bluesky.posts(ctx, parse("skola", NOW), WEEK))
    assert logins(served) == 1  # three hundred a day are allowed


def logins(served: Served) -> int:
    return sum(request.path.endswith("createSession") for request in served.requests("bluesky"))


def test_a_session_outlasts_the_run_in_a_file_that_nobody_else_can_read(
    served: Served, make_context: Make, tmp_path: Path
) -> None:
    for _run in range(2):
        list(bluesky.posts(make_context("bluesky", settings(served, folder=str(tmp_path)), secrets=KEYS), QUERY, WEEK))
    assert logins(served) == 1
    (kept,) = (tmp_path / ".sessions").glob("bluesky-*")
    assert kept.stat().st_mode & 0o077 == 0
    assert PASSWORD not in kept.read_text(encoding="utf-8")
    assert (tmp_path / ".sessions" / ".gitignore").read_text(encoding="utf-8") == "*\n"
    kept.chmod(0o644)  # others may have read it: it is not used again
    list(bluesky.posts(make_context("bluesky", settings(served, folder=str(tmp_path)), secrets=KEYS), QUERY, WEEK))
    assert logins(served) == 2


STALE = '{"access":"a","refresh":"b","server":"http://127.0.0.1:9"}'


@pytest.mark.parametrize("kept", ["", "a:::b:::c:::d:::e", "no session at all", STALE])
def test_a_session_that_is_worth_nothing_is_opened_anew(
    served: Served, make_context: Make, tmp_path: Path, kept: str
) -> None:
    ctx = make_context("bluesky", settings(served, folder=str(tmp_path)), secrets=KEYS)
    place = kept_session(ctx, served.urls["bluesky"], LOGIN)
    assert place is not None
    place.save(kept)
    assert list(bluesky.posts(ctx, QUERY, WEEK))
    assert logins(served) == 1


def test_a_session_that_runs_out_is_renewed_and_what_was_asked_is_asked_again(
    make_context: Make, tmp_path: Path
) -> None:
    asked: list[tuple[str, str]] = []

    def answer(request: Request) -> Reply:
        method, token = request.path.rpartition(".")[2], request.headers.get("authorization", "")
        asked.append((method, token))
        if method == "createSession":
            return json_reply({"accessJwt": "one", "refreshJwt": "renew", "did": "did:plc:a"})
        if method == "refreshSession":
            assert token == "Bearer renew"
            return json_reply({"accessJwt": "two", "refreshJwt": "again", "did": "did:plc:a"})
        if token != "Bearer two":
            return json_reply({"error": "ExpiredToken", "message": "Token has expired"}, 400)
        return json_reply({"posts": []})

    server = Server(answer)
    try:
        for _run in range(2):
            ctx = make_context("bluesky", {"base_url": server.url, "folder": str(tmp_path)}, secrets=KEYS)
            assert list(bluesky.posts(ctx, parse("almby"), WEEK)) == []
    finally:
        server.stop()
    assert [method for method, _token in asked] == [
        "createSession", "searchPosts", "refreshSession", "searchPosts",
        "getSession", "searchPosts",
    ]  # fmt: skip


def test_an_account_that_was_taken_down_is_told_as_such_and_once(make_context: Make) -> None:
    words = {"did:plc:a": "AccountTakedown", "did:plc:b": "InvalidRequest", "did:plc:c": "AccountDeactivated"}

    def answer(request: Request) -> Reply:
        if request.path.endswith("getProfiles"):
            return json_reply({"profiles": [{"did": "did:plc:d", "handle": "nytt.bsky.social"}]})
        return json_reply({"error": words[request.one("actor")], "message": "no"}, 400)

    before = [
        Account(platform="bluesky", platform_id=did, handle=f"{did[-1]}.bsky.social") for did in (*words, "did:plc:d")
    ]
    server = Server(answer)
    try:
        ctx = make_context("bluesky", {"base_url": server.url})
        assert [account.handle for account in bluesky.known(ctx, before)] == ["nytt.bsky.social"]
        assert [(issue.kind, issue.detail) for issue in ctx.issues] == [
            ("unavailable", "'a.bsky.social': Bluesky has taken the account down"),
            ("unavailable", "'c.bsky.social': its owner has put the account to rest"),
        ]
        later = make_context("bluesky", {"base_url": server.url}, cursor=ctx.next_cursor)
        list(bluesky.known(later, before))
        assert later.issues == []
    finally:
        server.stop()


def test_without_keys_the_server_is_asked_and_its_refusal_says_what_to_do(served: Served, make_context: Make) -> None:
    with pytest.raises(CredentialError, match="LISTEN_BLUESKY_IDENTIFIER"):
        list(bluesky.posts(make_context("bluesky", settings(served)), parse("Almby", NOW), WEEK))


def test_a_wrong_password_says_which_secrets_to_check(served: Served, make_context: Make) -> None:
    ctx = make_context("bluesky", settings(served), secrets={**KEYS, "LISTEN_BLUESKY_PASSWORD": "fel"})
    with pytest.raises(CredentialError, match="LISTEN_BLUESKY_PASSWORD"):
        list(bluesky.posts(ctx, parse("Almby", NOW), WEEK))


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault(status=500), SourceError),
        (Fault(status=429, retry_after=3600), Throttled),
        (Fault(kind="garbage"), Changed),
        (Fault(kind="huge", size=10_000_000), SourceError),
        (Fault(kind="redirect"), SourceError),
        (Fault(status=400), SourceError),
    ],
    ids=["500", "429", "garbage", "huge", "redirects", "400"],
)
def test_a_server_in_trouble_is_a_source_error(
    served: Served, make_context: Make, fault: Fault, error: type[SourceError]
) -> None:
    served.fail("bluesky", fault)
    with pytest.raises(error):
        list(bluesky.accounts(make_context("bluesky", settings(served)), Term(text="almby")))


@pytest.mark.parametrize(
    "body", [[], {"actors": "none"}, {"actors": [{"handle": "a"}]}, {"actors": {"did": "x"}}, "hej"]
)
def test_an_answer_of_another_shape_is_changed(make_context: Make, body: Any) -> None:
    def answer(_request: Request) -> Reply:
        return json_reply(body)

    server = Server(answer)
    try:
        with pytest.raises(Changed):
            list(bluesky.accounts(make_context("bluesky", {"base_url": server.url}), Term(text="almby")))
    finally:
        server.stop()
