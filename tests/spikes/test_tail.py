"""Surprise against sums of the distribution itself, and where floating point would give way."""

from __future__ import annotations

from math import exp, lgamma, log, log10

import pytest

from listener.spikes.tail import MOST, surprise


def summed(count: int, expected: float, dispersion: float) -> float:
    """-log10 P(X >= count) by adding up the terms."""
    size = 1 / dispersion
    share = expected / (expected + size)
    terms = (
        exp(lgamma(k + size) - lgamma(k + 1) - lgamma(size) + k * log(share) + size * log(1 - share))
        for k in range(count, count + 4000)
    )
    return -log10(sum(terms))


@pytest.mark.parametrize("expected", [0.08, 1.0, 40.0])
@pytest.mark.parametrize("dispersion", [0.02, 0.5, 3.0])
@pytest.mark.parametrize("times", [2, 5])
def test_the_upper_tail(expected: float, dispersion: float, times: int) -> None:
    count = max(2, round(times * expected))
    assert surprise(count, expected, dispersion) == pytest.approx(summed(count, expected, dispersion), rel=1e-6)


def test_without_scatter_it_is_poisson() -> None:
    assert surprise(1, 0.1, 0.0) == pytest.approx(-log10(1 - exp(-0.1)), rel=1e-4)


def test_extremes_have_an_answer() -> None:
    assert surprise(0, 0.0, 0.3) == surprise(3, 3.0, 0.3) == surprise(2, 5.0, 0.3) == 0.0
    assert surprise(1, 0.0, 0.3) == MOST
    assert surprise(1_000_000_000, 0.5, 0.01) == MOST
    assert 0 < surprise(1_000_000, 900_000.0, 0.01) < 10
    assert surprise(50, 1.0, 0.1) > surprise(20, 1.0, 0.1) > surprise(20, 1.0, 1.0)
