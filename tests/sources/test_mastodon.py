"""Mastodon through Mastodon.py: against mastodon-mock for the interface, against our own server for trouble."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from listener.context import Context
from listener.demo.mastodon_server import TOKEN
from listener.demo.serve import Fault, Reply, Request, Server, json_reply
from listener.demo.stage import Served, start
from listener.demo.world import load_world
from listener.errors import Blocked, Changed, ConfigError, SourceError, Throttled
from listener.models import Completeness, Term
from listener.query import parse
from listener.sources import mastodon
from listener.sources.activitypub import get_actor
from tests.servers.mastodon_mock import MastodonMock, mastodon_mock

NOW = datetime(2026, 11, 22, 7, 0, tzinfo=UTC)
WEEK = NOW - timedelta(days=7)
TERM = Term(text="almby")
Make = Callable[..., Context]

pytestmark = pytest.mark.network

TROUBLES = [
    (Fault(status=500), SourceError, "failed"),
    (Fault(status=403), Blocked, "blocked"),
    (Fault(status=429, retry_after=3600), Throttled, "throttled"),
    (Fault(kind="garbage"), Changed, "changed"),
    (Fault(kind="huge", size=10_000_000), SourceError, "failed"),
    (Fault(kind="redirect"), SourceError, "failed"),
]
NAMES = ["500", "403", "429", "garbage", "huge", "redirects"]


@pytest.fixture(scope="module")
def mock() -> Iterator[MastodonMock]:
    with mastodon_mock() as running:
        yield running


@pytest.fixture
def served() -> Iterator[Served]:
    with start(load_world(NOW)) as running:
        yield running


def both(served: Served) -> dict[str, object]:
    return {"servers": [served.urls["mastodon"], served.urls["fediverse"]]}


def test_an_account_is_found_by_its_display_name_on_the_real_interface(mock: MastodonMock, make_context: Make) -> None:
    client = mock.join("vattenhuset", "Almby simhall", "Öppet 6–21", (("Webb", "https://almby.example/simhall"),))
    token = {"LISTEN_MASTODON_TOKEN": client.access_token}
    for secrets in (token, {}):
        ctx = make_context("mastodon", {"servers": [mock.url]}, secrets=secrets)
        (found,) = mastodon.accounts(ctx, Term(text="Almby simhall"))
        assert (found.handle, found.display_name) == ("vattenhuset@localhost", "Almby simhall")
        assert found.description == "Öppet 6–21"
        assert found.links == ("https://almby.example/simhall",)
        assert found.verified_links == ()
        assert found.platform_id
        assert ctx.completeness == Completeness.COMPLETE


def test_posts_are_found_by_words_with_a_token_and_by_tag_without(mock: MastodonMock, make_context: Make) -> None:
    client = mock.join("posten", "Almbyposten")
    client.status_post("Nya simhallen i Sjöviken öppnar #sjöviken")
    since = datetime.now(UTC) - timedelta(hours=1)
    ctx = make_context("mastodon", {"servers": [mock.url]}, secrets={"LISTEN_MASTODON_TOKEN": client.access_token})
    assert [post.author for post in mastodon.posts(ctx, parse("simhallen"), since)] == ["posten@localhost"]
    without = make_context("mastodon", {"servers": [mock.url]})
    (post,) = mastodon.posts(without, parse("Sjöviken"), since)
    assert post.text == "Nya simhallen i Sjöviken öppnar #sjöviken"
    assert without.completeness == Completeness.TRUNCATED  # words alone are not searched without a token


def test_every_server_is_asked(served: Served, make_context: Make) -> None:
    ctx = make_context("mastodon", both(served), secrets={"LISTEN_MASTODON_TOKEN": TOKEN})
    hosts = {(account.handle or "").partition("@")[2] for account in mastodon.accounts(ctx, TERM)}
    assert hosts == {"torget.example", "norrsken.example"}
    assert ctx.completeness == Completeness.COMPLETE


def test_the_token_goes_to_the_first_server_only(served: Served, make_context: Make) -> None:
    ctx = make_context("mastodon", both(served), secrets={"LISTEN_MASTODON_TOKEN": TOKEN})
    list(mastodon.accounts(ctx, TERM))
    assert all("authorization" in request.headers for request in served.requests("mastodon"))
    assert not any("authorization" in request.headers for request in served.requests("fediverse"))


@pytest.mark.parametrize(("fault", "_error", "kind"), TROUBLES, ids=NAMES)
def test_one_server_down_does_not_hide_the_others(
    served: Served, make_context: Make, fault: Fault, _error: type[SourceError], kind: str
) -> None:
    served.fail("mastodon", fault)
    ctx = make_context("mastodon", both(served))
    found = list(mastodon.accounts(ctx, TERM))
    assert {(account.handle or "").partition("@")[2] for account in found} == {"norrsken.example"}
    assert ctx.completeness == Completeness.TRUNCATED
    assert ctx.issues[-1].kind == kind
    asked = len(served.requests("mastodon"))
    list(mastodon.accounts(ctx, Term(text="skola")))
    assert len(served.requests("mastodon")) == asked  # a server that failed is left alone for the run


@pytest.mark.parametrize(("fault", "error", "_kind"), TROUBLES, ids=NAMES)
def test_every_server_down_is_a_source_error(
    served: Served, make_context: Make, fault: Fault, error: type[SourceError], _kind: str
) -> None:
    served.fail("mastodon", fault)
    served.fail("fediverse", fault)
    with pytest.raises(error):
        list(mastodon.accounts(make_context("mastodon", both(served)), TERM))


def test_a_missing_endpoint_is_a_missing_capability(served: Served, make_context: Make) -> None:
    served.fail("mastodon", Fault(status=404, only="search"))
    ctx = make_context("mastodon", {"servers": [served.urls["mastodon"]]})
    assert [account.handle for account in mastodon.accounts(ctx, Term(text="almbykommun"))] == [
        "almbykommun@torget.example"
    ]
    assert not list(mastodon.accounts(ctx, Term(text="Almby kommun")))
    assert [issue.kind for issue in ctx.issues] == ["truncated"]


@pytest.mark.parametrize("status", [404, 410])
def test_a_server_that_has_nothing_at_all_could_not_be_looked_at(
    served: Served, make_context: Make, status: int
) -> None:
    served.fail("mastodon", Fault(status=status))
    ctx = make_context("mastodon", both(served))
    found = [*mastodon.accounts(ctx, TERM), *mastodon.accounts(ctx, Term(text="almbykommun", kind="handle"))]
    assert {(account.handle or "").partition("@")[2] for account in found} == {"norrsken.example"}
    assert [issue.kind for issue in ctx.issues] == ["failed"]
    assert served.urls["mastodon"] in ctx.issues[0].detail
    with pytest.raises(SourceError):
        list(
            mastodon.posts(make_context("mastodon", {"servers": [served.urls["mastodon"]]}), parse("Almby", NOW), WEEK)
        )


def test_without_servers_the_settings_are_wrong(make_context: Make) -> None:
    with pytest.raises(ConfigError, match="servers"):
        list(mastodon.accounts(make_context("mastodon"), TERM))


class Elsewhere:
    """A server of another kind: no Mastodon interface, but WebFinger and actors, as every one in the fediverse has."""

    def __init__(self) -> None:
        self.server = Server(self.answer)
        self.place = self.server.url.removeprefix("http://")
        self.actor: dict[str, Any] = {
            "id": f"{self.server.url}/users/nytorget",
            "type": "Organization",
            "preferredUsername": "nytorget",
            "name": "Almby torg",
            "summary": "<p>Officiell kanal</p>",
            "url": [{"type": "Link", "href": f"{self.server.url}/@nytorget"}],
            "icon": {"type": "Image", "url": f"{self.server.url}/media/original.png"},
            "attachment": [
                {"type": "PropertyValue", "name": "Webb", "value": '<a href="https://almby.example/">x</a>'}
            ],
            "published": "2026-10-01T08:00:00Z",
        }

    def answer(self, request: Request) -> Reply:
        if request.path == "/.well-known/webfinger" and request.one("resource") == f"acct:nytorget@{self.place}":
            link = {"rel": "self", "type": "application/activity+json", "href": self.actor["id"]}
            return json_reply({"subject": request.one("resource"), "links": [link]})
        if request.path == "/.well-known/nodeinfo":
            return json_reply({"links": []})
        if request.path == "/users/nytorget" and "activity+json" in request.headers.get("accept", ""):
            return json_reply(self.actor)
        return Reply(status=404, kind="text/html")


@pytest.fixture
def elsewhere() -> Iterator[Elsewhere]:
    running = Elsewhere()
    yield running
    running.server.stop()


def test_a_server_without_the_interface_shows_its_accounts_by_webfinger(
    elsewhere: Elsewhere, make_context: Make
) -> None:
    ctx = make_context("mastodon", {"servers": [elsewhere.server.url]})
    (found,) = mastodon.accounts(ctx, Term(text="nytorget", kind="handle"))
    assert found.platform_id == f"{elsewhere.server.url}/users/nytorget"
    assert found.handle == f"nytorget@{elsewhere.place}"
    assert (found.display_name, found.description) == ("Almby torg", "Officiell kanal")
    assert found.links == ("https://almby.example/",)
    assert found.url == f"{elsewhere.server.url}/@nytorget"
    assert found.created_at is not None
    assert not list(mastodon.accounts(ctx, Term(text="finnsinte", kind="handle")))
    assert [issue.kind for issue in ctx.issues] == ["truncated"]  # it has no search


def test_an_account_that_no_configured_server_knows_is_asked_for_at_home(
    served: Served, elsewhere: Elsewhere, make_context: Make
) -> None:
    ctx = make_context("mastodon", both(served))
    term = Term(text=f"@nytorget@{elsewhere.place}", kind="handle")
    assert [account.platform_id for account in mastodon.accounts(ctx, term)] == [elsewhere.actor["id"]]
    assert ctx.completeness is Completeness.COMPLETE


def test_a_home_that_cannot_be_asked_is_told_and_costs_no_other_server(
    served: Served, elsewhere: Elsewhere, make_context: Make
) -> None:
    elsewhere.server.fail(Fault(status=403))
    ctx = make_context("mastodon", both(served))
    assert not list(mastodon.accounts(ctx, Term(text=f"nytorget@{elsewhere.place}", kind="handle")))
    assert [issue.kind for issue in ctx.issues] == ["truncated"]
    assert elsewhere.place in ctx.issues[0].detail
    assert list(mastodon.accounts(ctx, TERM))


def test_an_actor_that_speaks_for_another_host_is_not_believed(elsewhere: Elsewhere, make_context: Make) -> None:
    elsewhere.actor = {**elsewhere.actor, "id": "https://almby.example/users/nytorget"}
    ctx = make_context("mastodon", {})
    with pytest.raises(Changed):
        get_actor(ctx, f"{elsewhere.server.url}/users/nytorget")


@pytest.mark.parametrize("copy", ["/cache/accounts/avatars/1.png", "/cache/accounts/avatars/2.png"])
def test_an_account_looks_the_same_from_every_server(elsewhere: Elsewhere, make_context: Make, copy: str) -> None:
    row = {
        "acct": f"nytorget@{elsewhere.place}",
        "uri": elsewhere.actor["id"],
        "avatar_static": f"https://files.torget.example{copy}",
    }
    torget = Server(lambda _request: json_reply({"accounts": [row], "statuses": [], "hashtags": []}))
    try:
        (found,) = mastodon.accounts(make_context("mastodon", {"servers": [torget.url]}), TERM)
        assert found.avatar == f"{elsewhere.server.url}/media/original.png"
        elsewhere.server.fail(Fault(status=401))  # it shows itself to servers it knows only
        (found,) = mastodon.accounts(make_context("mastodon", {"servers": [torget.url]}), TERM)
        assert found.avatar == row["avatar_static"]
    finally:
        torget.stop()


def test_an_answer_to_a_post_without_a_proper_id_can_still_be_kept() -> None:
    author = {"uri": "https://almby.example/users/b", "acct": "b"}
    row = {"uri": "https://almby.example/1", "account": author, "content": "Hej"}
    for given, kept in (("6", "6"), (6, "6"), ("\ud8006", "\ufffd6"), ({"a": 1}, None), ("", None), (True, None)):
        post = mastodon.read_post({**row, "in_reply_to_id": given})
        assert post.reply_to == kept
        assert msgspec.json.encode(post)
