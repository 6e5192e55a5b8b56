"""A death is recorded with what is known of it, corrected and taken back; nothing is asked of somebody who has died."""

import re
from datetime import date, timedelta

import pytest

from daybreak.desk.banner import death_words
from daybreak.desk.deaths import told_of_death
from daybreak.follow_up.public import invite
from daybreak.kernel.keys import new_key
from daybreak.kernel.scope import scoped
from daybreak.ledger.public import waiting_in_tray
from daybreak.people.public import PatientDied, deaths
from daybreak.screen.public import decide
from tests.rooms.screen.patients import ready

pytestmark = pytest.mark.django_db


def page_of(patient) -> str:
    """Return the page of a patient's death at dawn."""
    return f"/at/dawn/patients/{patient}/death/"


def said(world, **more: object) -> dict[str, object]:
    """Return what somebody types who knows the day and the cause."""
    died = world.now.date() - timedelta(days=3)
    form = {"key": new_key(), "precision": "day", "died_on": died, "source": "relative"}
    return {**form, "manner": "disease", "code": "i21.9", **more}


def test_the_page_opens_for_those_who_register_and_for_nobody_else(world, as_role):
    patient = world.patient()
    assert as_role("coordinator").get(page_of(patient)).status_code == 200
    assert as_role("nurse").get(page_of(patient)).status_code == 403
    assert as_role("coordinator", "dusk").get(page_of(patient)).status_code == 404
    assert as_role("coordinator").get(page_of(world.patient("dusk"))).status_code == 404


def test_a_death_is_recorded_once_with_its_cause_however_often_it_is_sent(world, as_role):
    patient, form = world.patient(), said(world)
    for _ in range(2):
        assert as_role("coordinator").post(page_of(patient), form).status_code == 302

    with scoped(world.scope()) as scope:
        (entry,) = told_of_death(scope, patient)
        assert (entry.cause.manner, entry.cause.code, entry.by) == ("disease", "I21.9", "Cora Vance")
        assert not waiting_in_tray(scope)
    assert "Deceased" in as_role("clinician").get(f"/at/dawn/patients/{patient}/").text


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"died_on": date(2099, 1, 1)}, "The day of death lies in the future."),
        ({"died_on": ""}, "Give the day as far as it is known"),
        ({"precision": "unknown"}, "Give the day as far as it is known"),
        ({"died_on": "last Tuesday"}, "This is not a date."),
        ({"precision": ""}, "This field is required."),
        ({"code": "heart"}, "This is not an ICD-10 code"),
        ({"manner": "", "code": "I21"}, "the code alone is not kept"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field_and_nothing_is_recorded(world, as_role, more, sentence):
    patient = world.patient()
    answer = as_role("coordinator").post(page_of(patient), said(world, **more))

    assert answer.status_code == 422
    assert sentence in answer.text
    assert re.search('value="relative"[^>]* checked', answer.text)
    with scoped(world.scope()) as scope:
        assert told_of_death(scope, patient) == []


def test_a_month_is_not_shown_as_a_day_and_a_correction_keeps_what_stood_before(world, as_role):
    patient, coordinator = world.patient(), as_role("coordinator")
    coordinator.post(page_of(patient), said(world, precision="month", died_on="2026-03-17", manner="", code=""))
    with scoped(world.scope()) as scope:
        assert death_words(scope, patient) == "Mar 2026"
        first = deaths(scope, [patient])[patient]

    better = said(world, died_on="2026-03-19", corrects=first.key, because="more is known")
    for _ in range(2):
        assert coordinator.post(page_of(patient), better).status_code == 302
    late = coordinator.post(page_of(patient), {**better, "key": new_key()})

    assert "This was corrected in the meantime." in late.text
    with scoped(world.scope()) as scope:
        assert death_words(scope, patient) == "Thu 19 Mar 2026"
        assert [entry.stands for entry in told_of_death(scope, patient)] == [True, False]
    history = coordinator.get(page_of(patient)).text
    assert "<del>Mar 2026</del>" in history
    assert "More is known now" in history


def test_a_death_taken_back_needs_a_reason_and_lets_the_patient_go_on(world, as_role):
    patient, coordinator = world.patient(), as_role("coordinator")
    coordinator.post(page_of(patient), said(world))
    with scoped(world.scope()) as scope:
        death = deaths(scope, [patient])[patient]
    form = {"key": new_key(), "death": death.key, "because": ""}

    assert coordinator.post(page_of(patient) + "take-back/", form).status_code == 422
    for _ in range(2):
        assert coordinator.post(page_of(patient) + "take-back/", {**form, "because": "lives"}).status_code == 302

    with scoped(world.scope()) as scope:
        assert deaths(scope, [patient]) == {}
        assert [entry.row.taken_back for entry in told_of_death(scope, patient)] == [True, False]
        invite(scope, key=new_key(), patient=patient, instrument="phq9", at=world.now)
    assert "The patient lives" in coordinator.get(page_of(patient)).text


def test_nothing_is_asked_of_somebody_who_has_died_and_they_are_not_accepted(world, as_role):
    patient = ready(world)
    as_role("coordinator").post(page_of(patient), said(world))

    with scoped(world.scope()) as scope:
        with pytest.raises(PatientDied):
            invite(scope, key=new_key(), patient=patient, instrument="phq9", at=world.now)
        with pytest.raises(PatientDied):
            decide(scope, key=new_key(), patient=patient, decision="accept", reason="", at=world.now)
