"""Meta-analysis: one effect from several trials, with what they differ by."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import NormalDist

import numpy as np
from scipy.special import chdtrc, fdtrc, stdtr, stdtrit

from daybreak.stats.arrays import Numbers, numbers, same_length
from daybreak.stats.effects import Measure, Tables, of_events
from daybreak.stats.estimate import ImpossibleCounts, check_level
from daybreak.stats.heterogeneity import (
    moments,
    paule_mandel,
    profile_interval,
    restricted,
    typical_variance,
    weighted,
)
from daybreak.stats.linear import dependent


class Method(StrEnum):
    """One effect in all trials (inverse variance, Mantel-Haenszel, Peto), or effects that differ (DerSimonian-Laird,
    Paule-Mandel, restricted maximum likelihood).
    """

    FE = "FE"
    MH = "MH"
    PETO = "PETO"
    DL = "DL"
    PM = "PM"
    REML = "REML"


_LARGEST = 1e60  # the square of it, times the number of trials, still fits

BETWEEN = {Method.DL: moments, Method.PM: paule_mandel, Method.REML: restricted}


@dataclass(frozen=True, slots=True)
class Pooled:
    """A pooled effect on the scale of the analysis (logarithms for ratios) with its interval at `level`.

    `tau2` is the variance between trials, None where the method assumes none; `i2` its share of all variance in
    percent; `q` Cochran's statistic on `q_freedom`. A prediction interval says where the effect of a further trial
    may lie. `weights` are each trial's in percent.
    """

    estimate: float
    standard_error: float
    lower: float
    upper: float
    p: float
    k: int
    q: float
    q_freedom: int
    q_p: float | None
    i2: float | None
    tau2: float | None
    tau2_lower: float | None
    tau2_upper: float | None
    i2_lower: float | None
    i2_upper: float | None
    prediction_lower: float | None
    prediction_upper: float | None
    weights: tuple[float, ...]
    method: Method
    interval: str
    level: float


@dataclass(frozen=True, slots=True)
class Regression:
    """Effects explained by moderators: a coefficient for each column, and the test of all but the first.

    `covariance` is that of the coefficients as the interval takes it, `quantile` what spans the interval.
    """

    coefficients: tuple[float, ...]
    standard_errors: tuple[float, ...]
    lower: tuple[float, ...]
    upper: tuple[float, ...]
    p: tuple[float, ...]
    tau2: float | None
    residual_q: float
    residual_p: float
    moderators_statistic: float
    moderators_p: float
    k: int
    covariance: tuple[tuple[float, ...], ...]
    quantile: float

    def at(self, row: Numbers) -> tuple[float, float, float]:
        """Return the fitted effect where the columns have the values of `row`, with its interval."""
        centre = float(row @ np.array(self.coefficients))
        half = self.quantile * float(np.sqrt(row @ np.array(self.covariance) @ row))
        return centre, centre - half, centre + half


@dataclass(frozen=True, slots=True)
class Asymmetry:
    """Egger's test: does the effect grow as trials get smaller?"""

    slope: float
    standard_error: float
    t: float
    p: float
    limit: float


def pool(
    effects: Sequence[float], variances: Sequence[float], *, method: Method, interval: str = "wald", level: float = 0.95
) -> Pooled:
    """Return the pooled effect of trials by inverse variance: fixed (FE), or random with the variance between
    trials by DL, PM or REML.

    `interval` is wald, or hk: Knapp G, Hartung J. Stat Med 2003;22:2693-2710, without a floor. The prediction
    interval uses the same quantile, as in metafor 3.8. Raises ImpossibleCounts for no trial, for a variance that
    is not above 0, and for hk with one trial.
    """
    y, v = _checked(effects, variances, interval, level)
    if method not in (Method.FE, *BETWEEN):
        raise ImpossibleCounts(f"{method} needs the events of each trial.")
    design = np.ones((len(y), 1))
    random, several = method in BETWEEN, len(y) > 1
    tau2 = BETWEEN[method](y, v, design) if random and several else 0.0
    fit, common = weighted(y, v, design, tau2), weighted(y, v, design, 0.0)
    error, quantile, p = _uncertainty(fit.coefficients[0], fit.covariance[0, 0], fit.q, len(y) - 1, interval, level)
    centre = float(fit.coefficients[0])
    between = (tau2, *(profile_interval(y, v, design, level) if several else (None, None))) if random else (None,) * 3
    typical = typical_variance(v, design) if several else None
    shares = [None if t is None or typical is None else 100 * t / (typical + t) for t in between]
    if not random:
        shares[0] = max(0.0, 100 * (common.q - len(y) + 1) / common.q) if common.q > 0 else 0.0
    half = quantile * float(np.sqrt(error**2 + tau2))
    return Pooled(
        estimate=centre,
        standard_error=error,
        lower=centre - quantile * error,
        upper=centre + quantile * error,
        p=p,
        k=len(y),
        q=common.q if several else 0.0,
        q_freedom=len(y) - 1,
        q_p=float(chdtrc(len(y) - 1, common.q)) if several else None,
        i2=shares[0] if several else 0.0,
        tau2=between[0],
        tau2_lower=between[1],
        tau2_upper=between[2],
        i2_lower=shares[1],
        i2_upper=shares[2],
        prediction_lower=centre - half if random else None,
        prediction_upper=centre + half if random else None,
        weights=tuple((100 * fit.weights / fit.weights.sum()).tolist()),
        method=method,
        interval=interval,
        level=level,
    )


