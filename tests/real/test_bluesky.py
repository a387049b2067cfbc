"""The Bluesky source against a real Bluesky network."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from servers.bluesky import Bluesky
from servers.people import PASSWORD, join, take_down

from listener.context import Context
from listener.errors import CredentialError, SourceError
from listener.models import Account, Term
from listener.query import parse
from listener.sources import bluesky as source

pytestmark = pytest.mark.realserver

Eventually = Callable[..., Any]
MakeContext = Callable[..., Context]
START = datetime(2026, 1, 1, tzinfo=UTC)


def search(ctx: Context, text: str) -> dict[str, Account]:
    return {account.handle or "": account for account in source.accounts(ctx, Term(text=text))}


def test_the_official_account_and_its_impostor_are_found_with_what_a_reviewer_looks_at(
    bluesky: Bluesky, context: MakeContext, eventually: Eventually
) -> None:
    official = join(bluesky, "lundvik.test", "Lundviks kommun", "Officiell kanal. https://lundvik.example/")
    impostor = join(bluesky, "lundvik-svar.test", "Lundviks kommun", "Vi delar ut bidrag, skriv ditt kontonummer")

    def both() -> dict[str, Account]:
        found = search(context("bluesky", base_url=bluesky.appview, directory_url=bluesky.plc), "lundvik")
        return found if len(found) == 2 and all(account.avatar for account in found.values()) else {}

    found = eventually(both)
    real, fake = found["lundvik.test"], found["lundvik-svar.test"]
    assert (real.platform_id, fake.platform_id) == (official.did, impostor.did)
    assert real.display_name == fake.display_name == "Lundviks kommun"
    assert fake.description == "Vi delar ut bidrag, skriv ditt kontonummer"
    assert real.links == ("https://lundvik.example/",)
    assert (fake.avatar or "").startswith("http")
    assert fake.created_at is not None
    assert fake.url == "https://bsky.app/profile/lundvik-svar.test"
    assert fake.source == "bluesky"
    assert fake.term == "lundvik"


def test_a_handle_that_is_a_domain_is_proven_from_both_ends(
    bluesky: Bluesky, context: MakeContext, eventually: Eventually
) -> None:
    owner = join(bluesky, "grannby.test", "Grannby kommun")
    bluesky.own_domain("grannby.kommun", owner.did)
    owner.rename("grannby.kommun")  # the network itself asks the DNS

    def proven() -> tuple[str, ...] | None:
        places = {"directory_url": bluesky.plc, "proof_url": f"{bluesky.pds}/none?{{handle}}"}
        server = f"127.0.0.1:{bluesky.names.port}"
        ctx = context("bluesky", base_url=bluesky.appview, nameserver=server, **places)
        return search(ctx, "grannby")["grannby.kommun"].verified_links

    eventually(lambda: "grannby.kommun" in search(context("bluesky", base_url=bluesky.appview), "grannby"))
    assert proven() == ("https://grannby.kommun/",)
    bluesky.names.fails = ("_atproto.grannby.kommun",)
    assert proven() is None  # the domain's word cannot be had just now
    bluesky.names.fails = ()
    bluesky.own_domain("grannby.kommun", "did:plc:someoneelsesentirely")
    assert proven() == ()  # the network still shows the handle


def test_an_account_that_was_taken_down_is_told_as_such(
    bluesky: Bluesky, context: MakeContext, eventually: Eventually
) -> None:
    fraud = join(bluesky, "bidrag-nu.test", "Bidrag nu")
    quiet = join(bluesky, "bidrag-sen.test", "Bidrag sen")

    def both() -> dict[str, Account]:
        found = search(context("bluesky", base_url=bluesky.appview), "bidrag")
        return found if len(found) == 2 else {}

    found = eventually(both)
    take_down(bluesky, fraud.did)

    def told() -> list[str]:
        ctx = context("bluesky", base_url=bluesky.appview)
        left = [account.platform_id for account in source.known(ctx, list(found.values()))]
        return [issue.detail for issue in ctx.issues] if left == [quiet.did] else []

    assert eventually(told) == ["'bidrag-nu.test': Bluesky has taken the account down"]
    assert set(search(context("bluesky", base_url=bluesky.appview), "bidrag")) == {"bidrag-sen.test"}


def test_posts_are_found_with_a_log_in_that_lasts(
    bluesky: Bluesky, context: MakeContext, eventually: Eventually, tmp_path: Path
) -> None:
    join(bluesky, "sorby.test", "Sörby kommun").post("Simhallen i Sörby stänger på fredag", at="2026-11-20T12:00:00Z")
    secrets = {"LISTEN_BLUESKY_IDENTIFIER": "sorby.test", "LISTEN_BLUESKY_PASSWORD": PASSWORD}

    def found(password: str = PASSWORD) -> list[Any]:
        known = {**secrets, "LISTEN_BLUESKY_PASSWORD": password}
        ctx = context("bluesky", known, base_url=bluesky.appview, pds_url=bluesky.pds, folder=str(tmp_path))
        return list(source.posts(ctx, parse("Simhallen"), START))

    (post,) = eventually(found)
    assert post.text == "Simhallen i Sörby stänger på fredag"
    assert post.author == "sorby.test"
    assert post.id.startswith("at://did:plc:")
    assert post.published_at is not None
    assert found("not asked for while the session lasts") == [post]


def test_a_wrong_password_is_told_as_such(bluesky: Bluesky, context: MakeContext) -> None:
    secrets = {"LISTEN_BLUESKY_IDENTIFIER": "ingen.test", "LISTEN_BLUESKY_PASSWORD": "fel"}
    ctx = context("bluesky", secrets, base_url=bluesky.appview, pds_url=bluesky.pds)
    with pytest.raises(CredentialError, match="LISTEN_BLUESKY_PASSWORD"):
        list(source.posts(ctx, parse("Sörby"), START))


def test_a_network_that_is_not_there_is_an_error_and_not_an_empty_answer(context: MakeContext) -> None:
    with pytest.raises(SourceError):
        search(context("bluesky", base_url="http://127.0.0.1:9"), "almby")
