"""A snapshot as files for other programs: each table as CSV, and a dictionary that says what each column means.

As a copy for the house it holds the same rows as the snapshot, and stays under the same agreement. As a release it
holds what a privacy profile lets out (`releasing`), with a manifest.
"""

import csv
from collections.abc import Iterator, Sequence
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import Environment, StrictUndefined

from daybreak.register.description import Column, Table
from daybreak.register.folders import Dataset
from daybreak.register.manifest import Manifest
from daybreak.register.new_folders import new_folder
from daybreak.register.tables import TABLES

if TYPE_CHECKING:
    import ibis.expr.types as ir

HEADING = ("table", "column", "meaning", "type", "unit", "how it is made", "constraint", "classification")


def hand_out(frozen: Dataset, folder: Path, *, labels: bool = False) -> list[str]:
    """Write every table as CSV into a new folder, with `dictionary.html` and `dictionary.csv`; return the files' names.

    With `labels` the columns are headed by their meaning and unit instead of their names. The folder is whole or not
    there. Raises FolderInTheWay and Unwritable.
    """
    with new_folder(folder) as making:
        for table in TABLES:
            write_table(frozen.tables[table.name], table, making / f"{table.name}.csv", labels=labels)
        write_dictionary(making, dictionary_page(frozen), TABLES)
    return sorted(path.name for path in folder.iterdir())


def write_dictionary(folder: Path, page: str, tables: Sequence[Table]) -> None:
    """Write the dictionary of `tables` into a folder: a page to read, and a table for programs."""
    (folder / "dictionary.html").write_text(page, encoding="utf-8")
    with (folder / "dictionary.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEADING, *dictionary_rows(tables)])


def dictionary_rows(tables: Sequence[Table]) -> Iterator[tuple[str, ...]]:
    """Yield a row for each described column."""
    for table in tables:
        for column in table.columns:
            yield (
                table.name,
                column.name,
                column.meaning,
                column.type,
                column.unit,
                column.taken.value,
                column.constraint,
                column.classification.value,
            )


def dictionary_page(frozen: Dataset) -> str:
    """Return the data dictionary of a snapshot as a page that stands alone: what each table and column means."""
    return _page(frozen.manifest, TABLES, frozen.manifest.rows(), release=None)


def release_page(manifest: Manifest, tables: Sequence[Table], rows: dict[str, int], release: dict[str, object]) -> str:
    """Return the data dictionary of a release, which opens with its statement."""
    return _page(manifest, tables, rows, release=release)


def _page(
    manifest: Manifest, tables: Sequence[Table], rows: dict[str, int], *, release: dict[str, object] | None
) -> str:
    text = (files("daybreak.register") / "data_dictionary.html").read_text(encoding="utf-8")
    page = Environment(autoescape=True, undefined=StrictUndefined).from_string(text)
    return page.render(manifest=manifest, rows=rows, tables=tables, heading=HEADING[1:], release=release)


def write_table(rows: "ir.Table", table: Table, path: Path, *, labels: bool) -> None:
    """Write rows as CSV, headed by the columns' names or by what they mean."""
    if labels:
        rows = rows.rename({_label(table, column): column.name for column in table.columns})
    rows.to_csv(path)


def _label(table: Table, column: Column) -> str:
    """Return a column's meaning with its unit; where two columns of a table mean the same, the name stands before."""
    label = column.meaning.rstrip(".") + (f" ({column.unit})" if column.unit else "")
    twice = sum(other.meaning == column.meaning and other.unit == column.unit for other in table.columns) > 1
    return f"{column.name}: {label}" if twice else label
