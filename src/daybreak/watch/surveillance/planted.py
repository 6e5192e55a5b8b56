"""The harms that can be planted in invented registers. Every number in them is invented."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Planted:
    """A harm: which kind it moves, the risks of that kind by position where nothing is wrong, in words what happens,
    where, and how the odds grow from the week it begins (`lasts` weeks, or for good; reached after `ramp` weeks).
    """

    kind: str
    risks: tuple[float, float, float]
    words: str
    everywhere: bool = False
    later_only: bool = False
    lasts: int | None = None
    ramp: int = 0


HARMS = {
    "batch": Planted(
        "any_event",
        (0.3, 0.2, 0.15),
        "one site uses a bad batch for 8 weeks: the odds of an event are multiplied",
        lasts=8,
    ),
    "monitoring": Planted(
        "mostly_missed",
        (0.03, 0.03, 0.03),
        "one site stops monitoring: the odds of mostly missed readings are multiplied",
    ),
    "bladder": Planted(
        "urinary_symptoms",
        (0.004, 0.004, 0.004),
        "slow bladder toxicity: at all sites the odds of urinary symptoms in later sessions grow over a year",
        everywhere=True,
        later_only=True,
        ramp=52,
    ),
    "dose": Planted(
        "high_blood_pressure",
        (0.05, 0.05, 0.05),
        "one site gives higher doses: the odds of high blood pressure as an event are multiplied",
    ),
}
