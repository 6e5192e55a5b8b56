"""Kaplan and Meier's curve from an event table, which is all that has to be known of the people."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import exp, inf, log, sqrt
from statistics import NormalDist

from daybreak.stats.estimate import ImpossibleCounts, check_level

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
    at_risk: tuple[int, ...]
    events: tuple[int, ...]
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


def kaplan_meier(
    times: Sequence[float], at_risk: Sequence[int], events: Sequence[int], *, level: float = 0.95
) -> Curve:
    """Return the survival curve of an event table: at each of `times`, how many were `at_risk` just before,
    how many had the event.

    Times at which people only left observation may stand in the table with 0 events. Sources: Kaplan EL,
    Meier P. J Am Stat Assoc 1958;53:457-481 (doi:10.1080/01621459.1958.10501452); Greenwood's variance;
    Kalbfleisch JD, Prentice RL (1980) for the log-log interval; Brookmeyer R, Crowley J. Biometrics
    1982;38:29-41 (doi:10.2307/2530286) for the median's interval. A curve that runs along one half has its
    median in the middle of that stretch, as in R's `survfit`. Raises ImpossibleCounts where times do not
    rise, or counts could not have been observed.
    """
    check_level(level)
    _check_table(times, at_risk, events)
    z = NormalDist().inv_cdf((1 + level) / 2)
    points = list(_points(at_risk, events))
    intervals = [_log_log_interval(survival, variance, z) for survival, variance in points]
    survival = tuple(point[0] for point in points)
    lower, upper = tuple(pair[0] for pair in intervals), tuple(pair[1] for pair in intervals)
    return Curve(
        times=tuple(times),
        at_risk=tuple(at_risk),
        events=tuple(events),
        survival=survival,
        standard_error=tuple(None if s == 0 else s * sqrt(variance) for s, variance in points),
        lower=lower,
        upper=upper,
        median=_time_at_half(times, survival),
        median_lower=_time_at_half(times, lower),
        median_upper=_time_at_half(times, upper),
        level=level,
    )


def _check_table(times: Sequence[float], at_risk: Sequence[int], events: Sequence[int]) -> None:
    if not len(times) == len(at_risk) == len(events):
        raise ImpossibleCounts("An event table has as many times as counts.")
    previous_time, possible = -inf, inf
    for time, risk, event in zip(times, at_risk, events, strict=True):
        if not previous_time < time < inf:
            raise ImpossibleCounts(f"The times of an event table rise, but {time} follows {previous_time}.")
        if not 0 <= event <= risk <= possible or risk == 0:
            raise ImpossibleCounts(f"At time {time}, {event} events among {risk} at risk could not have been observed.")
        previous_time, possible = time, risk - event


def _points(at_risk: Sequence[int], events: Sequence[int]) -> Iterator[tuple[float, float]]:
    """Yield survival and the variance of its logarithm after each time."""
    survival, variance = 1.0, 0.0
    for risk, event in zip(at_risk, events, strict=True):
        survival *= (risk - event) / risk
        variance += event / (risk * (risk - event)) if event < risk else inf
        yield survival, variance


def _log_log_interval(survival: float, variance: float, z: float) -> tuple[float | None, float | None]:
    if survival in (0.0, 1.0):
        return None, None
    centre = log(-log(survival))
    half = z * sqrt(variance) / -log(survival)
    return exp(-exp(centre + half)), exp(-exp(centre - half))


def _time_at_half(times: Sequence[float], heights: Sequence[float | None]) -> float | None:
    """Return when a falling step curve reaches one half: the middle of the stretch where it runs along it, or
    None.
    """
    reached = [
        (time, height)
        for time, height in zip(times, heights, strict=True)
        if height is not None and height < 0.5 + _HALF_TOLERANCE
    ]
    if not reached:
        return None
    first_time, first_height = reached[0]
    below = [time for time, height in reached if height < first_height]
    if abs(first_height - 0.5) < _HALF_TOLERANCE and below:
        return (first_time + below[0]) / 2
    return first_time
