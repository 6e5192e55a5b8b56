"""A snapshot as files for other programs: each table as CSV, and a dictionary that says what each column means.

It holds the same rows as the snapshot, and stays under the same agreement.
"""

import csv
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

from jinja2 import Environment, StrictUndefined

from daybreak.register.description import Column, Table
from daybreak.register.folders import Dataset
from daybreak.register.new_folders import new_folder
from daybreak.register.tables import TABLES

HEADING = ("table", "column", "meaning", "type", "unit", "how it is made", "constraint", "classification")


def hand_out(frozen: Dataset, folder: Path, *, labels: bool = False) -> list[str]:
    """Write every table as CSV into a new folder, with `dictionary.html` and `dictionary.csv`; return the files' names.

    With `labels` the columns are headed by their meaning and unit instead of their names. The folder is whole or not
    there. Raises FolderInTheWay and Unwritable.
    """
    with new_folder(folder) as making:
        for table in TABLES:
            _write_table(frozen, table, making / f"{table.name}.csv", labels=labels)
        (making / "dictionary.html").write_text(dictionary_page(frozen), encoding="utf-8")
        with (making / "dictionary.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([HEADING, *dictionary_rows()])
    return sorted(path.name for path in folder.iterdir())


def dictionary_rows() -> Iterator[tuple[str, ...]]:
    """Yield a row for each described column."""
    for table in TABLES:
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
    text = (files("daybreak.register") / "data_dictionary.html").read_text(encoding="utf-8")
    page = Environment(autoescape=True, undefined=StrictUndefined).from_string(text)
    return page.render(manifest=frozen.manifest, rows=frozen.manifest.rows(), tables=TABLES, heading=HEADING[1:])


def _write_table(frozen: Dataset, table: Table, path: Path, *, labels: bool) -> None:
    rows = frozen.tables[table.name]
    if labels:
        rows = rows.rename({_label(table, column): column.name for column in table.columns})
    rows.to_csv(path)


def _label(table: Table, column: Column) -> str:
    """Return a column's meaning with its unit; where two columns of a table mean the same, the name stands before."""
    label = column.meaning.rstrip(".") + (f" ({column.unit})" if column.unit else "")
    twice = sum(other.meaning == column.meaning and other.unit == column.unit for other in table.columns) > 1
    return f"{column.name}: {label}" if twice else label
