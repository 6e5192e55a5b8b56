"""Anyone's table: a CSV or Parquet file, read strictly. What is wrong is named with its column and row."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from pathlib import Path

import duckdb
import ibis
import ibis.expr.types as ir
from ibis.util import gen_name

from daybreak.kernel.refusal import Refusal

MISSING = ("", "NA", "N/A", "NaN", "nan", "NULL", "null", "None", ".")
_SEPARATORS = ",;\t|"
_HEAD = 65536
_OTHERS = {b"\x1f\x8b": "compressed", b"PK\x03\x04": "a spreadsheet or an archive", b"%PDF": "a PDF"}


class UnusableFile(Refusal):
    """A file that cannot be read as a table, or does not hold what was asked of it."""


class Kind(StrEnum):
    """What a column is read as."""

    NUMBER = "a number"
    TIME = "a time of 0 or later"
    EVENT = "an event, 0 or 1"
    COUNT = "a count, 0 or a whole number above it"
    LABEL = "any text"


@dataclass(frozen=True, slots=True)
class File:
    """A file that was opened: its rows as text or typed, its columns, and whether commas are decimal."""

    path: Path
    rows: ir.Table
    decimal_comma: bool
    connection: ibis.BaseBackend

    @property
    def columns(self) -> tuple[str, ...]:
        """Return the names of the columns, in the file's order."""
        return tuple(self.rows.columns)


@dataclass(frozen=True, slots=True)
class Narrowed:
    """The rows that can be used, with the columns under the names that were asked for, and how many rows were
    left out because something was missing in them.
    """

    rows: ir.Table
    used: int
    left_out: int


def opened(path: Path) -> File:
    """Open a CSV (comma, semicolon, tab or bar; with or without a byte order mark) or a Parquet file.

    In a file with semicolons a comma is a decimal point. Raises UnusableFile with one sentence.
    """
    if not path.exists():
        raise UnusableFile(f"There is no file “{path}”.")
    if path.is_dir():
        raise UnusableFile(f"“{path}” is a folder; name a CSV or Parquet file.")
    with path.open("rb") as stream:
        head = stream.read(_HEAD)
    if not head.strip(b"\xef\xbb\xbf\xff\xfe\r\n\t \x00"):
        raise UnusableFile(f"“{path.name}” is empty.")
    for signature, what in _OTHERS.items():
        if head.startswith(signature):
            raise UnusableFile(f"“{path.name}” is {what}; Daybreak reads CSV and Parquet.")
    connection = ibis.duckdb.connect()
    parquet = head.startswith(b"PAR1")
    try:
        found = connection.read_parquet(path) if parquet else _read_csv(connection, path, head)
        file = File(path, found, not parquet and _separator(head) == ";", connection)
        if not int(found.limit(1).count().to_pyarrow().as_py()):
            raise UnusableFile(f"“{path.name}” has a header and no rows.")
    except duckdb.Error as fault:
        raise UnusableFile(_told(path, parquet, str(fault))) from fault
    return file


def narrowed(file: File, wanted: Mapping[str, tuple[str, Kind]]) -> Narrowed:
    """Return the rows in which nothing that is `wanted` (name: column and kind) is missing.

    Raises UnusableFile for a column that is not there, and for the first value that is not of its kind.
    """
    for column, _ in wanted.values():
        _present(file, column)
    numbered = file.rows.mutate(row_of_file=ibis.row_number() + 1)
    read = {name: _value(file, numbered[column], kind) for name, (column, kind) in wanted.items()}
    faults = [_fault(file, numbered[column], read[name], kind) for name, (column, kind) in wanted.items()]
    fault = ibis.coalesce(*(ibis.ifelse(wrong, index, None) for index, wrong in enumerate(faults)), -1)
    missing = [value.isnull() for value in read.values()]
    gone = missing[0]
    for other in missing[1:]:
        gone = gone | other
    every = numbered.select(numbered.row_of_file, **read, fault_of_row=fault, gone=gone.fill_null(True))
    try:
        held = file.connection.create_table(gen_name("narrowed"), every)
        found = held.agg(
            rows=held.count(),
            gone=held.gone.sum(),
            wrong=ibis.ifelse(held.fault_of_row >= 0, held.row_of_file, None).min(),
        )
        counted = found.to_pyarrow().to_pylist()[0]
    except duckdb.InvalidInputException as broken:
        raise UnusableFile(_told(file.path, False, str(broken))) from broken
    if counted["wrong"] is not None:
        raise UnusableFile(_wrong_value(file, numbered, held, counted["wrong"], list(wanted.values())))
    left_out, rows = int(counted["gone"] or 0), int(counted["rows"])
    if left_out == rows:
        raise UnusableFile(f"In “{file.path.name}” no row has all of {', '.join(c for c, _ in wanted.values())}.")
    return Narrowed(held.filter(~held.gone).drop("fault_of_row", "gone"), rows - left_out, left_out)


def kinds_of(file: File, columns: Sequence[str]) -> dict[str, Kind]:
    """Return for each column whether it is read as numbers, or, where no value in it is a number, as labels.

    Raises UnusableFile for a column that is not there, and for one that holds both.
    """
    for column in columns:
        _present(file, column)
    counts = {}
    for place, column in enumerate(columns):
        told, number = _value(file, file.rows[column], Kind.LABEL), _number(file, file.rows[column])
        counts[f"c{place}"], counts[f"n{place}"] = told.count(), number.count()
    found = file.rows.agg(**counts).to_pyarrow().to_pylist()[0] if counts else {}
    return {
        column: Kind.LABEL if found[f"c{place}"] and not found[f"n{place}"] else Kind.NUMBER
        for place, column in enumerate(columns)
    }


