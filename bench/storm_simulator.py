"""A Swedish municipality's mentions, hour by hour, with storms whose beginning and end are known.

Everything it makes is said in `storms.toml`.
"""

from __future__ import annotations

import tomllib
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import holidays
import numpy as np
from numpy.typing import NDArray

from listener.clock import HOME

HOUR = timedelta(hours=1)
PLAN: dict[str, Any] = tomllib.loads(Path(__file__).with_name("storms.toml").read_text(encoding="utf-8"))
EVES = {(12, 24), (12, 31)}
MIDSUMMER = 6
Floats = NDArray[np.float64]


class Storm(NamedTuple):
    """The hours [first, last) in which a storm adds mentions."""

    first: int
    last: int
    shape: str


class Series(NamedTuple):
    """Mentions of each hour, the local time each begins, and the storms among them."""

    times: list[datetime]
    counts: NDArray[np.int64]
    storms: list[Storm]


def simulate(seed: int, size: float, strength: str = "times_mean") -> Series:
    """One series of `size` mentions a day; the same seed gives the same series.

    `strength` names the key of [storms] that says how many times the mean rate its storms run at.
    """
    draw = np.random.default_rng([seed, int(size)])
    hours = PLAN["series"]["weeks"] * 168
    begins = datetime.combine(PLAN["series"]["first_day"], datetime.min.time(), HOME)
    first = begins.timestamp()
    times = [datetime.fromtimestamp(first + 3600 * hour, HOME) for hour in range(hours)]
    rhythm = np.array([share(time, begins) for time in times])
    grown = PLAN["noise"]["growth"] ** (np.arange(hours) / hours)
    usual = size / 24 * rhythm * grown
    counts = draw.poisson(usual * chatter(draw, hours)) + viral(draw, hours, size)
    storms = plan_storms(draw, times)
    for storm in storms:
        counts += draw.poisson(added(draw, storm, rhythm, size * grown[storm.first], strength))
    for gap in outages(draw, hours, storms):
        counts[gap] = 0
    return Series(times, counts, storms)


def share(time: datetime, begins: datetime) -> float:
    """Of an average hour's mentions, by the hour, the day, the holidays and the newsletter."""
    plan, letter = PLAN["rhythm"], PLAN["newsletter"]
    day = holidays.country_holidays("SE", years=time.year) if time.year not in _FREE else _FREE[time.year]
    _FREE[time.year] = day
    free = time.date() in day or (time.month, time.day) in EVES
    shares = plan["hours"][time.hour] / np.mean(plan["hours"]) * plan["days"][time.weekday()] / np.mean(plan["days"])
    shares *= plan["holiday"] if free and time.weekday() < 6 else 1.0
    late = (time.date() - begins.date()).days // 7 >= letter["from_week"]
    told = time.weekday() == letter["weekday"] and 0 <= time.hour - letter["hour"] < letter["hours"]
    return float(shares * (letter["times"] if late and told else 1.0))


_FREE: dict[int, Any] = {}


def chatter(draw: np.random.Generator, hours: int) -> Floats:
    """Noise on the rate that lasts for hours, 1 on average."""
    spread, kept = PLAN["noise"]["spread"], np.exp(-1 / PLAN["noise"]["memory_hours"])
    steps = draw.normal(0, spread * np.sqrt(1 - kept**2), hours)
    level = np.empty(hours)
    at = draw.normal(0, spread)
    for hour in range(hours):
        at = kept * at + steps[hour]
        level[hour] = at
    return np.exp(level - spread**2 / 2)


def viral(draw: np.random.Generator, hours: int, size: float) -> NDArray[np.int64]:
    """Reposts of single posts."""
    plan = PLAN["viral"]
    found = np.zeros(hours, np.int64)
    for _post in range(draw.poisson(plan["a_week"] * hours / 168)):
        reposts = max(plan["fewest"], round(draw.exponential(plan["share_of_day"] * size)))
        at = draw.integers(hours) + draw.exponential(plan["hours"], reposts).astype(int)
        np.add.at(found, at[at < hours], 1)
    return found


def outages(draw: np.random.Generator, hours: int, storms: list[Storm]) -> list[slice]:
    """Hours in which nothing was counted, none of them in a storm."""
    plan = PLAN["outages"]
    gaps = []
    for _gap in range(draw.poisson(plan["a_week"] * hours / 168)):
        first = int(draw.integers(hours))
        last = first + int(draw.integers(plan["hours"][0], plan["hours"][1] + 1))
        if all(last < storm.first - 24 or first > storm.last + 24 for storm in storms):
            gaps.append(slice(first, last))
    return gaps


def plan_storms(draw: np.random.Generator, times: list[datetime]) -> list[Storm]:
    """When storms come, how long they last and how they rise."""
    plan = PLAN["storms"]
    storms: list[Storm] = []
    day = PLAN["series"]["warm_up_weeks"] * 7 + draw.uniform(0, plan["every_days"][0])
    while True:
        shape = str(draw.choice(plan["shapes"]))
        hour = draw.integers(0, 6) if shape == "night" else draw.integers(6, 24)
        first = int(day) * 24 + int(hour) - (times[int(day) * 24].hour if int(day) * 24 < len(times) else 0)
        last = first + round(float(np.exp(draw.uniform(*np.log(plan["hours"])))))
        if last + plan["counted_hours_after"] + 24 > len(times):
            return storms
        storms.append(Storm(first, last, shape))
        day += draw.uniform(*plan["every_days"])


def added(draw: np.random.Generator, storm: Storm, rhythm: Floats, size: float, strength: str) -> Floats:
    """The mentions it adds to each hour of the series, on average, where `size` are a day's."""
    length = storm.last - storm.first
    at = np.arange(length) + 0.5
    if storm.shape == "sudden":
        form = np.exp(-2 * at / length)
    elif storm.shape == "rising":
        form = np.minimum(at / (0.6 * length), (length - at) / (0.4 * length))
    else:
        form = rhythm[storm.first : storm.last]
    times = np.exp(draw.uniform(*np.log(PLAN["storms"][strength])))
    whole = np.zeros(len(rhythm))
    whole[storm.first : storm.last] = max(times * size / 24 * length, PLAN["storms"]["fewest"]) * form / form.sum()
    return whole
