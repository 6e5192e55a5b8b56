"""The tests themselves, over arrays whose last axes are weeks and strata: one snapshot's sites, or ten thousand
simulated ones, go through these functions.
"""

from dataclasses import dataclass
from functools import lru_cache
from math import floor, log, log10

import numpy as np
from numpy.typing import NDArray

from daybreak.rulebook.public import Sureness, WatchedHarm
from daybreak.stats.public import (
    conditional_critical_value,
    cusum_path,
    first_reached,
    maximised_path,
    weekly_scores,
    weekly_threshold,
)
from daybreak.watch.surveillance.counts import Counts

WEEKS_A_YEAR = 365.25 / 7
# A stratum in which nothing was seen elsewhere is not without risk: half an event is added to what was seen.
HALF = 0.5


@dataclass(frozen=True, eq=False, slots=True)
class SiteTests:
    """The two tests of sites: paths of (…, weeks), and the week from 0 in which each reached a limit, or NEVER."""

    expected: Counts
    cusum: Counts
    threshold: Counts
    cusum_at: NDArray[np.int64]
    ratio: Counts
    worse: float
    fine: float
    worse_at: NDArray[np.int64]
    fine_at: NDArray[np.int64]


@dataclass(frozen=True, eq=False, slots=True)
class RateTests:
    """The test of the register's rates against its own past: the path after the reference, and where it called."""

    expected: Counts
    path: Counts
    critical: Counts
    called_at: NDArray[np.int64]


def risks_of(events: Counts, held: Counts) -> Counts:
    """Return the risk in each stratum, of what was seen there: (…, strata) from the same."""
    risks: Counts = (events + HALF) / (held + 2 * HALF)
    return risks


def tested_sites(events: Counts, held: Counts, risks: Counts, watched: WatchedHarm, sureness: Sureness) -> SiteTests:
    """Test sites with `events` (…, weeks), sessions `held` (…, weeks, strata) and `risks` (…, strata)."""
    scores = weekly_scores(events, held, risks, odds_ratio=float(watched.odds_ratio))
    due = (held * risks[..., None, :]).sum(axis=-1)
    totals, weeks = held.sum(axis=(-2, -1)), held.shape[-2]
    mean_risk = np.clip(due.sum(axis=-1) / np.maximum(totals, 1), 1e-6, 1 - 1e-6)
    threshold = _thresholds(totals / weeks, mean_risk, watched, sureness)
    cusum, ratio = cusum_path(scores), np.cumsum(scores, axis=-1)
    alpha, beta = float(sureness.alpha), float(sureness.beta)
    worse, fine = log((1 - beta) / alpha), log(beta / (1 - alpha))
    return SiteTests(
        expected=due,
        cusum=cusum,
        threshold=threshold,
        cusum_at=first_reached(cusum, threshold),
        ratio=ratio,
        worse=worse,
        fine=fine,
        worse_at=first_reached(ratio, worse),
        fine_at=first_reached(-ratio, -fine),
    )


def tested_rates(events: Counts, held: Counts, sureness: Sureness) -> RateTests | None:
    """Return the maximised test of `events` (…, weeks, strata) among sessions `held` of the whole register: its first
    weeks are the reference by stratum. None where no week is left after them.
    """
    reference = int(sureness.reference_weeks)
    after = held.shape[-2] - reference
    if after < 1:
        return None
    risks = risks_of(events[..., :reference, :].sum(axis=-2), held[..., :reference, :].sum(axis=-2))
    due = (held[..., reference:, :] * risks[..., None, :]).sum(axis=-1)
    past = events[..., :reference, :].sum(axis=(-2, -1))
    path = maximised_path(events[..., reference:, :].sum(axis=-1), due, reference=past)
    weeks = max(after, int(sureness.surveillance_weeks))
    critical = _criticals(past, due.mean(axis=-1) * weeks, weeks, sureness)
    enough = np.cumsum(events[..., reference:, :].sum(axis=-1), axis=-1) >= int(sureness.least_events)
    return RateTests(due, path, critical, first_reached(np.where(enough, path, -1.0), critical))


def _thresholds(per_week: Counts, risk: Counts, watched: WatchedHarm, sureness: Sureness) -> Counts:
    """Return the threshold for each site's pace and risk, both to two figures, so that few are worked out."""
    weeks = float(sureness.false_alarm_years) * WEEKS_A_YEAR
    pairs = zip(np.ravel(per_week), np.ravel(risk), strict=True)
    found = [_threshold(_two_figures(pace), _two_figures(p), float(watched.odds_ratio), weeks) for pace, p in pairs]
    return np.array(found).reshape(np.shape(per_week))


@lru_cache(maxsize=4096)
def _threshold(per_week: float, risk: float, odds_ratio: float, weeks: float) -> float:
    if not per_week > 0:
        return float("inf")
    return weekly_threshold(per_week=per_week, risk=min(risk, 0.99), odds_ratio=odds_ratio, weeks=weeks)


def _criticals(past: Counts, expected: Counts, weeks: int, sureness: Sureness) -> Counts:
    """Return the critical value for each past and what it lets expect, to two figures as well."""
    alpha, least = float(sureness.maxsprt_alpha), int(sureness.least_events)
    pairs = zip(np.ravel(past), np.ravel(expected), strict=True)
    found = [_critical(_two_figures(seen), _two_figures(due), weeks, alpha, least) for seen, due in pairs]
    return np.array(found).reshape(np.shape(expected))


@lru_cache(maxsize=4096)
def _critical(past: float, expected: float, weeks: int, alpha: float, least: int) -> float:
    """Return the critical value; infinity where there is no past to compare with."""
    if past < 1 or expected <= 0:
        return float("inf")
    return conditional_critical_value(reference=past, expected=expected, weeks=weeks, alpha=alpha, least_events=least)


def _two_figures(value: float) -> float:
    return float(round(value, 1 - floor(log10(value)))) if value > 0 else 0.0
