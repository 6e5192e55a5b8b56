"""Synthetic people for the bars of analysis: scores over time with a relapse, and reports of drugs and events."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

SITES, ARMS = 40, 2
SEED = 11


def scores(folder: Path, people: int) -> tuple[Path, np.ndarray]:
    """Write scores of `people`, sorted by person and day, and return the file and each person's site and arm as one
    number.
    """
    chance = np.random.default_rng(SEED)
    visits = chance.integers(4, 13, people)
    rows = int(visits.sum())
    person = np.repeat(np.arange(people, dtype=np.int32), visits)
    visit = np.arange(rows) - np.repeat(np.cumsum(visits) - visits, visits)
    day = (visit * 14 + chance.integers(0, 7, rows)).astype(np.int16)
    start, depth = chance.integers(15, 28, people), 0.55 + chance.normal(0, 0.2, people)
    relapse = chance.exponential(350, people)
    mean = start[person] * (1 - depth[person] * (1 - np.exp(-day / 10))) + np.where(day > relapse[person], 8, 0)
    score = np.clip(np.rint(mean + chance.normal(0, 2.5, rows)), 0, 27).astype(np.int8)
    file = folder / f"scores-{people}.parquet"
    pq.write_table(pa.table({"person": person, "day": day, "score": score}), file, row_group_size=1 << 20)
    return file, chance.integers(0, SITES * ARMS, people)


def reports(folder: Path, rows: int) -> Path:
    """Write reports of 300 drugs and 2,000 events from 40 sites in the order of days, each with a risk and whether it
    went badly; one site does worse from day 900 on.
    """
    chance = np.random.default_rng(SEED)
    drugs, events = 1 / np.arange(1, 301), np.arange(1, 2001) ** -0.9
    site, day = chance.integers(0, SITES, rows), np.sort(chance.integers(0, 1500, rows))
    risk = chance.beta(2, 30, rows).clip(1e-4, 0.9)
    worse = np.where((site == 7) & (day > 900), 1.8, 1.0)
    columns = {
        "drug": chance.choice(300, rows, p=drugs / drugs.sum()).astype(np.int16),
        "event": chance.choice(2000, rows, p=events / events.sum()).astype(np.int16),
        "site": site.astype(np.int16),
        "day": day.astype(np.int16),
        "risk": risk.astype(np.float32),
        "bad": (chance.random(rows) < risk * worse).astype(np.int8),
    }
    file = folder / f"reports-{rows}.parquet"
    pq.write_table(pa.table(columns), file)
    return file
