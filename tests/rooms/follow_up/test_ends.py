"""Why a line ends, as it is published to the register: each way with its day and source, the tries, and how a death came
about.
"""

from datetime import timedelta
from importlib.resources import files

import pytest
from django.db import connection

from daybreak.follow_up import public as follow_up
from daybreak.kernel.keys import new_key
from daybreak.kernel.scope import scoped
from daybreak.people.public import record_death
from daybreak.register.tables import ENDS
from daybreak.screen.public import record_cause_of_death
from tests.world.people import TODAY

pytestmark = pytest.mark.django_db
SQL = (files("daybreak.follow_up") / "published" / "ends.sql").read_text()
ON = TODAY - timedelta(days=3)


def published(world):
    """Each row that ends a line at the site, by patient."""
    with scoped(world.scope("coordinator")), connection.cursor() as cursor:
        cursor.execute(SQL)
        names = [column.name for column in cursor.description]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return {row.pop("patient_key"): row for row in rows}


def leave(world, patient, kind, source="patient", **more):
    with scoped(world.scope("coordinator")) as scope:
        follow_up.change_observation(
            scope, key=new_key(), patient=patient, kind=kind, on_day=ON, source=source, at=world.now, **more
        )


def tried(world, patient, times):
    with scoped(world.scope("coordinator")) as scope:
        for _ in range(times):
            follow_up.note_attempt(
                scope, key=new_key(), patient=patient, way="telephone", outcome="no answer", at=world.now
            )


def died(world, patient, manner=""):
    key = new_key()
    with scoped(world.scope("coordinator")) as scope:
        record_death(scope, key=key, patient=patient, died_on=ON, precision="day", source="relative", at=world.now)
        if manner:
            record_cause_of_death(
                scope, key=new_key(), patient=patient, death=key, manner=manner, code="", at=world.now
            )


def test_each_way_a_line_ends_is_told_with_its_day_and_its_source(world):
    ways = {
        "moved": ("relative", {}),
        "transferred": ("other clinic", {"other_site": "dusk"}),
        "withdrew": ("patient", {}),
        "lost": ("staff", {}),
    }
    patients = {kind: world.patient() for kind in (*ways, "stayed", "found")}
    tried(world, patients["lost"], 2)
    tried(world, patients["found"], 1)
    for kind, (source, more) in ways.items():
        leave(world, patients[kind], kind, source, **more)
    leave(world, patients["found"], "lost")
    with scoped(world.scope("coordinator")) as scope:
        follow_up.change_observation(
            scope,
            key=new_key(),
            patient=patients["found"],
            kind="returned",
            on_day=TODAY,
            source="patient",
            at=world.now,
        )
    found = published(world)
    assert set(found) == {patients[kind] for kind in ways}, "who stayed or was found again has no end"
    for kind, (source, _) in ways.items():
        row = found[patients[kind]]
        assert (row["kind"], row["ended_at"], row["source"], row["manner"]) == (kind, ON, source, None)
    assert found[patients["lost"]]["attempts"] == 2


@pytest.mark.parametrize("manner", ["intentional self-harm", "disease", ""])
def test_a_death_ends_all_and_says_how_it_came_about_where_that_is_known(world, manner):
    patient = world.patient()
    leave(world, patient, "moved")
    died(world, patient, manner)
    row = published(world)[patient]
    assert (row["kind"], row["ended_at"], row["source"], row["manner"]) == ("died", ON, "relative", manner or None)


def test_every_word_that_can_be_published_is_one_that_the_register_knows():
    from daybreak.follow_up.rules.observation import ENDS as WAYS
    from daybreak.screen.models import MANNERS_OF_DEATH

    words = {column.name: set(column.values) for column in ENDS.columns if column.values}
    assert words["kind"] == {*WAYS, "died"}
    assert words["manner"] == set(MANNERS_OF_DEATH)
