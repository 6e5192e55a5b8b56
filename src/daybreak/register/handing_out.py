"""A snapshot as files for other programs: each table as CSV, and a dictionary that says what each column means.

As a copy for the house it holds the same rows as the snapshot, and stays under the same agreement. As a release it
holds what a privacy profile lets out (`releasing`), with a manifest.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from daybreak.register.description import Column, Table
from daybreak.register.dictionary import dictionary_of, write_dictionary
from daybreak.register.folders import Dataset
from daybreak.register.new_folders import new_folder
from daybreak.register.tables import TABLES

if TYPE_CHECKING:
    import ibis.expr.types as ir


def hand_out(frozen: Dataset, folder: Path, *, labels: bool = False) -> list[str]:
    """Write every table as CSV into a new folder, with its dictionary (HTML, PDF, CSV); return the files' names.

    With `labels` the columns are headed by their meaning and unit instead of their names. The folder is whole or not
    there. Raises FolderInTheWay and Unwritable.
    """
    with new_folder(folder) as making:
        for table in TABLES:
            write_table(frozen.tables[table.name], table, making / f"{table.name}.csv", labels=labels)
        write_dictionary(making, dictionary_of(frozen.manifest, TABLES))
    return sorted(path.name for path in folder.iterdir())


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
