"""Shares that few posts cannot fool, what is usual, and whether some followed each other quicker than the rest."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

LIKELY = 1.2816  # standard deviations: nine times of ten the true share lies above the bound
WITHIN = timedelta(hours=6)  # posts further apart than this are not made together
_DRAWS = 200
_MOST = 60  # moments of a group that are weighed; more tell nothing new
_FEWEST = 10  # moments that tell how the rest came


def at_least(count: int, total: int) -> float:
    """The share that `count` of `total` shows at the least: Wilson's lower bound, one-sided 90 %; 0 for none."""
    if not total or not count:
        return 0.0
    share, square = count / total, LIKELY**2
    middle = share + square / (2 * total)
    spread = LIKELY * math.sqrt(share * (1 - share) / total + square / (4 * total**2))
    return (middle - spread) / (1 + square / total)


def part(value: float, usual: float, full: float) -> float:
    """How far `value` has come on the way from what is usual to what is fully out of the ordinary, 0 to 1."""
    return min(1.0, max(0.0, (value - usual) / (full - usual))) if full > usual else float(value >= full)


def usually(values: Sequence[float]) -> float:
    """What nine of ten values stay at or below; 0 for none."""
    ordered = sorted(values)
    return ordered[math.ceil(0.9 * len(ordered)) - 1] if ordered else 0.0


def quickness(group: Sequence[datetime], rest: Sequence[datetime]) -> float:
    """How sure it is that a group came quicker upon each other than the rest of the talk does, 0 to 1.

    Compared is the shortest span that holds four of five, against as many moments drawn from the rest (200 draws, the
    same every time). A talk that itself bursts, on a day of news, thus explains a burst in it. Without ten other
    moments an hour is quick and six hours are slow.
    """
    moments = _thinned(sorted(group))
    taken = span(moments)
    if taken > WITHIN:
        return 0.0
    if len(rest) < _FEWEST:
        return 1 - part(taken / WITHIN, 1 / 6, 1.0)
    others, chance = sorted(rest), Random(len(moments))
    slower = sum(span(sorted(chance.choices(others, k=len(moments)))) > taken for _draw in range(_DRAWS))
    return part(slower / _DRAWS, 0.5, 1.0)


def span(moments: Sequence[datetime]) -> timedelta:
    """The shortest time that holds four of five of these moments, which are in order."""
    held = max(2, math.ceil(0.8 * len(moments)))
    return min((last - first for first, last in zip(moments, moments[held - 1 :], strict=False)), default=timedelta())


def _thinned(moments: Sequence[datetime]) -> Sequence[datetime]:
    return moments if len(moments) <= _MOST else [moments[n * len(moments) // _MOST] for n in range(_MOST)]
