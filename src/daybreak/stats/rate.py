"""Events per time at risk, with the exact Poisson interval."""

from math import inf

from daybreak.stats.estimate import Estimate, ImpossibleCounts, check_level
from daybreak.stats.gamma import gamma_quantile


def rate(events: int, time: float, *, level: float = 0.95) -> Estimate:
    """Return `events / time` with Garwood's exact interval, in events per the unit of `time` (say,
    person-years).

    Source: Garwood F. Fiducial limits for the Poisson distribution. Biometrika 1936;28:437-442
    (doi:10.1093/biomet/28.3-4.437): half a chi-square quantile with 2k degrees of freedom is a gamma quantile
    of shape k. Without time at risk the value is None and the interval 0 to infinity. Raises ImpossibleCounts
    for negative counts, and for events in no time.
    """
    check_level(level)
    if events < 0 or not 0 <= time < inf or (time == 0 and events > 0):
        raise ImpossibleCounts(f"{events} events in a time of {time} is not a rate.")
    if time == 0:
        return Estimate(None, 0.0, inf, 0, 0.0, level, "Garwood")
    outside = (1 - level) / 2
    lower = 0.0 if events == 0 else gamma_quantile(outside, events) / time
    upper = gamma_quantile(1 - outside, events + 1) / time
    return Estimate(events / time, lower, upper, events, time, level, "Garwood")
