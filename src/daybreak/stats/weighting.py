"""Two groups made alike by weights from a propensity score: shares, their difference and ratio, and how alike they are.

Rows may stand for many people alike. The interval allows for the score having been estimated: score and shares are
solved together, and their estimating equations give the sandwich (Lunceford JK, Davidian M. Stat Med 2004;23:2937-2960;
for overlap weights Li F, Morgan KL, Zaslavsky AM. J Am Stat Assoc 2018;113:390-400).
"""

from dataclasses import dataclass
from math import exp, log, sqrt
from statistics import NormalDist
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from daybreak.stats.arrays import Indices, Numbers, numbers, same_length, totals
from daybreak.stats.estimate import ImpossibleCounts, check_level
from daybreak.stats.linear import dependent
from daybreak.stats.logistic import chances, logistic, with_intercept

Weights = Literal["overlap", "inverse", "none"]


@dataclass(frozen=True, slots=True)
class Effect:
    """A number with its standard error and interval; of a ratio the error is that of its logarithm."""

    value: float
    error: float
    lower: float
    upper: float


@dataclass(frozen=True, slots=True)
class Weighted:
    """The share in the group and in the one it is compared with, their difference, and their ratio (None where a share
    is 0). `effective` are the people of each group that the weights leave, by Kish.
    """

    group: Effect
    compared: Effect
    difference: Effect
    ratio: Effect | None
    effective: tuple[float, float]
    level: float


@dataclass(frozen=True, slots=True)
class Score:
    """The chance of each row to be in the group, from its pattern of covariates; `design` has one row for each pattern,
    the first column the intercept, and `covariance` is that of its coefficients.
    """

    chance: Numbers
    pattern: Indices
    design: Numbers
    covariance: Numbers


def propensity(patterns: ArrayLike, pattern: ArrayLike, in_group: ArrayLike, people: ArrayLike) -> Score:
    """Return the chance of being in the group by logistic regression on `patterns` of covariates (one row each, without
    an intercept), of which each row has the one numbered `pattern`.

    Columns that follow from those before them are left out: the score is the same without. Raises ImpossibleCounts and
    Separated.
    """
    inside, weight = numbers(in_group, "the group"), numbers(people, "people")
    place: Indices = np.asarray(pattern, dtype=np.int64)
    columns = np.asarray(patterns, dtype=np.float64)
    same_length(group=inside, people=weight, pattern=place.astype(np.float64))
    with_one = totals(place, weight * inside, len(columns))
    without = totals(place, weight * (1 - inside), len(columns))
    design = with_intercept(columns)
    follows = set(dependent(design.T @ ((with_one + without)[:, None] * design)))
    columns = columns[:, [at for at in range(columns.shape[1]) if at + 1 not in follows]]
    both, happened = np.concatenate((columns, columns)), np.repeat((1.0, 0.0), len(columns))
    count = np.concatenate((with_one, without))
    fit = logistic(both[count > 0], happened[count > 0], count[count > 0])
    design = with_intercept(columns)
    return Score(chances(design @ fit.coefficients)[place], place, design, fit.covariance)


def score_weights(chance: ArrayLike, in_group: ArrayLike, people: ArrayLike, *, kind: Weights) -> Numbers:
    """Return the weight of each row: the chance of the other group (`overlap`), or the share of the own group over its
    chance (`inverse`, stabilised), or 1.
    """
    score, inside = numbers(chance, "the chance"), numbers(in_group, "the group")
    weight = numbers(people, "people")
    same_length(chance=score, group=inside, people=weight)
    if kind == "none":
        return np.ones(len(score))
    if kind == "overlap":
        return np.where(inside == 1, 1 - score, score)
    share = float(weight @ inside / weight.sum())
    return np.where(inside == 1, share / score, (1 - share) / (1 - score))


def weighted_shares(
    score: Score,
    in_group: ArrayLike,
    outcome: ArrayLike,
    people: ArrayLike,
    *,
    kind: Weights,
    cluster: ArrayLike | None = None,
    level: float = 0.95,
) -> Weighted:
    """Return the weighted shares with an `outcome` of 1 in both groups; an outcome that is not known is NaN, and such a
    row has told the score all the same.

    Rows of one `cluster` (numbered from 0) may depend on one another; without it each person stands alone. Raises
    ImpossibleCounts where a group has nobody with an outcome.
    """
    check_level(level)
    inside, weight = numbers(in_group, "the group"), numbers(people, "people")
    known = np.asarray(outcome, dtype=np.float64)
    same_length(group=inside, outcome=known, people=weight, score=score.chance)
    seen = np.isfinite(known) & (weight > 0)
    if not np.isin(known[seen], (0.0, 1.0)).all():
        raise ImpossibleCounts("An outcome is 0, 1 or not known.")
    for side in (0, 1):
        if not weight[seen & (inside == side)].sum():
            raise ImpossibleCounts("A group has nobody whose outcome is known.")
    filled = np.where(seen, known, 0.0)
    group, compared = (_side(side, inside, filled, seen, weight, score, kind) for side in (1, 0))
    return _contrast(group, compared, weight, cluster, level)


