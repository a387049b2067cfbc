"""Which week a report is about: a name such as 2026-W47, the running week, or the last whole one and any missed."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date, datetime, timedelta

from listener.clock import FIRST_YEAR, LAST_YEAR, Week, local, week_of
from listener.errors import ListenerError
from listener.language import _
from listener.report.records import Period

NAME = re.compile(r"(\d{4})-?[Ww](\d{1,2})")
MOST_MISSED = 53  # a machine that slept longer than a year needs no report of each week


class WeekError(ListenerError):
    """The week cannot be read, or the year has no such week."""


def read_week(text: str, now: datetime) -> Week:
    """`2026-W47`, `latest` (the running week) or `latest-complete` (the last one that is over). Raises WeekError."""
    current = week_of(now)
    if text == "latest":
        return current
    if text == "latest-complete":
        return week_before(current)
    match = NAME.fullmatch(text.strip())
    if match is None or not FIRST_YEAR <= int(match[1]) <= LAST_YEAR:
        raise WeekError(
            _("{text!r} is not a week: write {example}, latest or latest-complete").format(
                text=text, example=current.name
            )
        )
    week = Week(int(match[1]), int(match[2]))
    try:
        date.fromisocalendar(week.year, week.number, 1)
        date.fromisocalendar(week.year, week.number, 7)
    except ValueError as wrong:
        raise WeekError(
            _("{year} has no week {number}: its weeks are 1 to {last}").format(
                year=week.year, number=week.number, last=weeks_in(week.year)
            )
        ) from wrong
    return week


def weeks_in(year: int) -> int:
    """52 or 53; 28 December always falls in the last ISO week."""
    return date(max(year, 1), 12, 28).isocalendar().week


def week_before(week: Week) -> Week:
    return week_of(week.start - timedelta(days=3))


def week_after(week: Week) -> Week:
    return week_of(week.end + timedelta(days=3))


def missed(target: Week, made: Collection[str], first_run: datetime | None) -> list[Week]:
    """The weeks since the first run, before `target`, that have no report yet; oldest first."""
    if first_run is None:
        return []
    first = week_of(first_run)
    found: list[Week] = []
    week = week_before(target)
    while week >= first and len(found) < MOST_MISSED:
        found.append(week)
        week = week_before(week)
    return [week for week in reversed(found) if week.name not in made]


def period(week: Week) -> Period:
    """The week with its dates, for people."""
    return Period(
        name=week.name,
        year=week.year,
        number=week.number,
        first=local(week.start).date(),
        last=local(week.end - timedelta(hours=1)).date(),
        starts_at=week.start,
        ends_at=week.end,
        hours=(week.end - week.start) // timedelta(hours=1),
    )
