"""Profile pictures over the network: few, small, through the guarded session, and none of them kept."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from listener import fetched_avatars as fetching
from listener.clock import read_time
from listener.config import Config, load_config
from listener.demo import Fault, Served, load_world, start
from listener.demo.folder import write_folder
from listener.organisation import load_organisation

pytestmark = pytest.mark.network


@pytest.fixture
def served() -> Iterator[Served]:
    with start(load_world(read_time("2026-11-20T07:00:00+01:00"))) as running:
        yield running


@pytest.fixture
def config(served: Served, tmp_path: Path) -> Config:
    return load_config(write_folder(tmp_path, served, "sv"), {"LISTEN_ALLOW_LOOPBACK": "1"})


def likeness(config: Config, *urls: str) -> list[bool]:
    """For each address whether its picture could be looked at."""
    avatars = fetching.fetched_avatars(config, load_organisation(config))
    return [avatars.likeness(url) is not None for url in urls]


def test_a_picture_is_fetched_once_and_compared(served: Served, config: Config) -> None:
    url = served.urls["pictures"] + "/almby-skold.png"
    assert likeness(config, url, url) == [True, True]
    assert [request.path for request in served.requests("pictures")] == ["/robots.txt", "/almby-skold.png"]


@pytest.mark.parametrize(
    "fault",
    [Fault(status=500), Fault(status=403), Fault(kind="garbage"), Fault(kind="huge"), Fault(kind="redirect"),
     Fault(kind="robots")],
    ids=lambda fault: f"{fault.kind} {fault.status}",
)  # fmt: skip
def test_a_server_that_fails_leaves_it_unknown(served: Served, config: Config, fault: Fault) -> None:
    served.fail("pictures", fault)
    assert likeness(config, served.urls["pictures"] + "/almby-skold.png") == [False]


def test_no_more_than_so_many_are_asked_for(served: Served, config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "MOST", 1)
    pictures = served.urls["pictures"]
    assert likeness(config, f"{pictures}/almby-skold.png", f"{pictures}/almby-skold-ljus.png") == [True, False]


@pytest.mark.parametrize("url", ["http://10.0.0.1/a.png", "ftp://a.example/a.png", "http://[::1", "https://\0/a.png"])
def test_addresses_that_are_not_public_are_not_asked(config: Config, url: str) -> None:
    assert likeness(config, url) == [False]
