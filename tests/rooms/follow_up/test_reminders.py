"""What the schedule asks goes out by message when it opens, and again at each reminder's time, once each."""

from datetime import UTC, datetime, timedelta

import pytest

from daybreak.follow_up import public as follow_up
from daybreak.follow_up.jobs import remind
from daybreak.follow_up.rules.schedule import last_asking
from daybreak.identity.public import Person, note_particulars
from daybreak.kernel.keys import new_key
from daybreak.kernel.scope import scoped
from tests.rooms.consent.test_signing import by_patient
from tests.rooms.follow_up.phone import after_a_session, answers

OPENS = datetime(2026, 3, 2, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("hours", "expected"),
    [(-0.1, None), (0, (0, OPENS)), (7.9, (0, OPENS)), (8, (1, OPENS + 8 * HOUR)), (30, (1, OPENS + 8 * HOUR))],
)
def test_the_latest_asking_within_the_window_counts(hours, expected):
    at = OPENS + hours * HOUR
    assert last_asking((8, 24), opens_at=OPENS, closes_at=OPENS + 20 * HOUR, at=at) == expected


def sent(world, stage):
    with scoped(world.scope("coordinator")) as scope:
        found = [each.message for each in follow_up.messages_of(scope, patient=stage.patient)]
    return sorted((each.kind, each.channel) for each in found)


@pytest.mark.django_db
def test_a_patient_who_agreed_is_asked_once_reminded_once_and_left_alone_once_answered(world):
    stage = after_a_session(world)
    follow_up.on_session_discharged(site="dawn", key=stage.session, at=stage.at())
    with scoped(world.scope("coordinator")) as scope:
        first = follow_up.all_asked(scope, patient=stage.patient)[0].invitation
    assert first.reason == "24 hours after session 1"
    remind(site="dawn", at=first.opens_at + HOUR)
    assert sent(world, stage) == [], "nobody agreed to messages"
    by_patient(world, stage.patient, "messages")
    with scoped(world.scope("coordinator")) as scope:
        who = Person("Pia", "Sommer", None, telephone="0151 234567", email="")
        note_particulars(scope, patient=stage.patient, person=who, key=new_key(), at=world.now)
    for hours in (-1, 1, 2):
        remind(site="dawn", at=first.opens_at + hours * HOUR)
    assert sent(world, stage) == [("questions", "text")]
    for hours in (8, 9):
        remind(site="dawn", at=first.opens_at + hours * HOUR)
    assert sent(world, stage) == [("questions", "text"), ("reminder", "text")]
    with scoped(world.scope("coordinator")) as scope:
        follow_up.answer(scope, key=new_key(), invitation=first.key, answers=answers(), at=first.opens_at + 10 * HOUR)
    remind(site="dawn", at=first.opens_at + 25 * HOUR)
    assert sent(world, stage) == [("questions", "text"), ("reminder", "text")]
