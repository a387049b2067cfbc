"""How much is said: the week against the median of the twelve before it, and days that stand out from their past."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from statistics import median
from typing import Any

from listener.report.records import DayCount, Mentions, Period, UnusualDay

WEEKS_BACK = 12
PAST_DAYS = 7 * WEEKS_BACK
FEWEST_PAST_DAYS = 4  # with a shorter past every day would look unusual
# A day stands out when it has at least this many mentions, and this many times the median of its past. Chosen so that
# a town with one or two mentions a day is not alarmed by ten; not yet measured against real storms.
LEAST = 20
TIMES = 4.0


def count_mentions(rows: Iterable[Mapping[str, Any]], week: Period, names: Mapping[str, str]) -> Mentions:
    """The view mention_counts (query, source, day, mentions) as the report shows it.

    `names` maps the text of each saved query to its name. What others searched for by hand is counted under "": a
    search may name a person.
    """
    days: Counter[date] = Counter()
    queries: Counter[str] = Counter()
    sources: Counter[str] = Counter()
    for row in rows:
        day = date.fromisoformat(row["day"])
        if day > week.last:
            continue
        days[day] += row["mentions"]
        if day >= week.first:
            queries[names.get(row["query"], "")] += row["mentions"]
            sources[row["source"] or "?"] += row["mentions"]
    shown = [week.first + timedelta(days=number) for number in range(7)]
    past = weeks_before(days, week)
    return Mentions(
        week=sum(days[day] for day in shown) if days else None,
        median=median(past) if past else None,
        weeks=len(past),
        days=tuple(DayCount(day=day, mentions=days[day]) for day in shown),
        by_query=ranked(queries),
        by_source=ranked(sources),
        unusual=tuple(found for day in shown if (found := unusual(days, day))),
    )


def ranked(counts: Counter[str]) -> tuple[tuple[str, int], ...]:
    """Most first, then by name."""
    return tuple(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))


def weeks_before(days: Counter[date], week: Period) -> list[int]:
    """Mentions of each of the twelve weeks before this one, as far back as the log reaches."""
    if not days:
        return []
    first = min(days)
    mondays = [week.first - timedelta(weeks=back) for back in range(1, WEEKS_BACK + 1)]
    return [
        sum(days[monday + timedelta(days=number)] for number in range(7))
        for monday in mondays
        if monday + timedelta(days=6) >= first
    ]


def unusual(days: Counter[date], day: date) -> UnusualDay | None:
    """The day, when it has clearly more mentions than the median day of its past."""
    count = days[day]
    if count < LEAST:
        return None
    start = max(min(days), day - timedelta(days=PAST_DAYS))
    past = [days[start + timedelta(days=number)] for number in range((day - start).days)]
    if len(past) < FEWEST_PAST_DAYS:
        return None
    usual = median(past)
    return UnusualDay(day=day, mentions=count, median=usual) if count >= TIMES * max(usual, 1.0) else None
