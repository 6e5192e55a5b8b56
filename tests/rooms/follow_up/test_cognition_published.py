"""What the register gets of the short tasks is what the pages show: the same measure, the same breaks, nothing else."""

import random
from datetime import timedelta
from importlib.resources import files

import pytest
from django.db import connection

from daybreak.follow_up.actions.cognition import NotARun, note_task_runs
from daybreak.follow_up.queries.cognition import measured_runs
from daybreak.follow_up.rules.cognition import CHOICE, SIMPLE, SYMBOLS, TASKS
from daybreak.kernel.keys import new_key
from daybreak.kernel.scope import scoped
from daybreak.register.oversight import COGNITION, COGNITION_TASKS
from tests.rooms.follow_up.phone import after_a_session

pytestmark = pytest.mark.django_db
SQL = (files("daybreak.follow_up") / "published" / "cognition.sql").read_text()
DEVICES = (
    "Chrome 120, Android, 390×844, 60 Hz", "Chrome 121, Android, 390×844, 60 Hz", "Firefox 128, Linux, 900×700, 60 Hz",
)  # fmt: skip
SAID = (None, 0, 99.9, 100, 100.1, 250, 250.5, 481.123, 3000, 3000.1)


def published(world):
    """Each run that the site publishes, by its key."""
    with scoped(world.scope("coordinator")), connection.cursor() as cursor:
        cursor.execute(SQL)
        names = [column.name for column in cursor.description]
        return {row["key"]: row for row in (dict(zip(names, each, strict=True)) for each in cursor.fetchall())}


def done(world, patient, runs, *, device=DEVICES[0], frame_ms=16.667, days=0):
    with scoped(world.scope("coordinator")) as scope:
        note_task_runs(
            scope, key=new_key(), patient=patient, device=device, timing={"frame_ms": frame_ms, "timer_ms": 0.1},
            runs=runs, at=world.now + timedelta(days=days),
        )  # fmt: skip


def test_every_run_is_published_as_the_pages_measure_it(world):
    chance, patients = random.Random(7), [world.patient() for _ in range(4)]
    for patient in patients:
        for days in range(8):
            runs = [
                {"task": task, "practice": [{"ms": 1, "right": True}], "trials": [
                    {"ms": chance.choice(SAID), "right": chance.random() < 0.8} for _ in range(chance.randint(0, 30))
                ]}
                for task in chance.sample(TASKS, 3)
            ]  # fmt: skip
            done(
                world, patient, runs, device=chance.choice(DEVICES), frame_ms=chance.choice((8.333, 16.667)), days=days
            )
    rows, seen = published(world), 0
    for patient in patients:
        with scoped(world.scope("coordinator")) as scope:
            found = measured_runs(scope, patient)
        for task, runs in found.items():
            series = 1
            for each in runs:
                row, series, seen = rows[each.run.key], series + each.breaks, seen + 1
                assert (row["patient_key"], row["task"], row["series"]) == (patient, task, series)
                assert row["trials"] == each.of
                if each.time is None:
                    assert (row["value"], row["unit"], row["counted"]) == (each.right, "{right}", each.right)
                    assert (row["too_early"], row["too_late"], row["wrong"]) == (None, None, each.of - each.right)
                    continue
                told = each.time
                assert (row["counted"], row["wrong"]) == (told.counted, told.wrong)
                assert (row["too_early"], row["too_late"]) == (told.guesses, told.lapses)
                assert row["unit"] == "ms"
                assert row["value"] == (told.median_ms and pytest.approx(told.median_ms, abs=1e-9))
    assert seen == len(rows) == 96
    assert {row["value"] is None for row in rows.values() if row["task"] in (SIMPLE, CHOICE)} == {True, False}


def test_a_row_tells_how_it_was_measured_and_never_on_which_device(world):
    patient = after_a_session(world).patient
    done(world, patient, [{"task": SYMBOLS, "practice": [], "trials": [{"ms": 900, "right": True}]}])
    (row,) = published(world).values()
    assert (float(row["frame_ms"]), float(row["timer_ms"]), row["watched"], row["exploratory"]) == (
        16.667, 0.1, True, True,
    )  # fmt: skip
    assert not [value for value in row.values() if "Chrome" in str(value) or "Android" in str(value)]


def test_the_register_describes_every_task_and_takes_only_what_is_published(world):
    assert set(COGNITION_TASKS) == set(TASKS)
    with scoped(world.scope("coordinator")), connection.cursor() as cursor:
        cursor.execute(SQL)
        there = {column.name for column in cursor.description}
    assert {column.source for column in COGNITION.columns if column.source} <= there


@pytest.mark.parametrize("ms", ["250", True, float("nan"), float("inf"), 10**400, -1, [250]])
def test_a_time_that_is_no_time_is_no_run(world, ms):
    with pytest.raises(NotARun):
        done(world, world.patient(), [{"task": SIMPLE, "practice": [], "trials": [{"ms": ms, "right": True}]}])
