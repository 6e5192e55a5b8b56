"""Invitations come from the protocol's schedule, once each, and move on with the sessions."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from daybreak.follow_up import public as follow_up
from daybreak.follow_up.queries.invitations import still_asked
from daybreak.follow_up.queries.worklist import work_list
from daybreak.follow_up.rules.cognition import VERSION as TASKS_VERSION
from daybreak.follow_up.rules.invitations import State, state_of, takes_answers
from daybreak.follow_up.rules.schedule import SessionGiven, wanted, words_of
from daybreak.kernel.keys import new_key
from daybreak.kernel.scope import scoped
from daybreak.ledger.public import waiting_in_tray
from daybreak.measure.public import library
from daybreak.rulebook.public import TASK_SET
from daybreak.treat import public as treat
from tests.rooms.follow_up.phone import after_a_session
from tests.rooms.treat.stage import PROTOCOL, planned

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_the_schedule_asks_what_the_protocol_says():
    protocol = library().protocol(PROTOCOL)
    given = [SessionGiven(new_key(), 1, START), SessionGiven(new_key(), 2, START + 72 * HOUR)]
    upcoming = [SessionGiven(new_key(), 3, START + 168 * HOUR)]
    asked = wanted(protocol.follow_up, given=given, upcoming=upcoming, at=START + 73 * HOUR)
    reasons = [each.reason for each in asked]
    assert "24 hours after session 2" in reasons
    assert "before session 3" in reasons
    assert "7 days after session 2" in reasons
    assert not [r for r in reasons if r.startswith("24 hours after session 1")], "its window has ended"
    assert not [r for r in reasons if "days after session 1" in r], "the long run counts from the last session"


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        (1, "1 hour"),
        (24, "24 hours"),
        (48, "48 hours"),
        (72, "3 days"),
        (168, "7 days"),
        (336, "2 weeks"),
        (344, "344 hours"),
    ],
)
def test_spans_have_the_words_of_a_schedule(hours, words):
    assert words_of(timedelta(hours=hours)) == words


@pytest.mark.parametrize(
    ("hours", "state"),
    [
        (-1, State.NOT_YET),
        (0, State.OPEN),
        (8, State.OPEN),
        (8.01, State.LATE),
        (31.9, State.LATE),
        (32, State.ENDED),
    ],
)
def test_the_window_is_half_open(hours, state):
    window = {"opens_at": START, "due_at": START + 8 * HOUR, "closes_at": START + 32 * HOUR}
    at = START + hours * HOUR
    assert state_of(**window, is_answered=False, is_called_off=False, at=at) is state
    assert state_of(**window, is_answered=True, is_called_off=True, at=at) is State.ANSWERED
    assert state_of(**window, is_answered=False, is_called_off=True, at=at) is State.CALLED_OFF


@pytest.mark.parametrize(("hours", "taken"), [(-1, False), (0, True), (10, True), (10 + 168, False), (10 + 167, True)])
def test_a_phone_that_was_offline_may_send_for_some_days_after_the_window(hours, taken):
    assert takes_answers(opens_at=START, closes_at=START + 10 * HOUR, at=START + hours * HOUR) is taken


def test_cognition_is_asked_by_time_and_by_cumulative_exposure():
    checks = library().continuation_of(PROTOCOL).checks
    given = [SessionGiven(new_key(), number, START + 72 * HOUR * (number - 1)) for number in range(1, 7)]
    asked = wanted(checks, given=given, upcoming=[], at=given[-1].at + HOUR)
    tasks = [(each.plan.rule, each.reason) for each in asked if each.plan.instrument == TASK_SET]
    assert tasks[0] == ("cognition_by_sessions", "3 days after session 6")
    by_time = [reason for rule, reason in tasks if rule == "cognition_by_time"]
    assert by_time[:2] == ["12 weeks after session 1", "24 weeks after session 1"]
    assert not [rule for rule, _ in wanted_rules(checks, given[:5]) if rule == "cognition_by_sessions"]


def wanted_rules(checks, given):
    asked = wanted(checks, given=given, upcoming=[], at=given[-1].at + HOUR)
    return [(each.plan.rule, each.reason) for each in asked]


@pytest.mark.django_db
def test_the_tasks_of_cognition_come_from_the_schedule_like_questions_and_may_be_left_out(world):
    stage = after_a_session(world)
    follow_up.on_session_discharged(site="dawn", key=stage.session, at=stage.at())
    with scoped(world.scope("coordinator")) as scope:
        asked = list(follow_up.all_asked(scope, patient=stage.patient))
        tasks = [each.invitation for each in asked if each.invitation.instrument == TASK_SET]
        assert (tasks[0].rule, tasks[0].version) == ("cognition_by_time", TASKS_VERSION)
        assert follow_up.hand_over_link(scope, invitation=tasks[0].key, at=tasks[0].opens_at)
        over = tasks[1].closes_at + HOUR
        rows = [row for row in work_list(scope, at=over) if row.patient == stage.patient]
    others = [each for each in asked if each.invitation.instrument != TASK_SET]
    ended = [each for each in others if each.state(over) is State.ENDED]
    assert rows[0].missed == len(ended), "a task that was left out says nothing of who is reached"


@pytest.mark.django_db
def test_the_job_makes_each_invitation_once(world):
    stage = after_a_session(world)
    for _ in range(2):
        follow_up.on_session_discharged(site="dawn", key=stage.session, at=stage.at())
    with scoped(world.scope("coordinator")) as scope:
        asked = follow_up.all_asked(scope, patient=stage.patient)
    first = asked[0].invitation
    assert (first.reason, first.instrument, first.session_key) == (
        "24 hours after session 1",
        "phq9",
        stage.session,
    )
    assert first.fingerprint == library().instrument("phq9").fingerprint
    assert len({each.invitation.key for each in asked}) == len(
        {(e.invitation.rule, e.invitation.due_at) for e in asked}
    )


@pytest.mark.django_db
def test_a_new_session_moves_the_long_run_on_and_calls_the_old_plan_off(world):
    stage = after_a_session(world)
    follow_up.on_session_discharged(site="dawn", key=stage.session, at=stage.at())
    with scoped(world.scope("clinician")) as scope:
        course = treat.courses(scope, stage.patient)[0].key
        later = world.now + timedelta(days=3)
        second = treat.plan_session(
            scope, key=new_key(), course=course, planned_for=later, chair="chair 1", at=world.now
        )
        before = follow_up.after_session(scope, session=second.key, at=stage.at())
        assert "before session 2" in [each.reason for each in before]
        treat.cancel_session(
            scope,
            key=new_key(),
            session=second.key,
            reason=treat.REASONS[treat.Step.CANCELLED][0],
            at=stage.at(),
        )
        follow_up.after_session(scope, session=stage.session, at=stage.at())
        asked = {e.invitation.reason: e for e in follow_up.all_asked(scope, patient=stage.patient)}
    assert asked["before session 2"].called_off is not None
    assert asked["24 hours after session 1"].called_off is None


@pytest.mark.django_db
def test_what_a_person_called_off_is_not_asked_again_and_what_the_schedule_called_off_is(world):
    stage = after_a_session(world)
    follow_up.on_session_discharged(site="dawn", key=stage.session, at=stage.at())
    with scoped(world.scope("coordinator")) as scope:
        by_hand, *others = [each.invitation for each in follow_up.all_asked(scope, patient=stage.patient)]
        follow_up.call_off(scope, invitation=by_hand.key, at=stage.at())
        for kind in ("moved", "returned") * 2:
            on_day = stage.at().date()
            follow_up.change_observation(
                scope, key=new_key(), patient=stage.patient, kind=kind, on_day=on_day, source="patient", at=stage.at()
            )
        asked = follow_up.all_asked(scope, patient=stage.patient)
        hold = still_asked(scope, patient=stage.patient)
        assert list(waiting_in_tray(scope)) == []
    items = Counter((each.invitation.rule, each.invitation.due_at) for each in asked)
    assert items.pop((by_hand.rule, by_hand.due_at)) == 1
    assert set(items.values()) == {3}
    assert hold == [each for each in asked if each.called_off is None]
    assert len(hold) == len(others)


@pytest.mark.django_db
def test_another_sites_session_makes_nothing(world):
    stage = planned(world)
    with pytest.raises(follow_up.NothingToAnswer):
        follow_up.on_session_discharged(site="dusk", key=stage.session, at=stage.at())