def pool_events(
    measure: Measure, tables: Tables, *, method: Method, interval: str = "wald", level: float = 0.95
) -> Pooled:
    """Return the pooled effect of trials from their events, by any method.

    Mantel and Haenszel's and Peto's methods take the tables as they are; tables without information count in
    neither Q nor, for ratios, the estimate. Sources: Robins J, Breslow N, Greenland S. Biometrics 1986;42:311-323
    (OR); Greenland S, Robins JM. Biometrics 1985;41:55-68 (RR); Sato T. Biometrics 1989;45:1323-1324 (RD); Yusuf S
    et al. Prog Cardiovasc Dis 1985;27:335-371. Raises ImpossibleCounts where no table carries information.
    """
    if method in (Method.FE, *BETWEEN):
        effects, variances = of_events(measure, tables)
        return pool(effects.tolist(), variances.tolist(), method=method, interval=interval, level=level)
    check_level(level)
    if interval != "wald":
        raise ImpossibleCounts("Mantel-Haenszel and Peto have Wald intervals only.")
    if method is Method.PETO and measure is not Measure.OR:
        raise ImpossibleCounts("Peto's method pools odds ratios only.")
    centre, error, weights = _peto(tables) if method is Method.PETO else _mantel_haenszel(measure, tables)
    if not (np.isfinite(centre) and np.isfinite(error) and error > 0):
        raise ImpossibleCounts("The trials together have no event, or nothing but events, in one arm.")
    told = ~tables.without_information()
    if method is Method.PETO:
        excess, spread = _observed(tables)
        weighs = spread > 0
        effects = np.divide(excess, spread, out=np.zeros(len(excess)), where=weighs)
        variances = np.divide(1, spread, out=np.full(len(excess), np.inf), where=weighs)
    else:
        effects, variances = of_events(measure, tables)
    freedom = int(told.sum()) - 1
    q = float(((effects - centre) ** 2 / variances)[told].sum()) if freedom > 0 else 0.0
    z = NormalDist().inv_cdf((1 + level) / 2)
    return Pooled(
        estimate=centre,
        standard_error=error,
        lower=centre - z * error,
        upper=centre + z * error,
        p=2 * NormalDist().cdf(-abs(centre / error)),
        k=len(tables.a),
        q=q,
        q_freedom=freedom,
        q_p=float(chdtrc(freedom, q)) if freedom > 0 else None,
        i2=max(0.0, 100 * (q - freedom) / q) if freedom > 0 and q > 0 else 0.0,
        tau2=None,
        tau2_lower=None,
        tau2_upper=None,
        i2_lower=None,
        i2_upper=None,
        prediction_lower=None,
        prediction_upper=None,
        weights=tuple((100 * weights / weights.sum()).tolist()),
        method=method,
        interval=interval,
        level=level,
    )


def regress(
    effects: Sequence[float],
    variances: Sequence[float],
    design: Numbers,
    *,
    method: Method,
    interval: str = "wald",
    level: float = 0.95,
) -> Regression:
    """Return a meta-regression of effects on the columns of `design`, the first of which is ones.

    Raises ImpossibleCounts where there are not more trials than columns, or columns follow from others.
    """
    y, v = _checked(effects, variances, interval, level)
    k, p = design.shape
    if k != len(y) or k <= p:
        raise ImpossibleCounts(f"{p} coefficients cannot be told from {len(y)} trials.")
    if list(dependent(design.T @ design)):
        raise ImpossibleCounts("A moderator is the same in every trial, or follows from the others.")
    tau2 = BETWEEN[method](y, v, design) if method in BETWEEN else 0.0
    fit, common = weighted(y, v, design, tau2), weighted(y, v, design, 0.0)
    told = [
        _uncertainty(value, fit.covariance[place, place], fit.q, k - p, interval, level)
        for place, value in enumerate(fit.coefficients)
    ]
    scale = fit.q / (k - p) if interval == "hk" else 1.0
    others = fit.coefficients[1:]
    statistic = float(others @ np.linalg.solve(fit.covariance[1:, 1:] * scale, others)) if p > 1 else 0.0
    test = fdtrc(p - 1, k - p, statistic / (p - 1)) if interval == "hk" and p > 1 else chdtrc(max(p - 1, 1), statistic)
    centres = fit.coefficients.tolist()
    return Regression(
        coefficients=tuple(centres),
        standard_errors=tuple(error for error, _, _ in told),
        lower=tuple(c - q * e for c, (e, q, _) in zip(centres, told, strict=True)),
        upper=tuple(c + q * e for c, (e, q, _) in zip(centres, told, strict=True)),
        p=tuple(p for _, _, p in told),
        tau2=tau2 if method in BETWEEN else None,
        residual_q=common.q,
        residual_p=float(chdtrc(k - p, common.q)),
        moderators_statistic=statistic / (p - 1) if interval == "hk" and p > 1 else statistic,
        moderators_p=float(test),
        k=k,
        covariance=tuple(tuple(line) for line in (fit.covariance * scale).tolist()),
        quantile=told[0][1],
    )


