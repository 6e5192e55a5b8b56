"""Readings of infusions made by chance, artefacts included, and when people acknowledged what they called.

Everything is whole numbers: values in thousandths, moments in seconds from the start of the dose. The same seed makes
the same infusions.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass

# Sign: its usual value, how far it wanders in a step, and the values between which a reading is taken, in thousandths.
SIGNS = {
    "systolic_pressure": (128_000, 3_000, 40_000, 300_000),
    "diastolic_pressure": (78_000, 2_000, 20_000, 200_000),
    "heart_rate": (74_000, 2_000, 20_000, 250_000),
    "oxygen_saturation": (97_000, 700, 30_000, 100_000),
    "sedation": (5_000, 400, 0, 5_000),
}
DOSE_SECONDS, WATCHED_SECONDS = 2400, 4200


@dataclass(frozen=True, slots=True)
class Infusion:
    """One infusion: the baseline of some signs, its readings (second, sign, thousandths) in order, and how long alarms
    wait for somebody.
    """

    baseline: dict[str, int]
    readings: list[tuple[int, str, int]]
    waits: list[int]

    def wait(self, second: int, limit: str) -> int:
        """Return for how many seconds the call of a limit at a second waits until somebody acknowledges it."""
        return self.waits[(second * 31 + len(limit)) % len(self.waits)]


def infusions(seed: int, readings: int) -> Iterator[Infusion]:
    """Yield infusions until there are so many readings."""
    rng, made = random.Random(seed), 0
    while made < readings:
        infusion = _infusion(rng)
        made += len(infusion.readings)
        yield infusion


def _infusion(rng: random.Random) -> Infusion:
    value = {sign: usual + rng.randint(-8, 8) * wander // 2 for sign, (usual, wander, _, _) in SIGNS.items()}
    baseline = {sign: _held(sign, number) for sign, number in value.items() if rng.random() < 0.95}
    every = rng.choice((5, 10, 20, 60))
    restless = rng.choice((1, 1, 2, 4))
    found: list[tuple[int, str, int]] = []
    for second in range(-60, WATCHED_SECONDS, every):
        for sign, (usual, wander, _, _) in SIGNS.items():
            if rng.random() < 0.02:
                continue
            pull = (usual - value[sign]) // 12
            value[sign] += pull + rng.randint(-wander * restless, wander * restless)
            found.append((second, sign, _held(sign, _artefact(rng, sign, value[sign]))))
    return Infusion(baseline, found, [rng.choice((0, 5, 45, 200, 900, 100_000)) for _ in range(64)])


def _artefact(rng: random.Random, sign: str, value: int) -> int:
    """A probe that slipped, a cuff that was leant on, a wave that was counted twice, a value at a limit itself."""
    chance = rng.random()
    if chance < 0.004:
        return value // 2
    if chance < 0.006:
        return value * 2
    if chance < 0.010:
        return rng.choice((180_000, 179_999, 110_000, 90_000, 94_000, 94_001, 89_999, 3_000, 0))
    return value


def _held(sign: str, value: int) -> int:
    """Only what can be a reading is one; whole numbers as monitors send them, with a few thousandths among them."""
    low, high = SIGNS[sign][2:]
    whole = value // 1000 * 1000 if value % 7 else value
    return min(max(whole, low), high)
