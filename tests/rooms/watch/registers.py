"""Small registers as counts, for the tests of what is watched."""

import numpy as np

from daybreak.watch.surveillance.counts import ALL, CalendarCounts

STRATA = (("first", "iv"), ("later", "iv"))
RISKS = np.array([0.3, 0.1])


def register(
    *, seed: int = 2, sites: int = 3, weeks: int = 104, per_week: int = 10, worse: float = 1.0
) -> CalendarCounts:
    """Return counts of sites alike but for the last, where the odds of an event are `worse` times as high from the
    middle on.
    """
    draw = np.random.default_rng(seed)
    held = np.stack(
        [np.full((sites, weeks), per_week // 5), np.full((sites, weeks), per_week - per_week // 5)], axis=-1
    )
    risks = np.broadcast_to(RISKS, held.shape).copy()
    odds = RISKS / (1 - RISKS) * worse
    risks[-1, weeks // 2 :] = odds / (1 + odds)
    events = draw.binomial(held, risks)
    names = tuple(f"site{place}" for place in range(sites))
    counted = {ALL: held.astype(float), "any_event": events.astype(float), "severe_event": np.zeros(held.shape)}
    return CalendarCounts(names, 1300, STRATA, held.shape, counted)
