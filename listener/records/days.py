"""Days to come as people write them: 2026-12-24, 24/12, 24 december 2026, 14d."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta

from listener.clock import HOME, local
from listener.language import LANGUAGES, _, translations
from listener.query.when import read_when
from listener.report.labels import MONTHS
from listener.store import StoreError

LONGEST = 40  # letters of a day
YEARS = range(2000, 3000)  # a day beyond them is a slip, and cannot be kept
_AHEAD = re.compile(r"([0-9]{1,4})([hdw])", re.IGNORECASE)
_FIGURES = re.compile(r"(\d{1,2})[/.](\d{1,2})(?:[/. -]+(\d{4}))?\.?", re.ASCII)
_NAMED = re.compile(r"(?:den )?([0-9]{1,2})\.? ([^\W\d]{3,})\.?(?:,? ([0-9]{4}))?")


def read_time_to_come(text: str, now: datetime) -> datetime:
    """The moment meant, in UTC; a day begins at midnight in Sweden, and one without a year is the next of its name.

    Raises StoreError, with a day that would do, for what is no time and for what is past.
    """
    given = " ".join(text[:LONGEST].split())
    when = _read(given, now)
    example = (local(now).date() + timedelta(days=7)).isoformat()
    if when is None:
        raise StoreError(_("{given!r}: that is no day: write it as {example}").format(given=given, example=example))
    if when <= now:
        past = _("{given!r}: that is past: give a day to come, such as {example}")
        raise StoreError(past.format(given=given, example=example))
    return when


def _read(given: str, now: datetime) -> datetime | None:
    ahead, day = _AHEAD.fullmatch(given), _day(given.casefold(), local(now).date())
    try:
        if ahead:
            return now + (now - read_when(given, now))
        if day is not None:
            return datetime.combine(day, time(), HOME).astimezone(UTC)
        when = read_when(given, now)
    except (ValueError, OverflowError):
        return None
    return when if when.year in YEARS else None


def _day(given: str, today: date) -> date | None:
    """A day in figures or with the name of its month, in either language; None when it is neither."""
    if found := _FIGURES.fullmatch(given):
        month = int(found[2])
    elif found := _NAMED.fullmatch(given):
        month = _month(found[2])
    else:
        return None
    try:
        if found[3]:
            return date(int(found[3]), month, int(found[1])) if int(found[3]) in YEARS else None
        this_year = date(today.year, month, int(found[1]))
        return this_year if this_year > today else date(today.year + 1, month, int(found[1]))
    except ValueError:
        return None


def _month(name: str) -> int:
    """The number of a month, by its name or how that begins; 0 when there is none."""
    for number, month in enumerate(MONTHS, 1):
        if any(translations(language).gettext(month).casefold().startswith(name) for language in LANGUAGES):
            return number
    return 0
