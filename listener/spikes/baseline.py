"""What is usual: a level, a weekly rhythm and how much counts scatter, fitted to the past without its storms."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

HOURS = 168  # of a week; slot 0 is Monday 00:00
LEVEL_HALF_LIFE = 10 * 24.0  # hours in which a count loses half its say on the level: follows growth
RHYTHM_HALF_LIFE = 42 * 24.0  # the same for the rhythm and the scatter
PRIOR = 10.0  # how many effective counts a share needs before it is believed as much as the coarser one
USUAL_DISPERSION = 0.3  # believed before the query's own is known
PRIOR_DISPERSION = 25.0  # hours' worth of counts that it is believed for
CAP = 3.0  # standard deviations above the expected beyond which a past count says no more
_LEAST = 1e-4  # mentions an hour; the level of a query that nobody ever mentioned


class Baseline(NamedTuple):
    """Mentions a bucket: `level` on average, times `shares[slot]`; `dispersion` for each of the windows."""

    level: float
    shares: Floats
    dispersion: tuple[float, ...]


def fit(counts: Floats, slots: NDArray[np.intp], says: Floats, hours: float, windows: Sequence[int]) -> Baseline:
    """Fit to the counts of the past, oldest first.

    `counts` holds NaN where nothing is known; `slots` the hour of the week of each bucket, `hours`
    the length of a bucket, `windows` how many buckets each tested window has. Shares of hours of the week are shrunk
    towards hour of day times day of week, and those towards 1, so that a query of two mentions a day has a rhythm as
    flat as its data. Scatter is fitted last, by moments, to what each window held. `says` weighs each bucket: what went
    on in a storm says little, and any count far above the expected is cut to CAP, so that past storms poison nothing.
    """
    known = ~np.isnan(counts)
    ages = np.arange(len(counts), 0, -1) * hours
    recent = np.where(known, says * 0.5 ** (ages / LEVEL_HALF_LIFE), 0.0)
    lasting = np.where(known, says * 0.5 ** (ages / RHYTHM_HALF_LIFE), 0.0)
    kept = np.where(known, counts, 0.0)
    shares = np.ones(HOURS)
    level = _level(kept, recent, shares[slots], hours)
    dispersion = USUAL_DISPERSION
    for _pass in range(2):  # the second without what the first shows to be outliers
        expected = level * shares[slots]
        kept = np.minimum(kept, expected + CAP * np.sqrt(expected + dispersion * expected**2) + 2)
        shares = _rhythm(kept, lasting, slots, hours, dispersion)
        level = _level(kept, recent, shares[slots], hours)
        dispersion = _scatter(kept, level * shares[slots], lasting, 1, hours)
    expected = level * shares[slots]
    unsure = _unsureness(kept, recent, dispersion)
    return Baseline(level, shares, tuple(_scatter(kept, expected, lasting, w, hours) + unsure for w in windows))


def _level(kept: Floats, weights: Floats, shares: Floats, hours: float) -> float:
    """Mentions a bucket, with the rhythm taken out."""
    return max(float(weights @ kept) / max(float(weights @ shares), 1e-9), _LEAST * hours)


def _unsureness(kept: Floats, weights: Floats, dispersion: float) -> float:
    """The relative variance of the level itself: few mentions leave it open."""
    seen = float(weights @ kept)
    several = float(weights.sum()) ** 2 / max(float(weights @ weights), 1e-9)
    return 1 / (seen + 1) + dispersion / max(several, 1.0)


def _rhythm(kept: Floats, weights: Floats, slots: NDArray[np.intp], hours: float, dispersion: float) -> Floats:
    """The share of each hour of the week, 1 on average."""
    level = float(weights @ kept) / max(float(weights.sum()), 1e-9)
    week = np.arange(HOURS)
    by_hour = _shares(kept, weights * level, weights, slots % 24, 24, dispersion, hours)
    by_hour = (np.roll(by_hour, 1) + 2 * by_hour + np.roll(by_hour, -1)) / 4
    by_day = _shares(kept, weights * level * by_hour[slots % 24], weights, slots // 24, 7, dispersion, hours)
    coarse = by_hour[week % 24] * by_day[week // 24]
    fine = coarse * _shares(kept, weights * level * coarse[slots], weights, slots, HOURS, dispersion, hours)
    used = np.bincount(slots, weights, minlength=HOURS)
    mean = float(used @ fine) / max(float(used.sum()), 1e-9)
    return fine / mean if mean > 0 else fine


def _shares(
    kept: Floats, expected: Floats, weights: Floats, slots: NDArray[np.intp], size: int, dispersion: float, hours: float
) -> Floats:
    """Seen against expected in each slot, shrunk towards 1 by how little was seen or how much counts scatter."""
    seen = np.bincount(slots, weights * kept, minlength=size)
    wanted = np.bincount(slots, expected, minlength=size)
    several = np.maximum(np.bincount(slots, weights, minlength=size) * hours, 1e-9)  # hours of such slots in the past
    counted = wanted / (1 + dispersion * wanted / several)
    ratio = seen / np.maximum(wanted, 1e-9)
    shrunk: Floats = 1 + (ratio - 1) * counted / (counted + PRIOR)
    return shrunk


def _scatter(kept: Floats, expected: Floats, weights: Floats, window: int, hours: float) -> float:
    """Dispersion of the sums of `window` buckets: variance beyond Poisson's against the squared mean."""
    if len(kept) < 2 * window:
        return USUAL_DISPERSION
    ones = np.ones(window)
    seen, wanted = np.convolve(kept, ones, "valid"), np.convolve(expected, ones, "valid")
    whole = np.convolve(weights > 0, ones, "valid") >= window
    weight = np.where(whole, weights[window - 1 :], 0.0)
    beyond = float(weight @ ((seen - wanted) ** 2 - wanted)) * hours
    squared = float(weight @ wanted**2) * hours
    usual = PRIOR_DISPERSION * float(wanted.mean()) ** 2
    return max((beyond + USUAL_DISPERSION * usual) / (squared + usual), 0.01)
