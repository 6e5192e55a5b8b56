"""Another site's patient does not exist: not through queries, not through SQL, not through a foreign key or a key
that is known.
"""

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from daybreak.identity.public import Person, find, introduce, person
from daybreak.kernel.keys import new_key
from daybreak.kernel.scope import Scope, scoped
from daybreak.ledger.guards import guarded_models
from daybreak.people.public import admit_patient, patient, patients

pytestmark = pytest.mark.django_db
APPEND_ONLY = sorted(m._meta.db_table for m in guarded_models() if m.guard.append_only)


def test_without_a_scope_there_is_no_patient(world):
    world.patient()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM people_patient")
        assert cursor.fetchone() == (0,)


def test_a_site_sees_its_own_patients_only(world):
    key = world.patient("dawn")
    here, there = world.scope(site="dawn"), world.scope(site="dusk")
    with scoped(here):
        assert patient(here, key).key == key
    with scoped(there):
        assert patient(there, key) is None
        assert patient(here, key) is None, "an explicit scope of another site does not open the database's lock"
        assert list(patients(here)) == []


def test_sql_with_another_sites_scope_cannot_point_a_row_at_the_patient(world):
    key = world.patient("dawn")
    there = world.scope(site="dusk")
    with scoped(there), pytest.raises(IntegrityError), transaction.atomic():
        introduce(there, patient=key, person=Person("Eve", "Stranger", None), key=new_key(), at=world.now)


def test_sql_cannot_write_a_row_of_another_site(world):
    there = world.scope(site="dusk")
    with scoped(there), pytest.raises(ProgrammingError), transaction.atomic():
        admit_patient(
            Scope("dawn", there.actor, "attack"),
            key=None,
            sex="female",
            birth_year=1980,
            origin="desk",
            synthetic=True,
            at=world.now,
        )


def test_a_client_key_that_another_site_used_loses_nothing(world):
    key = world.patient("dawn")
    there = world.scope(site="dusk")
    with scoped(there):
        admit_patient(there, key=key, sex="male", birth_year=1970, origin="desk", synthetic=True, at=world.now)
        assert patient(there, key).sex == "male"
    with scoped(world.scope(site="dawn")) as here:
        assert patient(here, key).sex == "female"


def test_names_are_found_only_at_the_site_and_only_by_words(world):
    key = world.patient("dawn", given="Zoë", family="Müller-Lind")
    here, there = world.scope(site="dawn"), world.scope(site="dusk")
    with scoped(here):
        assert find(here, "zoe MULLER", at=world.now) == [key]
        assert find(here, "mull", at=world.now) == []
        assert person(here, key, at=world.now).full_name == "Zoë Müller-Lind"
    with scoped(there):
        assert find(there, "zoe", at=world.now) == []


@pytest.mark.parametrize("table", APPEND_ONLY)
@pytest.mark.parametrize("statement", ["UPDATE {} SET site = site", "DELETE FROM {}", "TRUNCATE {}"])
def test_append_only_tables_refuse_what_is_not_an_insert(world, table, statement):
    if table in ("ledger_entry", "ledger_seal"):
        statement = statement.replace("site = site", "xact = xact") if table == "ledger_entry" else statement
    with scoped(world.scope()), pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(table))


def test_a_visit_by_link_is_narrowed_to_one_patient(world):
    mine, other = world.patient(given="Ann"), world.patient(given="Ben")
    with scoped(Scope("dawn", None, "a visit", patient=mine)) as visit:
        assert [p.key for p in patients(visit)] == [mine]
        assert patient(visit, other) is None
