"""How improbable a count must be: "at most one false alarm a week", solved to a surprise."""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta
from math import floor, log10

WEEK = timedelta(weeks=1)
MEMORY = 8 * WEEK  # of the series' own surprises
APART = timedelta(hours=24)  # surprises nearer each other are one
LOW = 2.0  # surprises below are not remembered: one window in a hundred
LEAST = 1.0  # whatever the budget
SAFETY = 0.4  # powers of ten for what the model does not know; set on the tuning seeds of bench/storms.toml
RAISED = 3.0  # how many times the solved surprise the own past may ask for: past storms must not hide the next one
FEWEST = 2  # surprises in the past before it may ask for more


class Budget:
    """The surprise that an alarm needs, in powers of ten, so that a quiet week has at most `alarms` of them.

    It begins with what the model promises: of `tests` windows a week, each overlapping others by about half, one in
    10**needed is surprised by chance. Counts that scatter more than the model knows are seen in their own past: when
    surprises of that size came more often than `alarms` a week, the needed one rises to the largest that did not.
    """

    def __init__(self, alarms: float, tests: float) -> None:
        self._alarms = alarms
        self._solved = max(LEAST, log10(2 * tests / alarms) + SAFETY)
        self._peaks: deque[tuple[datetime, float]] = deque()
        self._since: datetime | None = None
        self._asked: float | None = None

    def needed(self, at: datetime) -> float:
        """The surprise needed now, from what was seen before."""
        if self._asked is None:
            self._asked = self._asked_at(at)
        return self._asked

    def saw(self, at: datetime, surprise: float) -> None:
        """Remember how surprising the windows were that ended then."""
        self._since = self._since or at
        if surprise < LOW:
            return
        if self._peaks and at - self._peaks[-1][0] < APART:
            self._peaks[-1] = (at, max(surprise, self._peaks[-1][1]))
        else:
            self._peaks.append((at, surprise))
        self._asked = None

    def _asked_at(self, at: datetime) -> float:
        while self._peaks and at - self._peaks[0][0] > MEMORY:
            self._peaks.popleft()
        weeks = min(at - self._since, MEMORY) / WEEK if self._since else 0.0
        past = sorted((surprise for seen, surprise in self._peaks if at - seen >= APART), reverse=True)
        rank = max(FEWEST, floor(self._alarms * weeks))
        if len(past) < rank:
            return self._solved
        return min(max(self._solved, past[rank - 1]), RAISED * self._solved)
