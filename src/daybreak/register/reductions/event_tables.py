"""People with a time and an event, reduced to event tables: one for each group."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

import ibis.expr.types as ir
import numpy as np
import pyarrow as pa

from daybreak.stats.public import EventTable, event_table

Group = tuple[object, ...]


def event_tables(
    rows: ir.Table, *, by: Sequence[str] = (), time: str = "time", event: str = "event", entry: str | None = None
) -> dict[Group, EventTable]:
    """This function will count, in each group, how many people ended their observation at each time and how many
    of these by the event; with `entry`, also how many came under observation when. The groups rise.
    """
    ends = rows.group_by([*by, time]).agg(people=rows.count(), happened=rows[event].sum())
    entries = dict(_split(rows.group_by([*by, entry]).agg(people=rows.count()), by)) if entry else {}
    found = {}
    for group, table in _split(ends, by):
        late = entries.get(group)
        found[group] = event_table(
            _numbers(table, time),
            _numbers(table, "people"),
            _numbers(table, "happened"),
            entry_times=_numbers(late, entry) if late is not None and entry else (),
            entries=_numbers(late, "people") if late is not None else (),
        )
    return dict(sorted(found.items(), key=lambda item: tuple(str(part) for part in item[0])))


def _split(counts: ir.Table, by: Sequence[str]) -> Iterator[tuple[Group, pa.Table]]:
    """Yield the counts of each group."""
    table = counts.order_by(list(by)).to_pyarrow() if by else counts.to_pyarrow()
    if not by:
        yield (), table
        return
    codes = [np.asarray(table[name].combine_chunks().dictionary_encode().indices) for name in by]
    changes = np.any([np.diff(code) != 0 for code in codes], axis=0)
    starts = [0, *(np.flatnonzero(changes) + 1).tolist(), table.num_rows]
    for start, end in pairwise(starts):
        yield tuple(table[name][start].as_py() for name in by), table.slice(start, end - start)


def _numbers(table: pa.Table, column: str) -> np.ndarray:
    return table[column].to_numpy().astype(np.float64)