def _present(file: File, column: str) -> None:
    if column in file.columns:
        return
    near = get_close_matches(column.casefold(), [name.casefold() for name in file.columns], n=1)
    meant = next((name for name in file.columns if near and name.casefold() == near[0]), None)
    hint = f"Did you mean “{meant}”?" if meant else f"It has {', '.join(file.columns[:20])}."
    raise UnusableFile(f"“{file.path.name}” has no column “{column}”. {hint}")


def _read_csv(connection: ibis.BaseBackend, path: Path, head: bytes) -> ir.Table:
    wide = head[:2] in (b"\xff\xfe", b"\xfe\xff")
    encodings = ("utf-16",) if wide else ("utf-8", "latin-1")
    for encoding in encodings:
        try:
            found = connection.read_csv(
                str(path),
                columns=dict.fromkeys(_header(path, head, encoding), "VARCHAR"),
                encoding=encoding,
                delim=_separator(head),
                auto_detect=False,
                header=True,
                quote='"',
                escape='"',
            )
            connection.raw_sql(f'SELECT count(COLUMNS(*)) FROM "{found.get_name()}"')  # noqa: S608 - our own name
            return found
        except duckdb.Error as fault:
            if encoding == encodings[-1] or not any(word in str(fault) for word in ("utf-8", "unicode", "Unicode")):
                raise
    raise AssertionError


def _header(path: Path, head: bytes, encoding: str) -> list[str]:
    """Return the names in the first line. Raises UnusableFile where one is empty or stands twice."""
    line = _first_line(head, encoding)
    names = [name.strip() for name in next(csv.reader([line], delimiter=_separator(head)))]
    twice = next((name for name in names if [n.casefold() for n in names].count(name.casefold()) > 1), None)
    if twice is not None:
        raise UnusableFile(f"“{path.name}” has more than one column named “{twice}”.")
    return [name or f"column {place}" for place, name in enumerate(names, 1)]


def _separator(head: bytes) -> str:
    """Return which of the separators stands most often in the first line."""
    line = _first_line(head, "utf-16" if head[:2] in (b"\xff\xfe", b"\xfe\xff") else "latin-1")
    return max(_SEPARATORS, key=line.count)


def _first_line(head: bytes, encoding: str) -> str:
    return head.decode(encoding, "replace").lstrip("\ufeff\r\n").splitlines()[0]


def _text(column: ir.Column) -> ir.StringValue:
    text = column.cast("string").strip()
    return ibis.ifelse(text.isin(MISSING), None, text)


def _number(file: File, column: ir.Column) -> ir.FloatingValue:
    if column.type().is_numeric() or column.type().is_boolean():
        found = column.cast("float64")
    else:
        text = _text(column)
        found = (text.replace(",", ".") if file.decimal_comma else text).try_cast("float64")
    return ibis.ifelse(found.isnan() | found.isinf(), None, found)


def _value(file: File, column: ir.Column, kind: Kind) -> ir.Value:
    if kind is Kind.LABEL:
        return _text(column)
    number = _number(file, column)
    if kind is not Kind.EVENT or column.type().is_numeric():
        return number
    word = _text(column).lower()
    return ibis.cases((word == "true", 1.0), (word == "false", 0.0), else_=number)


def _fault(file: File, column: ir.Column, value: ir.Value, kind: Kind) -> ir.BooleanValue:
    """Say whether a value that is there is not of its kind."""
    if kind is Kind.LABEL:
        return ibis.literal(False)
    wrong = _text(column).notnull() & value.isnull()
    if kind is Kind.TIME:
        wrong = wrong | (value < 0)
    if kind is Kind.EVENT:
        wrong = wrong | ((value != 0) & (value != 1))
    if kind is Kind.COUNT:
        wrong = wrong | (value < 0) | (value != value.floor())
    return wrong.fill_null(False)


def _wrong_value(file: File, numbered: ir.Table, held: ir.Table, row: int, wanted: list[tuple[str, Kind]]) -> str:
    fault = int(held.filter(held.row_of_file == row).fault_of_row.max().to_pyarrow().as_py())
    column, kind = wanted[fault]
    value = numbered.filter(numbered.row_of_file == row)[column].to_pyarrow()[0].as_py()
    return f"“{column}” holds “{value}” in row {row} below the header of “{file.path.name}”; it should be {kind.value}."


def _told(path: Path, parquet: bool, fault: str) -> str:
    """Return the engine's complaint as one sentence about the file."""
    if parquet:
        return f"“{path.name}” is not a Parquet file that can be read; it may be cut short."
    for word, sentence in (
        ("Expected Number of Columns", "has rows with more or fewer values than its header has names"),
        ("unterminated quote", "has a quotation mark that is never closed"),
        ("value with unterminated", "has a quotation mark that is never closed"),
    ):
        if word.casefold() in fault.casefold():
            line = fault.split("Line: ", 1)[1].split(maxsplit=1)[0] if "Line: " in fault else ""
            return f"“{path.name}” {sentence}{f', first in line {line}' if line else ''}."
    return f"“{path.name}” cannot be read as a table of values separated by commas, semicolons, tabs or bars."
