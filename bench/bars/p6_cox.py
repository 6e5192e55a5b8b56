"""P6: Cox's model with Efron's ties, in 40 strata, with errors that allow for clusters, beside R's `coxph.fit` of the
same rows (which fits the strata, and computes no robust errors), turn by turn; and how far the coefficients are apart.
"""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from bench.figure import Figure
from bench.reference import in_r, load, taken
from daybreak.stats.public import CoxFit, cox

SIZES = {"quick": (100_000, 3), "full": (1_000_000, 5)}
EFFECTS = np.array([-0.3, 0.1, 0.05, 0.2, -0.4, 0.15])


def measure(size: str) -> Iterator[Figure]:
    """Yield the ratio of the times, and the largest difference of a coefficient."""
    people, runs = SIZES[size]
    rows = _rows(people)
    kept: list[CoxFit] = []
    cox(**{name: column[:1000] for name, column in rows.items()})  # loads what it needs
    with tempfile.TemporaryDirectory(prefix="daybreak-bench-") as place:
        file = Path(place) / "rows.bin"
        np.concatenate([column.astype(np.float64).ravel(order="F") for column in rows.values()]).tofile(file)
        times, theirs = [], []
        for _ in range(runs):
            times.append(taken(lambda: kept.append(cox(**rows))))
            told = in_r("coxph", file, people, len(EFFECTS))
            theirs.append(told[0])
    how = f"ours {min(times):.2f} s / coxph.fit {min(theirs):.2f} s, {people:,} rows, fastest of {runs} turns, {load()}"
    yield Figure(
        bar="P6", part=f"1e{len(str(people)) - 1}", value=min(times) / min(theirs), bound=1.2, better="lower", how=how
    )
    apart = float(np.abs(kept[0].coefficients - np.array(told[1:])).max())
    how = "largest difference of a coefficient to coxph.fit"
    yield Figure(bar="P6", part="difference", value=apart, bound=1e-8, better="lower", how=how)


def _rows(people: int) -> dict[str, np.ndarray]:
    chance = np.random.default_rng(5)
    columns = [
        chance.integers(0, 2, people),
        chance.normal(0, 1, people),
        chance.integers(0, 2, people),
        chance.normal(0, 1, people),
        chance.choice([0.5, 0.75, 1.0], people),
        chance.poisson(2, people),
    ]
    covariates = np.stack(columns, axis=1).astype(np.float64)
    event, left = chance.exponential(200 / np.exp(covariates @ EFFECTS)), chance.uniform(10, 365, people)
    return {
        "time": np.ceil(np.minimum(event, left)),
        "event": (event <= left).astype(np.float64),
        "strata": chance.integers(0, 40, people),
        "clusters": np.arange(people) // 3,
        "covariates": covariates,
    }
