"""Unusual windows in a series of counts, decided bucket by bucket from what was known by then."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from datetime import datetime, timedelta

import numpy as np

from listener.clock import local
from listener.models import Record
from listener.spikes.baseline import Baseline, fit
from listener.spikes.buckets import DAY, HOUR, after
from listener.spikes.budget import Budget
from listener.spikes.tail import surprise

# Set on the tuning seeds of bench/storms.toml, where not said otherwise.
MEMORY = timedelta(weeks=12)  # of counts that the baseline is fitted to
FIRST_LOOK = timedelta(days=3)  # of counts before anything is called unusual, and at least FIRST_BUCKETS of them
FIRST_BUCKETS = 14
FEWEST = 3  # mentions in a tested window: fewer are no storm anywhere
TIMES = 3.0  # the expected, at least: where there are many mentions a small rise is improbable too
QUIET = timedelta(hours=24)  # after a window's end, before it is over: a night's pause does not end a storm
LONGEST = timedelta(days=3)  # what goes on longer, and LONGEST_BUCKETS, is the new usual
LONGEST_BUCKETS = 7
STORMY = 0.1  # what a count within a window says of the usual, against one outside
BACK = timedelta(hours=24)  # how far before its alarm a window may begin
# A window begins and ends where the cumulative sum of counts above so many times the expected begins to rise and is at
# its highest: the best reference between rates of 1 and TIMES, (TIMES - 1) / ln TIMES (Lucas 1985, Technometrics 27).
DRIFT = 1.82


class Spike(Record):
    """One unusual window: `start` to `end` (exclusive), aware times.

    `peak` is its largest bucket; `expected` and `count` are the mentions of the whole window, as usual and as seen;
    `score` is the largest surprise in it, -log10 of the probability of a tested window, 0 to 300. `raised` is when it
    could first be told: the end of the bucket that decided.
    """

    start: datetime
    end: datetime
    peak: int
    expected: float
    score: float
    count: int
    raised: datetime


class _Bucket(Record):
    start: datetime
    end: datetime
    count: int
    expected: float
    rise: float  # the cumulative sum of what came above DRIFT times the expected, never below 0
    score: float


class Detector:
    """Takes the buckets of one series in order of time, each `step` long (5 minutes, an hour or a day).

    `budget` is how many false alarms a week are put up with. A decision reads nothing later than its bucket.
    """

    def __init__(self, step: timedelta, budget: float = 1.0) -> None:
        self.step = step
        self.expected: float | None = None  # in the last bucket; None while nothing is known of the usual
        self._lengths = _lengths(step)
        kept = int(MEMORY / step)
        self._counts: deque[float] = deque(maxlen=kept)
        self._slots: deque[int] = deque(maxlen=kept)
        self._says: deque[float] = deque(maxlen=kept)
        self._budget = Budget(budget, tests=timedelta(weeks=1) / step)
        self._first: datetime | None = None
        self._fitted: datetime | None = None
        self._usual: Baseline | None = None
        self._sums: deque[tuple[int, float]] = deque([(0, 0.0)], maxlen=max(self._lengths) + 1)
        self._rise = 0.0
        self._near: deque[_Bucket] = deque(maxlen=int(BACK / step) + 1)
        self._raised: datetime | None = None
        self._window: list[_Bucket] = []  # of the open window: its rise, and the quiet after it too
        self._risen = 0  # how many of them reach to its end
        self._highest = 0.0  # rise in it

    @property
    def open(self) -> Spike | None:
        """The window that is not over yet, as far as it is known."""
        return self._spike() if self._raised else None

    def add(self, start: datetime, count: int | None, whole: bool = True) -> Spike | None:
        """Take the next bucket; the window that is over with it, if any.

        None is a count that nobody knows. One that is not `whole` is at least so much: it can be unusual, but says
        nothing of what is usual.
        """
        self._first = self._first or start
        if self._fitted is None or start - self._fitted >= DAY:
            self._fit(start)
        at = local(start)
        slot = at.weekday() * 24 + at.hour
        over = None
        self.expected = None
        if self._usual is not None and count is not None:
            self.expected = self._usual.level * float(self._usual.shares[slot])
            over = self._judge(start, count, self.expected, self._usual.dispersion)
        elif count is None:
            self._sums.clear()
            self._sums.append((0, 0.0))
        self._counts.append(np.nan if count is None or not whole else float(count))
        self._slots.append(slot)
        self._says.append(STORMY if self._raised else 1.0)
        return over

    def _fit(self, now: datetime) -> None:
        """Learn what is usual from the buckets so far, once a day."""
        if self._first is None or now - self._first < max(FIRST_LOOK, FIRST_BUCKETS * self.step):
            return
        size = len(self._counts)
        counts = np.fromiter(self._counts, np.float64, size)
        if np.isnan(counts).all():
            return
        says = np.fromiter(self._says, np.float64, size)
        self._usual = fit(counts, np.fromiter(self._slots, np.intp, size), says, self.step / HOUR, self._lengths)
        self._fitted = now

    def _judge(self, start: datetime, count: int, expected: float, dispersion: tuple[float, ...]) -> Spike | None:
        """Hold one bucket against the usual; the window that is over with it, if any."""
        counted, awaited = self._sums[-1]
        self._sums.append((counted + count, awaited + expected))
        self._rise = max(0.0, self._rise + count - DRIFT * expected)
        bucket = _Bucket(
            start=start,
            end=after(start, self.step),
            count=count,
            expected=expected,
            rise=self._rise,
            score=self._score(dispersion),
        )
        self._near.append(bucket)
        unusual = bucket.score >= self._budget.needed(bucket.end)
        self._budget.saw(bucket.end, bucket.score)
        if self._raised is None:
            if unusual and bucket.rise:  # a test may end with what is no rise, after one that went on for too long
                self._begin(bucket)
            return None
        self._window.append(bucket)
        if bucket.rise > self._highest or (unusual and bucket.count > DRIFT * bucket.expected):
            self._risen, self._highest = len(self._window), max(self._highest, bucket.rise)
        return self._end(bucket)

    def _score(self, dispersion: tuple[float, ...]) -> float:
        """The largest surprise of the tested windows that end with the last bucket."""
        best = 0.0
        for length, scatter in zip(self._lengths, dispersion, strict=True):
            if len(self._sums) <= length:
                continue
            count = self._sums[-1][0] - self._sums[-1 - length][0]
            expected = self._sums[-1][1] - self._sums[-1 - length][1]
            if count >= max(FEWEST, TIMES * expected):
                best = max(best, surprise(count, expected, scatter))
        return best

    def _begin(self, alarm: _Bucket) -> None:
        """Open a window where the rise began that ends in this bucket."""
        self._raised = alarm.end
        rise = [alarm]
        for before in list(self._near)[-2::-1]:
            if not before.rise or before.end != rise[-1].start:
                break
            rise.append(before)
        while len(rise) > 1 and rise[-1].count <= rise[-1].expected:
            rise.pop()
        self._window = rise[::-1]
        self._risen, self._highest = len(rise), alarm.rise

    def _end(self, bucket: _Bucket) -> Spike | None:
        """Close the window when it has been quiet long enough, or has gone on for too long to be unusual."""
        quiet = bucket.end - self._window[self._risen - 1].end
        longest = max(LONGEST, LONGEST_BUCKETS * self.step)
        if quiet < QUIET and bucket.end - self._window[0].start < longest:
            return None
        over = self._spike()
        if quiet >= QUIET:
            self._forget(len(self._window) - self._risen)
        self._raised, self._window, self._rise = None, [], 0.0
        self._near.clear()
        return over

    def _forget(self, kept: int) -> None:
        """Test no window with what came before the last so many buckets: what was told once makes no other unusual."""
        for _before in range(len(self._sums) - 1 - kept):
            self._sums.popleft()

    def _spike(self) -> Spike:
        assert self._raised is not None
        window = self._window[: self._risen]
        return Spike(
            start=window[0].start,
            end=window[-1].end,
            peak=max(bucket.count for bucket in window),
            expected=round(sum(bucket.expected for bucket in window), 2),
            score=round(max(bucket.score for bucket in window), 1),
            count=sum(bucket.count for bucket in window),
            raised=self._raised,
        )


def find_spikes(buckets: Iterable[tuple[datetime, int | None]], step: timedelta, budget: float = 1.0) -> list[Spike]:
    """The unusual windows of a series without gaps, the one that is not over yet last.

    `buckets` are beginnings and counts in order of time; None is a count that nobody knows, which is no zero.
    """
    detector = Detector(step, budget)
    over = [spike for start, count in buckets if (spike := detector.add(start, count))]
    return [*over, detector.open] if detector.open else over


def _lengths(step: timedelta) -> tuple[int, ...]:
    """The windows tested, in buckets: an hour and three hours; of buckets of an hour or more, one and three.

    What fills five minutes and no hour is no storm: tested alone they gave a third of the false windows, and no storm.
    """
    hour = max(1, HOUR // step)
    return (hour, 3 * hour)
