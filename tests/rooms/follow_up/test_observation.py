"""Why a line ends: moves, transfers, withdrawals, the lost and the found, and what is not asked any more."""

from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from daybreak.config.events import deliver
from daybreak.follow_up import public as follow_up
from daybreak.follow_up.queries.messages import traces_of
from daybreak.follow_up.rules.invitations import State
from daybreak.follow_up.rules.observation import Change, Ended, ended, missed_in_a_row
from daybreak.kernel.keys import new_key
from daybreak.kernel.scope import scoped
from daybreak.ledger.public import carried_by
from daybreak.people.public import record_death, take_back_death
from tests.rooms.follow_up.phone import after_a_session, answers, invited, token_for
from tests.world.people import TODAY

DAY = timedelta(days=1)
NOTED = datetime(2026, 3, 1, tzinfo=UTC)


def change(kind, on, noted=0):
    return Change(kind, date(2026, 3, on), "patient", NOTED + noted * DAY)


@pytest.mark.parametrize(
    ("changes", "died", "kind"),
    [
        ([], False, None),
        ([change("moved", 3)], False, "moved"),
        ([change("lost", 3), change("returned", 9)], False, None),
        ([change("returned", 9), change("lost", 3, noted=20)], False, None),
        ([change("lost", 3), change("returned", 9), change("withdrew", 9, noted=1)], False, "withdrew"),
        ([change("lost", 3), change("returned", 9)], True, "died"),
    ],
)
def test_the_last_day_counts_and_a_death_ends_all(changes, died, kind):
    found = ended(changes, death=None, has_died=died)
    assert (found.kind if found else None) == kind
    if died:
        assert found == Ended("died", None, "")


@pytest.mark.parametrize(
    ("states", "missed"),
    [
        ([], 0),
        ([State.ENDED, State.ANSWERED], 0),
        ([State.ANSWERED, State.ENDED, State.CALLED_OFF, State.ENDED, State.LATE], 2),
        ([State.ENDED, State.ENDED, State.NOT_YET], 2),
    ],
)
def test_who_missed_how_many_in_a_row(states, missed):
    assert missed_in_a_row(states) == missed


@pytest.fixture
def stage(world):
    """A patient after a session, asked by the schedule."""
    stage = after_a_session(world)
    follow_up.on_session_discharged(site="dawn", key=stage.session, at=stage.at())
    return stage


@pytest.fixture
def heard():
    """Let what is announced in a block be heard at its end, twice, as the queue may."""

    @contextmanager
    def hear():
        said = []
        with carried_by(lambda event, **about: said.append((event, about))):
            yield
        for event, about in [*said, *said]:
            deliver(event, **about)

    return hear


def waiting(scope, stage, at):
    asked = follow_up.all_asked(scope, patient=stage.patient)
    return [each for each in asked if each.state(at) in (State.NOT_YET, State.OPEN, State.LATE)]


def leave(scope, stage, kind="moved", on=TODAY - DAY, at=None):
    return follow_up.change_observation(
        scope, key=new_key(), patient=stage.patient, kind=kind, on_day=on, source="patient", at=at or stage.at(0)
    )


@pytest.mark.django_db
def test_who_left_is_not_asked_any_more_and_who_returned_is_asked_anew_but_nothing_twice(world, stage):
    asked_by_hand = invited(world, stage.patient)
    with scoped(follow_up.opened_by(site="dawn", token=token_for(world, asked_by_hand)).scope) as scope:
        follow_up.answer(scope, key=new_key(), invitation=asked_by_hand.key, answers=answers(), at=world.now)
    with scoped(world.scope("coordinator")) as scope:
        before = {(e.invitation.rule, e.invitation.due_at) for e in waiting(scope, stage, world.now)}
        assert before
        leave(scope, stage, at=world.now)
        assert waiting(scope, stage, world.now) == []
        assert not [
            e for e in follow_up.due(scope, at=world.now + 3 * DAY) if e.invitation.patient_key == stage.patient
        ]
        assert follow_up.after_session(scope, session=stage.session, at=world.now + DAY) == []
        leave(scope, stage, "returned", at=world.now + timedelta(minutes=1))
        for _ in range(2):
            follow_up.after_session(scope, session=stage.session, at=world.now)
        again = [(e.invitation.rule, e.invitation.due_at) for e in waiting(scope, stage, world.now)]
        assert set(again) == before
        assert len(again) == len(before)


@pytest.mark.django_db
def test_nobody_is_lost_without_a_try_in_vain(world, stage):
    with scoped(world.scope("coordinator")) as scope:
        with pytest.raises(follow_up.NotAChange, match="Note a try first"):
            leave(scope, stage, "lost")
        said = {"patient": stage.patient, "way": "telephone", "at": stage.at(0)}
        follow_up.note_attempt(scope, key=new_key(), outcome="reached", **said)
        with pytest.raises(follow_up.NotAChange, match="Note a try first"):
            leave(scope, stage, "lost")
        follow_up.note_attempt(scope, key=new_key(), outcome="no answer", note="Voice mail.", **said)
        assert leave(scope, stage, "lost").kind == "lost"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "on", "words"),
    [
        ("returned", TODAY - DAY, "nothing to begin again"),
        ("moved", TODAY + 2 * DAY, "lies ahead"),
        ("gone", TODAY - DAY, "Choose what happened"),
    ],
)
def test_what_cannot_be_kept_is_said(world, stage, kind, on, words):
    with scoped(world.scope("coordinator")) as scope, pytest.raises(follow_up.NotAChange, match=words):
        leave(scope, stage, kind, on=on)


@pytest.mark.django_db
def test_a_death_calls_off_what_is_asked_and_one_that_is_taken_back_asks_again(world, stage, heard):
    by_hand = invited(world, stage.patient)
    link = reverse("answer:questions", kwargs={"site": "dawn", "token": token_for(world, by_hand)})
    with scoped(world.scope("coordinator")) as scope:
        before = {(e.invitation.rule, e.invitation.due_at) for e in waiting(scope, stage, world.now)}
        with heard():
            death = record_death(scope, key=new_key(), patient=stage.patient, died_on=TODAY, at=world.now)
        assert waiting(scope, stage, world.now) == []
        page = Client().get(link).content.decode()
        assert "There is nothing here to answer" in page
        assert [each.what for each in traces_of(scope, invitation=by_hand.key)] == ["died"]
        with heard():
            take_back_death(scope, key=new_key(), patient=stage.patient, death=death.key, because="lives", at=world.now)
        again = {(e.invitation.rule, e.invitation.due_at) for e in waiting(scope, stage, world.now)}
        assert again == {each for each in before if each[0]}, "what the schedule asks; a person asks by hand anew"


@pytest.mark.django_db
def test_a_death_ends_observation_by_itself(world, stage):
    with scoped(world.scope("coordinator")) as scope:
        record_death(scope, key=new_key(), patient=stage.patient, died_on=TODAY, at=world.now)
        assert follow_up.ended_of_each(scope, [stage.patient])[stage.patient].kind == "died"
        assert follow_up.after_session(scope, session=stage.session, at=world.now) == []
        with pytest.raises(follow_up.NotAChange, match="deceased"):
            leave(scope, stage, "returned")
