"""Kaplan and Meier's curve from an event table, which is all that has to be known of the people."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import NormalDist

import numpy as np

from daybreak.stats.arrays import Numbers, told
from daybreak.stats.estimate import ImpossibleCounts, check_level
from daybreak.stats.event_table import EventTable

# A product of fractions seldom is exactly one half: the square root of a double's precision.
_HALF_TOLERANCE = 1.5e-8


@dataclass(frozen=True, slots=True)
class Curve:
    """Survival after each time of an event table, with Greenwood's standard error and the complementary
    log-log interval.

    `lower` and `upper` are None where survival is 1 or 0: there the interval does not exist, and neither 1 to
    1 nor 0 to 0 would be true. `standard_error` is 0 at 1 and None at 0. The median and its bounds are None
    where the curve does not reach them.
    """

    times: tuple[float, ...]
    at_risk: tuple[float, ...]
    events: tuple[float, ...]
    survival: tuple[float, ...]
    standard_error: tuple[float | None, ...]
    lower: tuple[float | None, ...]
    upper: tuple[float | None, ...]
    median: float | None
    median_lower: float | None
    median_upper: float | None
    level: float

    def at(self, time: float) -> float:
        """Return the estimated survival just after `time`; before the first time of the table it is 1."""
        reached = [survival for moment, survival in zip(self.times, self.survival, strict=True) if moment <= time]
        return reached[-1] if reached else 1.0


@dataclass(frozen=True, slots=True)
class Mean:
    """The mean time until the event within `until`, in the unit of the times. `value` and its bounds are None
    where nobody was observed that long and the curve had not come to 0.
    """

    value: float | None
    standard_error: float | None
    lower: float | None
    upper: float | None
    until: float
    level: float


def kaplan_meier(
    times: Sequence[float],
    at_risk: Sequence[float],
    events: Sequence[float],
    *,
    entered: Sequence[float] | None = None,
    level: float = 0.95,
) -> Curve:
    """Return the survival curve of an event table: at each of `times`, how many were `at_risk` just before,
    how many had the event.

    Times at which people only left observation may stand in the table with 0 events. With delayed entry
    `entered` says how many came since the time before. Sources: Kaplan EL, Meier P. J Am Stat Assoc
    1958;53:457-481 (doi:10.1080/01621459.1958.10501452); Greenwood's variance; Kalbfleisch JD, Prentice RL
    (1980) for the log-log interval; Brookmeyer R, Crowley J. Biometrics 1982;38:29-41 (doi:10.2307/2530286)
    for the median's interval. A curve that runs along one half has its median in the middle of that stretch,
    as in R's `survfit`. Raises ImpossibleCounts where times do not rise, or counts could not have been
    observed.
    """
    if not len(times) == len(at_risk) == len(events):
        raise ImpossibleCounts("An event table has as many times as counts.")
    when, risk, happened = (np.asarray(column, dtype=np.float64) for column in (times, at_risk, events))
    came = np.zeros(len(when)) if entered is None else np.asarray(entered, dtype=np.float64)
    check_level(level)
    _check_table(when, risk, happened, came)
    survival, variance = _points(risk, happened)
    lower, upper = log_log_interval(survival, survival * np.sqrt(variance), level)
    heights = survival.tolist(), told(lower.tolist()), told(upper.tolist())
    return Curve(
        times=tuple(times),
        at_risk=tuple(at_risk),
        events=tuple(events),
        survival=tuple(heights[0]),
        standard_error=told((survival * np.sqrt(variance)).tolist()),
        lower=heights[1],
        upper=heights[2],
        median=_time_at_half(times, heights[0]),
        median_lower=_time_at_half(times, heights[1]),
        median_upper=_time_at_half(times, heights[2]),
        level=level,
    )


def curve_of(table: EventTable, *, level: float = 0.95) -> Curve:
    """Return the survival curve of an event table, whose counts may have come in late."""
    columns = (_plain(column) for column in (table.times, table.at_risk, table.events, table.entered))
    times, at_risk, events, entered = columns
    return kaplan_meier(times, at_risk, events, entered=entered, level=level)


def restricted_mean(curve: Curve, until: float) -> Mean:
    """Return the area under a curve from 0 to `until`, with its standard error from Greenwood's terms.

    Source: Miller RG. Survival Analysis (1981), section 3.2, as R's `survfit` prints it. Raises ImpossibleCounts
    unless `until` lies above 0.
    """
    if not 0 < until < np.inf:
        raise ImpossibleCounts(f"A mean is taken up to a time above 0, and not up to {until}.")
    times, survival = np.asarray(curve.times, dtype=np.float64), np.asarray(curve.survival)
    inside = times <= until
    seen = len(times) > 0 and (times[-1] >= until or survival[-1] == 0)
    if not seen:
        return Mean(None, None, None, None, until, curve.level)
    widths = np.diff(np.concatenate(([0.0], times[inside], [until])))
    areas = widths * np.concatenate(([1.0], survival[inside]))
    risk, events = np.asarray(curve.at_risk, dtype=np.float64)[inside], np.asarray(curve.events)[inside]
    hazards = np.zeros(len(risk))
    np.divide(events, risk * (risk - events), out=hazards, where=events < risk)
    beyond = np.cumsum(areas[:0:-1])[::-1]
    mean, error = float(areas.sum()), float(np.sqrt((beyond**2 * hazards).sum()))
    half = NormalDist().inv_cdf((1 + curve.level) / 2) * error
    return Mean(mean, error, max(mean - half, 0.0), min(mean + half, until), until, curve.level)


def log_log_interval(share: Numbers, error: Numbers, level: float) -> tuple[Numbers, Numbers]:
    """Return the complementary log-log interval of shares between 0 and 1; NaN where a share is 0 or 1."""
    z = NormalDist().inv_cdf((1 + level) / 2)
    inside = (share > 0) & (share < 1)
    lower, upper = np.full(len(share), np.nan), np.full(len(share), np.nan)
    logarithm = np.log(share[inside])
    centre, half = np.log(-logarithm), z * error[inside] / share[inside] / -logarithm
    lower[inside], upper[inside] = np.exp(-np.exp(centre + half)), np.exp(-np.exp(centre - half))
    return lower, upper


def _check_table(times: Numbers, at_risk: Numbers, events: Numbers, entered: Numbers) -> None:
    if len(entered) != len(times):
        raise ImpossibleCounts("An event table has as many times as counts.")
    if not np.isfinite(times).all() or (np.diff(times) <= 0).any():
        before, after = next(
            ((a, b) for a, b in pairwise((-np.inf, *times.tolist(), np.inf)) if not a < b < np.inf), (0, 0)
        )
        raise ImpossibleCounts(f"The times of an event table rise, but {after} follows {before}.")
    possible = np.concatenate(([np.inf], at_risk[:-1] - events[:-1] + entered[1:]))
    wrong = ~((events >= 0) & (events <= at_risk) & (at_risk <= possible + 1e-9) & (at_risk > 0))
    if wrong.any():
        at = int(np.argmax(wrong))
        raise ImpossibleCounts(
            f"At time {times[at]:g}, {events[at]:g} events among {at_risk[at]:g} at risk could not have been observed."
        )


def _points(at_risk: Numbers, events: Numbers) -> tuple[Numbers, Numbers]:
    """Return survival and the variance of its logarithm after each time; NaN once survival is 0."""
    survival: Numbers = np.multiply.accumulate((at_risk - events) / at_risk)
    terms: Numbers = np.full(len(at_risk), np.nan)
    np.divide(events, at_risk * (at_risk - events), out=terms, where=events < at_risk)
    variance: Numbers = np.cumsum(terms)
    return survival, variance


def _time_at_half(times: Sequence[float], heights: Sequence[float | None]) -> float | None:
    """Return when a falling step curve reaches one half: the middle of the stretch where it runs along it, or
    None.
    """
    reached = (
        (time, height)
        for time, height in zip(times, heights, strict=True)
        if height is not None and height < 0.5 + _HALF_TOLERANCE
    )
    first_time, first_height = next(reached, (None, 0.0))
    if first_time is None or abs(first_height - 0.5) >= _HALF_TOLERANCE:
        return first_time
    below = next((time for time, height in reached if height < first_height), None)
    return first_time if below is None else (first_time + below) / 2


def _plain(column: Numbers) -> list[float]:
    """Return numbers as Python's own, whole ones as integers."""
    whole = bool((column == np.floor(column)).all())
    plain: list[float] = column.astype(np.int64).tolist() if whole else column.tolist()
    return plain
