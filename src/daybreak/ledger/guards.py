"""Write every guard of every table, from what the models declare. Run after each migration, as the owner; safe to
repeat.

A table that no model declares gets no grant, so a forgotten guard fails closed.
"""

from collections.abc import Iterable, Iterator
from importlib.resources import files
from typing import Any

from django.apps import apps
from django.db import connections, models

from daybreak.ledger.models import BY_DATABASE, Fact, Guard

PACKAGE = "daybreak."
PUBLISHED = "published"
# What only the triggers call. A trigger that exists needs no right to fire; a right would let the application hang the
# ledger's functions on a table of its own.
INTERNAL = (
    "ledger_write(text, text, text, bigint, bigint, bytea, jsonb, text[], bytea)",
    "ledger_open_batch()",
    "ledger_note_batch()",
    "ledger_note_change()",
    "ledger_note_truncate()",
    "ledger_refuse()",
)


def apply_guards(*, alias: str, application: str, freeze: str, third_party: Iterable[str]) -> None:
    """Apply guards through the owner's connection `alias` for the roles `application` and `freeze`.

    `third_party` lists the labels of installed apps whose operational tables the application may use freely.
    """
    with connections[alias].cursor() as cursor:
        cursor.execute((files("daybreak.ledger") / "sql" / "audit.sql").read_text())
        for statement in _statements(application, freeze, set(third_party)):
            cursor.execute(statement)
        for table, partition in _partitions(cursor):
            for statement in _triggers(_guarded()[table], partition):
                cursor.execute(statement)


def drop_published(*, alias: str) -> None:
    """Drop the published views, so that a migration may change the columns below them; `apply_guards` makes them."""
    with connections[alias].cursor() as cursor:
        cursor.execute("SELECT table_name FROM information_schema.views WHERE table_schema = %s", [PUBLISHED])
        for (view,) in cursor.fetchall():
            cursor.execute(f'DROP VIEW IF EXISTS {PUBLISHED}."{view}" CASCADE')


def guarded_models() -> list[type[models.Model]]:
    """Return every model of the house that has a table of its own."""
    return [m for m in apps.get_models() if m.__module__.startswith(PACKAGE) and m._meta.managed]


def _guarded() -> dict[str, type[models.Model]]:
    return {m._meta.db_table: m for m in guarded_models()}


def _statements(application: str, freeze: str, third_party: set[str]) -> Iterator[str]:
    yield "REVOKE ALL ON SCHEMA public FROM PUBLIC"
    yield f"GRANT USAGE ON SCHEMA public TO {application}"
    yield f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {application}, {freeze}"
    yield f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {application}"
    yield "REVOKE ALL ON ALL FUNCTIONS IN SCHEMA public FROM PUBLIC"
    yield f"GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO {application}"
    for internal in INTERNAL:
        yield f"REVOKE EXECUTE ON FUNCTION {internal} FROM {application}"
    for model in guarded_models():
        yield from _grants(model, application)
        yield from _corrections(model)
        yield from _isolation(model)
        yield from _triggers(model, model._meta.db_table)
        yield from _foreign_keys(model)
    for model in apps.get_models():
        if model._meta.app_label in third_party:
            yield f'GRANT SELECT, INSERT, UPDATE, DELETE ON "{model._meta.db_table}" TO {application}'
    yield from _published(freeze)


def _grants(model: type[models.Model], application: str) -> Iterator[str]:
    guard, table = model.guard, model._meta.db_table
    if table in ("ledger_entry", "ledger_seal"):
        return
    yield f'GRANT SELECT ON "{table}" TO {application}'
    columns = [f.column for f in model._meta.local_concrete_fields if f.column and f.name not in BY_DATABASE]
    yield f'GRANT INSERT ({_quoted(columns)}) ON "{table}" TO {application}'
    for verb in guard.changes:
        yield f'GRANT {verb} ON "{table}" TO {application}'
    if issubclass(model, Fact):
        yield f'ALTER TABLE "{table}" ALTER COLUMN batch SET DEFAULT ledger_current_batch()'
        yield f'ALTER TABLE "{table}" ALTER COLUMN recorded_at SET DEFAULT clock_timestamp()'
        yield f'ALTER TABLE "{table}" ALTER COLUMN recorded_by SET DEFAULT ledger_current_actor()'


