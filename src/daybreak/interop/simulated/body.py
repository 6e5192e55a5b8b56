"""An invented person under ketamine, as a monitor would see them. Pure, and the same for the same seed.

The course of the pressure follows one practice's figures (Yale, 2,342 infusions: a rise of 16 mmHg systolic, SD 11, and
11 mmHg diastolic, SD 8.5, at 40 minutes); the rest is invented.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from math import exp

PEAK_MINUTES, SYSTOLIC_RISE, DIASTOLIC_RISE = 40.0, (16.0, 11.2), (11.0, 8.45)
ARTEFACT_RATE = 0.03


@dataclass(frozen=True, slots=True)
class Seen:
    """One sign as the monitor tells it: a value, or none; `flag` is what the monitor itself thinks of it."""

    sign: str
    value: float | None
    unit: str
    flag: str = ""


class Body:
    """An invented person. `artefacts` lets probes slip, cuffs fail and arms move."""

    def __init__(self, seed: int, *, artefacts: bool = True) -> None:
        self._chance = random.Random(seed)
        chance = self._chance
        self._artefacts = artefacts
        self._systolic, self._diastolic = chance.gauss(124, 10), chance.gauss(77, 7)
        self._rise = chance.gauss(*SYSTOLIC_RISE), chance.gauss(*DIASTOLIC_RISE)
        self._rate, self._saturation = chance.gauss(72, 8), chance.gauss(97.5, 0.8)
        self._drift = 0.0
        self._slipped = 0

    def seen(self, minutes: float) -> Iterator[Seen]:
        """Yield every sign at so many minutes after the start of the dose."""
        chance, share = self._chance, _share(minutes)
        self._drift = 0.8 * self._drift + chance.gauss(0, 1.5)
        systolic = self._systolic + self._rise[0] * share + self._drift + chance.gauss(0, 2)
        diastolic = min(self._diastolic + self._rise[1] * share + 0.6 * self._drift, systolic - 15)
        yield from self._cuff(systolic, diastolic)
        yield Seen("heart_rate", round(self._rate + 8 * share + chance.gauss(0, 2)), "/min")
        yield Seen("respiratory_rate", round(15 + 2 * share + chance.gauss(0, 1)), "/min")
        yield self._probe()

    def _cuff(self, systolic: float, diastolic: float) -> Iterator[Seen]:
        failed, moved = self._happens(), self._happens()
        if moved:
            systolic += 45
        flag = "QUES" if moved else ""
        for sign, value in (
            ("systolic_pressure", systolic),
            ("diastolic_pressure", diastolic),
            ("mean_pressure", (systolic + 2 * diastolic) / 3),
        ):
            yield Seen(sign, None if failed else round(value), "mm[Hg]", flag)

    def _probe(self) -> Seen:
        if self._slipped == 0 and self._happens():
            self._slipped = 3
        if self._slipped:
            self._slipped -= 1
            return Seen("oxygen_saturation", round(self._chance.uniform(55, 80)), "%", "INV")
        return Seen("oxygen_saturation", min(100, round(self._saturation + self._chance.gauss(0, 0.6))), "%")

    def _happens(self) -> bool:
        return self._artefacts and self._chance.random() < ARTEFACT_RATE


def _share(minutes: float) -> float:
    """Return how much of the peak is there: up to it in 40 minutes, then falling by half every 25."""
    if minutes <= 0:
        return 0.0
    return minutes / PEAK_MINUTES if minutes < PEAK_MINUTES else exp(-(minutes - PEAK_MINUTES) * 0.693 / 25)
