"""Recall, delay and false alarms of our detector and of five others, on simulated storms.

python bench/storms.py             the tuning seeds, then the held-out ones
python bench/storms.py tuning      the tuning seeds alone
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import UTC, timedelta
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from storm_simulator import PLAN, Series, Storm, simulate

from listener.spikes import find_spikes
from listener.spikes.tail import surprise

QUIET = 24  # hours: alarms nearer each other are one, for every rule
LONGEST = 72  # hours: what goes on longer is a new alarm, for every rule
Alarms = list[tuple[int, int]]  # the hour in whose end it was raised, and the last it lasted
Fires = NDArray[np.bool_]


def ours(series: Series) -> Alarms:
    buckets = ((at.astimezone(UTC), int(count)) for at, count in zip(series.times, series.counts, strict=True))
    found = find_spikes(buckets, timedelta(hours=1), PLAN["goals"]["false_alarms_a_week"])
    first = series.times[0].astimezone(UTC)
    hour = timedelta(hours=1)
    return [((s.raised - first) // hour - 1, (s.end - first) // hour - 1) for s in found]


def fired(fires: Fires) -> Alarms:
    """Hours in which a rule fires, as alarms."""
    alarms: Alarms = []
    for hour in np.flatnonzero(fires).tolist():
        if alarms and hour - alarms[-1][1] <= QUIET and hour - alarms[-1][0] < LONGEST:
            alarms[-1] = (alarms[-1][0], hour)
        else:
            alarms.append((hour, hour))
    return alarms


def before(counts: NDArray[np.float64], hours: int, measure: str = "mean") -> NDArray[np.float64]:
    """The mean or deviation of the hours before each, that one left out."""
    total = np.concatenate([[0.0], np.cumsum(counts)])
    squares = np.concatenate([[0.0], np.cumsum(counts**2)])
    at = np.arange(len(counts))
    first = np.maximum(at - hours, 0)
    seen = np.maximum(at - first, 1)
    mean = (total[at] - total[first]) / seen
    if measure == "mean":
        return mean
    return np.sqrt(np.maximum((squares[at] - squares[first]) / seen - mean**2, 0))


def half_more(series: Series) -> Alarms:
    """A day's mentions at 150 % of the seven days' mean."""
    counts = series.counts.astype(float)
    return fired(before(counts, 24) > 1.5 * before(counts, 168))


def three_deviations(series: Series) -> Alarms:
    """An hour above the mean and three deviations of four weeks."""
    counts = series.counts.astype(float)
    return fired((counts > before(counts, 672) + 3 * before(counts, 672, "sd")) & (counts >= 2))


def hour_against_twelve(series: Series) -> Alarms:
    """An hour at four times the mean of the twelve before, and three mentions."""
    counts = series.counts.astype(float)
    return fired((counts > 4 * before(counts, 12)) & (counts >= 3))


def seasonal_poisson(series: Series) -> Alarms:
    """An hour improbable (p < 1e-4) for a Poisson count with the mean of its hour of the week in eight weeks."""
    counts = series.counts
    fires = np.zeros(len(counts), bool)
    for hour in range(168, len(counts)):
        same = counts[hour % 168 : hour : 168][-8:]
        fires[hour] = surprise(int(counts[hour]), float(same.mean()) + 0.1 * counts[hour - 168 : hour].mean(), 0) > 4
    return fired(fires)


def bursts(series: Series) -> Alarms:
    """Kleinberg's two states, three times the four weeks' rate in the upper one, followed online."""
    counts = series.counts.astype(float)
    usual = np.maximum(before(counts, 672), 1e-3)
    more = counts * np.log(3) - 2 * usual  # log likelihood of the upper state over the lower one
    up, price = 0.0, 2 * np.log(168)
    fires = np.zeros(len(counts), bool)
    for hour, gain in enumerate(more):
        up = min(max(up + gain, 0.0), 2 * price)
        fires[hour] = up >= price
    return fired(fires)


RULES: dict[str, Callable[[Series], Alarms]] = {
    "150 % of 7 days": half_more,
    "mean + 3 sd": three_deviations,
    "1 h against 12 h": hour_against_twelve,
    "seasonal Poisson": seasonal_poisson,
    "Kleinberg bursts": bursts,
    "ours": ours,
}


class Score(NamedTuple):
    false_a_week: float
    recall: float
    delay: float  # median, hours


def judge(series: list[Series], rule: Callable[[Series], Alarms]) -> Score:
    wrong, weeks, delays, storms = 0, 0.0, [], 0
    for one in series:
        counted = PLAN["series"]["warm_up_weeks"] * 168
        weeks += (len(one.times) - counted) / 168
        alarms = [alarm for alarm in rule(one) if alarm[1] >= counted]
        wrong += sum(alarm[0] >= counted and not any(about(alarm, storm) for storm in one.storms) for alarm in alarms)
        storms += len(one.storms)
        for storm in one.storms:
            told = [max(alarm[0] + 1 - storm.first, 0) for alarm in alarms if about(alarm, storm)]
            delays += [min(told)] if told else []
    return Score(wrong / weeks, len(delays) / storms, float(np.median(delays)) if delays else np.inf)


def about(alarm: tuple[int, int], storm: Storm) -> bool:
    return alarm[0] < storm.last + PLAN["storms"]["counted_hours_after"] and alarm[1] >= storm.first


def main() -> int:
    missed = False
    for seeds in sys.argv[1:] or ("tuning", "fresh"):
        print(f"{seeds}: false alarms a week, recall, median delay in hours; recall of storms of 3-6 × the mean")
        for size in PLAN["series"]["sizes"]:
            series = [simulate(seed, size) for seed in PLAN["seeds"][seeds]]
            faint = [simulate(seed, size, "faint_times_mean") for seed in PLAN["seeds"][seeds]]
            print(f"  {size} mentions a day, {sum(len(one.storms) for one in series)} storms")
            for name, rule in RULES.items():
                score = judge(series, rule)
                told = f"{score.false_a_week:6.2f}  {score.recall:6.3f}  {score.delay:5.1f}"
                print(f"    {name:18} {told}  {judge(faint, rule).recall:6.3f}", flush=True)
            missed |= not tell(score, seeds, size)
    return missed


def tell(score: Score, seeds: str, size: int) -> bool:
    goals = PLAN["goals"]
    met = (
        score.recall >= goals["recall"],
        score.false_a_week <= goals["false_alarms_a_week"],
        score.delay <= goals["median_delay_hours"],
    )
    told = f"recall {score.recall:.3f}, {score.false_a_week:.2f} false alarms a week, median delay {score.delay:.1f} h"
    print(f"  GOAL {'met' if all(met) else 'NOT MET'}: {seeds}, {size} a day: {told}")
    return all(met)


if __name__ == "__main__":
    sys.exit(main())
