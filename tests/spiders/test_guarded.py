"""The guard under the spider: what a name may turn into when a connection is made."""

from __future__ import annotations

import socket
from typing import Any

import pytest
from scrapy import Request
from scrapy.http import Response, TextResponse
from twisted.internet.address import IPv4Address, IPv6Address

from spiders.guarded import GuardedResolver, GuardMiddleware, unresolved


class Pool:
    """A thread pool that works at once."""

    def callInThreadWithCallback(self, result: Any, work: Any, *args: Any, **words: Any) -> None:  # noqa: N802
        try:
            result(True, work(*args, **words))
        except Exception:  # noqa: BLE001  as Twisted's own pool does
            from twisted.python.failure import Failure

            result(False, Failure())


class Reactor:
    def getThreadPool(self) -> Pool:  # noqa: N802
        return Pool()

    def callFromThread(self, work: Any, *args: Any) -> None:  # noqa: N802
        work(*args)


class Receiver:
    """What a connection is told of a name."""

    def __init__(self) -> None:
        self.addresses: list[Any] = []
        self.complete = False

    def resolutionBegan(self, _resolution: Any) -> None:  # noqa: N802
        """A look-up begins."""

    def addressResolved(self, address: Any) -> None:  # noqa: N802
        self.addresses.append(address)

    def resolutionComplete(self) -> None:  # noqa: N802
        self.complete = True


def resolve(name: str, allow_loopback: bool = False, port: int = 443) -> list[Any]:
    receiver = Receiver()
    GuardedResolver(Reactor(), allow_loopback).resolveHostName(receiver, name, port)
    assert receiver.complete
    return receiver.addresses


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """Names and what they resolve to; addresses resolve to themselves."""
    table: dict[str, list[str]] = {}

    def look_up(name: str, port: int, **_words: Any) -> list[Any]:
        found = table.get(name, [name])
        return [(socket.AF_INET6 if ":" in each else socket.AF_INET, 1, 6, "", (each, port)) for each in found]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return table


def test_a_public_name_resolves_to_its_addresses(names: dict[str, list[str]]) -> None:
    names["almby.example"] = ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"]
    assert resolve("almby.example") == [
        IPv4Address("TCP", "93.184.215.14", 443),
        IPv6Address("TCP", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", 443),
    ]


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "127.0.0.2", "10.0.0.5", "192.168.1.1", "169.254.169.254", "::1", "::ffff:127.0.0.1"]
)
def test_a_name_that_turns_private_resolves_to_nothing(names: dict[str, list[str]], address: str) -> None:
    names["inifran.almby.example"] = ["93.184.215.14", address]
    assert resolve("inifran.almby.example") == []
    assert resolve(address) == []


def test_the_switch_lets_loopback_in_and_nothing_else_private(names: dict[str, list[str]]) -> None:
    assert resolve("127.0.0.2", allow_loopback=True, port=8000) == [IPv4Address("TCP", "127.0.0.2", 8000)]
    assert resolve("10.0.0.5", allow_loopback=True) == []


def test_a_name_once_found_stays_what_it_was(names: dict[str, list[str]]) -> None:
    names["almby.example"] = ["93.184.215.14"]
    resolver = GuardedResolver(Reactor(), allow_loopback=False)
    resolver.resolveHostName(Receiver(), "almby.example", 443)
    names["almby.example"] = ["127.0.0.1"]
    later = Receiver()
    resolver.resolveHostName(later, "almby.example", 443)
    assert [address.host for address in later.addresses] == ["93.184.215.14"]


def test_a_robots_txt_that_fails_closes_the_site() -> None:
    class Settings:
        def getbool(self, _name: str) -> bool:
            return False

    class Crawler:
        settings = Settings()

    guard = GuardMiddleware(Crawler())  # type: ignore[arg-type]
    request = Request("https://almby.example/robots.txt")
    failing = guard.process_response(request, TextResponse(request.url, status=503, body=b"Fel"))
    missing = guard.process_response(request, Response(request.url, status=404))
    assert failing.body == b"User-agent: *\nDisallow: /"
    assert missing.status == 404


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        (socket.gaierror(socket.EAI_NONAME, "Name or service not known"), "dns"),
        (socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution"), "resolver"),
        (socket.gaierror(socket.EAI_FAIL, "Non-recoverable failure"), "resolver"),
        (socket.gaierror(socket.EAI_SYSTEM, "System error"), "resolver"),
        (TimeoutError("no answer"), "resolver"),
        (OSError("a..b: not a name that can be looked up"), "dns"),
    ],
)
def test_a_name_server_that_fails_does_not_say_that_there_is_no_such_name(wrong: OSError, why: str) -> None:
    assert unresolved(wrong) == why
