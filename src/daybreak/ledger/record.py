"""The one way to store facts: idempotent by key, and honest when a key returns with other content."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import cache, lru_cache
from typing import TypeVar
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models, transaction
from psycopg import sql

from daybreak.kernel.keys import key_from, new_key
from daybreak.kernel.moments import now
from daybreak.kernel.refusal import Refusal
from daybreak.kernel.scope import current_scope, scoped
from daybreak.ledger.models import BY_DATABASE, Fact, TrayItem

CHUNK = 500
F = TypeVar("F", bound=Fact)


@dataclass(frozen=True, slots=True)
class Recorded:
    """What became of each fact: stored now, already there and equal, or already there and different (now in the
    tray, as one of `waiting`).
    """

    new: set[UUID] = field(default_factory=set)
    same: set[UUID] = field(default_factory=set)
    different: set[UUID] = field(default_factory=set)
    waiting: list[TrayItem] = field(default_factory=list)


class KeyReused(Refusal):
    """A key came back with other content; the newcomer waits in the tray, whatever else of the step is undone."""

    def __init__(self, newcomers: Sequence[TrayItem] = ()) -> None:
        super().__init__("This was already recorded with other content. The new entry waits in the tray for a person.")
        self._newcomers, self._scope = newcomers, current_scope()

    def keep_newcomers(self) -> None:
        """Put what the tray lost by a rollback there again, in the name of who sent it."""
        with scoped(self._scope):
            for item in self._newcomers:
                _keep(item)


def record(facts: Sequence[Fact]) -> Recorded:
    """Store facts of one model in one atomic step and say what became of each.

    A retry of the same fact is the same fact. A key that is there with other content is not overwritten: the newcomer
    is put
    in the site's tray for a person. Raises nothing for that; see `record_one`.
    """
    outcome = Recorded()
    with transaction.atomic(savepoint=False):
        for start in range(0, len(facts), CHUNK):
            _record_chunk(facts[start : start + CHUNK], outcome)
    return outcome


def record_one(fact: F) -> F:
    """Store one fact and return it; raise KeyReused when its key is taken by other content."""
    if waiting := record([fact]).waiting:
        raise KeyReused(waiting)
    return fact


def _record_chunk(facts: Sequence[Fact], outcome: Recorded) -> None:
    model, fields = type(facts[0]), sent_fields(type(facts[0]))
    by_key = {}
    for fact in facts:
        fact.content_hash = content_hash(fact)
        first = by_key.setdefault(fact.key, fact)
        if first is not fact:
            _sort_out(fact, first.content_hash, outcome)
    stored = _insert(model, fields, list(by_key.values()))
    outcome.new.update(stored)
    for key in stored:
        by_key[key].stored_now = True
    sort_out([fact for key, fact in by_key.items() if key not in stored], outcome)


def sort_out(waiting: Sequence[Fact], outcome: Recorded) -> None:
    """Add to the outcome what becomes of facts of one site whose keys are taken: the same, or for the tray."""
    if not waiting:
        return
    there = type(waiting[0])._default_manager.filter(site=waiting[0].site, key__in=[f.key for f in waiting])
    known = dict(there.values_list("key", "content_hash"))
    for fact in waiting:
        fact.content_hash = content_hash(fact)
        _sort_out(fact, known.get(fact.key), outcome)


def _sort_out(fact: Fact, known_hash: bytes | None, outcome: Recorded) -> None:
    if known_hash is not None and bytes(known_hash) == fact.content_hash:
        outcome.same.add(fact.key)
        return
    outcome.different.add(fact.key)
    item = put_in_tray(
        site=fact.site,
        about=fact._meta.db_table,
        about_key=fact.key,
        reason="This key is taken by other content.",
        content=_content(fact),
        received_at=now(),
        key=key_from("tray", fact.site, fact._meta.db_table, str(fact.key), fact.content_hash.hex()),
    )
    outcome.waiting.append(item)


def put_in_tray(
    *,
    site: str,
    about: str,
    about_key: UUID | None,
    reason: str,
    content: object,
    received_at: datetime,
    key: UUID | None = None,
) -> TrayItem:
    """Keep what could not be placed, with the reason, until a person settles it; the same `key` is kept once."""
    item = TrayItem(
        site=site,
        key=key or new_key(at=received_at),
        about=about,
        about_key=about_key,
        reason=reason,
        content=content,
        received_at=received_at,
    )
    item.content_hash = content_hash(item)
    _keep(item)
    return item


def put_all_in_tray(items: Sequence[TrayItem]) -> None:
    """Keep several things at once, each once under its key."""
    once = {item.key: item for item in items}
    for item in once.values():
        item.content_hash = content_hash(item)
    waiting = list(once.values())
    for start in range(0, len(waiting), CHUNK):
        _insert(TrayItem, sent_fields(TrayItem), waiting[start : start + CHUNK])


def _keep(item: TrayItem) -> None:
    _insert(TrayItem, sent_fields(TrayItem), [item])


def content_hash(fact: Fact) -> bytes:
    """Return SHA-256 of the fact's canonical content: every field that the sender decides, in the order of names."""
    return hashlib.sha256(json.dumps(_content(fact), sort_keys=True, ensure_ascii=False).encode()).digest()


