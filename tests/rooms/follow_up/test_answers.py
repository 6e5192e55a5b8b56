"""Answers are stored once, and never without the task that they call for."""

from datetime import timedelta

import pytest
from django.db import connection

from daybreak.follow_up import public as follow_up
from daybreak.follow_up.actions import answers as action
from daybreak.kernel.keys import new_key
from daybreak.kernel.scope import scoped
from daybreak.ledger.public import TrayItem
from daybreak.measure.public import answer_sets, record_answers, scores
from daybreak.rulebook.public import ImpossibleAnswer
from tests.rooms.follow_up.phone import answers, invited, token_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def visit(world):
    """A patient's visit by link."""
    return follow_up.opened_by(site="dawn", token=token_for(world, invited(world, world.patient())))


def send(world, visit, given, *, key=None, minutes=5):
    with scoped(visit.scope) as scope:
        return follow_up.answer(
            scope,
            key=key or new_key(),
            invitation=visit.invitation,
            answers=given,
            at=world.now + timedelta(minutes=minutes),
        )


def look(world, visit):
    with scoped(world.scope("coordinator")) as scope:
        return (
            answer_sets(scope, patient=visit.patient),
            [t.task for t in follow_up.open_tasks(scope)],
            list(TrayItem.objects.filter(site="dawn")),
            follow_up.asked(scope, visit.invitation),
        )


def test_answers_are_stored_and_scored_and_the_invitation_is_answered(world, visit):
    receipt = send(world, visit, answers(1, difficulty=2))
    sets, tasks, tray, asked = look(world, visit)
    assert (receipt.calls_for_someone, receipt.was_answered_before) == (False, False)
    assert [s.by for s in sets] == ["patient"]
    assert asked.answered.answer_set_key == sets[0].key
    assert asked.state(world.now + timedelta(hours=1)) is follow_up.State.ANSWERED
    assert (tasks, tray) == ([], [])
    with scoped(world.scope("coordinator")) as scope:
        assert [(s.name, s.value) for s in scores(scope, patient=visit.patient)] == [("total", 8)]


def test_sent_twice_is_one_fact(world, visit):
    key = new_key()
    for minutes in (5, 9):
        send(world, visit, answers(self_harm=1), key=key, minutes=minutes)
    sets, tasks, tray, _ = look(world, visit)
    assert (len(sets), len(tasks), tray) == (1, 1, [])


@pytest.mark.parametrize("same_key", [True, False])
def test_other_answers_from_a_second_phone_are_kept_for_a_person_and_still_call(world, visit, same_key):
    key = new_key()
    send(world, visit, answers(1), key=key)
    second = key if same_key else new_key()
    for _ in range(2):
        receipt = send(world, visit, answers(3, self_harm=2), key=second)
    sets, tasks, tray, _ = look(world, visit)
    assert len(sets) == 1
    assert sets[0].answers["interest"] == 1, "what was stored first stays"
    assert [item.content["answers"]["self_harm"] for item in tray] == [2]
    assert sorted(t.kind for t in tasks) == ["answers to settle", "thoughts_of_self_harm"]
    assert "other answers" in tasks[-1].because.lower()
    assert receipt.calls_for_someone
    assert receipt.was_answered_before


def test_the_same_answers_from_a_second_phone_are_not_a_second_score(world, visit):
    for _ in range(2):
        send(world, visit, answers(1), key=new_key())
    sets, tasks, _, _ = look(world, visit)
    assert len(sets) == 1
    assert [t.kind for t in tasks] == ["answers to settle"]


@pytest.mark.parametrize(("value", "called"), [(0, False), (1, True), (2, True), (3, True)])
def test_item_nine_above_zero_is_a_task_with_priority_and_clock(world, visit, value, called):
    receipt = send(world, visit, answers(0, self_harm=value))
    sets, tasks, _, _ = look(world, visit)
    assert receipt.calls_for_someone is called
    assert [(t.kind, t.priority, t.answer_set_key) for t in tasks] == (
        [("thoughts_of_self_harm", "high", sets[0].key)] if called else []
    )
    if called:
        assert tasks[0].take_by - tasks[0].raised_at == timedelta(minutes=30)


@pytest.mark.parametrize("second", [False, True])
def test_a_kill_between_answers_and_task_leaves_neither(world, visit, monkeypatch, second):
    if second:
        send(world, visit, answers(1))

    def killed(*args, **kwargs):
        raise ConnectionError("the process died here")

    monkeypatch.setattr(action, "raise_task", killed)
    with pytest.raises(ConnectionError):
        send(world, visit, answers(0, self_harm=3))
    sets, tasks, tray, asked = look(world, visit)
    assert (len(sets), len(tasks), len(tray)) == (int(second), 0, 0)
    assert (asked.answered is None) is not second
    monkeypatch.undo()
    send(world, visit, answers(0, self_harm=3))
    assert "thoughts_of_self_harm" in [t.kind for t in look(world, visit)[1]]


