"""The gamma distribution's probabilities and quantiles, from the standard library alone.

Source: Abramowitz M, Stegun IA. Handbook of Mathematical Functions (1964), 6.5.29 (series), 6.5.31 (continued
fraction) and 26.4.17 (Wilson and Hilferty's approximation, from which the search starts).
"""

from math import exp, lgamma, log
from statistics import NormalDist

_PRECISION = 1e-16
_TINY = 1e-300


def gamma_probability(x: float, shape: float) -> tuple[float, float]:
    """Return P(X <= x) and P(X > x) for a gamma variable of `shape` and scale 1; the smaller of the two is
    exact to 1e-13.
    """
    if x <= 0:
        return 0.0, 1.0
    scale = exp(shape * log(x) - x - lgamma(shape))
    if x < shape + 1:
        below = scale * _series(x, shape)
        return below, 1 - below
    above = scale * _continued_fraction(x, shape)
    return 1 - above, above


def gamma_quantile(probability: float, shape: float) -> float:
    """Return the x with P(X <= x) = `probability` (0 < probability < 1) for a gamma variable of `shape` >= 1
    and scale 1.
    """
    low, high = 0.0, max(2.0 * shape, 10.0)
    while gamma_probability(high, shape)[0] < probability:
        high *= 2
    x = _first_guess(probability, shape)
    while True:
        if not low < x < high:
            x = (low + high) / 2
        excess = _excess(x, probability, shape)
        low, high = (low, x) if excess > 0 else (x, high)
        step = excess / exp((shape - 1) * log(x) - x - lgamma(shape))
        if abs(step) <= 1e-15 * x or high - low <= 1e-15 * x:
            return x - step if low < x - step < high else x
        x -= step


def _excess(x: float, probability: float, shape: float) -> float:
    """How far P(X <= x) lies above the wanted probability, taken from the tail that is known best."""
    below, above = gamma_probability(x, shape)
    return below - probability if below < above else (1 - probability) - above


def _first_guess(probability: float, shape: float) -> float:
    spread = 1 / (9 * shape)
    root: float = 1 - spread + NormalDist().inv_cdf(probability) * spread**0.5
    return shape * root**3 if root > 0.1 else shape * 0.001


def _series(x: float, shape: float) -> float:
    term = total = 1 / shape
    divisor = shape
    while abs(term) > abs(total) * _PRECISION:
        divisor += 1
        term *= x / divisor
        total += term
    return total


def _continued_fraction(x: float, shape: float) -> float:
    b = x + 1 - shape
    c, d = 1 / _TINY, 1 / b
    result, n, change = d, 0, 0.0
    while abs(change - 1) > 2 * _PRECISION and n < 1_000_000:
        n += 1
        a = -n * (n - shape)
        b += 2
        d = 1 / ((a * d + b) or _TINY)
        c = (b + a / c) or _TINY
        change = c * d
        result *= change
    return result
