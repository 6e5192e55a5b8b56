"""What calls for someone: an answer, a sharp worsening, half a questionnaire, and the button; and who is asked next."""

from datetime import timedelta

import pytest

from daybreak.follow_up import public as follow_up
from daybreak.follow_up.models import ESCALATED, TaskStep
from daybreak.kernel.keys import new_key
from daybreak.kernel.scope import Scope, scoped
from daybreak.measure.public import record_answers
from tests.rooms.follow_up.phone import answers, invited

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def tasks(world, patient):
    with scoped(world.scope()) as scope:
        return [each.task for each in follow_up.open_tasks(scope, patient=patient)]


def visit(patient, site="dawn"):
    return Scope(site=site, actor=None, purpose="the patient's answer", patient=patient)


def earlier(world, patient, value, *, days):
    with scoped(world.scope("nurse")) as scope:
        record_answers(
            scope,
            key=new_key(),
            patient=patient,
            instrument="phq9",
            answers=answers(value),
            answered_at=world.now - timedelta(days=days),
            by="patient",
        )


def sent(world, patient, said, *, key=None, invitation=None):
    invitation = invitation or invited(world, patient)
    with scoped(visit(patient)) as scope:
        return follow_up.answer(
            scope, key=key or new_key(), invitation=invitation.key, answers=said, at=world.now + MINUTE
        )


@pytest.mark.parametrize(("before", "days", "called"), [(0, 7, True), (1, 7, False), (0, 40, False), (None, 0, False)])
def test_a_sharp_worsening_calls_for_someone_and_the_patient_is_told(world, before, days, called):
    """From 0 to 8 points is sharp by the house's definition; from 8 to 8 is not; an old score says nothing."""
    patient = world.patient()
    if before is not None:
        earlier(world, patient, before, days=days)
    receipt = sent(world, patient, answers(1))
    assert receipt.calls_for_someone is called
    assert [(t.kind, t.priority) for t in tasks(world, patient)] == ([("sharp_worsening", "medium")] if called else [])


def test_the_same_answers_again_call_once_though_their_own_score_is_there_now(world):
    patient, key = world.patient(), new_key()
    earlier(world, patient, 0, days=7)
    invitation = invited(world, patient)
    receipts = {sent(world, patient, answers(1), key=key, invitation=invitation).calls_for_someone for _ in range(3)}
    assert receipts == {True}
    assert len(tasks(world, patient)) == 1


def test_half_a_questionnaire_stores_no_answer_but_what_it_says_calls_at_once_and_once(world):
    patient, key = world.patient(), new_key()
    invitation = invited(world, patient)
    for _ in range(2):
        with pytest.raises(follow_up.IncompleteAnswers):
            sent(world, patient, {"self_harm": 2}, key=key, invitation=invitation)
    assert [t.kind for t in tasks(world, patient)] == ["thoughts_of_self_harm"]
    sent(world, patient, answers(0, self_harm=2), key=key, invitation=invitation)
    assert len(tasks(world, patient)) == 1


def test_the_button_is_a_task_once_however_often_it_is_sent(world):
    patient, key = world.patient(), new_key()
    with scoped(visit(patient)) as scope:
        for _ in range(3):
            follow_up.ask_for_help(scope, key=key, patient=patient, at=world.now)
        follow_up.ask_for_help(scope, key=new_key(), patient=patient, at=world.now + MINUTE)
    (task,) = tasks(world, patient)
    assert (task.kind, task.priority, task.take_by - task.raised_at) == ("asked_for_help", "high", 30 * MINUTE)


def test_a_new_press_after_somebody_took_the_call_is_a_new_call(world):
    patient = world.patient()
    with scoped(visit(patient)) as scope:
        first = follow_up.ask_for_help(scope, key=new_key(), patient=patient, at=world.now)
    with scoped(world.scope("clinician")) as scope:
        follow_up.take_task(scope, key=new_key(), task=first.key, at=world.now + MINUTE)
    with scoped(visit(patient)) as scope:
        follow_up.ask_for_help(scope, key=new_key(), patient=patient, at=world.now + 5 * MINUTE)
    assert len(tasks(world, patient)) == 2


