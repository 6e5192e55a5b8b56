"""From raw scores to the time from first remission to first relapse: as an expression, and in one pass over files that
are sorted by person and day, which is faster. Both give the same rows.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from daybreak.stats.public import EventTable, event_table


@dataclass(frozen=True, slots=True)
class Cutoffs:
    """Remission is a score of at most `remission`, relapse a later one of at least `relapse`."""

    remission: int
    relapse: int


def first_relapse(scores: ir.Table, cutoffs: Cutoffs) -> ir.Table:
    """Return for each person who came to remission and was seen after it: days until the first relapse (`event` 1)
    or until last seen (0). `scores` has person, day and score.
    """
    remitted = scores.filter(scores.score <= cutoffs.remission)
    since = remitted.group_by("person").agg(since=remitted.day.min())
    later = scores.join(since, "person")
    later = later.filter(later.day > later.since)
    relapsed = (later.score >= cutoffs.relapse).ifelse(later.day, None)
    ends = later.group_by("person").agg(since=later.since.min(), last=later.day.max(), relapsed=relapsed.min())
    return ends.select(
        "person",
        time=ends.relapsed.coalesce(ends.last) - ends.since,
        event=ends.relapsed.notnull().cast("int64"),
    )


def relapse_tables_in_order(
    file: Path, group_of_person: np.ndarray, groups: int, cutoffs: Cutoffs, *, threads: int = 2
) -> tuple[EventTable, ...]:
    """Return the event table of each group, from one file of person (numbered from 0, rising), day and score.

    A person's rows stand together and rise by day; several row groups are read at a time, and a person who stands
    in two of them is put together again.
    """
    with pq.ParquetFile(file) as parquet:
        count = parquet.num_row_groups

    def read(number: int) -> tuple[np.ndarray, ...]:
        with pq.ParquetFile(file, pre_buffer=True) as mine:
            return _columns(mine.read_row_group(number, columns=["person", "day", "score"], use_threads=False))

    def counted(number: int) -> tuple[np.ndarray, list[tuple[np.ndarray, ...]]]:
        person, day, score = read(number)
        changes = np.flatnonzero(person[1:] != person[:-1]) + 1
        first = 0 if number == 0 else changes[0] if len(changes) else len(person)
        last = len(person) if number == count - 1 else changes[-1] if len(changes) else first
        columns = (person, day, score)
        edges = [tuple(each[part] for each in columns) for part in (slice(0, first), slice(last, None))]
        whole = (person[first:last], day[first:last], score[first:last])
        return _counts(whole, group_of_person, groups, cutoffs), edges

    with ThreadPoolExecutor(threads) as pool:
        parts = list(pool.map(counted, range(count)))
    edges = [edge for _, each in parts for edge in each if len(edge[0])]
    counts = [part for part, _ in parts]
    if edges:
        joined = tuple(np.concatenate(columns) for columns in zip(*edges, strict=True))
        counts.append(_counts(joined, group_of_person, groups, cutoffs))
    return tuple(_table(counts, group, groups) for group in range(groups))


def _columns(table: pa.Table) -> tuple[np.ndarray, ...]:
    return tuple(table[name].to_numpy() for name in ("person", "day", "score"))


def _counts(columns: Sequence[np.ndarray], group_of_person: np.ndarray, groups: int, cutoffs: Cutoffs) -> np.ndarray:
    """Return how many people ended at each time, without and with a relapse, group by group: 2 x (times x groups)."""
    person, day, score = columns
    if not len(person):
        return np.zeros((2, groups), dtype=np.int64)
    starts = np.concatenate(([0], np.flatnonzero(person[1:] != person[:-1]) + 1))
    ends = np.concatenate((starts[1:], [len(person)]))
    # The first row in remission of each person, and the first relapse at or after it: places in rising lists.
    since = _next(np.flatnonzero(score <= cutoffs.remission), starts, len(person))
    came = since < ends
    starts, ends, since = starts[came], ends[came], since[came]
    relapse = _next(np.flatnonzero(score >= cutoffs.relapse), since, len(person))
    event = relapse < ends
    stop = np.where(event, relapse, ends - 1)
    time = day[stop].astype(np.int64) - day[since]
    seen = time > 0
    key = time * groups + group_of_person[person[since]]
    size = (int(time.max(initial=0)) + 1) * groups
    return np.stack([np.bincount(key[seen & happened], minlength=size) for happened in (~event, event)])


def _next(places: np.ndarray, starts: np.ndarray, none: int) -> np.ndarray:
    """Return for each start the first of the rising `places` at or after it, or `none`."""
    found = np.searchsorted(places, starts)
    return np.concatenate((places, [none]))[found]


def _table(counts: Sequence[np.ndarray], group: int, groups: int) -> EventTable:
    longest = max(part.shape[1] for part in counts) // groups
    left, happened = np.zeros(longest), np.zeros(longest)
    for part in counts:
        own = part[:, group::groups]
        left[: own.shape[1]] += own[0]
        happened[: own.shape[1]] += own[1]
    times = np.flatnonzero(left + happened)
    return event_table(times, (left + happened)[times], happened[times])
