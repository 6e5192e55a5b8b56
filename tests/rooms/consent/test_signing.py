"""Whose name, which text, how often tried, and who is asked again."""

from datetime import timedelta

import pytest

from daybreak.consent.models import Signature, Try
from daybreak.consent.public import (
    AlreadyAnswered,
    NoName,
    NotOwnName,
    State,
    TextChanged,
    consents_of,
    decline,
    is_current,
    may_message,
    record_try,
    sign,
    signatures_of,
    text_of,
    to_renew,
    tries_of,
    withdraw,
)
from daybreak.kernel.keys import new_key
from daybreak.kernel.scope import scoped
from daybreak.treat import public as treat
from daybreak.treat.queries.answers import facts_before_dose as treat_facts
from tests.rooms.consent.test_actions import by_clinician, by_patient, right, state_of
from tests.rooms.consent.texts import STUDY, newer, retired, shelf, study
from tests.rooms.treat.stage import planned

pytestmark = pytest.mark.django_db
DRAWN = "10,10 60,40 110,10 160,40 210,10 260,40"


def test_nobody_signs_under_somebody_elses_name(world):
    patient = world.patient(given="Zoë", family="Brånd")

    with pytest.raises(NotOwnName, match="Zoë Brånd"):
        by_patient(world, patient, name="Pia Sommer")

    by_patient(world, patient, name="brand zoe")
    assert state_of(world, patient).state is State.WAITS


def test_a_drawn_signature_stands_beside_the_printed_name_and_is_sealed(world):
    patient = world.patient()
    with pytest.raises(NoName, match="no signature in the field"):
        by_patient(world, patient, drawing="10,10")

    by_patient(world, patient, drawing=DRAWN)

    with scoped(world.scope()) as scope:
        (entry,) = signatures_of(scope, patient)
        row = Signature.objects.get(site="dawn", key=entry.key)
    assert (entry.way, entry.drawing, entry.name) == ("drawn", DRAWN, "Pia Sommer")
    assert DRAWN.encode() not in bytes(row.drawing)


def test_a_second_signature_on_the_same_text_is_not_stored_and_a_changed_mind_is(world):
    patient = world.patient()
    by_patient(world, patient)
    with pytest.raises(AlreadyAnswered):
        by_patient(world, patient)
    by_clinician(world, patient)
    with pytest.raises(AlreadyAnswered):
        by_clinician(world, patient)

    with scoped(world.scope()) as scope:
        said = {"patient": patient, "consent": "treatment", "shown_seconds": 4}
        decline(scope, key=new_key(), **said, at=world.now + timedelta(minutes=7))
        with pytest.raises(AlreadyAnswered):
            decline(scope, key=new_key(), **said, at=world.now + timedelta(minutes=8))

    assert state_of(world, patient).state is State.DECLINED


def test_wrong_answers_are_kept_as_tries_once_each(world):
    patient, page, text = world.patient(), new_key(), text_of("treatment")
    wrong = {**right("treatment"), "driving": 0}
    del wrong["off_label"]
    with scoped(world.scope()) as scope:
        for _ in range(2):
            record_try(scope, patient=patient, text=text, answers=wrong, key=page, at=world.now)
        assert record_try(scope, patient=patient, text=text, answers=right("treatment"), key=page, at=world.now) is None
        (kept,) = tries_of(scope, patient)
        row = Try.objects.get(site="dawn", patient_key=patient)

    assert (kept.consent, kept.version, sorted(kept.wrong)) == ("treatment", text.version, ["driving"])
    assert (row.fingerprint, row.answers) == (text.fingerprint, wrong)


def test_questions_that_were_left_out_are_no_wrong_answers(world):
    patient, text = world.patient(), text_of("treatment")
    some = {"driving": right("treatment")["driving"]}
    with scoped(world.scope()) as scope:
        for answers in ({}, some):
            assert record_try(scope, patient=patient, text=text, answers=answers, key=new_key(), at=world.now) is None
        assert tries_of(scope, patient) == []


def test_a_study_is_consented_to_in_the_language_that_was_read(world, tmp_path):
    patient = world.patient()
    with shelf(tmp_path, sunrise_study_1=study()):
        by_patient(world, patient, STUDY, language="es")
        assert state_of(world, patient, STUDY).state is State.CURRENT
        with scoped(world.scope()) as scope:
            (entry,) = signatures_of(scope, patient)
            assert is_current(scope, patient, "another_study", at=world.now) is None

    assert (entry.language, entry.meaning) == ("es", "Acepto participar.")
    assert state_of(world, patient, STUDY).current is True, "also when the study's folder is gone"