def test_in_the_database_no_phone_answer_above_zero_stands_without_its_task(world):
    for value in (0, 1, 3):
        visit = follow_up.opened_by(site="dawn", token=token_for(world, invited(world, world.patient())))
        send(world, visit, answers(1, self_harm=value))
    with scoped(world.scope()), connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), count(t.key) FROM measure_answerset a LEFT JOIN follow_up_task t "
            "ON t.site = a.site AND t.answer_set_key = a.key AND t.kind = 'thoughts_of_self_harm' "
            "WHERE (a.answers ->> 'self_harm')::int > 0"
        )
        assert cursor.fetchone() == (2, 2)


def test_a_missing_answer_is_named_and_nothing_is_stored(world, visit):
    given = answers()
    del given["sleep"], given["self_harm"]
    with pytest.raises(follow_up.IncompleteAnswers) as refusal:
        send(world, visit, given)
    assert refusal.value.missing == ("sleep", "self_harm")
    assert look(world, visit)[0] == []


def test_an_impossible_answer_is_refused_with_its_question(world, visit):
    with pytest.raises(ImpossibleAnswer) as refusal:
        send(world, visit, answers(sleep=4))
    assert set(refusal.value.problems) == {"sleep"}


@pytest.mark.parametrize(("days", "counts"), [(6.9, True), (7.5, True), (13.9, True), (14.1, False)])
def test_answers_that_waited_on_a_phone_count_for_a_week_after_the_window_and_are_never_lost(
    world, visit, days, counts
):
    for _ in range(2):
        receipt = send(world, visit, answers(self_harm=1), key=visit.invitation, minutes=days * 24 * 60)
    sets, tasks, tray, _ = look(world, visit)
    assert (len(sets), len(tray)) == ((1, 0) if counts else (0, 1))
    assert "thoughts_of_self_harm" in [t.kind for t in tasks]
    assert receipt.calls_for_someone


def test_answers_to_what_was_called_off_wait_for_a_person_and_still_call(world, visit):
    with scoped(world.scope("coordinator")) as scope:
        follow_up.call_off(scope, invitation=visit.invitation, at=world.now)
    send(world, visit, answers(self_harm=1))
    sets, tasks, tray, _ = look(world, visit)
    assert (len(sets), len(tray)) == (0, 1)
    assert sorted(t.kind for t in tasks) == ["answers to settle", "thoughts_of_self_harm"]


def test_before_the_opening_nothing_is_taken(world, visit):
    with pytest.raises(follow_up.NotTaken):
        send(world, visit, answers(), minutes=-1)


def test_answers_taken_in_the_clinic_answer_the_invitation_and_call_once(world, visit):
    at = world.now + timedelta(minutes=20)
    with scoped(world.scope("nurse")) as scope:
        given = record_answers(
            scope,
            key=new_key(),
            patient=visit.patient,
            instrument="phq9",
            answers=answers(self_harm=1),
            answered_at=at,
            by="staff",
        )
    for minutes in (0, 3):
        follow_up.on_answers_recorded(site="dawn", key=given.key, at=at + timedelta(minutes=minutes))
    _, tasks, _, asked = look(world, visit)
    assert asked.answered.answer_set_key == given.key
    assert [t.kind for t in tasks] == ["thoughts_of_self_harm"]


def test_old_answers_that_arrive_now_call_for_nobody(world, visit):
    with scoped(world.scope("nurse")) as scope:
        given = record_answers(
            scope,
            key=new_key(),
            patient=visit.patient,
            instrument="phq9",
            answers=answers(self_harm=3),
            answered_at=world.now - timedelta(days=400),
            by="staff",
        )
    follow_up.on_answers_recorded(site="dawn", key=given.key, at=world.now)
    _, tasks, _, asked = look(world, visit)
    assert (tasks, asked.answered) == ([], None)


def test_an_answer_by_link_does_not_also_answer_another_invitation(world, visit):
    other = invited(world, visit.patient)
    send(world, visit, answers(self_harm=1))
    sets, _, _, _ = look(world, visit)
    follow_up.on_answers_recorded(site="dawn", key=sets[0].key, at=world.now + timedelta(minutes=7))
    with scoped(world.scope("coordinator")) as scope:
        assert follow_up.asked(scope, other.key).answered is None
        assert len(follow_up.open_tasks(scope)) == 1
