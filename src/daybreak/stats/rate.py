"""Events per time at risk, with the exact Poisson interval; in one span of time, or in several."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import exp, inf

from daybreak.stats.estimate import Estimate, ImpossibleCounts, check_level
from daybreak.stats.gamma import gamma_quantile


@dataclass(frozen=True, slots=True)
class Band:
    """The rate from `after` until `until`, and under it the cumulative hazard and survival at `until`; these are
    None from the first band on in which nobody was observed.
    """

    after: float
    until: float
    rate: Estimate
    cumulative_hazard: float | None
    survival: float | None


def rate(events: int, time: float, *, level: float = 0.95, effect: float = 1.0) -> Estimate:
    """Return `events / time` with Garwood's exact interval, in events per the unit of `time` (say,
    person-years).

    Source: Garwood F. Fiducial limits for the Poisson distribution. Biometrika 1936;28:437-442
    (doi:10.1093/biomet/28.3-4.437): half a chi-square quantile with 2k degrees of freedom is a gamma quantile
    of shape k. Without time at risk the value is None and the interval 0 to infinity. Where events of one person hang
    together, `effect` is their design effect, and the interval that of events / effect in time / effect. Raises
    ImpossibleCounts for negative counts, and for events in no time.
    """
    check_level(level)
    if events < 0 or not 0 <= time < inf or (time == 0 and events > 0) or not effect >= 1:
        raise ImpossibleCounts(f"{events} events in a time of {time} is not a rate.")
    if time == 0:
        return Estimate(None, 0.0, inf, 0, 0.0, level, "Garwood")
    outside = (1 - level) / 2
    worth, span = events / effect, time / effect
    lower = 0.0 if events == 0 else gamma_quantile(outside, worth) / span
    upper = gamma_quantile(1 - outside, worth + 1) / span
    method = "Garwood" if effect == 1 else "Garwood, by people"
    return Estimate(events / time, lower, upper, events, time, level, method)


def piecewise_rates(
    cuts: Sequence[float], events: Sequence[int], times: Sequence[float], *, level: float = 0.95
) -> tuple[Band, ...]:
    """Return the piecewise-exponential model: one constant rate in each band between two `cuts`, of so many
    `events` in so much `times` at risk.

    Each rate is the maximum-likelihood estimate, as in Holford TR. Biometrics 1976;32:587-597 (doi:10.2307/2529747).
    Raises ImpossibleCounts unless the cuts rise and there is one more of them than bands.
    """
    if len(cuts) != len(events) + 1 or len(events) != len(times) or any(a >= b for a, b in pairwise(cuts)):
        raise ImpossibleCounts("Bands lie between times that rise, one more than there are bands.")
    bands: list[Band] = []
    hazard: float | None = 0.0
    for (after, until), count, time in zip(pairwise(cuts), events, times, strict=True):
        found = rate(count, time, level=level)
        hazard = None if hazard is None or found.value is None else hazard + found.value * (until - after)
        bands.append(Band(after, until, found, hazard, None if hazard is None else exp(-hazard)))
    return tuple(bands)