def test_a_version_that_asks_again_ends_older_signatures_and_lists_whom_to_ask(world, tmp_path):
    old, new = world.patient(), world.patient(given="Otto", family="Neu")
    with shelf(tmp_path, sunrise_study_1=study()):
        by_patient(world, old, STUDY)
    with shelf(tmp_path, sunrise_study_2=study(2)):
        assert state_of(world, old, STUDY).state is State.CURRENT, "version 2 does not ask again"
    with shelf(tmp_path, sunrise_study_3=study(3, why="A new risk was found.")):
        by_patient(world, new, STUDY, name="Otto Neu")
        with scoped(world.scope()) as scope:
            (found,) = to_renew(scope, at=world.now + timedelta(minutes=1))
        with scoped(world.scope(site="dusk")) as scope:
            assert to_renew(scope, at=world.now + timedelta(minutes=1)) == []
        assert (found.patient, found.signed_version, found.asked_version) == (old, 1, 3)
        assert found.why == "A new risk was found."
        assert state_of(world, old, STUDY).current is False
        assert state_of(world, new, STUDY).current is True
    with shelf(tmp_path, sunrise_study_3=study(3, why="A new risk was found.", status="retired")):
        assert state_of(world, old, STUDY).current is False, "retiring the version does not bring older ones back"
    with shelf(tmp_path, sunrise_study_3=study(3, why="A new risk was found.", status="draft")):
        assert state_of(world, old, STUDY).current is True, "a draft asks nobody"


def test_the_treatments_newest_text_leaves_older_signatures_in_force(world, tmp_path):
    patient = world.patient()
    by_patient(world, patient)
    by_clinician(world, patient)

    with shelf(tmp_path, ketamine_treatment_4=newer("ketamine_treatment", 4)):
        assert state_of(world, patient).current is True
    with shelf(tmp_path, ketamine_treatment_4=newer("ketamine_treatment", 4, why="Something was wrong.")):
        assert state_of(world, patient).current is False
    with shelf(tmp_path, ketamine_treatment_4=retired("ketamine_treatment", 3).replace("version = 3", "version = 4")):
        assert state_of(world, patient).current is True


def test_no_message_goes_out_without_a_consent_in_force(world):
    patient = world.patient()
    with scoped(world.scope()) as scope:
        assert may_message(scope, patient, at=world.now) is False
    by_patient(world, patient, "messages")
    with scoped(world.scope()) as scope:
        assert may_message(scope, patient, at=world.now) is True
        withdraw(
            scope, key=new_key(), patient=patient, consent="messages", reason="", at=world.now + timedelta(minutes=1)
        )
        assert may_message(scope, patient, at=world.now + timedelta(minutes=2)) is False
        assert consents_of(scope, patient, at=world.now)["messages"].state is State.CURRENT


def test_a_clinician_signs_the_very_version_that_the_patient_signed(world, tmp_path):
    patient = world.patient()
    signed = by_patient(world, patient)
    with shelf(tmp_path, ketamine_treatment_4=newer("ketamine_treatment", 4)):
        with pytest.raises(TextChanged):
            by_clinician(world, patient, shown=text_of("treatment").fingerprint)
        beside = by_clinician(world, patient, shown=signed.fingerprint)
        assert state_of(world, patient).state is State.CURRENT

    assert (beside.version, beside.fingerprint) == (signed.version, signed.fingerprint)


def test_a_signature_says_how_long_each_part_stood_on_the_screen(world):
    patient = world.patient()
    with scoped(world.scope()) as scope:
        sign(
            scope,
            key=new_key(),
            patient=patient,
            consent="contact",
            name="Pia Sommer",
            signer="patient",
            shown_seconds=50,
            understood=right("contact"),
            at=world.now,
            seen=[("What this is about", 20)],
        )
        (entry,) = signatures_of(scope, patient)
    assert (entry.shown_seconds, entry.seen_seconds) == (50, [("What this is about", 20)])


def test_a_signature_for_another_treatment_starts_no_infusion(world, tmp_path):
    other = study().replace('id = "sunrise_study"', 'id = "another_treatment"').replace('"study"', '"treatment"')
    with shelf(tmp_path, another_treatment_1=other):
        stage = planned(world).prepared()
        said = {"patient": stage.patient, "at": stage.now}
        with scoped(stage.scope("clinician")) as scope:
            withdraw(scope, key=new_key(), consent="treatment", reason="", **said)
            sign(
                scope, key=new_key(), consent="another_treatment", name="Pia Sommer", signer="patient",
                shown_seconds=9, understood={"real": 1}, **said,
            )  # fmt: skip
            assert is_current(scope, stage.patient, "another_treatment", at=stage.now) is True
            found = treat.session_now(scope, stage.session)
            facts = treat_facts(scope, found, at=stage.now)
            in_the_way = treat.starting(scope, found, at=stage.now + timedelta(minutes=1)).sentence()

    assert facts["consents_in_force"].value == ("another_treatment",)
    assert "Consent to the treatment is not in force." in in_the_way
