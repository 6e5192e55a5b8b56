"""Logistic regression by iteratively reweighted least squares, on rows that may stand for many people alike."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from daybreak.kernel.refusal import Refusal
from daybreak.stats.arrays import Numbers, numbers
from daybreak.stats.estimate import ImpossibleCounts
from daybreak.stats.linear import dependent, inverse

_STEPS, _SETTLED = 50, 1e-12
# A fitted chance this near 0 or 1 in a model that still moves: its coefficients run away.
_CERTAIN = 1e-8


class Separated(Refusal):
    """The covariates tell the groups apart completely, so that no chance lies between."""


@dataclass(frozen=True, slots=True)
class Logistic:
    """Coefficients (the first is the intercept) with their covariance, and the fitted chance of each row."""

    coefficients: Numbers
    covariance: Numbers
    fitted: Numbers
    log_likelihood: float


def logistic(covariates: ArrayLike, happened: ArrayLike, people: ArrayLike) -> Logistic:
    """Return the maximum-likelihood fit of 0 or 1 on covariates (rows x columns, without an intercept), each row
    standing for so many `people`.

    Source: McCullagh P, Nelder JA. Generalized linear models. 1989, chapter 4; it stops as R's `glm` would with
    `epsilon = 1e-12`. Raises ImpossibleCounts for what are no such rows, or columns that follow from one another, and
    Separated.
    """
    given, weight = numbers(happened, "what happened"), numbers(people, "people")
    columns = np.asarray(covariates, dtype=np.float64)
    _check(columns, given, weight)
    design = with_intercept(columns)
    if list(dependent(design.T @ (weight[:, None] * design))):
        raise ImpossibleCounts("Some covariates follow from the others, so that nothing can be told of them apart.")
    share = float(weight @ given / weight.sum())
    if not 0 < share < 1:
        raise Separated("Everybody is in one group.")
    coefficients = np.zeros(design.shape[1])
    coefficients[0] = np.log(share / (1 - share))
    last = _log_likelihood(design @ coefficients, given, weight)
    for _ in range(_STEPS):
        fitted = chances(design @ coefficients)
        information = _information(design, fitted, weight)
        slope = design.T @ (weight * (given - fitted))
        coefficients, now = _stepped(coefficients, _solved(information, slope), last, design, given, weight)
        if abs(now - last) <= _SETTLED * (abs(now) + 0.1):
            break
        last = now
    else:
        raise Separated("The covariates tell the groups apart completely.")
    fitted = chances(design @ coefficients)
    if ((fitted < _CERTAIN) | (fitted > 1 - _CERTAIN)).any():
        raise Separated("The covariates tell some people's group with certainty.")
    information = _information(design, fitted, weight)
    return Logistic(coefficients, inverse(information), fitted, now)


def with_intercept(columns: Numbers) -> Numbers:
    """Return covariates behind a column of ones."""
    return np.column_stack((np.ones(len(columns)), columns))


def chances(linear: Numbers) -> Numbers:
    """Return the chance that belongs to each value of the linear predictor."""
    found: Numbers = 1 / (1 + np.exp(-np.clip(linear, -700, 700)))
    return found


def _stepped(
    coefficients: Numbers, whole: Numbers, last: float, design: Numbers, given: Numbers, weight: Numbers
) -> tuple[Numbers, float]:
    """Return the coefficients after a step, which is halved until the likelihood does not fall."""
    for halved in range(30):
        tried: Numbers = coefficients + whole * 0.5**halved
        now = _log_likelihood(design @ tried, given, weight)
        if now >= last - 1e-10 * abs(last):
            return tried, now
    return coefficients, last


def _information(design: Numbers, fitted: Numbers, weight: Numbers) -> Numbers:
    found: Numbers = design.T @ ((weight * fitted * (1 - fitted))[:, None] * design)
    return found


def _solved(information: Numbers, slope: Numbers) -> Numbers:
    try:
        return np.asarray(np.linalg.solve(information, slope), dtype=np.float64)
    except np.linalg.LinAlgError as no:
        raise Separated("The covariates tell the groups apart completely.") from no


def _log_likelihood(linear: Numbers, given: Numbers, weight: Numbers) -> float:
    return float(weight @ (given * linear - np.logaddexp(0, linear)))


def _check(columns: Numbers, given: Numbers, weight: Numbers) -> None:
    if columns.ndim != 2 or len(columns) != len(given) or len(given) != len(weight):
        raise ImpossibleCounts("Covariates, outcomes and people have as many rows each.")
    if not np.isfinite(columns).all() or not np.isin(given, (0.0, 1.0)).all() or (weight < 0).any():
        raise ImpossibleCounts("Covariates are finite, outcomes 0 or 1, and people not below 0.")
    if not weight.sum():
        raise ImpossibleCounts("Nobody was observed.")
