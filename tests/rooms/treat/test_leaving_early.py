"""Leaving before the observation is over: a clinician signs for it, and the signature stands while time passes."""

import pytest

from daybreak.treat import public as treat
from daybreak.treat.rules.leaving import MayNotLeave
from tests.rooms.treat.stage import planned

pytestmark = pytest.mark.django_db


def test_a_clinicians_signature_lets_a_patient_leave_early_minutes_after_it_was_given(world):
    stage = planned(world).started()
    stage.step(treat.complete, minutes=40)
    stage.step(treat.begin_recovery)
    answers = {question.id: True for question in treat.questions(stage.look().protocol, "before_leaving")}
    stage.step(treat.note_leaving, minutes=20, answers=answers)
    with pytest.raises(MayNotLeave, match=r"observed long enough.*Cleared by: time or a clinician, by signing for it"):
        stage.step(treat.discharge, "clinician")
    why = {"stage": "before_leaving", "criterion": "observed_long_enough", "reason": "Lives next door."}

    stage.step(treat.sign_override, "clinician", **why)
    stage.step(treat.discharge, "clinician", minutes=5)

    assert stage.look().state is treat.State.DISCHARGED
