"""What a quality check says of rows, one by one. The register's reduction counts the same of millions."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from daybreak.rulebook.lines import Path
from daybreak.rulebook.quality import Quality, QualityCheck

MINUTES_A_DAY, MINUTES_AN_HOUR = 1440, 60
Row = Mapping[str, Any]
Rows = Mapping[str, Sequence[Row]]
BoundsOf = Callable[[Row], tuple[float, float] | None]


@dataclass(frozen=True, slots=True)
class Beside:
    """What a check needs beside the rows: the bounds of a row, and the days before or the hours after of the measure.

    `scored` says whether a row of scores is one of the measure.
    """

    bounds: BoundsOf = lambda row: None
    within: tuple[float, float] = (0, 0)
    scored: Callable[[Row], bool] = lambda row: True


def well_of(check: QualityCheck, rows: Rows, beside: Beside) -> tuple[int, int]:
    """This function will count of the rows that a check asks of how many are well, and how many there are."""
    asked = [row for row in rows.get(check.table, ()) if _is_asked(check, row)]
    if check.kind == "counted":
        well, of = check.columns
        told = [row for row in asked if row.get(well) is not None and row.get(of) is not None]
        return int(sum(row[well] for row in told)), int(sum(row[of] for row in told))
    found = [verdict for row in asked if (verdict := _verdict(check, row, rows, beside)) is not None]
    return sum(found), len(found)


def _is_asked(check: QualityCheck, row: Row) -> bool:
    filled = all(row.get(name) is not None for name in check.where_filled)
    return filled and all(row.get(name) == word for name, word in check.only.items())


def _verdict(check: QualityCheck, row: Row, rows: Rows, beside: Beside) -> bool | None:
    """Return whether a row is well, or None where the check cannot ask it."""
    values: list[Any] = [row.get(name) for name in check.columns]
    if check.kind == "filled":
        return all(value is not None for value in values)
    if check.kind == "in_order":
        return None if None in values else bool(values[0] <= values[1])
    if check.kind == "within_bounds":
        return _within(values, beside.bounds(row))
    if check.other is not None:
        other = check.other
        return any(
            each.get(other.by) == row.get(other.by) and all(each.get(name) == word for name, word in other.only.items())
            for each in rows.get(other.table, ())
        )
    return _scored(check, str(row.get("person")), rows, beside)


def _within(values: Sequence[Any], bounds: tuple[float, float] | None) -> bool | None:
    told = [value for value in values if value is not None]
    if bounds is None or not told:
        return None
    return all(bounds[0] <= value <= bounds[1] for value in told)


def _scored(check: QualityCheck, person: str, rows: Rows, beside: Beside) -> bool | None:
    mine = [
        row["minute"]
        for row in rows.get("session", ())
        if row.get("person") == person and row.get("minute") is not None
    ]
    scores = [row["minute"] for row in rows.get("score", ()) if row.get("person") == person and beside.scored(row)]
    if not mine:
        return None
    if check.kind == "scored_before":
        earliest = min(mine) - beside.within[0] * MINUTES_A_DAY
        return any(earliest <= minute <= min(mine) for minute in scores)
    begins, ends = (max(mine) + hours * MINUTES_AN_HOUR for hours in beside.within)
    if not any(minute >= ends for minute in scores):
        return None
    return any(begins <= minute < ends for minute in scores)


def quality_wrongs(quality: Quality) -> Iterator[tuple[Path, str]]:
    """Yield the examples of the checks that come out otherwise."""
    for index, each in enumerate(quality.examples):
        check = quality.check(each.check)
        if check is None:
            continue
        got = well_of(check, _plain(each.rows), Beside(_always(_pair(each.bounds)), _pair(each.within) or (0, 0)))
        if got != (each.well, each.of):
            yield (
                ("examples", index),
                f"example “{each.name}”: {got[0]} of {got[1]} are well, not {each.well} of {each.of}",
            )


def _plain(rows: Rows) -> dict[str, list[dict[str, Any]]]:
    """Return an example's rows with numbers as a snapshot has them."""
    return {
        table: [
            {name: float(value) if isinstance(value, Decimal) else value for name, value in row.items()} for row in each
        ]
        for table, each in rows.items()
    }


def _pair(told: tuple[Decimal, Decimal] | None) -> tuple[float, float] | None:
    return None if told is None else (float(told[0]), float(told[1]))


def _always(bounds: tuple[float, float] | None) -> BoundsOf:
    return lambda row: bounds
