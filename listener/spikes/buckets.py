"""Time cut into buckets of five minutes, an hour or a Swedish day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from listener.clock import HOME, local

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
STEPS = {"5m": timedelta(minutes=5), "1h": HOUR, "1d": DAY}
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def bucket_of(when: datetime, step: timedelta) -> datetime:
    """The beginning, in UTC, of the bucket a moment falls in; of a day, Swedish midnight."""
    if step < DAY:
        return when - (when - EPOCH) % step
    return datetime.combine(local(when).date(), datetime.min.time(), HOME).astimezone(UTC)


def after(start: datetime, step: timedelta) -> datetime:
    """The beginning of the next bucket. A Swedish day has 23 or 25 hours when the clocks change."""
    return start + step if step < DAY else bucket_of(start + step + step / 2, step)


def between(start: datetime, until: datetime, step: timedelta) -> Iterator[datetime]:
    """The beginnings of the buckets in [start, until), where `start` begins one."""
    while start < until:
        yield start
        start = after(start, step)


def step_of(times: list[datetime]) -> timedelta:
    """The bucket that the times of a series were made with: the smallest that is no shorter than most of their gaps.

    An hour when there is nothing to tell it by. Gaps of six days and more are taken for days with others left out.
    """
    gaps = sorted(later - earlier for earlier, later in pairwise(times) if later > earlier)
    if not gaps:
        return HOUR
    usual = gaps[len(gaps) // 2]
    return next((step for step in STEPS.values() if usual <= step), DAY)
