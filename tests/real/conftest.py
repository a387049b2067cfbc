"""The heavy real servers, started for the tests that ask for them; a server that cannot start fails the test."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import review_served
from servers.bluesky import Bluesky, bluesky_network
from servers.snac import Snac
from servers.snac import fediverse as snac_servers
from town import NOW as TOWN_NOW
from town import Town

from listener.clock import read_time
from listener.context import Context
from listener.demo import load_world, start
from listener.evidence.screenshot import NAMES
from listener.http import Session

NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
SHARED = ("bluesky", "shown")  # started once for all the files that ask for them


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """With several workers: what asks a server of SHARED goes to one of them, the others take a file each."""
    for item in items:
        if "real" in item.path.parts:
            asked = set(getattr(item, "fixturenames", ()))
            shared = next(filter(asked.__contains__, SHARED), item.path.stem)
            item.add_marker(pytest.mark.xdist_group(shared))


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


@pytest.fixture(scope="session")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[review_served.Shown]:
    """The review page over the audited town of Almby, with something on every page."""
    folder = tmp_path_factory.mktemp("almby")
    with start(load_world(read_time(TOWN_NOW))) as served:
        town = Town(served, folder)
        assert town.listen("audit").returncode == 0
        review_served.furnish(town, impostor=13, others=(9, 30, 31))
    with review_served.serving(folder) as page:
        yield page


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """Debian's Chromium, one for a file: while it runs, its own event loop lets nothing else start one."""
    from playwright.sync_api import sync_playwright

    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        pytest.skip("NO BROWSER HERE, SO THE REVIEW PAGE WAS NOT TRIED BY KEYBOARD: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def opened(shown: review_served.Shown, chromium: Any) -> Iterator[Callable[..., Any]]:
    """opened(role="decider", who="anna", size=WIDE, **how): a window of somebody logged in; role "" of nobody."""
    with review_served.windows(chromium, shown) as open_one:
        yield open_one


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
