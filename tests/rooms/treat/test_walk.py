"""One session from check-in to the way home, through the actions."""

from decimal import Decimal

import pytest

from daybreak.kernel.scope import scoped
from daybreak.treat import public as treat
from tests.rooms.treat.stage import planned

pytestmark = pytest.mark.django_db


def test_a_session_runs_from_check_in_to_the_way_home(world):
    stage = planned(world).started()
    stage.step(treat.pause, reason="patient_asked", minutes=10)
    stage.step(treat.resume, reason="settled", minutes=5)
    stage.step(treat.complete, minutes=30)
    stage.step(treat.begin_recovery)
    answers = {q.id: True for q in treat.questions(stage.look().protocol, "before_leaving")}
    stage.read()
    stage.step(treat.note_leaving, minutes=125, answers=answers)
    stage.step(treat.discharge, "clinician")
    with scoped(stage.scope()) as scope:
        line = treat.session(scope, stage.session)
    assert (line.state, line.dose_mg, line.weight_kg) == (
        treat.State.DISCHARGED,
        Decimal("35"),
        Decimal("70.000"),
    )
