"""Several reads of facts as they stand in one statement: one way to the database and back for all of them, and SQL that
is put together once for each form of a read. What it costs to ask is then a fraction of what one query set costs.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models

from daybreak.ledger.models import Fact


@dataclass(frozen=True, slots=True)
class Its:
    """The values of one column in what another read finds; `absent`: none of them."""

    column: str
    read: "Read"
    absent: bool = False


@dataclass(frozen=True, slots=True)
class Read:
    """The facts of `model` that nothing corrects and whose columns hold these values, ordered by the columns `by`.

    A value may be a list (any of its values) or `Its`. A column in `by` that begins with “-” is ordered downward.
    """

    model: type[Fact]
    where: Mapping[str, object]
    by: tuple[str, ...] = ("key",)

    def its(self, column: str) -> Its:
        """Return the values of a column in what this read finds, for the condition of another."""
        return Its(column, self)

    def none_of(self, column: str) -> Its:
        """Return the same for a value that must not be among them; the column is never empty."""
        return Its(column, self, absent=True)


def together(*reads: Read) -> tuple[list[Any], ...]:
    """Return what each read finds, in their order, as one statement saw it; the facts equal those of a query set."""
    statement = _statement(tuple(_form(read) for read in reads))
    with connection.cursor() as cursor:
        cursor.execute(statement, [value for read in reads for value in _values(read)])
        found = cursor.fetchone()
    return tuple(_facts(read.model, text) for read, text in zip(reads, found, strict=True))


def rows(read: Read) -> list[Any]:
    """Return what one read finds."""
    return together(read)[0]


# A read without its values: model, conditions (column and what it is compared with), order.
_Form = tuple[type[Fact], tuple[tuple[str, Any], ...], tuple[str, ...]]
_ONE, _ANY = "= %s", "= ANY(%s)"


def _form(read: Read) -> _Form:
    return read.model, tuple((column, _compared(value)) for column, value in read.where.items()), read.by


def _compared(value: object) -> Any:
    match value:
        case Its(column, read, absent):
            return (column, _form(read), absent)
        case list():
            return _ANY
    return _ONE


def _values(read: Read) -> list[object]:
    found: list[object] = []
    for value in read.where.values():
        found += _values(value.read) if isinstance(value, Its) else [value]
    return found


@cache
def _statement(forms: tuple[_Form, ...]) -> str:
    return "SELECT " + ", ".join(f"({_rows(form)})" for form in forms)


def _rows(form: _Form) -> str:
    model, _, by = form
    content = ", ".join(_sent(field) for field in _fields(model))
    order = ", ".join(f't."{name[1:]}" DESC' if name.startswith("-") else f't."{name}"' for name in by)
    return f"SELECT coalesce(json_agg(json_build_array({content}) ORDER BY {order}), '[]')::text {_found(form)}"


def _found(form: _Form) -> str:
    model, conditions, _ = form
    table = model._meta.db_table
    asked = " AND ".join(f't."{column}" {_condition(compared)}' for column, compared in conditions)
    return (
        f'FROM "{table}" t WHERE {asked} AND '
        f'NOT EXISTS (SELECT FROM "{table}" c WHERE c.site = t.site AND c.corrects = t.key)'
    )


def _condition(compared: Any) -> str:
    if isinstance(compared, str):
        return compared
    column, form, absent = compared
    return f'{"NOT IN" if absent else "IN"} (SELECT t."{column}" {_found(form)})'


def _facts(model: type[Fact], text: str) -> list[Fact]:
    readers, names = _readers(model)
    return [
        model.from_db(
            connection.alias,
            names,
            [value if read is None or value is None else read(value) for read, value in zip(readers, row, strict=True)],
        )
        for row in json.loads(text)
    ]


def _fields(model: type[Fact]) -> "list[models.Field[Any, Any]]":
    return [field for field in model._meta.concrete_fields if field.column]


@cache
def _readers(model: type[Fact]) -> tuple[list[Callable[[Any], object] | None], list[str]]:
    fields = _fields(model)
    return [_reader(field) for field in fields], [field.attname for field in fields]


def _sent(field: "models.Field[Any, Any]") -> str:
    """Return a column as JSON can carry it without loss."""
    match field:
        case models.DecimalField():
            return f't."{field.column}"::text'
        case models.BinaryField():
            return f"encode(t.\"{field.column}\", 'hex')"
    return f't."{field.column}"'


# What makes a field's value of its JSON, where they are not the same. A moment is a kind of day, and stands before it.
_READERS: tuple[tuple[type, Callable[[Any], object]], ...] = (
    (models.UUIDField, UUID),
    (models.DateTimeField, datetime.fromisoformat),
    (models.DateField, date.fromisoformat),
    (models.DecimalField, Decimal),
    (models.BinaryField, bytes.fromhex),
)
_THE_SAME = (models.CharField, models.TextField, models.IntegerField, models.BooleanField, models.JSONField)


def _reader(field: "models.Field[Any, Any]") -> Callable[[Any], object] | None:
    """Return what makes the field's value of its JSON; nothing where they are the same. Raises TypeError."""
    if isinstance(field, ArrayField):
        each = _reader(field.base_field)
        return None if each is None else lambda values: [each(value) for value in values]
    made = next((read for kind, read in _READERS if isinstance(field, kind)), None)
    if made is None and not isinstance(field, _THE_SAME):
        raise TypeError(f"{field} cannot be read together with others: say here how its JSON is read.")
    return made