def test_a_call_that_waited_on_the_device_says_how_long(world):
    patient = world.patient()
    with scoped(visit(patient)) as scope:
        follow_up.ask_for_help(scope, key=new_key(), patient=patient, at=world.now, waited_minutes=95)
    assert "95 minutes before it arrived" in tasks(world, patient)[0].because


def test_nobody_takes_it_and_one_role_more_is_asked_each_time_until_somebody_does(world):
    patient = world.patient()
    with scoped(visit(patient)) as scope:
        task = follow_up.ask_for_help(scope, key=new_key(), patient=patient, at=world.now)
    for minutes in (29, 30, 31, 59, 60, 90, 600):
        follow_up.escalate(site="dawn", at=world.now + minutes * MINUTE)
    with scoped(world.scope()) as scope:
        steps = TaskStep.objects.filter(site=scope.site, task_key=task.key, step=ESCALATED).order_by("done_at")
        asked = [(step.asked_role, (step.done_at - world.now) // MINUTE) for step in steps]
    assert asked == [("site lead", 30), ("coordinator", 60)]
    assert tasks(world, patient), "it rings on"


def test_a_worker_that_slept_asks_everybody_who_should_have_been_asked_by_now(world):
    patient = world.patient()
    with scoped(visit(patient)) as scope:
        follow_up.ask_for_help(scope, key=new_key(), patient=patient, at=world.now)
    follow_up.escalate(site="dawn", at=world.now + 600 * MINUTE)
    with scoped(world.scope()) as scope:
        (now,) = follow_up.open_tasks(scope, patient=patient)
    assert set(now.asked_roles) == {"site lead", "coordinator"}


def open_calls(world, patient):
    with scoped(world.scope()) as scope:
        return [(each.task.key, each.mistaken_at) for each in follow_up.open_tasks(scope, patient=patient)]


def press(patient, key, at, **more):
    with scoped(visit(patient)) as scope:
        return follow_up.ask_for_help(scope, key=key, patient=patient, at=at, **more)


def test_a_call_pressed_by_mistake_says_so_and_stays_until_a_person_closes_it(world):
    patient, key = world.patient(), new_key()
    press(patient, key, world.now)
    for minutes in (1, 2):
        press(patient, key, world.now + minutes * MINUTE, mistaken=True)
    assert open_calls(world, patient) == [(key, world.now + MINUTE)]
    follow_up.escalate(site="dawn", at=world.now + 31 * MINUTE)
    with scoped(world.scope()) as scope:
        assert follow_up.open_tasks(scope, patient=patient)[0].escalated_at, "it rings on"


def test_a_mistake_that_arrives_before_its_call_is_one_task_marked_so(world):
    patient, key = world.patient(), new_key()
    press(patient, key, world.now, mistaken=True)
    press(patient, key, world.now + MINUTE)
    assert open_calls(world, patient) == [(key, world.now)]


def test_a_mistake_marks_the_call_that_answered_for_it_taken_or_not(world):
    patient, first = world.patient(), new_key()
    press(patient, first, world.now)
    press(patient, new_key(), world.now, mistaken=True)
    assert open_calls(world, patient) == [(first, world.now)]
    other, second = world.patient(), new_key()
    press(other, second, world.now)
    with scoped(world.scope("clinician")) as scope:
        follow_up.take_task(scope, key=new_key(), task=second, at=world.now)
    press(other, new_key(), world.now + MINUTE, mistaken=True)
    assert open_calls(world, other) == [(second, world.now + MINUTE)]


def test_help_after_a_mistake_is_a_new_call(world):
    patient, first, second = world.patient(), new_key(), new_key()
    press(patient, first, world.now)
    press(patient, first, world.now, mistaken=True)
    press(patient, second, world.now + MINUTE)
    assert open_calls(world, patient) == [(first, world.now), (second, None)]
