"""How improbable a count is under a negative binomial: the upper tail, in powers of ten."""

from __future__ import annotations

from math import lgamma, log, log1p

MOST = 300.0  # beyond that nobody tells one surprise from another
_ROUNDS = 500  # of the continued fraction; counts of a million need about two hundred
_TINY = 1e-300
_CLOSE = 1e-10
_POISSON = 1e-7  # a smaller dispersion is none: its gamma functions would cancel each other


def surprise(count: int, expected: float, dispersion: float) -> float:
    """-log10 P(X >= count) for X negative binomial with that mean and variance mean + dispersion · mean².

    0 for a count that is not above the mean: only the upper tail is reckoned, where Lentz's continued fraction of the
    incomplete beta function converges (Press et al., Numerical Recipes, 6.4; P(X >= k) = I_q(k, 1/dispersion)).
    """
    if count <= expected or count <= 0:
        return 0.0
    if expected <= 0:
        return MOST
    size = 1 / max(dispersion, _POISSON)
    share = expected / (expected + size)
    exactly = lgamma(count + size) - lgamma(count + 1) - lgamma(size) + count * log(share) + size * log1p(-share)
    tail = exactly + log(_fraction(float(count), size, share))
    return min(MOST, max(0.0, -tail / log(10)))


def _fraction(a: float, b: float, x: float) -> float:
    """The continued fraction of I_x(a, b), by the modified method of Lentz."""
    c, d = 1.0, 1 / _whole(1 - (a + b) * x / (a + 1))
    product = d
    for m in range(1, _ROUNDS):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        for term in (even, odd):
            d = 1 / _whole(1 + term * d)
            c = _whole(1 + term / c)
            product *= c * d
        if abs(c * d - 1) < _CLOSE:
            break
    return product


def _whole(value: float) -> float:
    """The value, kept off zero."""
    return value if abs(value) > _TINY else _TINY
