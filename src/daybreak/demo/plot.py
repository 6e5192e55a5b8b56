"""What happens to each patient: a plot drawn from the seed, before anything is written. Pure.

The figures that shape it (how often people respond, how far pressure rises) are loosely those of the published
cohorts in the register's
facts; the calibrated cohort is another tool's work. Nothing here is evidence.
"""

import random
from dataclasses import dataclass, field
from datetime import date

from daybreak.demo.cast import FAMILY, GIVEN
from daybreak.rulebook.public import Instrument, score

SEED = 20170301
PATIENTS_PER_CLINIC = 15

ITEMS = ("interest", "mood", "sleep", "energy", "appetite", "failure", "concentration", "movement", "self_harm")
# How many of a clinic's fifteen patients are at each stage.
STAGES = (
    ("referred", 3),
    ("half screened", 2),
    ("refused", 1),
    ("accepted", 1),
    ("consented", 1),
    ("in induction", 2),
    ("followed up", 5),
)


@dataclass(frozen=True, slots=True)
class Plot:
    """One patient's way. Scores are PHQ-9 totals; days count back from today."""

    given: str
    family: str
    sex: str
    born: date
    stage: str
    days_ago: int
    sessions: int
    weight_kg: float
    height_cm: int
    systolic: int
    diastolic: int
    scores: tuple[int, ...]
    drift: float
    registry: str
    seed: int
    hopeless: bool = False
    failed: tuple[tuple[str, str, int], ...] = field(default_factory=tuple)


TRIED = (
    ("sertraline", "36437", 150),
    ("venlafaxine", "39786", 225),
    ("bupropion", "42347", 300),
    ("escitalopram", "321988", 20),
    ("mirtazapine", "15996", 30),
    ("nortriptyline", "7531", 100),
    ("duloxetine", "72625", 60),
)


def plots(clinic: int, *, today: date) -> list[Plot]:
    """Return the plots of one clinic's patients, the longest ago first."""
    rng = random.Random(SEED + clinic)
    stages = [stage for stage, n in STAGES for _ in range(n)]
    return sorted((_plot(rng, stage, clinic, i, today) for i, stage in enumerate(stages)), key=lambda p: -p.days_ago)


def _plot(rng: random.Random, stage: str, clinic: int, place: int, today: date) -> Plot:
    sex = rng.choice(("female", "female", "male"))
    baseline = rng.randint(15, 25)
    responds = rng.random() < 0.6
    sessions = {"in induction": rng.randint(1, 3), "followed up": rng.choice((4, 4, 4, 5))}.get(stage, 0)
    scores = _induction(rng, baseline, responds, max(sessions, 1))
    days_ago = {"in induction": sessions * 3 + 5, "followed up": rng.randint(60, 300)}.get(stage, rng.randint(2, 15))
    return Plot(
        given=GIVEN[sex][(place * 5 + clinic * 7) % len(GIVEN[sex])],
        family=FAMILY[(place * 2 + clinic * 7) % len(FAMILY)],
        sex=sex,
        born=date(today.year - rng.randint(21, 74), rng.randint(1, 12), rng.randint(1, 28)),
        stage=stage,
        days_ago=days_ago,
        sessions=sessions,
        weight_kg=round(rng.gauss(78, 13), 1),
        height_cm=round(rng.gauss(166 if sex == "female" else 178, 6)),
        systolic=rng.randint(106, 132),
        diastolic=rng.randint(66, 82),
        scores=scores,
        drift=rng.choice((0.0, 0.01, 0.08, 0.2)) if responds else rng.uniform(-0.02, 0.03),
        registry="declined" if rng.random() < 0.08 else "withdrawn" if rng.random() < 0.05 else "agreed",
        seed=rng.randrange(2**31),
        hopeless=stage == "in induction" and place % 3 == 0 and clinic == 0,
        failed=tuple(rng.sample(TRIED, 3)),
    )


def _induction(rng: random.Random, baseline: int, responds: bool, sessions: int) -> tuple[int, ...]:
    """Return the score before each session: the baseline, then a fall that slows."""
    goal = baseline * (rng.uniform(0.15, 0.45) if responds else rng.uniform(0.55, 0.95))
    values = [goal + (baseline - goal) * 0.62**i + rng.gauss(0, 1.2) for i in range(1, sessions + 1)]
    return (baseline, *(min(27, max(0, round(v))) for v in values))


def score_after(plot: Plot, days: float, rng: random.Random) -> int:
    """Return the PHQ-9 total `days` after the last session: where it ended, plus the plot's drift, plus chance."""
    value = plot.scores[-1] + plot.drift * days + rng.gauss(0, 1)
    return min(27, max(0, round(min(value, plot.scores[0] + 2))))


def items_of(total: int, seed: int, *, hopeless: bool = False) -> dict[str, int]:
    """Return nine PHQ-9 answers with that total; the ninth stays 0 unless the plot says otherwise and the total
    allows it.
    """
    rng = random.Random(seed * 31 + total)
    answers = dict.fromkeys(ITEMS, 0)
    left = total
    if hopeless and left:
        answers["self_harm"], left = 1, left - 1
    while left:
        lower = [item for item in ITEMS[:-1] if answers[item] < 3] or ["self_harm"]
        answers[rng.choice(lower)] += 1
        left -= 1
    return answers


def mild_answers(instrument: Instrument, rng: random.Random) -> dict[str, int]:
    """Return answers to an instrument as somebody gives them who has little of what it asks about, and nothing of
    what calls for a person.
    """
    offered = {item.id: sorted(instrument.values_of(item.id)) for item in instrument.items}
    little = {item: values[rng.random() < 0.2] for item, values in offered.items()}
    none = {item: values[0] for item, values in offered.items()}
    return none if score(instrument, little).raised else little