def standardised_differences(columns: ArrayLike, in_group: ArrayLike, people: ArrayLike, weights: ArrayLike) -> Numbers:
    """Return for each column how far the weighted means of the groups lie apart, in standard deviations.

    The deviation is that of both groups without weights, so that weighting cannot make a difference look smaller by
    widening it (Austin PC. Stat Med 2009;28:3083-3107). A column without any spread differs by 0, or by infinity.
    """
    values, inside = np.asarray(columns, dtype=np.float64), numbers(in_group, "the group")
    count, weight = numbers(people, "people"), numbers(weights, "weights")
    same_length(columns=values, group=inside, people=count, weights=weight)
    means, spreads = [], []
    for side in (1, 0):
        here = inside == side
        if not (count[here] * weight[here]).sum() > 0:
            raise ImpossibleCounts("A group has nobody in it.")
        means.append(np.average(values[here], axis=0, weights=count[here] * weight[here]))
        plain = np.average(values[here], axis=0, weights=count[here])
        spreads.append(np.average((values[here] - plain) ** 2, axis=0, weights=count[here]))
    apart, spread = means[0] - means[1], np.sqrt((spreads[0] + spreads[1]) / 2)
    with np.errstate(divide="ignore", invalid="ignore"):
        found: Numbers = np.where(apart == 0, 0.0, apart / spread)
    return found


def e_value(ratio: Effect) -> tuple[float, float]:
    """Return how strongly, as a ratio of risks, something unmeasured would have to go with both group and outcome to
    explain a ratio of risks away, and to explain away that its interval leaves out 1 (1 where it does not).

    Source: VanderWeele TJ, Ding P. Ann Intern Med 2017;167:268-274.
    """
    near = ratio.lower if ratio.value >= 1 else ratio.upper
    crosses = ratio.lower <= 1 <= ratio.upper
    return _e_value(ratio.value), 1.0 if crosses else _e_value(near)


def _e_value(ratio: float) -> float:
    above = ratio if ratio >= 1 else 1 / ratio
    return above + sqrt(above * (above - 1))


@dataclass(frozen=True, slots=True)
class _Share:
    """A weighted share, what each person of a row adds to its error, and the people that the weights leave."""

    value: float
    adds: Numbers
    effective: float


def _side(
    side: int,
    inside: Numbers,
    outcome: Numbers,
    seen: NDArray[np.bool_],
    people: Numbers,
    score: Score,
    kind: Weights,
) -> _Share:
    here = (seen & (inside == side)).astype(np.float64)
    weight = score_weights(score.chance, inside, people, kind=kind) * here
    mass = people * weight
    share = float(mass @ outcome / mass.sum())
    off = outcome - share
    adds: Numbers = weight * off
    if kind != "none":
        moves = people * _slope(score.chance, inside, kind) * weight * off  # by the linear predictor
        through = (totals(score.pattern, moves, len(score.design)) @ score.design) @ score.covariance
        adds = adds + (score.design @ through)[score.pattern] * (inside - score.chance)
    return _Share(share, adds / mass.sum(), float(mass.sum() ** 2 / (mass @ weight)))


def _slope(score: Numbers, inside: Numbers, kind: Weights) -> Numbers:
    """Return the derivative of the logarithm of a weight by the linear predictor of the score."""
    if kind == "overlap":
        return np.where(inside == 1, -score, 1 - score)
    return np.where(inside == 1, -(1 - score), score)


def _contrast(group: _Share, compared: _Share, people: Numbers, cluster: ArrayLike | None, level: float) -> Weighted:
    z = NormalDist().inv_cdf((1 + level) / 2)

    def effect(value: float, parts: Numbers) -> Effect:
        error = sqrt(_squares(parts, people, cluster))
        return Effect(value, error, value - z * error, value + z * error)

    ratio = None
    if group.value > 0 and compared.value > 0:
        on_log = effect(log(group.value / compared.value), group.adds / group.value - compared.adds / compared.value)
        ratio = Effect(exp(on_log.value), on_log.error, exp(on_log.lower), exp(on_log.upper))
    return Weighted(
        group=effect(group.value, group.adds),
        compared=effect(compared.value, compared.adds),
        difference=effect(group.value - compared.value, group.adds - compared.adds),
        ratio=ratio,
        effective=(group.effective, compared.effective),
        level=level,
    )


def _squares(parts: Numbers, people: Numbers, cluster: ArrayLike | None) -> float:
    """Return the variance: the sum over people, or over clusters, of what each adds, squared."""
    if cluster is None:
        return float(people @ parts**2)
    place: Indices = np.asarray(cluster, dtype=np.int64)
    same_length(rows=parts, cluster=place.astype(np.float64))
    summed = totals(place, people * parts, int(place.max()) + 1)
    return float(summed @ summed)
