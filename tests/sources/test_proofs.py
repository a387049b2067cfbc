"""Links and handles proven from both ends: a name server and web servers on loopback, one end wrong at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from listener.context import Context
from listener.demo.serve import Fault, Reply, Request, Server, json_reply
from listener.http import Response
from listener.models import Account
from listener.sources import proofs
from tests.servers.name_server import NameServer, name_server

Make = Callable[..., Context]
DID, OTHER, WEB = "did:plc:almby", "did:plc:other", "did:web:almby.example"
NAME = "_atproto.almby.example"
OURS = Account(platform="bluesky", platform_id=DID, handle="almby.example")
DOMAIN = ("https://almby.example/",)

pytestmark = pytest.mark.network


def told(*texts: str) -> dict[str, list[str]]:
    """TXT records."""
    return {"TXT": [f'"{text}"' for text in texts]}


@pytest.fixture
def names() -> Iterator[NameServer]:
    with name_server({NAME: told(f"did={DID}", "v=spf1 -all")}) as running:
        yield running


@pytest.fixture
def web() -> Iterator[Server]:
    """The directory of dids, and /proof as the domain's own web server would answer it; `says` can be changed."""
    says: dict[str, Any] = {f"/{DID}": {"id": DID, "alsoKnownAs": ["at://Almby.example"]}}

    def answer(request: Request) -> Reply:
        found = says.get(request.path)
        if found is None:
            return Reply(status=404)
        return Reply(body=found.encode(), kind="text/plain") if isinstance(found, str) else json_reply(found)

    running = Server(answer)
    running.says = says  # type: ignore[attr-defined]
    yield running
    running.stop()


@pytest.fixture
def proven(names: NameServer, web: Server, make_context: Make) -> Callable[..., tuple[str, ...] | None]:
    """proven(account) is what proving its domain comes to."""

    def prove(account: Account = OURS, **more: Any) -> tuple[str, ...] | None:
        settings = {
            "nameserver": f"127.0.0.1:{names.port}",
            "directory_url": web.url,
            "proof_url": f"{web.url}/proof?{{handle}}",
        }
        return proofs.prove_domain(make_context("bluesky", settings | more), account)

    return prove


def test_a_domain_that_names_the_did_in_its_dns_is_proven(web: Server, proven: Callable[..., Any]) -> None:
    assert proven() == DOMAIN
    assert [request.path for request in web.requests] == [f"/{DID}"]  # its web server need not be asked


def test_a_domain_that_names_the_did_by_its_web_server_is_proven(
    names: NameServer, web: Server, proven: Callable[..., Any]
) -> None:
    web.says["/proof"] = f"{DID}\n"  # type: ignore[attr-defined]
    for names.records in ({}, {NAME: told("other=1")}):
        assert proven() == DOMAIN
    names.fails = (NAME,)
    assert proven() == DOMAIN


def test_a_domain_that_names_another_did_is_not_proven(
    names: NameServer, web: Server, proven: Callable[..., Any]
) -> None:
    web.says["/proof"] = DID  # type: ignore[attr-defined]
    names.records = {NAME: told(f"did={OTHER}")}
    assert proven() == ()  # its DNS goes before its web server
    names.records = {NAME: told(f"did={DID}", f"did={OTHER}")}
    assert proven() == ()


@pytest.mark.parametrize("said", [None, OTHER])
def test_a_domain_that_names_nobody_in_either_place_is_not_proven(
    names: NameServer, web: Server, proven: Callable[..., Any], said: str | None
) -> None:
    names.records = {}
    web.says["/proof"] = said  # type: ignore[attr-defined]
    assert proven() == ()


def test_a_did_whose_document_does_not_name_the_handle_is_not_proven(web: Server, proven: Callable[..., Any]) -> None:
    for document in ({"id": DID, "alsoKnownAs": ["at://annan.example"]}, {"id": OTHER, "alsoKnownAs": []}):
        web.says[f"/{DID}"] = document  # type: ignore[attr-defined]
        assert proven() == ()


def test_who_cannot_look_knows_nothing(names: NameServer, web: Server, proven: Callable[..., Any]) -> None:
    names.fails = (NAME,)
    assert proven() is None  # the web server names nobody, but the DNS might
    names.fails, names.records = (), {}
    web.fail(Fault(status=503, only="proof"))
    assert proven() is None
    names.records = {NAME: told(f"did={DID}")}
    web.fail(Fault(status=500, only="did"))
    assert proven() is None


def test_on_loopback_nobody_outside_is_asked(make_context: Make) -> None:
    assert proofs.prove_domain(make_context("bluesky", {}), OURS) is None


@pytest.mark.parametrize("handle", ["anna.bsky.social", "handle.invalid", "almby.example/../x", "127.0.0.1", ""])
def test_handles_that_prove_nothing_are_not_looked_up(
    names: NameServer, web: Server, proven: Callable[..., Any], handle: str
) -> None:
    assert proven(Account(platform="bluesky", platform_id=DID, handle=handle)) is None
    assert names.asked == []
    assert web.requests == []


