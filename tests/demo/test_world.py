"""The invented municipality: the truth an audit is measured by, and the same story every time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from listener.clock import week_of
from listener.demo import load_world
from listener.demo.folder import registry_text
from listener.municipalities import MUNICIPALITIES
from listener.profiles import read_link
from listener.registry import read_registry

FRIDAY = datetime(2026, 11, 20, 11, 0, tzinfo=UTC)


def test_the_world_holds_what_the_postal_inspector_counted() -> None:
    counts = load_world(FRIDAY).expected_counts()
    told = ("local_office", "department", "team", "employee_official", "impostor", "lookalike_site", "parody")
    assert {name: counts[name] for name in told} == {
        "local_office": 15,
        "department": 9,
        "team": 3,
        "employee_official": 4,
        "impostor": 2,
        "lookalike_site": 1,
        "parody": 1,
    }


def test_almby_is_nobodys_name() -> None:
    assert "Almby" not in MUNICIPALITIES


def test_the_same_clock_tells_the_same_story() -> None:
    assert load_world(FRIDAY) == load_world(FRIDAY)


def test_every_address_reads_back_as_the_account_it_stands_for() -> None:
    for account in (resident.account for resident in load_world(FRIDAY).residents):
        link = read_link(account.url or "")
        assert (link.platform, link.handle) == (account.platform, account.handle)


def test_the_register_of_the_world_loads() -> None:
    registry = read_registry(registry_text(load_world(FRIDAY)).encode(), "registry.csv")
    assert len(registry.entries) == 8


@pytest.mark.parametrize("now", [FRIDAY, FRIDAY.replace(day=16, hour=5), FRIDAY.replace(day=22, hour=22)])
def test_nothing_is_published_in_the_future_and_the_storm_is_this_weeks(now: datetime) -> None:
    posts = load_world(now).posts
    assert all(post.published_at and post.published_at <= now for post in posts)
    storm = [post.published_at for post in posts if "simhall" in post.text.casefold() and post.published_at]
    assert len(storm) >= 200
    assert max(storm) - min(storm) > timedelta(hours=5)
    if now - week_of(now).start > timedelta(hours=8):
        assert week_of(min(storm)) == week_of(now)


def test_the_storm_bursts() -> None:
    posts = load_world(FRIDAY).posts
    hours = [post.published_at.replace(minute=0, second=0) for post in posts if post.published_at]
    assert max(hours.count(hour) for hour in set(hours)) > 20
