"""A task has a clock; it is taken, escalated, and closed only with what was done."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from daybreak.follow_up import public as follow_up
from daybreak.follow_up.models import CLOSED, TaskStep
from daybreak.follow_up.queries.tasks import tasks_to_pass_on
from daybreak.identity.public import open_text
from daybreak.kernel.keys import new_key
from daybreak.kernel.scope import scoped
from daybreak.ledger.public import TrayItem, record_one

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def task(world):
    with scoped(world.scope("coordinator")) as scope:
        return follow_up.raise_task(
            scope,
            key=new_key(),
            patient=world.patient(),
            kind="thoughts_of_self_harm",
            priority="high",
            because="A test.",
            at=world.now,
        )


def open_task(world, site="dawn"):
    with scoped(world.scope("clinician", site)) as scope:
        return next(iter(follow_up.open_tasks(scope)), None)


def test_a_task_is_taken_and_closed_with_what_was_done(world, task):
    with scoped(world.scope("clinician")) as scope:
        follow_up.take_task(scope, key=new_key(), task=task.key, at=world.now + 5 * MINUTE)
        assert open_task(world).taken_by == scope.actor
        done = follow_up.close_task(
            scope, key=new_key(), task=task.key, what_was_done=" Spoke with Pia. ", at=world.now + 9 * MINUTE
        )
        assert open_text(scope, task.patient_key, done.what_was_done) == "Spoke with Pia."
    assert open_task(world) is None


def test_a_page_sent_twice_is_one_step_and_nothing_goes_to_the_tray(world, task):
    with scoped(world.scope("clinician")) as scope:
        take, close = new_key(), new_key()
        for minutes in (1, 2):
            follow_up.take_task(scope, key=take, task=task.key, at=world.now + minutes * MINUTE)
        for minutes in (3, 4):
            follow_up.close_task(
                scope, key=close, task=task.key, what_was_done="Called.", at=world.now + minutes * MINUTE
            )
        assert TaskStep.objects.filter(task_key=task.key).count() == 2
        assert not TrayItem.objects.exists()


@pytest.mark.parametrize("said", ["", "  \n "])
def test_closing_needs_words(world, task, said):
    with scoped(world.scope("clinician")) as scope, pytest.raises(follow_up.NotSaid):
        follow_up.close_task(scope, key=new_key(), task=task.key, what_was_done=said, at=world.now)
    assert open_task(world) is not None


def test_a_closed_task_stays_closed(world, task):
    with scoped(world.scope("clinician")) as scope:
        follow_up.close_task(scope, key=new_key(), task=task.key, what_was_done="Called.", at=world.now)
        with pytest.raises(follow_up.TaskClosed):
            follow_up.close_task(scope, key=new_key(), task=task.key, what_was_done="Again.", at=world.now)
        with pytest.raises(follow_up.TaskClosed):
            follow_up.take_task(scope, key=new_key(), task=task.key, at=world.now)


def test_the_database_itself_refuses_to_close_without_words_or_twice(world, task):
    with scoped(world.scope("clinician")) as scope:

        def step(words):
            return TaskStep(
                site="dawn",
                key=new_key(),
                patient_key=task.patient_key,
                task_key=task.key,
                step=CLOSED,
                done_by=scope.actor,
                what_was_done=words,
                done_at=world.now,
            )

        with pytest.raises(IntegrityError), transaction.atomic():
            record_one(step(b""))
        record_one(step(b"sealed"))
        with pytest.raises(IntegrityError), transaction.atomic():
            record_one(step(b"sealed again"))


@pytest.mark.parametrize(("minutes", "overdue"), [(0, False), (29.9, False), (30, True), (600, True)])
def test_the_clock_runs_out_at_its_moment(world, task, minutes, overdue):
    assert open_task(world).is_overdue(world.now + minutes * MINUTE) is overdue


def test_an_untaken_task_escalates_once(world, task):
    for minutes in (29, 31, 40):
        follow_up.escalate(site="dawn", at=world.now + minutes * MINUTE)
    assert open_task(world).escalated_at == world.now + 31 * MINUTE
    with scoped(world.scope()):
        assert TaskStep.objects.filter(task_key=task.key).count() == 1


def test_each_role_of_the_chain_is_asked_once_and_then_the_task_rings_unread(world, task):
    last = {"high": "coordinator", "medium": "site lead", "low": "site lead"}
    still_to_ask = []
    for minutes in (31, 45, 61, 90, 600):
        follow_up.escalate(site="dawn", at=world.now + minutes * MINUTE)
        with scoped(world.scope()) as scope:
            still_to_ask.append(bool(tasks_to_pass_on(scope, last=last)))
    assert open_task(world).asked_roles == ("site lead", "coordinator")
    assert still_to_ask == [True, True, False, False, False]


def test_a_taken_task_does_not_escalate(world, task):
    with scoped(world.scope("clinician")) as scope:
        follow_up.take_task(scope, key=new_key(), task=task.key, at=world.now + MINUTE)
    follow_up.escalate(site="dawn", at=world.now + 60 * MINUTE)
    assert open_task(world).escalated_at is None


def test_another_site_has_no_such_task(world, task):
    assert open_task(world, "dusk") is None
    with scoped(world.scope("clinician", "dusk")) as scope, pytest.raises(Exception, match="no such task"):
        follow_up.take_task(scope, key=new_key(), task=task.key, at=world.now)
