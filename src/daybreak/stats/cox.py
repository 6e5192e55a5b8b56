"""Cox's proportional hazards: Efron's ties, strata, delayed entry, and errors that allow for clusters.

Second moments are never kept for each time. Their sum over the times is one product of the covariates, each row
weighted by its own cumulative hazard, so that a step costs a few passes over the columns whatever the number of times.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from daybreak.kernel.refusal import Refusal
from daybreak.stats.arrays import Indices, Numbers, numbers, same_length, totals
from daybreak.stats.linear import dependent, inverse

_STEPS = 60
_SETTLED = 1e-7  # of the last step, after which its square is left as error
_BLOCK = 1 << 14
_FLAT = 1e-10
_STILL_MOVING = 1e-3


class NothingToLearn(Refusal):
    """A model that these data cannot tell anything about; the sentence names what is wrong with them."""


@dataclass(frozen=True, slots=True)
class CoxFit:
    """`coefficients` are logarithms of hazard ratios for one unit of each covariate; `covariance` is the inverse
    information, and `robust` the sandwich over clusters, or None where none were given.
    """

    coefficients: Numbers
    covariance: Numbers
    robust: Numbers | None
    log_likelihood: float
    log_likelihood_without: float
    events: int
    rows: int
    steps: int

    @property
    def standard_errors(self) -> Numbers:
        """Return the robust errors where there are clusters, else those of the information."""
        errors: Numbers = np.sqrt(np.diag(self.covariance if self.robust is None else self.robust))
        return errors


@dataclass(frozen=True, slots=True)
class _AtRisk:
    """Who is at risk when. A moment is a time with an event in a stratum, or the end of a stratum, at which nothing
    happens; the moments of a stratum stand together, from `first` up to and without `next`. A row is at risk at those
    from `since`, or from its stratum's first, up to and without `until`. `dying` are the rows with an event, `at` their
    moments.
    """

    covariates: Numbers
    since: Indices | None
    until: Indices
    first: Indices
    next: Indices
    dying: Indices
    died_with: Numbers
    at: Indices
    deaths: Numbers
    tie: Indices
    part: Numbers


@dataclass(frozen=True, slots=True)
class _Sums:
    """What one step needs: the log-likelihood, its slope and curvature, and the parts of the score of each row."""

    log_likelihood: float
    slope: Numbers
    curvature: Numbers
    risk: Numbers
    weight: Numbers
    all_rows: Numbers
    dying: Numbers
    terms: Sequence[Numbers]


def cox(
    time: ArrayLike,
    event: ArrayLike,
    covariates: ArrayLike,
    *,
    entry: ArrayLike | None = None,
    strata: ArrayLike | None = None,
    clusters: ArrayLike | None = None,
    names: Sequence[str] = (),
) -> CoxFit:
    """Return the maximum of the partial likelihood of rows with a `time` at which observation ended, an `event`
    (0 or 1), and one column for each covariate.

    A row is at risk after its `entry` until its time, within its stratum; several rows may be one person's. Sources:
    Cox DR. J R Stat Soc B 1972;34:187-220; Efron B. J Am Stat Assoc 1977;72:557-565 (ties); Lin DY, Wei LJ. J Am
    Stat Assoc 1989;84:1074-1078 (robust errors). Equal to R's `coxph` once that is let to converge. Raises
    NothingToLearn, naming covariates by `names`: where nobody had the event, for a covariate that is constant or
    follows from the others, and for one whose coefficient would grow without end.
    """
    when, happened = numbers(time, "time"), np.asarray(numbers(event, "event") > 0)
    rows = np.ascontiguousarray(np.atleast_2d(np.asarray(covariates, dtype=np.float64).T))
    same_length(time=when, event=happened.astype(np.float64), covariates=rows[0])
    called = list(names) or [f"covariate {place}" for place in range(1, len(rows) + 1)]
    if not happened.any():
        raise NothingToLearn("Nobody had the event, so there is nothing that covariates could explain.")
    middle = rows.mean(axis=1)
    scaled = rows - middle[:, None]
    spread = np.sqrt(np.einsum("ij,ij->i", scaled, scaled) / len(when))
    for name, width, value in zip(called, spread, middle, strict=True):
        if not width > 1e-12 * max(abs(value), 1e-300):
            raise NothingToLearn(f"“{name}” is the same in every row, so it cannot explain anything.")
    scaled /= spread[:, None]
    risk = _who_is_at_risk(when, happened, scaled, entry, strata)
    found, beta, start, steps = _climbed(risk, called)
    unscale = 1 / spread
    covariance = inverse(found.curvature)
    robust = None
    if clusters is not None:
        of = _numbered(clusters)
        summed = np.stack([totals(of, column, int(of.max()) + 1) for column in _scores(risk, found)])
        robust = covariance @ (summed @ summed.T) @ covariance * np.outer(unscale, unscale)
    return CoxFit(
        coefficients=beta * unscale,
        covariance=covariance * np.outer(unscale, unscale),
        robust=robust,
        log_likelihood=found.log_likelihood,
        log_likelihood_without=start,
        events=int(happened.sum()),
        rows=len(when),
        steps=steps,
    )


def _who_is_at_risk(
    time: Numbers, event: NDArray[np.bool_], covariates: Numbers, entry: ArrayLike | None, strata: ArrayLike | None
) -> _AtRisk:
    event_times = np.unique(time[event])
    stride = len(event_times) + 2
    of = np.zeros(len(time), np.intp) if strata is None else _numbered(strata)
    key = np.searchsorted(event_times, time, side="right") + of * stride
    ends = np.arange(of.max() + 1) * stride + stride - 1
    moments = np.union1d(key[event], ends)
    until = _up_to(moments, key)
    at = until[event] - 1
    since = None
    if entry is not None:
        begun = np.searchsorted(event_times, numbers(entry, "entry"), side="right") + of * stride
        since = _up_to(moments, begun)
    end, stratum = np.searchsorted(moments, ends), moments // stride
    deaths = np.bincount(at, minlength=len(moments))
    by_moment = np.repeat(np.arange(len(moments)), deaths)
    rank = np.arange(len(at)) - np.repeat(np.cumsum(deaths) - deaths, deaths)
    return _AtRisk(
        covariates=covariates,
        since=since,
        until=until,
        first=np.concatenate(([0], end[:-1] + 1))[stratum],
        next=end[stratum] + 1,
        dying=np.flatnonzero(event),
        died_with=covariates[:, event],
        at=at,
        deaths=deaths.astype(np.float64),
        tie=by_moment,
        part=rank / deaths[by_moment],
    )


def _numbered(groups: ArrayLike) -> Indices:
    """Return a number from 0 on for each group; whole numbers that lie close together are taken as they are."""
    named = np.asarray(groups)
    if np.can_cast(named.dtype, np.int64):
        whole: Indices = named.astype(np.int64)
        if whole.min() >= whole.max() - len(whole):
            return whole - int(whole.min())
    return np.unique(named, return_inverse=True)[1].astype(np.int64)


def _up_to(moments: Indices, keys: Indices) -> Indices:
    """Return how many moments are at or before each key; from a table, where that is no longer than the keys."""
    if moments[-1] >= len(keys):
        return np.searchsorted(moments, keys, side="right")
    return np.cumsum(np.bincount(moments))[keys]


def _climbed(risk: _AtRisk, names: Sequence[str]) -> tuple[_Sums, Numbers, float, int]:
    """Return the sums at the maximum, where it is, the log-likelihood at 0, and the steps taken."""
    beta = np.zeros(len(risk.covariates))
    found = _sums(risk, beta)
    start = found.log_likelihood
    for place in dependent(found.curvature):
        raise NothingToLearn(f"“{names[place]}” follows from the other covariates, or is constant within each stratum.")
    for taken in range(1, _STEPS + 1):
        step = np.linalg.lstsq(found.curvature, found.slope, rcond=None)[0]
        if np.abs(step).max() < _SETTLED * max(1.0, np.abs(beta).max()):
            return found, beta + step, start, taken
        here = _sums(risk, beta + step)
        halvings = 0
        while not here.log_likelihood >= found.log_likelihood - 1e-9 * abs(found.log_likelihood) and halvings < 30:
            step, halvings = step / 2, halvings + 1
            here = _sums(risk, beta + step)
        gained = here.log_likelihood - found.log_likelihood
        beta, found = beta + step, here
        if (
            gained < _FLAT * max(abs(found.log_likelihood), 1.0)
            and np.abs(beta).max() > 8
            and np.abs(step).max() > _STILL_MOVING
        ):
            break
    endless = [name for name, moves in zip(names, np.abs(step), strict=True) if moves > _STILL_MOVING]
    which = ", ".join(f"“{name}”" for name in endless or names)
    raise NothingToLearn(
        f"The coefficient of {which} would grow without end: those who had the event differ from all others by it."
    )


def _sums(risk: _AtRisk, beta: Numbers) -> _Sums:
    columns = risk.covariates
    linear = beta @ columns
    linear -= linear.max()
    hazard, dying_hazard = np.exp(linear), np.exp(linear[risk.dying])
    at_risk = _moments(risk, hazard, columns, _still_there)
    dying = _moments(risk, dying_hazard, risk.died_with, _who_die)
    size = len(risk.deaths)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        left = at_risk[0][risk.tie] - risk.part * dying[0][risk.tie]
        once, part = 1 / left, risk.part
        log_likelihood = float(linear[risk.dying].sum() - np.log(left).sum())
        a, b = totals(risk.tie, once, size), totals(risk.tie, part * once, size)
        c, d = totals(risk.tie, once**2, size), totals(risk.tie, part * once**2, size)
        e = totals(risk.tie, part**2 * once**2, size)
        weight = _so_far(risk, a)
        weight *= hazard
        weight[risk.dying] -= dying_hazard * b[risk.at]
        s, t = at_risk[1:], dying[1:]
        crossed = (s * d) @ t.T
        curvature = _weighed(columns, weight) - (s * c) @ s.T + crossed + crossed.T - (t * e) @ t.T
        slope = risk.died_with.sum(axis=1) - columns @ weight
    if not np.isfinite(curvature).all():
        log_likelihood = -np.inf
    return _Sums(log_likelihood, slope, curvature, hazard, weight, s, t, (a, b, c, d, e))


def _moments(
    risk: _AtRisk, hazard: Numbers, columns: Numbers, summed: Callable[[_AtRisk, Numbers], Numbers]
) -> Numbers:
    """Return for each moment the sum of the hazards, and below it that of each column times the hazard."""
    product = np.empty_like(hazard)
    return np.stack([summed(risk, hazard), *(summed(risk, np.multiply(hazard, c, out=product)) for c in columns)])


def _still_there(risk: _AtRisk, values: Numbers) -> Numbers:
    """Return for each moment the sum over those at risk at it."""
    size = len(risk.deaths)
    ends = totals(risk.until, values, size)
    if risk.since is not None:
        ends -= totals(risk.since, values, size)
    after = np.append(np.cumsum(ends[::-1])[::-1], 0.0)
    there: Numbers = after[1:] - after[risk.next]
    return there


def _so_far(risk: _AtRisk, values: Numbers) -> Numbers:
    """Return for each row the sum of `values`, which have one for each moment last, over those it was at risk at."""
    before = np.cumsum(values, axis=-1) - values
    before -= before[..., risk.first]
    seen: Numbers = np.take(before, risk.until, axis=-1)
    if risk.since is not None:
        seen -= np.take(before, risk.since, axis=-1)
    return seen


def _who_die(risk: _AtRisk, values: Numbers) -> Numbers:
    """Return for each moment the sum over those who have the event at it."""
    return totals(risk.at, values, len(risk.deaths))


def _weighed(columns: Numbers, weight: Numbers) -> Numbers:
    """Return the cross-products of the columns, each row weighted; block by block, so that they stay near."""
    found = np.zeros((len(columns), len(columns)))
    for start in range(0, len(weight), _BLOCK):
        block = columns[:, start : start + _BLOCK]
        found += (block * weight[start : start + _BLOCK]) @ block.T
    return found


def _scores(risk: _AtRisk, sums: _Sums) -> Iterator[Numbers]:
    """Yield for each covariate each row's part of the slope."""
    a, b, c, d, e = sums.terms
    hazard, deaths = sums.risk[risk.dying], np.maximum(risk.deaths, 1)
    for column, died_with, there, died in zip(risk.covariates, risk.died_with, sums.all_rows, sums.dying, strict=True):
        score = _so_far(risk, c * there - d * died)
        score *= sums.risk
        score -= sums.weight * column
        expected, tied = (a * there - b * died) / deaths, d * there - e * died
        score[risk.dying] += died_with - expected[risk.at] - hazard * tied[risk.at]
        yield score
