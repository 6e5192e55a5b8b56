"""P5: survival from raw scores. Kaplan-Meier by arm and site, from a Parquet file of scores to 80 curves with
intervals, beside a bare scan of the same columns by DuckDB; how the time grows with people; and how far the curves are
from R's survfit (that part only where R is).
"""

import tempfile
from collections.abc import Iterator
from math import log
from pathlib import Path

import numpy as np

from bench.cohort import ARMS, SITES, scores
from bench.figure import Figure
from bench.reference import NoR, in_r, load, scan, taken
from daybreak.register.reductions.first_relapse import Cutoffs, relapse_tables_in_order
from daybreak.stats.public import Curve, curve_of

SIZES = {"quick": ((10_000, 100_000, 1_000_000), 5), "full": ((10_000, 100_000, 1_000_000, 10_000_000), 7)}
BOUNDS = {1_000_000: 2.0, 10_000_000: 3.0}
CUTOFFS = Cutoffs(remission=9, relapse=15)


def measure(size: str) -> Iterator[Figure]:
    """Yield the ratio at each size that has a bound, the exponent of growth, and the difference to R."""
    people, runs = SIZES[size]
    ours: dict[int, float] = {}
    with tempfile.TemporaryDirectory(prefix="daybreak-bench-") as place:
        for many in people:
            file, groups = scores(Path(place), many)
            pairs = [(taken(lambda f=file, g=groups: _curves(f, g)), scan(_bare(file))) for _ in range(runs)]
            ours[many], bare = (min(side) for side in zip(*pairs, strict=True))
            how = f"raw scores to 80 curves {ours[many] * 1e3:.0f} ms / bare scan {bare * 1e3:.0f} ms"
            how = f"{how}, fastest of {runs} turns, {load()}"
            if many in BOUNDS:
                part = f"1e{round(log(many, 10))}"
                yield Figure(
                    bar="P5",
                    part=part,
                    value=ours[many] / bare,
                    bound=BOUNDS[many],
                    better="lower",
                    how=how,
                )
            if many == people[1]:
                try:
                    yield _difference(Path(place), _curves(file, groups))
                except NoR as missing:
                    print(missing)
    grown = log(ours[people[-1]] / ours[people[1]]) / log(people[-1] / people[1])
    how = f"growth of the time from {people[1]:,} to {people[-1]:,} people, {load()}"
    yield Figure(bar="P5", part="exponent", value=grown, bound=1.0, better="lower", how=how)


def _curves(file: Path, groups: np.ndarray) -> list[Curve]:
    return [curve_of(table) for table in relapse_tables_in_order(file, groups, SITES * ARMS, CUTOFFS)]


def _bare(file: Path) -> str:
    return f"SELECT count(*), sum(person::BIGINT), sum(day::BIGINT), sum(score::BIGINT) FROM '{file}'"


def _difference(place: Path, curves: list[Curve]) -> Figure:
    curve = curves[0]
    rows = []
    at_risk = [*curve.at_risk, 0]
    for place_of, time in enumerate(curve.times):
        events = curve.events[place_of]
        rows += [f"{time} 1"] * int(events)
        rows += [f"{time} 0"] * int(at_risk[place_of] - events - at_risk[place_of + 1])
    (place / "people.txt").write_text("\n".join(rows))
    theirs = np.array(in_r("survfit", place / "people.txt"))
    own = np.array([[s, e] for s, e in zip(curve.survival, curve.standard_error, strict=True)], dtype=float).ravel()
    worst = float(np.abs(own - theirs).max())
    how = f"largest difference in survival and its error to R's survfit, {len(rows):,} people of one arm and site"
    return Figure(bar="P5", part="difference", value=worst, bound=1e-12, better="lower", how=how)
