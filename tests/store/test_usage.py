"""What was asked of a source is counted in the store at once, by the hour it was asked, across runs and midnight."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from listener.quotas import Quota, Quotas
from listener.store import Store, open_store
from listener.store.usage import StoredUsage

EVENING = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
DAILY = Quota(kind="searches", most=100, window="day")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "listener.db") as opened:
        yield opened


class Clock:
    """A clock that the test moves."""

    def __init__(self) -> None:
        self.time = EVENING

    def __call__(self) -> datetime:
        return self.time


def run(store: Store, clock: Clock, *quotas: Quota, dollars: float = 0.0) -> Quotas:
    return Quotas(quotas, now=clock.time, clock=clock, usage=StoredUsage(store, "youtube", clock), dollars=dollars)


def test_a_days_quota_outlasts_the_run(store: Store) -> None:
    clock = Clock()
    run(store, clock, DAILY).spend("searches", 60)
    assert run(store, clock, DAILY).left("searches") == 40
    assert Quotas((DAILY,), now=EVENING, usage=StoredUsage(store, "x", clock)).left("searches") == 100


def test_a_run_across_midnight_books_on_the_new_day(store: Store) -> None:
    clock = Clock()
    quotas = run(store, clock, DAILY)
    quotas.spend("searches", 100)
    assert quotas.left("searches") == 0
    clock.time += timedelta(hours=1)
    assert quotas.left("searches") == 100
    quotas.spend("searches", 30)
    assert run(store, clock, DAILY).left("searches") == 70


def test_a_day_begins_where_the_platform_counts_it(store: Store) -> None:
    clock = Clock()
    pacific = Quota(kind="searches", most=100, window="day", zone="America/Los_Angeles")
    run(store, clock, pacific).spend("searches", 100)
    clock.time += timedelta(hours=1)  # midnight in Greenwich, afternoon on the Pacific
    assert run(store, clock, pacific).left("searches") == 0
    clock.time += timedelta(hours=9)
    assert run(store, clock, pacific).left("searches") == 100


def test_money_is_capped_by_the_month(store: Store) -> None:
    clock = Clock()
    paid = Quota(kind="users", most=1000, price=0.01)
    run(store, clock, paid, dollars=5.0).spend("users", 450)
    assert run(store, clock, paid, dollars=5.0).left("users") == 50
    clock.time += timedelta(days=9)
    assert run(store, clock, paid, dollars=5.0).left("users") == 500