class Answers:
    """A session that knows some addresses of the world outside."""

    def __init__(self, **pages: Response) -> None:
        self.pages = pages

    def get(self, url: str, **_limits: Any) -> Response:
        return self.pages.get(url) or Response(url=url, status=404, headers={}, body=b"")


def test_a_did_of_the_web_is_the_word_of_its_domain(make_context: Make) -> None:
    url = "https://almby.example/.well-known/did.json"
    body = b'{"id": "did:web:almby.example", "alsoKnownAs": ["at://almby.bsky.social"]}'
    account = Account(platform="bluesky", platform_id=WEB, handle="almby.bsky.social")
    ctx = make_context("bluesky", {})
    ctx.http, ctx.allow_loopback = Answers(**{url: Response(url=url, status=200, headers={}, body=body)}), False
    assert proofs.prove_domain(ctx, account) == DOMAIN
    ctx.http = Answers()
    assert proofs.prove_domain(ctx, account) is None


# --- rel=me -----------------------------------------------------------------------------------------------------------

PROFILE = "https://torget.example/@almby"


@pytest.fixture
def site() -> Iterator[Server]:
    """Our own site; `page` is what its front page says, `head` its Link header."""
    running = Server(lambda request: Reply(body=running.page.encode(), kind="text/html", headers=running.head))  # type: ignore[attr-defined]
    running.page, running.head = "", {}  # type: ignore[attr-defined]
    yield running
    running.stop()


@pytest.fixture
def checked(site: Server, make_context: Make) -> Callable[..., tuple[str, ...] | None]:
    """checked(verified) is what is left of the links that the platform says it verified."""

    def check(verified: tuple[str, ...] | None = (), **more: Any) -> tuple[str, ...] | None:
        link = f"{site.url}/"
        account = Account(
            platform="mastodon", platform_id="https://torget.example/users/almby", handle="almby@torget.example",
            url=PROFILE, links=(link, "https://annat.example/"), verified_links=verified,
        )  # fmt: skip
        ctx = make_context("mastodon", {}, sites=("127.0.0.1",))
        found = proofs.check_pages(ctx, account).verified_links
        return found if found is None else tuple(one.replace(site.url, "https://almby.example") for one in found)

    return check


@pytest.mark.parametrize(
    "page",
    [
        f'<a rel="me" href="{PROFILE}">Mastodon</a>',
        '<link rel="nofollow ME" href="https://torget.example/users/almby/">',
        "<p>Följ oss <a rel=me href='https://torget.example/@Almby?utm_source=x'>här</a>",
    ],
)
def test_a_page_of_ours_that_links_back_proves_the_account(
    site: Server, checked: Callable[..., Any], page: str
) -> None:
    site.page = page  # type: ignore[attr-defined]
    assert checked() == DOMAIN


def test_a_link_back_may_stand_in_the_http_header(site: Server, checked: Callable[..., Any]) -> None:
    site.head = {"Link": f'<{PROFILE}>; rel="me", </style.css>; rel=preload'}  # type: ignore[attr-defined]
    assert checked() == DOMAIN


@pytest.mark.parametrize(
    "page", ["", f'<a href="{PROFILE}">Mastodon</a>', '<a rel="me" href="https://torget.example/@annan">x</a>']
)
def test_what_the_platform_verified_falls_when_our_page_no_longer_links_back(
    site: Server, checked: Callable[..., Any], page: str
) -> None:
    site.page = page  # type: ignore[attr-defined]
    assert checked((f"{site.url}/", "https://annat.example/")) == ("https://annat.example/",)


def test_what_the_platform_verified_stands_where_we_cannot_look(site: Server, checked: Callable[..., Any]) -> None:
    for fault in (Fault(status=403), Fault(status=500), Fault(kind="robots"), Fault(kind="redirect")):
        site.fail(fault)
        assert checked((f"{site.url}/",)) == DOMAIN
        assert checked(None) is None


def test_a_page_that_leads_away_from_our_site_proves_nothing(make_context: Make) -> None:
    url = "https://almby.example/"
    away = Response(
        url="https://annan.example/", status=200, headers={}, body=f'<a rel="me" href="{PROFILE}">'.encode()
    )
    account = Account(platform="mastodon", handle="almby@torget.example", url=PROFILE, links=(url,))
    ctx = make_context("mastodon", {}, sites=("almby.example",))
    ctx.http, ctx.allow_loopback = Answers(**{url: away}), False
    assert proofs.check_pages(ctx, account).verified_links is None


def test_a_page_is_read_once_a_run(site: Server, make_context: Make) -> None:
    ctx = make_context("mastodon", {}, sites=("127.0.0.1",))
    for name in ("a", "b"):
        proofs.check_pages(ctx, Account(platform="mastodon", handle=f"{name}@torget.example", links=(f"{site.url}/",)))
    assert [request.path for request in site.requests] == ["/robots.txt", "/"]
