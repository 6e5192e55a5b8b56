"""The course so far is the rulebook's answer with its reason, and is unknown where nobody measured."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from daybreak.follow_up import public as follow_up
from daybreak.kernel.keys import new_key
from daybreak.kernel.scope import scoped
from daybreak.kernel.truth import Truth
from daybreak.measure.public import library, record_total
from daybreak.rulebook.public import Course, DatedScore, course_so_far
from tests.rooms.follow_up.phone import after_a_session

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def course(*scores, sessions=(0,), at=500):
    return course_so_far(
        library().outcome_measures(),
        scores=[DatedScore(Decimal(value), START + timedelta(hours=hour)) for hour, value in scores],
        sessions=[START + timedelta(hours=hour) for hour in sessions],
        at=START + timedelta(hours=at),
    )


@pytest.mark.parametrize(
    ("scores", "response", "remission", "relapse", "worse"),
    [
        ([(-24, 18), (24, 9)], Truth.MET, Truth.NOT_MET, Course.NOT_OBSERVED, False),
        ([(-24, 18), (24, 10)], Truth.NOT_MET, Truth.NOT_MET, Course.NO_RESPONSE, False),
        ([(-24, 18), (24, 4)], Truth.MET, Truth.MET, Course.NOT_OBSERVED, False),
        ([(-24, 18), (24, 4), (168, 15)], Truth.NOT_MET, Truth.NOT_MET, Course.RELAPSED, True),
        ([(-24, 18), (24, 23)], Truth.NOT_MET, Truth.NOT_MET, Course.NO_RESPONSE, True),
        ([(-24, 18), (24, 22)], Truth.NOT_MET, Truth.NOT_MET, Course.NO_RESPONSE, False),
        ([(-24, 18)], Truth.UNKNOWN, Truth.UNKNOWN, Course.UNKNOWN, False),
        ([(24, 4)], Truth.UNKNOWN, Truth.MET, Course.UNKNOWN, False),
    ],
)
def test_response_remission_and_relapse(scores, response, remission, relapse, worse):
    found = course(*scores)
    assert (found.response.truth, found.remission.truth, found.relapse.course) == (
        response,
        remission,
        relapse,
    )
    assert all((found.response.reason, found.remission.reason, found.relapse.reason))
    assert found.is_worse is worse


def test_before_the_first_session_there_is_no_outcome_but_a_baseline_to_be():
    found = course((-24, 18), sessions=(), at=0)
    assert (found.baseline.value, found.latest, found.response) == (Decimal(18), None, None)


def test_what_came_later_is_not_known_yet():
    assert course((-24, 18), (24, 9), at=12).latest is None


@pytest.mark.django_db
def test_the_course_is_read_from_scores_and_sessions(world):
    stage = after_a_session(world)
    with scoped(world.scope("coordinator")) as scope:
        record_total(
            scope,
            key=new_key(),
            patient=stage.patient,
            instrument="phq9",
            value=Decimal(4),
            answered_at=stage.at(60),
            by="patient",
        )
        found = follow_up.course_so_far(scope, stage.patient, at=stage.at(1))
    assert (found.instrument, found.baseline.value, found.latest.value) == ("phq9", 18, 4)
    assert (found.response.truth, found.remission.truth) == (Truth.MET, Truth.MET)


@pytest.mark.django_db
def test_without_a_score_there_is_no_course(world):
    patient = world.patient()
    with scoped(world.scope("coordinator")) as scope:
        assert follow_up.course_so_far(scope, patient, at=world.now) is None
