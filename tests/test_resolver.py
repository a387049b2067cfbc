"""Names looked up at a name server on loopback: what there is, what there is not, and what cannot be known."""

from __future__ import annotations

import pytest
from servers.name_server import name_server

from listener.errors import SourceError
from listener.resolver import Answer, Outcome, Resolver

pytestmark = pytest.mark.network


def test_the_resolver_tells_apart_what_a_name_has() -> None:
    texts = {
        "_atproto.almby.example": {"TXT": ['"did=did:plc:" "almby"']},
        "almby.example": {"A": ["10.0.0.1", "8.8.8.8"]},
    }
    with name_server(texts) as server:
        resolver = Resolver(["127.0.0.1"], server.port)
        assert resolver.texts("_atproto.almby.example.").records == ("did=did:plc:almby",)
        assert resolver.ask("almby.example").public == ("8.8.8.8",)
        assert resolver.ask("almby.example", "MX").outcome is Outcome.EMPTY
        assert resolver.ask("nobody.example").outcome is Outcome.ABSENT
        assert resolver.ask("a..b").outcome is Outcome.UNKNOWN
    with pytest.raises(SourceError, match="no name server"):
        Resolver(["resolver.example"])


def test_a_server_that_fails_is_neither_a_hit_nor_an_absence() -> None:
    with name_server({"almby.example": {"A": ["192.0.2.1"]}}, fails=("almby.example",), silent=("almby.nu",)) as server:
        resolver = Resolver(["127.0.0.1"], server.port, seconds=0.2)
        assert resolver.ask("almby.example") == Answer(Outcome.UNKNOWN, why="the name servers fail (SERVFAIL)")
        assert resolver.ask("almby.nu") == Answer(Outcome.UNKNOWN, why="no answer in time")


def test_no_more_records_are_kept_than_anyone_has() -> None:
    many = {"almby.example": {"TXT": [f'"{number:03} {"x" * 200}"' for number in range(120)]}}
    with name_server(many) as server:
        assert len(Resolver(["127.0.0.1"], server.port).texts("almby.example").records) == 50
