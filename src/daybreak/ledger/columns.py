"""Many facts of one model, told column by column: what a device sends by the hundred is stored as `record` stores it,
by one statement that the database has prepared, and without an object for each row.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC
from decimal import Decimal
from functools import cache, lru_cache
from hashlib import sha256
from json.encoder import encode_basestring
from typing import Any
from uuid import UUID

from django.db import connection, models, transaction

from daybreak.ledger.models import Fact
from daybreak.ledger.record import Recorded, kind_of, record, sent_fields, sort_out

Columns = Mapping[str, Sequence[Any]]


def record_columns(model: type[Fact], *, same: Mapping[str, Any], columns: Columns) -> Recorded:
    """Store facts of one model in one atomic step and say what became of each, as `record` does.

    `columns` holds the values of each fact under the names of the fields, `key` among them, and `same` what all of them
    share, `site` among it; every other field has its default. Fields are texts, UUIDs, moments and decimals.
    """
    keys = columns["key"]
    if not keys:
        return Recorded()
    new = set(keys)
    if len(new) < len(keys):  # the second of two under one key may say something else
        return record(_facts(model, same, columns, range(len(keys))))
    shared, arrays = _shared_and_arrays(model, same, columns)
    with transaction.atomic(savepoint=False):
        outcome = Recorded(new=_insert(model, shared, arrays, new))
        if len(outcome.new) < len(keys):
            sort_out(_facts(model, same, columns, [n for n, key in enumerate(keys) if key not in outcome.new]), outcome)
    return outcome


def record_columns_at_once(
    model: type[Fact], *, same: Mapping[str, Any], columns: Columns, provided: str, given: Sequence[Any]
) -> bool:
    """Store facts by one statement, provided that a condition in SQL holds, with its values; return whether it stored
    all of them. Where not, it may have stored some: `record_columns` says what became of each. The step that it is
    part of, or alone is, does not wait for the disk (`Disk`).
    """
    shared, arrays = _shared_and_arrays(model, same, columns)
    with connection.cursor() as cursor:
        statement = f"{_selection(model, tuple(shared), tuple(arrays))} WHERE {_BEFORE_DISK} AND {provided} {_IF_FREE}"
        cursor.execute(statement, [*shared.values(), *arrays.values(), *given])
        return bool(cursor.rowcount == len(columns["key"]))


def _shared_and_arrays(
    model: type[Fact], same: Mapping[str, Any], columns: Columns
) -> tuple[dict[str, Any], dict[str, str]]:
    """Return what the facts share, and for each other column an array."""
    alike = {name: values[0] for name, values in columns.items() if name != "key" and _is_one(values)}
    varying = {name: values for name, values in columns.items() if name not in alike}
    shared = {name: value for name, value in (_defaults(model) | same | alike).items() if name not in varying}
    texts = _texts(model, varying)
    arrays = {name: _array(texts[name]) for name in texts}
    arrays["content_hash"] = _array([each.hex() for each in _hashes(model, shared, texts)])
    return shared, arrays


def _is_one(values: Sequence[Any]) -> bool:
    return values[-1] == values[0] and values.count(values[0]) == len(values)


def content_hashes(model: type[Fact], *, same: Mapping[str, Any], columns: Columns) -> list[bytes]:
    """Return for each fact what `content_hash` gives."""
    return _hashes(model, _defaults(model) | same, _texts(model, columns))


def _texts(model: type[Fact], columns: Columns) -> dict[str, list[str]]:
    """Return each value as JSON writes it in the canonical content, which is also how it stands in an array."""
    kinds = {field.attname: _writer(field) for field in sent_fields(model)}
    return {name: list(map(kinds[name], values)) for name, values in columns.items()}


def _hashes(model: type[Fact], shared: Mapping[str, Any], texts: Mapping[str, list[str]]) -> list[bytes]:
    parts, told = [], []
    for field in sorted(sent_fields(model), key=lambda each: each.attname):
        name = field.attname
        if name in texts:
            told.append(texts[name])
            parts.append(f'"{name}": %s')
        elif name != "content_hash":
            parts.append(f'"{name}": {_writer(field)(shared[name])}'.replace("%", "%%"))
    form = "{" + ", ".join(parts) + "}"
    return [sha256((form % row).encode()).digest() for row in zip(*told, strict=True)]


def _writer(field: "models.Field[Any, Any]") -> Callable[[Any], str]:
    """Return how a field's value is written as JSON, as `content_hash` writes it."""
    match field:
        case models.UUIDField():
            return lambda value: "null" if value is None else f'"{value}"'
        case models.DateTimeField():
            return lambda value: "null" if value is None else f'"{value.astimezone(UTC).isoformat()}"'
        case models.DecimalField():
            return _decimal
    return lambda value: "null" if value is None else encode_basestring(value)


@lru_cache(maxsize=10_000)
def _decimal(value: Decimal | None) -> str:
    return "null" if value is None else f'"{value.normalize():f}"'


def _array(texts: list[str]) -> str:
    """Return a PostgreSQL array of what JSON writes: the two quote alike, but for letters that cannot be printed."""
    text = "{" + ",".join(texts) + "}"
    if "\\" in text:
        text = "{" + ",".join(_quoted(each) for each in texts) + "}"
    return text


def _quoted(text: str) -> str:
    if text == "null":
        return text
    plain = json.loads(text)
    return '"' + plain.replace("\\", "\\\\").replace('"', '\\"') + '"'


@cache
def _defaults(model: type[Fact]) -> dict[str, Any]:
    return {field.attname: field.get_default() for field in sent_fields(model) if field.attname != "content_hash"}


def _facts(model: type[Fact], same: Mapping[str, Any], columns: Columns, which: Sequence[int]) -> list[Fact]:
    return [model(**same, **{name: values[n] for name, values in columns.items()}) for n in which]


def _insert(model: type[Fact], shared: Mapping[str, Any], arrays: Mapping[str, str], keys: set[UUID]) -> set[UUID]:
    """Store the rows whose keys are free, and return these keys."""
    statement = f"{_selection(model, tuple(shared), tuple(arrays))} {_IF_FREE}"
    with connection.cursor() as cursor:
        cursor.execute(statement, [*shared.values(), *arrays.values()])
        if cursor.rowcount == len(keys):
            return keys
        cursor.execute(_now_stored(model), [shared["site"], list(keys)])
        return {key for (key,) in cursor.fetchall()}


_BEFORE_DISK = "(SELECT set_config('synchronous_commit', 'off', true)) = 'off'"
_IF_FREE = "ON CONFLICT (site, key) DO NOTHING"


@cache
def _selection(model: type[Fact], shared: tuple[str, ...], arrays: tuple[str, ...]) -> str:
    kinds = {field.attname: kind_of(field) for field in sent_fields(model)}
    once = [f"%s::{kinds[name]}" for name in shared]
    each = [f"decode(u.{name}, 'hex')" if kinds[name] == "bytea" else f"u.{name}" for name in arrays]
    given = ", ".join(f"%s::{'text' if kinds[name] == 'bytea' else kinds[name]}[]" for name in arrays)
    return (
        f'INSERT INTO "{model._meta.db_table}" ({", ".join((*shared, *arrays))}) SELECT {", ".join(once + each)} '  # noqa: S608
        f"FROM unnest({given}) u ({', '.join(arrays)})"
    )


@cache
def _now_stored(model: type[Fact]) -> str:
    table = model._meta.db_table
    return f'SELECT key FROM "{table}" WHERE site = %s AND key = ANY (%s::uuid[]) AND batch = ledger_current_batch()'  # noqa: S608
