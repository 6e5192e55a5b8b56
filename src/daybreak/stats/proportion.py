"""A share of people, with Wilson's interval."""

from math import sqrt
from statistics import NormalDist

from daybreak.stats.estimate import Estimate, ImpossibleCounts, check_level


def proportion(events: int, total: int, *, level: float = 0.95, effect: float = 1.0) -> Estimate:
    """Return `events / total` with Wilson's score interval, without continuity correction.

    Source: Wilson EB. Probable inference, the law of succession, and statistical inference. J Am Stat Assoc
    1927;22:209-212 (doi:10.1080/01621459.1927.10502953). With nobody observed the value is None and the
    interval 0 to 1. Where sessions of one person hang together, `effect` is their design effect, and the interval that
    of total / effect independent ones (Korn EL, Graubard BI. Surv Methodol 1998;24:193-201). Raises ImpossibleCounts
    unless 0 <= events <= total and the effect is at least 1.
    """
    check_level(level)
    if not 0 <= events <= total or not effect >= 1:
        raise ImpossibleCounts(f"{events} of {total} people is not a proportion.")
    if total == 0:
        return Estimate(None, 0.0, 1.0, 0, 0, level, "Wilson")
    z = NormalDist().inv_cdf((1 + level) / 2)
    value = events / total
    worth = total / effect
    centre = (value + z * z / (2 * worth)) / (1 + z * z / worth)
    half = z * sqrt(value * (1 - value) / worth + z * z / (4 * worth * worth)) / (1 + z * z / worth)
    lower = 0.0 if events == 0 else centre - half
    upper = 1.0 if events == total else centre + half
    return Estimate(value, lower, upper, events, total, level, "Wilson" if effect == 1 else "Wilson, by people")
