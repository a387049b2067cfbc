"""The Mastodon source against real fediverse servers of another kind, which know only parts of Mastodon's interface."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from mastodon import Mastodon
from servers.snac import Snac

from listener.context import Context
from listener.demo.serve import Reply, Server
from listener.models import Account, Completeness, Term
from listener.sources import mastodon as source

pytestmark = pytest.mark.realserver

MakeContext = Callable[..., Context]


@pytest.fixture(scope="module")
def clients(fediverse: tuple[Snac, ...]) -> Iterator[dict[str, Mastodon]]:
    """The municipality's own account on the first server, and somebody else's under its name on the second."""
    ours, theirs = fediverse
    made = {
        "official": ours.add_user("almbykommun", "Almby kommun", "Officiell kanal"),
        "impostor": theirs.add_user("almbykommun", "Almby kommun", "Vi delar ut bidrag"),
    }
    yield made
    for client in made.values():
        client.session.close()


def search(ctx: Context, text: str, kind: str = "handle") -> dict[str, Account]:
    return {account.platform_id or "": account for account in source.accounts(ctx, Term(text=text, kind=kind))}


def test_without_a_token_both_accounts_are_looked_up_by_handle(
    fediverse: tuple[Snac, ...], clients: dict[str, Mastodon], context: MakeContext
) -> None:
    ours, theirs = fediverse
    ctx = context("mastodon", servers=[ours.url, theirs.url])
    found = search(ctx, "almbykommun")
    assert set(found) == {f"{ours.url}/almbykommun", f"{theirs.url}/almbykommun"}
    fake = found[f"{theirs.url}/almbykommun"]
    assert fake.display_name == "Almby kommun"
    assert fake.description == "Vi delar ut bidrag"
    assert fake.handle == f"almbykommun@{theirs.name}"
    assert fake.avatar is not None
    assert fake.created_at is not None


def test_a_search_by_name_that_the_server_lacks_is_said_and_not_taken_for_an_empty_answer(
    fediverse: tuple[Snac, ...], clients: dict[str, Mastodon], context: MakeContext
) -> None:
    ctx = context("mastodon", servers=[server.url for server in fediverse])
    assert search(ctx, "Almby kommun", "name") == {}
    assert ctx.completeness is Completeness.TRUNCATED
    assert {server.url for server in fediverse} <= {word for issue in ctx.issues for word in issue.detail.split()}


def test_with_a_token_an_account_elsewhere_is_found_through_the_federation(
    fediverse: tuple[Snac, ...], clients: dict[str, Mastodon], context: MakeContext
) -> None:
    ours, theirs = fediverse
    secrets = {"LISTEN_MASTODON_TOKEN": clients["official"].access_token}
    found = search(context("mastodon", secrets, servers=[ours.url]), f"@almbykommun@{theirs.name}")
    assert found[f"{theirs.url}/almbykommun"].description == "Vi delar ut bidrag"


def test_without_a_token_an_account_elsewhere_is_looked_up_at_home(
    fediverse: tuple[Snac, ...], clients: dict[str, Mastodon], context: MakeContext
) -> None:
    ours, theirs = fediverse
    ctx = context("mastodon", servers=[ours.url])  # it resolves nothing for strangers
    found = search(ctx, f"@almbykommun@{theirs.name}")
    assert list(found) == [f"{theirs.url}/almbykommun"]
    fake = found[f"{theirs.url}/almbykommun"]
    assert (fake.handle, fake.description) == (f"almbykommun@{theirs.name}", "Vi delar ut bidrag")
    assert search(ctx, f"@finnsinte@{theirs.name}") == {}


def test_our_page_proves_the_account_it_links_back_to_and_no_other(
    fediverse: tuple[Snac, ...], clients: dict[str, Mastodon], context: MakeContext
) -> None:
    ours, theirs = fediverse
    page = f'<p>Följ <a rel="me" href="{ours.url}/almbykommun">oss</a></p>'.encode()
    site = Server(lambda request: Reply(body=page, kind="text/html; charset=utf-8"))
    try:
        for client in clients.values():
            client.account_update_credentials(fields=[("Webb", f"{site.url}/")])
        ctx = context("mastodon", servers=[ours.url, theirs.url])
        ctx.sites = ("127.0.0.1",)
        found = search(ctx, "almbykommun")
        assert {account.links for account in found.values()} == {(f"{site.url}/",)}
        assert found[f"{ours.url}/almbykommun"].verified_links == (f"{site.url}/",)
        assert found[f"{theirs.url}/almbykommun"].verified_links == ()
    finally:
        site.stop()


def test_with_a_token_a_handle_is_looked_up_where_the_search_knows_no_names(
    fediverse: tuple[Snac, ...], clients: dict[str, Mastodon], context: MakeContext
) -> None:
    theirs = fediverse[1]
    secrets = {"LISTEN_MASTODON_TOKEN": clients["impostor"].access_token}
    found = search(context("mastodon", secrets, servers=[theirs.url]), "almbykommun")
    assert set(found) == {f"{theirs.url}/almbykommun"}
