"""The calendar of a snapshot as counts by site, week and stratum. Its rows are counts already; none is a person."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from daybreak.watch.reductions.narrowing import Tables
from daybreak.watch.surveillance.counts import ALL, CalendarCounts


def calendar_counts(tables: Tables) -> CalendarCounts | None:
    """This function will return the counts of the sites that held a session, or None where there is no
    calendar.
    """
    table = tables["calendar"]
    summed = table.group_by("site", "week", "position", "route", "counted", "term").agg(sessions=table.sessions.sum())
    rows = summed.to_pyarrow().to_pylist()
    held = [row for row in rows if row["counted"] == ALL]
    if not held:
        return None
    sites = tuple(sorted({row["site"] for row in held}))
    strata = tuple(sorted({_stratum(row) for row in held}))
    first = min(row["week"] for row in held)
    shape = (len(sites), max(row["week"] for row in held) - first + 1, len(strata))
    return CalendarCounts(sites, first, strata, shape, _counted(rows, sites, strata, first, shape))


def _counted(
    rows: Sequence[Mapping[str, Any]],
    sites: Sequence[str],
    strata: Sequence[tuple[str, str]],
    first: int,
    shape: tuple[int, int, int],
) -> dict[str, np.ndarray[Any, np.dtype[np.float64]]]:
    found = {name: np.zeros(shape) for name in sorted({_name(row) for row in rows})}
    site_at, stratum_at = {site: at for at, site in enumerate(sites)}, {each: at for at, each in enumerate(strata)}
    for row in rows:
        place = site_at[row["site"]], row["week"] - first, stratum_at[_stratum(row)]
        found[_name(row)][place] += row["sessions"]
    return found


def _name(row: Mapping[str, Any]) -> str:
    return f"term:{row['term']}" if row["counted"] == "term" else row["counted"]


def _stratum(row: Mapping[str, Any]) -> tuple[str, str]:
    return row["position"], row["route"] or ""