def _corrections(model: type[models.Model]) -> Iterator[str]:
    """Index what corrects what: every read of facts as they stand asks it for each row, and few rows correct any."""
    table = model._meta.db_table
    if issubclass(model, Fact):
        yield (
            f'CREATE INDEX IF NOT EXISTS "{table}_corrections" ON "{table}" (site, corrects) WHERE corrects IS NOT NULL'
        )


# Whether the scope is narrowed to one patient is asked once for a statement, not for each row that it reads; and the
# planner, which cannot look into a setting, takes half of the rows to be seen instead of one in two hundred.
_NOBODY_ALONE = "(SELECT coalesce(current_setting('app.patient', true), '') = '')"


def _isolation(model: type[models.Model]) -> Iterator[str]:
    table = model._meta.db_table
    if not model.guard.isolated:
        return
    here = "site = current_setting('app.site', true)"
    columns = {f.column for f in model._meta.local_concrete_fields}
    person = "patient_key" if "patient_key" in columns else "key" if table == "people_patient" else None
    if person:
        only = "nullif(current_setting('app.patient', true), '')"
        seen = f"{here} AND ({_NOBODY_ALONE} OR {person} = {only}::uuid)"
        here = f"{here} AND ({only} IS NULL OR {person} = {only}::uuid)"
    else:
        seen = here
    if model.guard.or_own:
        seen = f"({seen}) OR {model.guard.or_own} = nullif(current_setting('app.actor', true), '')::uuid"
    yield f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY'
    yield f'DROP POLICY IF EXISTS seen ON "{table}"'
    yield f'CREATE POLICY seen ON "{table}" FOR SELECT USING ({seen})'
    yield f'DROP POLICY IF EXISTS added ON "{table}"'
    yield f'CREATE POLICY added ON "{table}" FOR INSERT WITH CHECK ({here})'
    yield f'DROP POLICY IF EXISTS changed ON "{table}"'
    yield f'CREATE POLICY changed ON "{table}" FOR UPDATE USING ({here}) WITH CHECK ({here})'
    yield f'DROP POLICY IF EXISTS removed ON "{table}"'
    yield f'CREATE POLICY removed ON "{table}" FOR DELETE USING ({here})'


def _triggers(model: type[models.Model], table: str) -> Iterator[str]:
    guard, parent = model.guard, model._meta.db_table
    if guard.append_only:
        yield _trigger(table, "refuse_change", "BEFORE UPDATE OR DELETE", "ledger_refuse()")
        yield _trigger(table, "refuse_truncate", "BEFORE TRUNCATE", "ledger_refuse()")
    if not guard.audited:
        return
    if issubclass(model, Fact):
        yield _trigger(table, "open_batch", "BEFORE INSERT", "ledger_open_batch()")
        yield _trigger(table, "note_insert", "AFTER INSERT", f"ledger_note_batch('{parent}')", "NEW TABLE AS new_rows")
        return
    key = ",".join(_key_columns(model))
    call = f"ledger_note_change('{parent}', '{key}', '{','.join(guard.kept_secret)}')"
    yield _trigger(table, "note_insert", "AFTER INSERT", call, "NEW TABLE AS new_rows")
    yield _trigger(table, "note_update", "AFTER UPDATE", call, "OLD TABLE AS old_rows NEW TABLE AS new_rows")
    yield _trigger(table, "note_delete", "AFTER DELETE", call, "OLD TABLE AS old_rows")
    yield _trigger(table, "note_truncate", "AFTER TRUNCATE", f"ledger_note_truncate('{parent}')")


def _trigger(table: str, name: str, when: str, call: str, referencing: str = "") -> str:
    transition = f" REFERENCING {referencing}" if referencing else ""
    return (
        f'CREATE OR REPLACE TRIGGER "{name}" {when} ON "{table}"{transition} FOR EACH STATEMENT EXECUTE FUNCTION {call}'
    )


