"""What is recorded answers a question of the protocol, and outweighs an older answer that nothing is the matter."""

from datetime import timedelta

import pytest

from daybreak.kernel.keys import new_key
from daybreak.kernel.scope import scoped
from daybreak.kernel.truth import Truth
from daybreak.measure.public import NewLabResult, record_lab_result, record_medicine
from daybreak.screen.public import assess, facts_of, record_finding
from tests.rooms.screen.patients import PROTOCOL, ready, referred

pytestmark = pytest.mark.django_db


def truth_of(world, scope, patient, criterion):
    verdict = assess(scope, patient=patient, protocol=PROTOCOL, at=world.now + timedelta(hours=2))
    return next(answer.truth for answer in verdict.criteria if answer.id == criterion)


@pytest.mark.parametrize(
    ("display", "status", "truth"),
    [
        ("Oxycodone 5 mg", "active", Truth.NOT_MET),
        ("Oxycodone 5 mg", "stopped", Truth.MET),
        ("Sertraline 100 mg", "active", Truth.MET),
    ],
)
def test_an_opioid_among_the_medicines_outweighs_the_answer_none(world, display, status, truth):
    patient = ready(world)
    with scoped(world.scope()) as scope:
        record_medicine(scope, key=new_key(), patient=patient, display=display, status=status, noted_at=world.now)

        assert truth_of(world, scope, patient, "no_opioids") is truth


def test_opioids_that_nobody_prescribed_stay_what_they_are_beside_a_prescription(world):
    patient = ready(world, but={"opioid_use": "not_prescribed"})
    with scoped(world.scope()) as scope:
        record_medicine(scope, key=new_key(), patient=patient, display="Morphine 10 mg", noted_at=world.now)

        found = facts_of(scope, patient=patient, protocol=PROTOCOL, at=world.now)

    assert found["opioid_use"].value == "not_prescribed"


@pytest.mark.parametrize(
    ("test", "finding", "hours", "truth"),
    [
        ("lab_urine_cocaine", "positive", 1, Truth.NOT_MET),
        ("lab_urine_cocaine", "positive", -1, Truth.NOT_MET),  # the screen was answered later
        ("lab_urine_cocaine", "negative", 1, Truth.MET),
        ("lab_urine_nitrite", "positive", 1, Truth.MET),  # not a drug
    ],
)
def test_a_positive_test_of_the_urine_outweighs_what_somebody_answered(world, test, finding, hours, truth):
    patient, at = ready(world), world.now + timedelta(hours=hours)
    with scoped(world.scope()) as scope:
        record_lab_result(
            scope, NewLabResult(key=new_key(), patient=patient, test=test, finding=finding, collected_at=at)
        )

        assert truth_of(world, scope, patient, "urine_screened") is truth


def test_a_newer_negative_test_of_the_same_drug_lets_the_answer_count_again(world):
    patient, earlier = ready(world), world.now - timedelta(days=2)
    with scoped(world.scope()) as scope:
        for finding, at in (("positive", earlier), ("negative", earlier + timedelta(days=1))):
            result = NewLabResult(
                key=new_key(), patient=patient, test="lab_urine_cocaine", finding=finding, collected_at=at
            )
            record_lab_result(scope, result)

        assert truth_of(world, scope, patient, "urine_screened") is Truth.MET


def test_what_a_criterion_answers_is_not_answered_once_more_beside_the_protocol(world, as_role):
    patient = ready(world)
    with scoped(world.scope()) as scope:
        record_medicine(scope, key=new_key(), patient=patient, display="Morphine 10 mg", noted_at=world.now)
    page = as_role("clinician").get(f"/at/dawn/screen/{patient}/").text

    beside = page[page.index('id="beside"') :].partition("</section>")[0]

    assert "Does the patient take no opioids?" in page
    for question in ("Does the patient take opioids?", "prescription-monitoring", "laboratory results"):
        assert question not in beside
    assert "bladder" in beside


def test_a_negative_test_alone_never_says_that_the_screen_is_clear(world):
    patient = referred(world)
    with scoped(world.scope()) as scope:
        record_lab_result(
            scope,
            NewLabResult(
                key=new_key(), patient=patient, test="lab_urine_opioids", finding="negative", collected_at=world.now
            ),
        )

        assert truth_of(world, scope, patient, "urine_screened") is Truth.UNKNOWN


def test_a_screen_that_was_taken_back_leaves_the_positive_test(world):
    patient = ready(world)
    with scoped(world.scope()) as scope:
        result = NewLabResult(
            key=new_key(), patient=patient, test="lab_urine_ketamine", finding="positive", collected_at=world.now
        )
        record_lab_result(scope, result)
        later = world.now + timedelta(hours=1)
        record_finding(scope, key=new_key(), patient=patient, question="urine_toxicology", value=None, noted_at=later)

        assert truth_of(world, scope, patient, "urine_screened") is Truth.NOT_MET
