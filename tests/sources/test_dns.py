"""Made-up look-alikes looked up at a name server on loopback: hits, wildcards, failures, silence, mail."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from screened import organisation, registry
from servers.name_server import NameServer, name_server

from listener.context import Context
from listener.errors import SourceError
from listener.models import Completeness, Term
from listener.resolver import Answer, Outcome, Resolver
from listener.screen.sift import NameSift
from listener.sources import dns

Make = Callable[..., Context]
SIFT = NameSift(organisation(), registry())
TERMS = (Term(text="Almby kommun"), Term(text="Almby"))
SITE = {"A": ["192.0.2.7"], "NS": ["ns1.host.test."]}

pytestmark = pytest.mark.network


def context(make_context: Make, server: NameServer, **more: object) -> Context:
    settings = {"nameservers": ["127.0.0.1"], "port": server.port, "names": 150, **more}
    return make_context("dns", settings, sift=SIFT, terms=TERMS, sites=("almby.example",))


def found(ctx: Context) -> dict[str, tuple[str, ...]]:
    return {account.handle or "": account.labels for account in dns.accounts(ctx, Term(text=""))}


def test_registered_look_alikes_are_found_and_their_mail_servers_noted(make_context: Make) -> None:
    records = {
        "almbykommun.se": SITE,
        "almby.nu": {"NS": ["ns1.host.test."]},
        "almby-kommun.com": {**SITE, "MX": ["10 mail.almby-kommun.com."]},
        "almby.org": {**SITE, "MX": ["0 ."]},
        "almby.example": SITE,
    }
    with name_server(records) as server:
        ctx = context(make_context, server)
        assert found(ctx) == {"almbykommun.se": (), "almby.nu": (), "almby-kommun.com": ("mx",), "almby.org": ()}
    assert ctx.completeness == Completeness.COMPLETE
    assert "almby.example" not in {name for name, _kind in server.asked}


def test_what_every_name_below_an_ending_answers_is_no_hit(make_context: Make) -> None:
    records = {
        "*.nu": {"A": ["203.0.113.9"], "MX": ["10 mail.parked.test."]},
        "almbykommun.nu": {"A": ["203.0.113.9", "192.0.2.1"]},
    }
    with name_server(records) as server:
        assert found(context(make_context, server)) == {"almbykommun.nu": ()}


def test_a_failure_is_neither_a_hit_nor_an_absence(make_context: Make) -> None:
    with name_server({"almby.nu": SITE}, fails=("almbykommun.se", "almbykommun.nu")) as server:
        ctx = context(make_context, server)
        assert found(ctx) == {"almby.nu": ()}
    assert ctx.completeness == Completeness.TRUNCATED
    assert ctx.issues[0].detail.endswith(
        "names could not be looked up, such as almbykommun.se: the name servers fail (SERVFAIL)"
    )


def test_an_ending_whose_wildcard_cannot_be_told_gives_no_hits(
    make_context: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("secrets.token_hex", lambda _size: "0123")
    with name_server({"almby.nu": SITE, "almbykommun.se": SITE}, fails=("x0123.nu",)) as server:
        ctx = context(make_context, server)
        assert found(ctx) == {"almbykommun.se": ()}
    assert ctx.completeness == Completeness.TRUNCATED


def test_a_server_that_never_answers_is_a_failure(make_context: Make) -> None:
    with name_server() as server:
        server.answers = lambda wire: []  # type: ignore[method-assign]
        resolver = Resolver(["127.0.0.1"], server.port, seconds=0.1)
        assert resolver.ask("almby.nu") == Answer(Outcome.UNKNOWN, why="no answer in time")
    with name_server() as server:
        server.answers = lambda wire: [wire[:2] + b"\x81\x82" + wire[4:]]  # type: ignore[method-assign]
        with pytest.raises(SourceError, match=r"none of \d+ names could be looked up"):
            found(context(make_context, server))