def egger(effects: Sequence[float], variances: Sequence[float]) -> Asymmetry:
    """Return Egger's regression test (BMJ 1997;315:629-634): effects on their standard errors, weighted by the
    inverse variance, with the spread that is left; `limit` is the effect of an endless trial. Raises
    ImpossibleCounts with fewer than three trials or with one standard error in all.
    """
    y, v = _checked(effects, variances, "wald", 0.95)
    if len(y) < 3 or np.ptp(v) == 0:
        raise ImpossibleCounts("Egger's test needs at least three trials of different size.")
    fit = weighted(y, v, np.stack((np.ones(len(y)), np.sqrt(v)), axis=1), 0.0)
    freedom = len(y) - 2
    error = float(np.sqrt(fit.covariance[1, 1] * fit.q / freedom))
    slope = float(fit.coefficients[1])
    t = slope / error
    return Asymmetry(slope, error, t, float(2 * stdtr(freedom, -abs(t))), float(fit.coefficients[0]))


def _checked(
    effects: Sequence[float], variances: Sequence[float], interval: str, level: float
) -> tuple[Numbers, Numbers]:
    check_level(level)
    y, v = numbers(effects, "effects"), numbers(variances, "variances")
    same_length(effects=y, variances=v)
    if not len(y):
        raise ImpossibleCounts("There is no trial to pool.")
    if (v <= 0).any():
        raise ImpossibleCounts("The variance of an effect lies above 0.")
    if max(float(np.abs(y).max()), float(v.max()), float((1 / v).max())) > _LARGEST:
        raise ImpossibleCounts("An effect or its variance is too large or too small to be reckoned with.")
    if interval not in ("wald", "hk"):
        raise ImpossibleCounts(f"An interval is wald or hk, and not {interval}.")
    if interval == "hk" and len(y) < 2:
        raise ImpossibleCounts("Knapp and Hartung's interval needs at least two trials.")
    return y, v


def _uncertainty(
    centre: float, variance: float, q: float, freedom: int, interval: str, level: float
) -> tuple[float, float, float]:
    """Return the standard error, the quantile that spans the interval, and the two-sided p."""
    if interval == "wald":
        error = float(np.sqrt(variance))
        return error, NormalDist().inv_cdf((1 + level) / 2), 2 * NormalDist().cdf(-abs(float(centre) / error))
    error = float(np.sqrt(variance * q / freedom))
    p = float(2 * stdtr(freedom, -abs(centre / error))) if error > 0 else 0.0
    return error, float(stdtrit(freedom, (1 + level) / 2)), p


def _mantel_haenszel(measure: Measure, t: Tables) -> tuple[float, float, Numbers]:
    n, m = t.a + t.b, t.c + t.d
    total = n + m
    with np.errstate(divide="ignore", invalid="ignore"):
        if measure is Measure.OR:
            r, s = t.a * t.d / total, t.b * t.c / total
            p, q = (t.a + t.d) / total, (t.b + t.c) / total
            variance = (p * r).sum() / r.sum() ** 2 + (p * s + q * r).sum() / (r.sum() * s.sum())
            variance = (variance + (q * s).sum() / s.sum() ** 2) / 2
            return float(np.log(r.sum() / s.sum())), float(np.sqrt(variance)), s
        if measure is Measure.RR:
            r, s = t.a * m / total, t.c * n / total
            variance = (n * m * (t.a + t.c) / total**2 - t.a * t.c / total).sum() / (r.sum() * s.sum())
            return float(np.log(r.sum() / s.sum())), float(np.sqrt(variance)), s
        weights = n * m / total
        centre = float((t.a * m / total - t.c * n / total).sum() / weights.sum())
        first = (t.c * (n / total) ** 2 - t.a * (m / total) ** 2 + n / total * (m / total) * (m - n) / 2).sum()
        second = ((t.a * t.d + t.c * t.b) / total / 2).sum()
        return centre, float(np.sqrt((centre * first + second) / weights.sum() ** 2)), weights


def _observed(t: Tables) -> tuple[Numbers, Numbers]:
    """Return how many more events there were than expected, and the hypergeometric variance."""
    n, m, total = t.a + t.b, t.c + t.d, t.a + t.b + t.c + t.d
    events = t.a + t.c
    return t.a - events * n / total, events * (total - events) * n * m / (total**2 * np.maximum(total - 1, 1))


def _peto(t: Tables) -> tuple[float, float, Numbers]:
    excess, variance = _observed(t)
    if not variance.sum() > 0:
        return np.nan, np.nan, variance
    return float(excess.sum() / variance.sum()), float(np.sqrt(1 / variance.sum())), variance
