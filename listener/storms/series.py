"""The hours of one query, as four series, and the windows in which any of them was unusual."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from listener.spikes.detector import QUIET, Detector, Spike
from listener.store.storms import HOUR, Hour, hour_of

# What is watched: mentions, different writers, writers never seen before, and threatening posts. Storms of a few loud
# voices, of many quiet ones, of strangers and of threats each show first in another.
SERIES: tuple[Callable[[Hour, Mapping[int, int]], int | None], ...] = (
    lambda hour, _threats: hour.mentions,
    lambda hour, _threats: hour.writers,
    lambda hour, _threats: hour.fresh,
    lambda hour, threats: threats.get(hour_of(hour.start), None if hour.mentions else 0),
)


class Window(NamedTuple):
    """A time in which some series was unusual. `score` is the largest surprise; `over` when no series is still open."""

    start: datetime
    end: datetime
    raised: datetime
    score: float
    over: bool


class Found(NamedTuple):
    """The windows of a query, and how many mentions are usual in each hour that could be judged."""

    windows: list[Window]
    usual: dict[int, float]


def every_hour(said: Sequence[Hour], since: datetime, until: datetime) -> list[Hour]:
    """The hours in [since, until), silent ones too. Both begin an hour."""
    told = {hour.start: hour for hour in said}
    starts = (since + number * HOUR for number in range((until - since) // HOUR))
    return [told.get(start) or Hour(start=start) for start in starts]


def find(hours: Sequence[Hour], threats: Mapping[int, int], unread: Collection[int], budget: float) -> Found:
    """Hold every series against its own past; `budget` false alarms a week are shared among them.

    `threats` counts threatening posts by hour; an hour of mentions without a count is unknown. `unread` hours can be
    unusual, but teach nothing.
    """
    windows: list[Window] = []
    usual: dict[int, float] = {}
    for number, count in enumerate(SERIES):
        detector = Detector(HOUR, budget / len(SERIES))
        for hour in hours:
            key = hour_of(hour.start)
            over = detector.add(hour.start, count(hour, threats), key not in unread)
            windows += [window(over, True)] if over else []
            if number == 0 and detector.expected is not None:
                usual[key] = detector.expected
        windows += [window(detector.open, False)] if detector.open else []
    return Found(merged(windows), usual)


def window(spike: Spike, over: bool) -> Window:
    return Window(spike.start, spike.end, spike.raised, spike.score, over)


def merged(windows: Sequence[Window], apart: timedelta = QUIET) -> list[Window]:
    """The windows of all series, those less than `apart` from each other as one: one storm is one alarm."""
    found: list[Window] = []
    for one in sorted(windows):
        if found and one.start < found[-1].end + apart:
            last = found.pop()
            one = Window(
                last.start,
                max(last.end, one.end),
                min(last.raised, one.raised),
                max(last.score, one.score),
                last.over and one.over,
            )
        found.append(one)
    return found