def _foreign_keys(model: type[models.Model]) -> Iterator[str]:
    table = model._meta.db_table
    relations = [each for each in model._meta.private_fields + model._meta.local_fields if _is_within_site(each)]
    if model.guard.refers_at_once:
        yield from _referred_at_once(table, relations)
        return
    for field in relations:
        name, target = f"{table}_{field.name}_within_site", field.related_model._meta.db_table
        columns = _quoted(f.column for f in field.local_related_fields)
        there = _quoted(f.column for f in field.foreign_related_fields)
        yield (
            f"DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_constraint WHERE conname = '{name}') THEN "
            f'ALTER TABLE "{table}" ADD CONSTRAINT "{name}" FOREIGN KEY ({columns}) REFERENCES "{target}" ({there}) '
            f"DEFERRABLE INITIALLY IMMEDIATE; END IF; END $$"
        )


def _is_within_site(field: "models.Field[Any, Any]") -> bool:
    return type(field) is models.ForeignObject


def _referred_at_once(table: str, relations: "list[models.ForeignObject]") -> Iterator[str]:
    """One look for each relation and statement, at the distinct keys that the new rows name: by the index, one after
    the other, since what the planner knows of a table that is new would let it read all of it.
    """
    looks = []
    for field in relations:
        target = field.related_model
        if not target.guard.append_only:
            raise ValueError(f"{table}.{field.name} points to rows that may go away: it needs a foreign key.")
        yield f'ALTER TABLE "{table}" DROP CONSTRAINT IF EXISTS "{table}_{field.name}_within_site"'
        column = next(f.column for f in field.local_related_fields if f.column != "site")
        looks.append(
            f'IF EXISTS (SELECT FROM (SELECT DISTINCT site, "{column}" AS key FROM new_rows) n '  # noqa: S608
            f'WHERE key IS NOT NULL AND (SELECT t.key FROM "{target._meta.db_table}" t '
            "WHERE t.site = n.site AND t.key = n.key) IS NULL) "
            f"THEN RAISE EXCEPTION 'a row of {table} names a {field.name} that is not there' "
            "USING ERRCODE = 'foreign_key_violation'; END IF;"
        )
    yield (
        f"CREATE OR REPLACE FUNCTION {table}_refers() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER "
        f"SET search_path = public, pg_temp AS $$ BEGIN {' '.join(looks)} RETURN NULL; END $$"
    )
    yield f"REVOKE ALL ON FUNCTION {table}_refers() FROM PUBLIC"
    yield _trigger(table, "refer_within_site", "AFTER INSERT", f"{table}_refers()", "NEW TABLE AS new_rows")


def _published(freeze: str) -> Iterator[str]:
    """One view per file in a room's `published/` folder, seen by the freeze's role and by nobody else."""
    yield f"CREATE SCHEMA IF NOT EXISTS {PUBLISHED}"
    yield f"GRANT USAGE ON SCHEMA {PUBLISHED} TO {freeze}"
    for config in apps.get_app_configs():
        folder = files(config.name) / "published" if config.name.startswith(PACKAGE) else None
        if folder is None or not folder.is_dir():
            continue
        for source in sorted(folder.iterdir(), key=lambda f: f.name):
            view = f"{PUBLISHED}.{config.label}_{source.name.removesuffix('.sql')}"
            yield f"DROP VIEW IF EXISTS {view} CASCADE"
            yield f"CREATE VIEW {view} AS {source.read_text()}"
            yield f"GRANT SELECT ON {view} TO {freeze}"


def _partitions(cursor) -> list[tuple[str, str]]:
    cursor.execute(
        "SELECT p.relname, c.relname FROM pg_inherits i JOIN pg_class p ON p.oid = i.inhparent "
        "JOIN pg_class c ON c.oid = i.inhrelid WHERE p.relkind = 'p' AND c.relkind = 'r'"
    )
    return [(table, partition) for table, partition in cursor.fetchall() if table in _guarded()]


def _key_columns(model: type[models.Model]) -> list[str]:
    pk = model._meta.pk
    return [f.column for f in pk.fields] if isinstance(pk, models.CompositePrimaryKey) else [pk.column]


def _quoted(columns: Iterable[str]) -> str:
    return ", ".join(f'"{c}"' for c in columns)


__all__ = ["Guard", "apply_guards", "drop_published", "guarded_models"]
