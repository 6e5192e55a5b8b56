"""Vital signs of a synthetic session: a rise that peaks towards the end of the infusion and falls after it."""

import math
import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from daybreak.demo.plot import Plot
from daybreak.kernel.keys import new_key
from daybreak.treat.public import NewReading

# Mean and spread of the peak rise, in mmHg, of a published cohort of 2,342 infusions
# (doi:10.1016/j.genhosppsych.2024.07.001).
SYSTOLIC_RISE, SYSTOLIC_SPREAD, DIASTOLIC_RISE, DIASTOLIC_SPREAD = 16.0, 11.2, 11.0, 8.45
UNITS = {
    "systolic_pressure": "mm[Hg]",
    "diastolic_pressure": "mm[Hg]",
    "heart_rate": "/min",
    "oxygen_saturation": "%",
    "sedation": "{score}",
}


def readings(
    plot: Plot, session: UUID, *, started_at: datetime, minutes: list[int], rng: random.Random
) -> Iterator[NewReading]:
    """Return readings at `minutes` from the start; negative minutes are the baseline."""
    rise = rng.gauss(SYSTOLIC_RISE, SYSTOLIC_SPREAD), rng.gauss(DIASTOLIC_RISE, DIASTOLIC_SPREAD)
    for minute in minutes:
        shape = _shape(minute)
        values = {
            "systolic_pressure": plot.systolic + rise[0] * shape + rng.gauss(0, 2),
            "diastolic_pressure": plot.diastolic + rise[1] * shape + rng.gauss(0, 2),
            "heart_rate": 72 + 9 * shape + rng.gauss(0, 2),
            "oxygen_saturation": min(100.0, 98 - 0.8 * shape + rng.gauss(0, 0.5)),
            "sedation": 4 if 20 <= minute <= 50 and shape > 0.5 else 5,
        }
        at = started_at + timedelta(minutes=minute)
        for sign, value in values.items():
            yield NewReading(
                key=new_key(at=at),
                sign=sign,
                value=Decimal(round(value)),
                unit=UNITS[sign],
                measured_at=at,
                session=session,
            )


def _shape(minute: int) -> float:
    """Return the share of the peak rise: 0 before the start, 1 at 40 minutes, falling with a half-life of about 25
    minutes.
    """
    if minute <= 0:
        return 0.0
    return math.sin(minute / 40 * math.pi / 2) if minute <= 40 else 0.5 ** ((minute - 40) / 25)
