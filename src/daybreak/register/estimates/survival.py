"""`daybreak estimate survival`: curves by group."""

from pathlib import Path
from typing import Any

from daybreak.register.estimates.answer import Answer, left_out
from daybreak.register.files import Kind, Narrowed, UnusableFile, narrowed, opened
from daybreak.register.reductions.event_tables import event_tables
from daybreak.stats.public import Curve, curve_of, restricted_mean

EVERYBODY = "all"


def survival(
    path: Path,
    *,
    time: str,
    event: str,
    entry: str | None = None,
    by: str | None = None,
    until: float | None = None,
    level: float = 0.95,
) -> Answer:
    """Return Kaplan and Meier's curve of each group of a file; with `until`, the restricted mean too.

    Raises UnusableFile where the file does not hold what was asked.
    """
    wanted = {"time": (time, Kind.TIME), "event": (event, Kind.EVENT)}
    wanted |= {"entry": (entry, Kind.TIME)} if entry else {}
    wanted |= {"group": (by, Kind.LABEL)} if by else {}
    found = narrowed(opened(path), wanted)
    if entry:
        refuse_late_entry(found, entry=entry, time=time)
    tables = event_tables(found.rows, by=("group",) if by else (), entry="entry" if entry else None)
    curves = {str(group[0]) if group else EVERYBODY: curve_of(table, level=level) for group, table in tables.items()}
    groups = {name: _told(curve, until) for name, curve in curves.items()}
    heading = ("group", "people", "events", "median", "lower", "upper") + (("mean", "error") if until else ())
    return Answer({"groups": groups, "level": level}, heading, _rows(groups), _notes(curves, found, by, until))


def refuse_late_entry(found: Narrowed, *, entry: str, time: str) -> None:
    """Raise UnusableFile where somebody's observation begins at its end or later."""
    late = found.rows.filter(found.rows.entry >= found.rows.time)
    row = late.row_of_file.min().to_pyarrow().as_py()
    if row is not None:
        raise UnusableFile(f"In row {row} below the header “{entry}” does not lie before “{time}”.")


def _told(curve: Curve, until: float | None) -> dict[str, Any]:
    told: dict[str, Any] = {
        "time": curve.times,
        "at_risk": curve.at_risk,
        "events": curve.events,
        "survival": curve.survival,
        "standard_error": curve.standard_error,
        "lower": curve.lower,
        "upper": curve.upper,
        "median": curve.median,
        "median_lower": curve.median_lower,
        "median_upper": curve.median_upper,
    }
    if until:
        mean = restricted_mean(curve, until)
        told |= {
            "restricted_mean": mean.value,
            "restricted_mean_error": mean.standard_error,
            "restricted_mean_lower": mean.lower,
            "restricted_mean_upper": mean.upper,
        }
    return told


def _rows(groups: dict[str, dict[str, Any]]) -> tuple[tuple[Any, ...], ...]:
    last = ("restricted_mean", "restricted_mean_error")
    return tuple(
        (
            name,
            max(told["at_risk"]),
            sum(told["events"]),
            told["median"],
            told["median_lower"],
            told["median_upper"],
            *(told[key] for key in last if key in told),
        )
        for name, told in groups.items()
    )


def _notes(curves: dict[str, Curve], found: Narrowed, by: str | None, until: float | None) -> tuple[str, ...]:
    notes = list(left_out(found.left_out))
    if by and len(curves) == 1:
        notes.append(f"“{by}” holds one group only, so there is nothing to compare.")
    for name, curve in curves.items():
        where = "" if name == EVERYBODY and not by else f" in {name}"
        if not sum(curve.events):
            notes.append(f"Nobody{where} had the event: survival stays at 1, and no interval exists.")
        if until and restricted_mean(curve, until).value is None:
            notes.append(f"Nobody{where} was observed until {until:g}, so there is no mean up to it.")
    return tuple(notes)
