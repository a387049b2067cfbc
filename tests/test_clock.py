"""Weeks as people in Sweden live them."""

from datetime import UTC, datetime

import pytest

from listener.clock import Week, now, read_time, rfc3339, week_of
from listener.errors import ConfigError


@pytest.mark.parametrize(
    ("moment", "name"),
    [
        ("2026-11-22T00:30:00+01:00", "2026-W47"),
        ("2026-11-22T23:30:00Z", "2026-W48"),  # already Monday in Sweden
        ("2027-01-01T07:00:00+01:00", "2026-W53"),
        ("2026-12-28T00:00:00+01:00", "2026-W53"),
        ("2027-01-04T00:00:00+01:00", "2027-W01"),
    ],
)
def test_the_week_a_moment_falls_in(moment: str, name: str) -> None:
    assert week_of(read_time(moment)).name == name


@pytest.mark.parametrize(("number", "hours"), [(42, 168), (43, 169), (13, 167)])
def test_weeks_are_an_hour_longer_or_shorter_when_the_clocks_change(number: int, hours: int) -> None:
    week = Week(2026, number)
    assert (week.end - week.start).total_seconds() / 3600 == hours


def test_the_last_week_of_2026_ends_in_january() -> None:
    week = Week(2026, 53)
    assert rfc3339(week.start) == "2026-12-27T23:00:00Z"
    assert rfc3339(week.end) == "2027-01-03T23:00:00Z"


def test_listen_now_freezes_the_clock() -> None:
    assert now({"LISTEN_NOW": "2027-01-01T07:00+01:00"}) == datetime(2027, 1, 1, 6, tzinfo=UTC)


@pytest.mark.parametrize(
    "text", ["yesterday", "2027-01-01", "2027-01-01T07:00:00", "9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+14:00"]
)
def test_a_clock_without_offset_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(ConfigError, match="write it as 2026"):
        now({"LISTEN_NOW": text})
