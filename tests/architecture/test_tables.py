"""Every table of the house is declared, classified and guarded."""

import pytest
from django.db import connections, models

from daybreak.kernel.classification import Class
from daybreak.ledger.guards import guarded_models
from daybreak.ledger.models import Fact

OWN = {m._meta.db_table: m for m in guarded_models()}
FLOORS = [
    "kernel",
    "rulebook",
    "stats",
    "design",
    "ledger",
    "people",
    "identity",
    "evidence",
    "learn",
    "measure",
    "screen",
    "consent",
    "treat",
    "follow_up",
    "register",
    "watch",
    "study",
    "interop",
    "desk",
    "demo",
    "config",
]


@pytest.mark.parametrize("table", sorted(OWN))
def test_every_field_is_classified_once(table):
    model = OWN[table]
    fields = {f.attname for f in model._meta.local_concrete_fields if f.column}
    assert {name.removesuffix("_id") for name in fields} == {n.removesuffix("_id") for n in model.classes}
    assert all(isinstance(c, Class) for c in model.classes.values())


@pytest.mark.parametrize("table", sorted(OWN))
def test_every_table_declares_its_guard(table):
    assert hasattr(OWN[table], "guard")


def test_foreign_keys_point_to_the_same_room_or_a_lower_floor():
    climbing = [
        f"{model.__name__}.{relation.name} -> {relation.related_model.__name__}"
        for model in OWN.values()
        for relation in model._meta.get_fields()
        if isinstance(relation, models.ForeignObject)
        if FLOORS.index(_room(relation.related_model)) > FLOORS.index(_room(model))
    ]
    assert not climbing


def test_relations_between_facts_carry_the_site():
    loose = [
        f"{model.__name__}.{relation.name}"
        for model in OWN.values()
        if issubclass(model, Fact)
        for relation in model._meta.get_fields()
        if isinstance(relation, models.ForeignObject)
        if "site" not in [f.name for f in relation.local_related_fields]
    ]
    assert not loose


@pytest.mark.django_db
def test_the_database_holds_the_guards_that_the_models_declare():
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT relname, relrowsecurity FROM pg_class WHERE relnamespace = 'public'::regnamespace")
        secured = dict(cursor.fetchall())
        cursor.execute("SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE NOT tgisinternal")
        triggers = {(table.strip('"'), name) for table, name in cursor.fetchall()}
    for table, model in OWN.items():
        assert secured[table] == model.guard.isolated, table
        if model.guard.append_only:
            assert (table, "refuse_change") in triggers, table
        if model.guard.audited:
            assert (table, "note_insert") in triggers, table


@pytest.mark.django_db
def test_the_application_owns_nothing_and_bypasses_nothing():
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_tables WHERE tableowner = current_user")
        assert cursor.fetchone() == (0,)
        cursor.execute("SELECT rolsuper OR rolbypassrls OR rolcreaterole FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == (False,)


def _room(model):
    return model.__module__.split(".")[1]
