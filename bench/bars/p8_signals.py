"""P8: signals from raw reports: PRR, ROR, IC and EBGM (its prior fitted) of every pair, funnel limits and the
risk-adjusted CUSUM of every site, in total beside a bare scan of the same columns by DuckDB, turn by turn.
"""

import tempfile
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import ibis
import numpy as np
import pyarrow.parquet as pq

from bench.cohort import SITES, reports
from bench.figure import Figure
from bench.reference import THREADS, load, scan, taken
from daybreak.register.reductions.pairs import pairs
from daybreak.stats.public import disproportion, fitted_prior, poisson_limits, risk_adjusted_cusum, shrunk

SIZES = {"quick": (1_000_000, 3), "full": (10_000_000, 3)}
BARE = "SELECT count(*), sum(drug), sum(event), sum(site), sum(day), sum(risk), sum(bad) FROM '{file}'"


def measure(size: str) -> Iterator[Figure]:
    """Yield the ratio of the total, and what each part takes of it."""
    rows, runs = SIZES[size]
    with tempfile.TemporaryDirectory(prefix="daybreak-bench-") as place:
        file = reports(Path(place), rows)
        _pairs(file)  # loads what it needs
        turns = [
            (taken(lambda: _pairs(file)), taken(lambda: _sites(file)), scan(BARE.format(file=file)))
            for _ in range(runs)
        ]
    of_pairs, of_sites, bare = (min(each) for each in zip(*turns, strict=True))
    how = (
        f"pairs {of_pairs * 1e3:.0f} ms + sites {of_sites * 1e3:.0f} ms / bare scan {bare * 1e3:.0f} ms, "
        f"{rows:,} reports, fastest of {runs} turns, {load()}"
    )
    part = f"1e{len(str(rows)) - 1}"
    yield Figure(bar="P8", part=part, value=(of_pairs + of_sites) / bare, bound=8.0, better="lower", how=how)


def _pairs(file: Path) -> None:
    connection = ibis.duckdb.connect(threads=THREADS)
    counted = pairs(connection.read_parquet(file), report=None)
    ratio = disproportion(counted.n, counted.with_drug, counted.with_event, counted.reports)
    shrunk(ratio.n, ratio.expected, fitted_prior(ratio.n, ratio.expected), bounds=False)


def _sites(file: Path) -> None:
    table = pq.read_table(file, columns=["site", "risk", "bad"])
    site, risk, bad = (table[name].to_numpy() for name in ("site", "risk", "bad"))
    order = np.argsort(site, kind="stable")
    edges = np.searchsorted(site[order], np.arange(SITES + 1))
    for start, end in pairwise(edges):
        own = order[start:end]
        risk_adjusted_cusum(bad[own], risk[own], odds_ratio=2.0, threshold=4.5)
        for level in (0.95, 0.998):
            poisson_limits(float(bad[own].sum()), float(risk[own].sum(dtype=np.float64)), level=level)
