"""Facts of measure are stored once, scored by their definition, and kept when a key comes back with other
content.
"""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError

from daybreak.kernel.keys import new_key
from daybreak.kernel.scope import scoped
from daybreak.ledger.public import KeyReused, TrayItem
from daybreak.measure.public import (
    ImplausibleMeasurement,
    ImpossibleTotal,
    NewMeasurement,
    NotAnAllergy,
    NothingAnswered,
    allergies,
    answer_sets,
    library,
    measurements,
    medicines,
    record_allergy,
    record_answers,
    record_measurements,
    record_medicine,
    record_no_known_allergies,
    record_total,
    scores,
)
from daybreak.rulebook.public import ImpossibleAnswer

pytestmark = pytest.mark.django_db
ITEMS = library().instrument("phq9").scores[0].items


def answers(value: int, **other: int) -> dict[str, int]:
    """Return the same answer to every scored item, but for `other`."""
    return {**dict.fromkeys(ITEMS, value), **other}


def take(world, patient, **given):
    """Take a PHQ-9 as the clinician at dawn."""
    fact = {
        "key": new_key(),
        "instrument": "phq9",
        "answers": answers(2),
        "answered_at": world.now,
        "by": "staff",
    }
    with scoped(world.scope()) as scope:
        return record_answers(scope, patient=patient, **{**fact, **given})


def test_answers_become_a_score_with_band_cut_offs_and_fingerprint(world):
    patient = world.patient()

    take(world, patient)

    with scoped(world.scope()) as scope:
        (score,) = scores(scope, patient=patient, instrument="phq9")
    assert (score.value, score.band, score.name) == (18, "moderately_severe", "total")
    assert score.fingerprint == library().instrument("phq9").fingerprint
    assert score.cut_offs


@pytest.mark.parametrize(("value", "other", "total"), [(0, {}, 0), (3, {}, 27), (1, {"mood": 2}, 10)])
def test_totals_at_the_ends_and_in_between(world, value, other, total):
    patient = world.patient()

    take(world, patient, answers=answers(value, **other))

    with scoped(world.scope()) as scope:
        assert [s.value for s in scores(scope, patient=patient)] == [total]


def test_a_missing_answer_gives_no_total_and_the_answers_stay(world):
    patient = world.patient()
    given = answers(2)
    given.pop("mood")

    take(world, patient, answers=given)

    with scoped(world.scope()) as scope:
        assert scores(scope, patient=patient) == []
        assert answer_sets(scope, patient=patient)[0].answers == given


def test_an_answer_that_is_not_offered_is_refused_and_nothing_is_stored(world):
    patient = world.patient()

    with pytest.raises(ImpossibleAnswer):
        take(world, patient, answers=answers(2, mood=4))
    with pytest.raises(NothingAnswered):
        take(world, patient, answers={})

    with scoped(world.scope()) as scope:
        assert answer_sets(scope, patient=patient) == []


def test_the_same_answers_twice_are_one_fact_and_other_answers_wait_in_the_tray(world):
    patient, key = world.patient(), new_key()
    take(world, patient, key=key)
    take(world, patient, key=key)

    with pytest.raises(KeyReused):
        take(world, patient, key=key, answers=answers(1))

    with scoped(world.scope()) as scope:
        assert [s.value for s in scores(scope, patient=patient)] == [18]
        assert TrayItem.objects.filter(site="dawn", about_key=key).count() == 1


def test_a_fact_cannot_point_at_another_sites_patient(world):
    stranger = world.patient("dusk")

    with pytest.raises(IntegrityError):
        take(world, stranger)


@pytest.mark.parametrize("value", ["-1", "28", "NaN"])
def test_an_impossible_total_is_refused(world, value):
    patient = world.patient()
    with scoped(world.scope()) as scope, pytest.raises(ImpossibleTotal):
        record_total(
            scope,
            key=new_key(),
            patient=patient,
            instrument="phq9",
            value=Decimal(value),
            answered_at=world.now,
            by="patient",
        )


def test_one_impossible_measurement_keeps_the_others_from_being_half_saved(world):
    patient = world.patient()
    good = NewMeasurement(new_key(), patient, "systolic_pressure", Decimal(120), "mm[Hg]", world.now)
    bad = NewMeasurement(new_key(), patient, "weight", Decimal(700), "kg", world.now)

    with scoped(world.scope()) as scope:
        with pytest.raises(ImplausibleMeasurement) as refusal:
            record_measurements(scope, [good, bad])
        assert set(refusal.value.problems) == {bad.key}
        assert measurements(scope, patient=patient) == []


def test_pounds_are_kept_beside_the_kilograms_they_become(world):
    patient = world.patient()
    fact = NewMeasurement(new_key(), patient, "weight", Decimal("160"), "[lb_av]", world.now)

    with scoped(world.scope()) as scope:
        assert record_measurements(scope, [fact]).new == {fact.key}
        assert record_measurements(scope, [fact]).same == {fact.key}
        (row,) = measurements(scope, patient=patient, signs=["weight"])

    assert (row.unit, row.given_unit, row.given_value) == ("kg", "[lb_av]", 160)
    assert round(row.value, 1) == Decimal("72.6")


def test_allergies_are_unknown_then_none_then_known_and_none_cannot_contradict(world):
    patient = world.patient()
    with scoped(world.scope()) as scope:
        assert allergies(scope, patient).state == "unknown"
        record_no_known_allergies(scope, key=new_key(), patient=patient, noted_at=world.now)
        assert allergies(scope, patient).state == "none known"
        entry = record_allergy(scope, key=new_key(), patient=patient, substance="Penicillin", noted_at=world.now)
        assert allergies(scope, patient).substances == ("Penicillin",)
        with pytest.raises(NotAnAllergy):
            record_no_known_allergies(scope, key=new_key(), patient=patient, noted_at=world.now)
        record_allergy(
            scope,
            key=new_key(),
            patient=patient,
            substance="Penicillin",
            status="inactive",
            noted_at=world.now,
            corrects=entry.key,
        )
        assert allergies(scope, patient).state == "none known"


def test_a_sealed_text_sent_twice_is_one_fact_and_another_text_waits_in_the_tray(world):
    patient, key = world.patient(), new_key()
    with scoped(world.scope()) as scope:
        for _ in range(2):
            record_allergy(scope, key=key, patient=patient, substance="Latex", noted_at=world.now)
        with pytest.raises(KeyReused):
            record_allergy(scope, key=key, patient=patient, substance="Peanut", noted_at=world.now)
        assert allergies(scope, patient).substances == ("Latex",)
        assert TrayItem.objects.filter(site="dawn", about_key=key).count() == 1


def test_medicines_come_back_with_their_words(world):
    patient, day = world.patient(), world.now.date()
    with scoped(world.scope()) as scope:
        record_medicine(
            scope,
            key=new_key(),
            patient=patient,
            display="Lorazepam 1 mg",
            started_on=day,
            noted_at=world.now,
        )
        (entry,) = medicines(scope, patient)
    assert (entry.display, entry.started_on, entry.status) == ("Lorazepam 1 mg", day, "active")


def test_scores_come_oldest_first(world):
    patient = world.patient()
    take(world, patient, answered_at=world.now)
    take(world, patient, answered_at=world.now - timedelta(days=7), answers=answers(3))

    with scoped(world.scope()) as scope:
        assert [s.value for s in scores(scope, patient=patient)] == [27, 18]
