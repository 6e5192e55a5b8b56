"""The single next thing to do for a patient."""

from dataclasses import replace

import pytest

from daybreak.desk.rules import Stage, next_step, stage_word

DONE = Stage(
    referred=True,
    decision="accepted",
    treatment_consent=True,
    registry_consent=True,
    open_course=True,
    session_state=None,
    needs_help=False,
)
CASES = [
    ({"needs_help": True, "referred": False}, "follow_up"),
    ({"session_state": "planned", "decision": None}, "session"),
    ({"session_state": "planned", "treatment_consent": False}, "consent"),
    ({"session_state": "running", "treatment_consent": False}, "session"),
    ({"referred": False}, "screen"),
    ({"decision": None}, "screen"),
    ({"decision": "decline"}, "screen"),
    ({"treatment_consent": None}, "consent"),
    ({"treatment_consent": False}, "consent"),
    ({"open_course": False}, "plan"),
    ({}, "plan"),
]


@pytest.mark.parametrize(("change", "target"), CASES)
def test_the_first_thing_that_is_missing_comes_next(change, target):
    assert next_step(replace(DONE, **change)).target == target


def test_a_consent_that_nobody_asked_for_is_not_a_refusal():
    asked, refused = (next_step(replace(DONE, treatment_consent=answer)) for answer in (None, False))
    assert asked.words != refused.words


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"referred": False}, "Not referred"),
        ({"decision": None}, "Screening"),
        ({"decision": "decline"}, "Not treated"),
        ({"treatment_consent": None}, "Consent"),
        ({"open_course": False}, "Ready"),
        ({}, "In treatment"),
    ],
)
def test_a_patient_stands_under_one_word(change, word):
    assert stage_word(replace(DONE, **change)) == word
