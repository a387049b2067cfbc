"""Profile pictures over the network: few, small, through the guarded session, and none of them kept."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from listener import fetched_avatars as fetching
from listener.audit import profile_faults
from listener.clock import read_time
from listener.config import Config, load_config
from listener.demo import Fault, Served, load_world, start
from listener.demo.folder import write_folder
from listener.demo.shield import Look
from listener.discover import World
from listener.models import Account
from listener.organisation import load_organisation
from listener.verdict import judge

pytestmark = pytest.mark.network


PLAIN = Look(left=80, top=50, side=40)  # one colour, as of an account that has put up nothing


@pytest.fixture
def served() -> Iterator[Served]:
    world = load_world(read_time("2026-11-20T07:00:00+01:00"))
    pictures = {**world.pictures, "plain.png": PLAIN}
    with start(msgspec.structs.replace(world, pictures=pictures)) as running:
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


def test_a_registered_account_is_held_to_the_logo_as_far_as_its_picture_can_be_seen(
    served: Served, config: Config
) -> None:
    def faults(picture: str) -> list[str]:
        served.rename("almby.example", avatar=f"{served.urls['pictures']}/{picture}")
        account: Account = served.world.find("almby.example").account
        finding = judge(account, world.organisation, world.registry)
        return [fault.rule for fault in profile_faults(finding, world, lambda url: url)]

    world = World.load(config)
    assert faults("almby-skold.png") == []
    assert faults("almby-skold-ljus.png") == []
    assert faults("plain.png") == ["P2"]
    assert faults("missing.png") == []
