"""A share with its exact interval."""

from scipy.special import betaincinv

from daybreak.stats.estimate import Estimate, ImpossibleCounts, check_level


def exact_proportion(events: int, total: int, *, level: float = 0.95) -> Estimate:
    """Return `events / total` with Clopper and Pearson's exact interval.

    Source: Clopper CJ, Pearson ES. The use of confidence or fiducial limits illustrated in the case of the binomial.
    Biometrika 1934;26:404-413 (doi:10.1093/biomet/26.4.404). With nothing observed the value is None and the interval
    0 to 1. Raises ImpossibleCounts unless 0 <= events <= total.
    """
    check_level(level)
    if not 0 <= events <= total:
        raise ImpossibleCounts(f"{events} of {total} is not a proportion.")
    if total == 0:
        return Estimate(None, 0.0, 1.0, 0, 0, level, "exact")
    tail = (1 - level) / 2
    lower = 0.0 if events == 0 else float(betaincinv(events, total - events + 1, tail))
    upper = 1.0 if events == total else float(betaincinv(events + 1, total - events, 1 - tail))
    return Estimate(events / total, lower, upper, events, total, level, "exact")
