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
from daybreak.watch.surveillance.reference import risks_of

WEEKS_A_YEAR = 365.25 / 7


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


def tested_sites(
    events: Counts,
    held: Counts,
    risks: Counts,
    watched: WatchedHarm,
    sureness: Sureness,
    *,
    effect: Counts | float,
) -> SiteTests:
    """Test sites with `events` (…, weeks), sessions `held` (…, weeks, strata) and `risks` (…, strata).

    Sessions of one person hang together: as many as the design `effect` (…) are worth one, so that each score counts so
    much less.
    """
    worth = np.asarray(effect, dtype=np.float64)
    due = (held * risks[..., None, :]).sum(axis=-1)
    scores = weekly_scores(events, held, risks, odds_ratio=float(watched.odds_ratio)) / worth[..., None]
    totals, weeks = held.sum(axis=(-2, -1)), held.shape[-2]
    mean_risk = np.clip(due.sum(axis=-1) / np.maximum(totals, 1), 1e-6, 1 - 1e-6)
    threshold = _thresholds(totals / weeks / worth, mean_risk, watched, sureness)
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


def tested_rates(events: Counts, held: Counts, sureness: Sureness, *, effect: Counts | float) -> RateTests | None:
    """Return the maximised test of `events` (…, sites, weeks, strata) among sessions `held` of the whole register: its
    first weeks are the reference. None where no week is left after them.

    What is due is each site's own: the register's risk in each stratum, times what the site's own past says of it,
    drawn towards 1 as if the definition's least number of events had been as expected. So a site that grows does not
    make the register worse. As many events as the design `effect` (…) are worth one.
    """
    first = int(sureness.reference_weeks)
    after = held.shape[-2] - first
    if after < 1:
        return None
    seen, had = events[..., :first, :].sum(axis=-2), held[..., :first, :].sum(axis=-2)
    risks, least = risks_of(seen.sum(axis=-2), had.sum(axis=-2))[..., None, :], int(sureness.least_reference)
    own = (seen.sum(axis=-1) + least) / ((had * risks).sum(axis=-1) + least)
    due = (own[..., None] * (held[..., first:, :] * risks[..., None, :]).sum(axis=-1)).sum(axis=-2)
    past, late = seen.sum(axis=(-2, -1)), events[..., first:, :].sum(axis=(-3, -1))
    worth = np.asarray(effect, dtype=np.float64)
    path = maximised_path(late / worth[..., None], due / worth[..., None], reference=past / worth)
    weeks = max(after, int(sureness.surveillance_weeks))
    critical = _criticals(past / worth, due.mean(axis=-1) * weeks / worth, weeks, sureness)
    enough = np.cumsum(late, axis=-1) >= int(sureness.least_events)
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
