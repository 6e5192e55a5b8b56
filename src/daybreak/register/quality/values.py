"""One value that the register asks a clinic about: in which columns, and which rows hold it. No row is named."""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import TYPE_CHECKING

from daybreak.kernel.refusal import Refusal
from daybreak.register.description import Column, Taken
from daybreak.register.tables import TABLES

if TYPE_CHECKING:
    import ibis.expr.types as ir

LONGEST = 60


class NotAValue(Refusal):
    """A value that cannot be asked about; `field` names what of the form it is about."""

    def __init__(self, sentence: str, field: str) -> None:
        super().__init__(sentence)
        self.field = field


@dataclass(frozen=True, slots=True)
class ValueAsked:
    """A value as it stands in a frozen column, of the number or the word that `value` says."""

    table: str
    column: str
    value: str

    @property
    def name(self) -> str:
        """Return the column as “session.dose_mg”."""
        return f"{self.table}.{self.column}"

    @property
    def meaning(self) -> str:
        """Return what the column means, as the register's description says."""
        return columns_asked()[self.name].meaning


@cache
def columns_asked() -> dict[str, Column]:
    """Return the columns that a value may be asked of, as “table.column”: what clinics record of people as numbers and
    words. Keys and times are none: they are made at the freeze.
    """
    return {
        f"{table.name}.{column.name}": column
        for table in TABLES
        if table.of_people
        for column in table.columns
        if column.taken in (Taken.NUMBER, Taken.WORD, Taken.AGE) and column.type != "boolean"
    }


def value_asked(name: str, text: str) -> ValueAsked:
    """Return the value that somebody typed; raise NotAValue for an unknown column, or for no number or word of it."""
    column = columns_asked().get(name)
    if column is None:
        raise NotAValue("Choose a column of the register.", "column")
    value = text.strip()
    if column.type != "text":
        value = _number(value)
    elif not value or len(value) > LONGEST or (column.values and value not in column.values):
        listed = f" It holds: {', '.join(column.values)}." if column.values else ""
        raise NotAValue(f"This is no value of that column.{listed}", "value")
    return ValueAsked(*name.split("."), value)


def holding(rows: "ir.Table", about: ValueAsked) -> "ir.Table":
    """Return the rows that hold a value."""
    column = columns_asked()[about.name]
    held = rows[about.column]
    if column.type == "text":
        return rows.filter(held == about.value)
    return rows.filter(held.cast("float64") == float(about.value))


def _number(text: str) -> str:
    try:
        found = Decimal(text.replace(",", "."))
    except InvalidOperation:
        found = Decimal("NaN")
    if not found.is_finite() or len(f"{found:f}") > LONGEST:
        raise NotAValue("This column holds numbers. An example is 42.5.", "value")
    plain = f"{found:f}"
    return plain.rstrip("0").rstrip(".") if "." in plain else plain
