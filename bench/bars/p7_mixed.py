"""P7: a linear mixed model, a level and a slope for each patient, from rows to the fit, beside R's `lmer` of the same
rows, turn by turn; and over random designs, how much worse our criterion ever is than lme4's.
"""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from bench.figure import Figure
from bench.reference import in_r, load, taken
from daybreak.stats.public import MixedFit, group_sums, mixed

SIZES = {"quick": (10_000, 2, 40), "full": (100_000, 3, 1000)}


def measure(size: str) -> Iterator[Figure]:
    """Yield how many times faster than lme4, and the worst of the random designs."""
    people, runs, designs = SIZES[size]
    with tempfile.TemporaryDirectory(prefix="daybreak-bench-") as place:
        file, rows = Path(place) / "rows.bin", _rows(np.random.default_rng(3), people, (9.0, -0.6, 0.5, 4.0))
        rows.tofile(file)
        times, theirs = [], []
        _fit(rows[:, :1000])  # loads what it needs
        for _ in range(runs):
            times.append(taken(lambda: _fit(rows)))
            theirs.append(in_r("lmer", file, 0)[0])
        how = f"lmer {min(theirs):.1f} s / ours {min(times):.2f} s, {people:,} patients"
        how = f"{how}, fastest of {runs} turns, {load()}"
        part = f"1e{len(str(people)) - 1}"
        yield Figure(bar="P7", part=part, value=min(theirs) / min(times), bound=10, better="higher", how=how)
        drawn = [_design(seed) for seed in range(designs)]
        np.concatenate([np.concatenate(([len(rows.T)], rows.ravel())) for rows in drawn]).tofile(file)
        criteria = in_r("lmer", file, designs)
    worst = max(_fit(rows).criterion - theirs for rows, theirs in zip(drawn, criteria, strict=True))
    how = f"ours - lme4's REML criterion, the worst of {designs} random designs (seeds 0 to {designs - 1})"
    yield Figure(bar="P7", part="criterion", value=worst, bound=1e-3, better="lower", how=how)


def _fit(rows: np.ndarray) -> MixedFit:
    outcome, day, arm, person = rows
    ones = np.ones(len(day))
    fixed, random = np.stack((ones, day, arm, day * arm), axis=1), np.stack((ones, day), axis=1)
    return mixed(group_sums(outcome, fixed, random, person.astype(np.int64)))


def _design(seed: int) -> np.ndarray:
    """Return rows of a random size and covariance; a third has no slopes that vary, and some nothing that varies."""
    chance = np.random.default_rng(seed)
    level, slope = chance.choice([0.0, 0.3, 3.0, 30.0]), chance.choice([0.0, 0.05, 1.0])
    tied = chance.uniform(-1, 1) * (level * slope) ** 0.5
    return _rows(chance, int(chance.integers(8, 80)), (level, tied, slope, float(chance.choice([0.5, 2.0]))))


def _rows(chance: np.random.Generator, people: int, covariance: tuple[float, float, float, float]) -> np.ndarray:
    level, tied, slope, residual = covariance
    visits = chance.integers(3, 13, people)
    person = np.repeat(np.arange(people), visits)
    visit = np.arange(len(person)) - np.repeat(np.cumsum(visits) - visits, visits)
    day, arm = (visit * 14 + chance.integers(0, 7, len(person))) / 28, chance.integers(0, 2, people)[person]
    own = chance.multivariate_normal([0, 0], [[level, tied], [tied, slope]], people, method="eigh")[person]
    mean = 20 - 1.2 * day - arm - 0.5 * day * arm
    outcome = mean + own[:, 0] + own[:, 1] * day + chance.normal(0, residual**0.5, len(person))
    return np.stack([outcome, day, arm, person]).astype(np.float64)
