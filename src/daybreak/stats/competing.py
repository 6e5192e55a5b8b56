"""Cumulative incidence where other events compete: Aalen and Johansen's estimator from an event table."""

from dataclasses import dataclass

import numpy as np

from daybreak.stats.arrays import Numbers, told
from daybreak.stats.estimate import ImpossibleCounts, check_level
from daybreak.stats.event_table import EventTable
from daybreak.stats.survival import log_log_interval


@dataclass(frozen=True, slots=True)
class Incidence:
    """The share that has had one kind of event after each time, with its standard error and complementary
    log-log interval. The bounds are None where the share is 0 or 1.
    """

    cause: str
    times: tuple[float, ...]
    at_risk: tuple[float, ...]
    events: tuple[float, ...]
    incidence: tuple[float, ...]
    standard_error: tuple[float | None, ...]
    lower: tuple[float | None, ...]
    upper: tuple[float | None, ...]
    level: float


def cumulative_incidence(table: EventTable, *, level: float = 0.95) -> tuple[Incidence, ...]:
    """Return one curve for each of the table's causes, in its order.

    Sources: Aalen OO, Johansen S. Scand J Stat 1978;5:141-150; the variance is the delta method's, as in
    Marubini E, Valsecchi MG. Analysing Survival Data (1995), 10.12. Without delayed entry it is also the
    infinitesimal jackknife that R's `survfit` gives. Raises ImpossibleCounts where causes do not add up to the
    events.
    """
    check_level(level)
    total = np.sum(list(table.causes.values()), axis=0) if table.causes else np.zeros(len(table.times))
    if not np.array_equal(total, table.events):
        raise ImpossibleCounts("The events by cause do not add up to the events.")
    before = np.concatenate(([1.0], np.cumprod(1 - table.events / table.at_risk)[:-1]))
    hazard = np.zeros(len(table.times))
    open_ended = table.at_risk * (table.at_risk - table.events)
    np.divide(table.events, open_ended, out=hazard, where=open_ended > 0)
    return tuple(_one(table, cause, before, hazard, level) for cause in table.causes)


def _one(table: EventTable, cause: str, before: Numbers, hazard: Numbers, level: float) -> Incidence:
    events, risk = table.causes[cause], table.at_risk
    share = np.cumsum(before * events / risk)
    step = before * events / risk**2
    variance = (
        share**2 * np.cumsum(hazard)
        - 2 * share * np.cumsum(share * hazard)
        + np.cumsum(share**2 * hazard)
        + np.cumsum(before**2 * events * (risk - events) / risk**3)
        - 2 * (share * np.cumsum(step) - np.cumsum(share * step))
    )
    error = np.sqrt(np.maximum(variance, 0.0))
    inside = np.clip(share, 0.0, 1.0)
    lower, upper = log_log_interval(inside, error, level)
    return Incidence(
        cause=cause,
        times=tuple(table.times.tolist()),
        at_risk=tuple(risk.tolist()),
        events=tuple(events.tolist()),
        incidence=tuple(share.tolist()),
        standard_error=told(error.tolist()),
        lower=told(lower.tolist()),
        upper=told(upper.tolist()),
        level=level,
    )
