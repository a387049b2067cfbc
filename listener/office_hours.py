"""Office hours by the Swedish calendar: when an office is open, and when a day of them has passed."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import cache

from listener.clock import HOME, local
from listener.models import Record

SATURDAY = 5
ONE_DAY = timedelta(days=1)


class Hours(Record, frozen=True):
    """From `opens` up to, not including, `closes` on every working day, by the clock in Sweden.

    A working day is Monday to Friday, no public holiday, none of the three eves that Swedish law counts as one
    (midsommarafton, julafton, nyårsafton: lagen 1930:173, semesterlagen 3 a §), and none of `closed_days`.
    `half_days` are days on which the office closes earlier, each with that time.
    """

    opens: time = time(8)
    closes: time = time(17)
    closed_days: frozenset[date] = frozenset()
    half_days: tuple[tuple[date, time], ...] = ()

    def closing(self, day: date) -> time | None:
        """When the office closes that day; None when it does not open."""
        if day.weekday() >= SATURDAY or day in self.closed_days or day in holidays_of(day.year):
            return None
        return min(dict(self.half_days).get(day, self.closes), self.closes)


@cache
def holidays_of(year: int) -> frozenset[date]:
    """Public holidays of Sweden and the three eves; empty outside 1939–2100, where the library knows none."""
    from holidays.countries.sweden import Sweden

    return frozenset(Sweden(years=[year], include_sundays=False, expand=False, categories=("public", "de_facto")))


def is_open(at: datetime, hours: Hours) -> bool:
    """Whether the office is open at that moment (aware)."""
    here = local(at)
    closes = hours.closing(here.date())
    return closes is not None and hours.opens <= here.time() < closes


def next_opening(after: datetime, hours: Hours) -> datetime:
    """The first moment, UTC, not before `after` at which the office opens."""
    day = local(after).date()
    while True:
        closes, opens = hours.closing(day), at_clock(day, hours.opens)
        if closes is not None and hours.opens < closes and opens >= after:
            return opens
        day += ONE_DAY


def due(received: datetime, hours: Hours) -> datetime:
    """When a day of office hours has passed, UTC: the same time by the clock on the next working day.

    What comes while the office is closed counts from the next opening. Where the office closes earlier that next
    day than the clock asks for, it is the opening after.
    """
    begins = received if is_open(received, hours) else next_opening(received, hours)
    here = local(begins)
    day = local(next_opening(at_clock(here.date() + ONE_DAY, time(0)), hours)).date()
    moment = at_clock(day, here.time())
    return moment if is_open(moment, hours) else next_opening(moment, hours)


def at_clock(day: date, clock: time) -> datetime:
    """The moment, UTC, when a clock in Sweden shows this; where it shows it twice, the first."""
    return datetime.combine(day, clock, HOME).astimezone(UTC)
