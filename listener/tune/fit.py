"""The thresholds that would have cost least on decided cases, held near the defaults by a penalty."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from itertools import product
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from listener.models import FLAGGED, Record, Verdict
from listener.thresholds import Thresholds
from listener.tune.lessons import Lesson, Truth
from listener.verdict import rule

# What is tried. The steps are as fine as a few hundred decisions can tell apart.
GRIDS = {
    "flag": tuple(n / 100 for n in range(30, 82, 2)),
    "posing": tuple(n / 100 for n in range(30, 95, 5)),
    "spared": tuple(n / 100 for n in range(30, 95, 5)),
}
# To lie a tenth from its default costs a threshold as much as six false alarms, two tenths as much as 24: five needless
# looks do not move it by a tenth, seven may.
STIFFNESS = 6.0


class Costs(Record):
    """What a wrong verdict costs, counted in false alarms: looks at a case that were in vain."""

    missed: float = 5.0  # an impostor or an unapproved unit that is not flagged: nobody looks
    mixed: float = 0.5  # an impostor called a unit, or a unit an impostor: somebody looks, and in the wrong order
    alarm: float = 1.0


class Tally(Record):
    """How decided cases come out: rightly flagged, missed, mixed up, false alarms, rightly left alone; and the cost."""

    found: int
    missed: int
    mixed: int
    alarms: int
    spared: int
    cost: float


def tally(decided: Sequence[Lesson], thresholds: Sequence[Thresholds], costs: Costs) -> Tally:
    """Each decided case under the thresholds at its place."""
    counts = dict.fromkeys(("found", "missed", "mixed", "alarms", "spared"), 0)
    for lesson, lines in zip(decided, thresholds, strict=True):
        counts[outcome(lesson.truth, rule(lesson.evidence, lines).verdict)] += 1
    cost = counts["missed"] * costs.missed + counts["mixed"] * costs.mixed + counts["alarms"] * costs.alarm
    return Tally(**counts, cost=round(cost, 2))


def outcome(truth: Truth | None, verdict: Verdict) -> str:
    """`found`, `missed`, `mixed` (found, under the wrong word), `alarms` or `spared`."""
    flagged = verdict in FLAGGED
    if truth is Truth.HARMLESS:
        return "alarms" if flagged else "spared"
    if not flagged:
        return "missed"
    impostor = verdict is Verdict.IMPOSTOR
    wrong = (truth is Truth.IMPOSTOR and not impostor) or (truth is Truth.UNIT and impostor)
    return "mixed" if wrong else "found"


def fit(decided: Sequence[Lesson], now: Thresholds, names: Sequence[str], costs: Costs) -> tuple[Thresholds, Tally]:
    """The thresholds `names` refitted on all decided cases (the others stay as they are), and the honest figure.

    That is how each case comes out under thresholds fitted to all the others: what overfitting cannot flatter.
    """
    table = _Table(decided, now, names, costs)
    whole = table.costs.sum(axis=0)
    chosen = [table.trials[table.best(whole - row)] for row in table.costs]
    return table.trials[table.best(whole)], tally(decided, chosen, costs)


class _Table:
    """What every decided case costs under every combination of thresholds tried; rows are cases."""

    def __init__(self, decided: Sequence[Lesson], now: Thresholds, names: Sequence[str], costs: Costs) -> None:
        self.names, self.now = names, now
        grids = [sorted({*GRIDS[name], getattr(now, name), getattr(Thresholds(), name)}) for name in names]
        self.values = list(product(*grids))
        self.places = {values: place for place, values in enumerate(self.values)}
        self.trials = [msgspec.structs.replace(now, **dict(zip(names, values, strict=True))) for values in self.values]
        prices = {"found": 0.0, "spared": 0.0, "missed": costs.missed, "mixed": costs.mixed, "alarms": costs.alarm}
        self.costs: NDArray[Any] = np.array(
            [
                [prices[outcome(lesson.truth, rule(lesson.evidence, trial).verdict)] for trial in self.trials]
                for lesson in decided
            ]
        )

    @cached_property
    def penalties(self) -> NDArray[Any]:
        defaults = np.array([getattr(Thresholds(), name) for name in self.names])
        away: NDArray[Any] = (np.array(self.values) - defaults) / 0.1
        held: NDArray[Any] = STIFFNESS * (away**2).sum(axis=1)
        return held

    def best(self, whole: NDArray[Any]) -> int:
        """The place of the cheapest combination; a threshold stays where it is when moving it saves nothing."""
        values = list(self.values[int(np.argmin(np.round(whole + self.penalties, 6)))])
        for number, name in enumerate(self.names):
            kept = [*values[:number], getattr(self.now, name), *values[number + 1 :]]
            if whole[self.places[tuple(kept)]] <= whole[self.places[tuple(values)]] + 1e-9:
                values = kept
        return self.places[tuple(values)]
