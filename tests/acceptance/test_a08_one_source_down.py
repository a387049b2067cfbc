"""A8: a source that is down, throttled, garbage, huge, walled off or slow sinks nothing and hides nothing."""

from __future__ import annotations

import json
import sqlite3

import pytest
from town import Town

from listener.demo import Fault

pytestmark = pytest.mark.network

TROUBLES = {
    "500": Fault(status=500),
    "429": Fault(status=429, retry_after=3600),
    "garbage": Fault(kind="garbage"),
    "huge": Fault(kind="huge"),
    "redirect loop": Fault(kind="redirect"),
}


def observations(town: Town) -> dict[str, str]:
    with sqlite3.connect(town.folder / "listener.db") as db:
        return dict(db.execute("SELECT key, observation FROM accounts"))


def header(town: Town) -> str:
    return town.listen("report", "--week", "latest", "--format", "text").stdout


def test_a_failing_network_costs_only_itself(town: Town) -> None:
    assert town.listen("audit").returncode == 0
    assert "OFULLSTÄNDIG" not in header(town)
    before = observations(town)
    assert any(key.startswith("bluesky:did") for key in before)

    for name, trouble in TROUBLES.items():
        town.served.fail("bluesky", trouble)
        town.a_week_later()
        down = town.listen("audit", "--source", "bluesky", "--source", "mastodon")
        assert down.returncode == 3, (name, down.stderr)
        assert "bluesky" in down.stderr.casefold(), name
        after = observations(town)
        assert after.keys() == before.keys(), name
        assert {value for key, value in after.items() if key.startswith("bluesky:did")} == {"not_checked"}, name
        assert {value for key, value in after.items() if key.startswith("mastodon:")} == {"seen"}, name
    assert "OFULLSTÄNDIG" in header(town)
    assert "bluesky" in header(town).casefold()

    town.served.heal("bluesky")
    town.a_week_later()
    assert town.listen("audit").returncode == 0
    assert "OFULLSTÄNDIG" not in header(town)
    assert "FULLSTÄNDIG" in header(town)
    assert set(observations(town).values()) == {"seen"}


def test_our_own_site_walled_off_by_robots_is_said_and_not_gone(town: Town) -> None:
    assert town.listen("audit").returncode == 0
    town.served.fail("website", Fault(kind="robots"))
    town.a_week_later()
    down = town.listen("audit")
    assert down.returncode == 3
    assert "robots" in down.stderr
    assert "gone" not in observations(town).values()


def test_a_slow_source_ends_at_its_limit(town: Town) -> None:
    settings = town.folder / "listener.toml"
    settings.write_text(settings.read_text().replace("[sources.bluesky]", "[sources.bluesky]\ndeadline_seconds = 2"))
    town.served.fail("bluesky", Fault(kind="slow", seconds=600))
    down = town.listen("audit")
    assert down.returncode == 3
    assert "bluesky" in down.stderr


def test_first_500_then_429_then_well(town: Town) -> None:
    town.served.fail("mastodon", Fault(status=500))
    assert town.listen("audit").returncode == 3
    town.served.fail("mastodon", Fault(status=429, retry_after=900))
    assert town.listen("audit").returncode == 3
    town.served.heal("mastodon")
    assert town.listen("audit").returncode == 0
    assert json.loads(town.listen("review", "list", "--format", "json").stdout)
