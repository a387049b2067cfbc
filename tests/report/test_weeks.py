"""Which week a report is about."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from listener.clock import Week, read_time
from listener.report.weeks import WeekError, missed, period, read_week

NEW_YEAR = read_time("2027-01-01T07:00:00+01:00")


@pytest.mark.parametrize(
    ("text", "now", "name"),
    [
        ("latest", "2026-11-22T12:00:00+01:00", "2026-W47"),
        ("latest-complete", "2026-11-22T12:00:00+01:00", "2026-W46"),
        ("latest-complete", "2026-11-23T06:30:00+01:00", "2026-W47"),
        ("latest-complete", "2027-01-01T07:00:00+01:00", "2026-W52"),  # week 53 ends on 3 January
        ("latest", "2027-01-01T07:00:00+01:00", "2026-W53"),
        ("latest-complete", "2027-01-04T06:30:00+01:00", "2026-W53"),
        ("latest", "2026-11-22T23:30:00Z", "2026-W48"),  # already Monday in Sweden
        ("2026-W47", "2027-01-01T07:00:00+01:00", "2026-W47"),
        ("2026-w5", "2027-01-01T07:00:00+01:00", "2026-W05"),
        ("2026W47", "2027-01-01T07:00:00+01:00", "2026-W47"),
    ],
)
def test_a_week_is_found_by_swedish_time(text: str, now: str, name: str) -> None:
    assert read_week(text, read_time(now)).name == name


@pytest.mark.parametrize(
    "text", ["", "47", "2026-47", "2026-W0", "2026-W54", "2025-W53", "0000-W01", "last", "2026-W47x"]
)
def test_what_is_no_week_is_refused_with_advice(text: str) -> None:
    with pytest.raises(WeekError, match=r"latest-complete|its weeks are 1 to 5[23]"):
        read_week(text, NEW_YEAR)


@pytest.mark.parametrize(
    ("week", "first", "last", "hours"),
    [
        (Week(2026, 53), date(2026, 12, 28), date(2027, 1, 3), 168),
        (Week(2026, 43), date(2026, 10, 19), date(2026, 10, 25), 169),
        (Week(2027, 12), date(2027, 3, 22), date(2027, 3, 28), 167),
    ],
)
def test_a_week_runs_from_monday_to_sunday(week: Week, first: date, last: date, hours: int) -> None:
    found = period(week)
    assert (found.first, found.last, found.hours) == (first, last, hours)


@pytest.mark.parametrize(
    ("made", "first_run", "due"),
    [
        (set(), None, []),
        (set(), "2026-11-16T06:30:00+01:00", []),
        (set(), "2026-11-04T06:30:00+01:00", ["2026-W45", "2026-W46"]),
        ({"2026-W45"}, "2026-11-04T06:30:00+01:00", ["2026-W46"]),
        ({"2026-W45", "2026-W46"}, "2026-11-04T06:30:00+01:00", []),
        ({"2026-W47"}, "2026-11-04T06:30:00+01:00", ["2026-W45", "2026-W46"]),
    ],
)
def test_missed_weeks_are_those_since_the_first_run(made: set[str], first_run: str | None, due: list[str]) -> None:
    began: datetime | None = read_time(first_run) if first_run else None
    assert [week.name for week in missed(Week(2026, 47), made, began)] == due