def _content(fact: Fact) -> dict[str, object]:
    names = [f.attname for f in sent_fields(type(fact)) if f.attname != "content_hash"]
    return {name: _plain(getattr(fact, name)) for name in names}


def _plain(value: object) -> object:
    match value:
        case None | bool() | int() | str():
            return value
        case bytes() | memoryview():
            return bytes(value).hex()
        case dict():
            return {str(k): _plain(v) for k, v in value.items()}
        case list() | tuple():
            return [_plain(v) for v in value]
        case datetime():
            return value.astimezone(_UTC).isoformat()
    return format(value.normalize(), "f") if hasattr(value, "normalize") else str(value)


_UTC = now().tzinfo


@cache
def sent_fields(model: type[models.Model]) -> list[models.Field]:
    """Return the fields that the sender decides, and the hash over them."""
    return [f for f in model._meta.local_concrete_fields if f.column and f.name not in BY_DATABASE]


@lru_cache(maxsize=1000)
def _insertion(model: type[models.Model], rows: int) -> str:
    fields = sent_fields(model)
    row = sql.SQL("({})").format(sql.SQL(", ").join([sql.Placeholder()] * len(fields)))
    statement = sql.SQL("INSERT INTO {} ({}) VALUES {} ON CONFLICT (site, key) DO NOTHING RETURNING key").format(
        sql.Identifier(model._meta.db_table),
        sql.SQL(", ").join(sql.Identifier(f.column) for f in fields),
        sql.SQL(", ").join([row] * rows),
    )
    return statement.as_string(None)


@cache
def _insertion_of_many(model: type[models.Model]) -> str:
    """Return one statement for any number of rows, so that it is read and planned once: each column is an array."""
    fields = sent_fields(model)
    columns = ", ".join(f'"{field.column}"' for field in fields)
    arrays = ", ".join(f"%s::{kind_of(field)}[]" for field in fields)
    return (
        f'INSERT INTO "{model._meta.db_table}" ({columns}) SELECT {columns} FROM unnest({arrays}) u ({columns}) '  # noqa: S608
        "ON CONFLICT (site, key) DO NOTHING RETURNING key"
    )


def kind_of(field: models.Field) -> str:
    """Return a column's type without its length: a cast would cut what is too long, and storing it refuses it."""
    return str(field.db_type(connection)).partition("(")[0]


_FEW = 4
"""So many rows cost less as values, one statement for each number of them, than as an array for each column."""


def _insert(model: type[models.Model], fields: list[models.Field], facts: Sequence[models.Model]) -> set[UUID]:
    columns = [_values(field, facts) for field in fields]
    with connection.cursor() as cursor:
        if len(facts) > _FEW and not any(isinstance(field, ArrayField) for field in fields):
            cursor.execute(_insertion_of_many(model), columns)
        else:
            cursor.execute(
                _insertion(model, len(facts)), [value for row in zip(*columns, strict=True) for value in row]
            )
        return {key for (key,) in cursor.fetchall()}


def _values(field: models.Field, facts: Sequence[models.Model]) -> list[object]:
    """Return the values of one column as the driver takes them."""
    name, kind = field.attname, _AS_THEY_ARE.get(type(field))
    return [
        value
        if kind and ((value := getattr(fact, name)) is None or type(value) is kind)
        else field.get_db_prep_save(getattr(fact, name), connection)
        for fact in facts
    ]


# What Django would hand on unchanged, after a long look at it.
_AS_THEY_ARE: dict[type[models.Field], type] = {
    models.UUIDField: UUID,
    models.CharField: str,
    models.TextField: str,
    models.BigIntegerField: int,
    models.DecimalField: Decimal,
    models.DateTimeField: datetime,
}
