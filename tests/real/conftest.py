"""The heavy real servers, started for the tests that ask for them; a server that cannot start fails the test."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from servers.bluesky import Bluesky, bluesky_network
from servers.snac import Snac
from servers.snac import fediverse as snac_servers

from listener.context import Context
from listener.http import Session

NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """With several workers: one has the Bluesky network and all that asks it, the others take a file each."""
    for item in items:
        if "real" in item.path.parts:
            asks_network = "bluesky" in getattr(item, "fixturenames", ())
            item.add_marker(pytest.mark.xdist_group("bluesky" if asks_network else item.path.stem))


@pytest.fixture(scope="session")
def bluesky() -> Iterator[Bluesky]:
    """A whole Bluesky network."""
    with bluesky_network() as network:
        yield network


@pytest.fixture(scope="module")
def fediverse() -> Iterator[tuple[Snac, ...]]:
    """Two fediverse servers that find each other, with nobody on them yet."""
    with snac_servers(2) as servers:
        yield servers


@pytest.fixture
def context() -> Iterator[Callable[..., Context]]:
    """context("bluesky", base_url=…) is what the source gets in a run; `secrets` are its LISTEN_ variables."""

    sessions: list[Session] = []

    def make(source: str, secrets: dict[str, str] | None = None, **settings: Any) -> Context:
        session = Session("press@almby.example", allow_loopback=True, per_host_seconds=0.0)
        sessions.append(session)
        return Context(source, session, now=NOW, settings=settings, secrets=secrets, allow_loopback=True)

    yield make
    for session in sessions:
        session.requests.close()


@pytest.fixture
def eventually() -> Callable[[Callable[[], Any]], Any]:
    """eventually(check) asks until the answer is true, and returns it: servers index what they are told in a moment."""

    def ask(check: Callable[[], Any], seconds: float = 20.0) -> Any:
        end = time.monotonic() + seconds
        while not (answer := check()):
            if time.monotonic() > end:
                raise AssertionError(f"nothing after {seconds:.0f} s: {answer!r}")
            time.sleep(0.1)
        return answer

    return ask
