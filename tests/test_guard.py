"""Which addresses we talk to: by a table of spellings, and by what names resolve to."""

from __future__ import annotations

import csv
import socket
from pathlib import Path

import pytest

from listener.errors import Blocked
from listener.guard import check_url, resolve_public

with (Path(__file__).parent / "tables" / "addresses.csv").open(encoding="utf-8", newline="") as table:
    ADDRESSES = [tuple(row.values()) for row in csv.DictReader(table)]
PUBLIC = "93.184.215.14"


@pytest.mark.parametrize(("url", "loopback", "verdict", "why"), ADDRESSES)
def test_only_public_addresses_are_fetched(url: str, loopback: str, verdict: str, why: str) -> None:
    if verdict == "pass":
        check_url(url, loopback == "yes")
        return
    with pytest.raises(Blocked):
        check_url(url, loopback == "yes")


@pytest.mark.parametrize("url", ["http://", "http://\x00/", "http://a\ud800.example:x/", "h" * 10_000, "http://["])
def test_no_text_makes_it_fall_over(url: str) -> None:
    with pytest.raises(Blocked):
        check_url(url + ":::")


def resolving(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> None:
    def look_up(host: str, port: int | None, *_args: object, **_kwargs: object) -> list[tuple[object, ...]]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port or 0)) for address in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)


def test_a_name_gives_the_addresses_to_connect_to(monkeypatch: pytest.MonkeyPatch) -> None:
    resolving(monkeypatch, PUBLIC, PUBLIC, "93.184.215.15")
    assert resolve_public("www.almby.example", 443) == [PUBLIC, "93.184.215.15"]


@pytest.mark.parametrize("address", ["127.0.0.1", "10.1.2.3", "::ffff:10.0.0.1", "169.254.169.254", "fe80::1%2"])
def test_a_name_that_leads_inside_is_refused_whatever_else_it_leads_to(
    monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    resolving(monkeypatch, PUBLIC, address)
    with pytest.raises(Blocked, match=r"almby\.example"):
        resolve_public("almby.example", 80)


def test_a_public_name_keeps_to_the_usual_ports_and_loopback_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    resolving(monkeypatch, PUBLIC)
    with pytest.raises(Blocked, match="ports 80 and 443"):
        resolve_public("almby.example", 8080, allow_loopback=True)
    assert resolve_public("almby.example", 0) == [PUBLIC]  # a resolver that is not told the port
    resolving(monkeypatch, "127.0.0.1")
    assert resolve_public("localhost", 8811, allow_loopback=True) == ["127.0.0.1"]


def test_a_name_that_cannot_be_one_does_not_resolve(monkeypatch: pytest.MonkeyPatch) -> None:
    def too_long(*_args: object, **_kwargs: object) -> None:
        raise UnicodeError("label empty or too long")

    monkeypatch.setattr(socket, "getaddrinfo", too_long)
    with pytest.raises(OSError, match="can be looked up"):
        resolve_public("x" * 64 + ".example", 80)
