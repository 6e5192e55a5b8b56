"""Past treatments with their corrections, staging, flags of medicines, and answers given in two tabs."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from daybreak.kernel.keys import new_key
from daybreak.kernel.scope import scoped
from daybreak.ledger.public import record_one
from daybreak.measure.public import library, record_medicine
from daybreak.screen.flags import LISTS, Taken, flags_of
from daybreak.screen.models import PastTreatment
from daybreak.screen.public import (
    AnsweredMeanwhile,
    CorrectedMeanwhile,
    NotAFinding,
    NotAPastTreatment,
    NotASeries,
    answer_questions,
    background_of,
    facts_of,
    past_treatments,
    record_diagnosis,
    record_electroconvulsive,
    record_finding,
    record_past_treatment,
    withdraw_past_treatment,
)
from daybreak.screen.queries import current_findings
from daybreak.screen.staging import months_between
from tests.rooms.screen.patients import ICD, PROTOCOL, referred

pytestmark = pytest.mark.django_db
TODAY = date(2026, 5, 20)
TOLD = ("site", "patient_key", "drug", "dose_mg", "weeks", "adequate", "adequacy_by", "outcome", "noted_at")


def tried(world, scope, patient, **said):
    said = {"drug": "sertraline", "outcome": "no response", "noted_at": world.now, **said}
    return record_past_treatment(scope, key=said.pop("key", None) or new_key(), patient=patient, **said)


def staged(world, scope, patient):
    return {s.definition.id: s.answer.word for s in background_of(scope, patient=patient, at=world.now).staged}


def test_six_definitions_answer_side_by_side_and_disagree(world):
    patient = referred(world)
    with scoped(world.scope()) as scope:
        for drug, present in (("sertraline", False), ("venlafaxine", True)):
            tried(
                world,
                scope,
                patient,
                drug=drug,
                adequate=True,
                present_episode=present,
                optimised=False,
                augmented=False,
            )
        answers = {
            "treatment_history_complete": True,
            "episode_began_on": world.now.date() - timedelta(days=900),
            "episode_severity": "moderate",
        }
        for question, value in answers.items():
            record_finding(scope, key=new_key(), patient=patient, question=question, value=value, noted_at=world.now)

        assert staged(world, scope, patient) == {
            "one_failed_trial": "met",
            "two_failed_trials": "not met",
            "thase_rush": "II",
            "mgh_staging": "2",
            "maudsley": "7",
            "electroconvulsive_failure": "not met",
        }


@pytest.mark.parametrize(
    ("said", "adequate", "by"),
    [
        ({"adequate": True, "weeks": Decimal(6)}, True, "person"),
        ({"adequate": True, "weeks": Decimal(2), "rating": 3}, True, "person"),
        ({"adequate": False, "weeks": Decimal(2)}, False, "person"),
        ({"weeks": Decimal(4), "dose_adequate": True}, True, "definition"),
        ({"weeks": Decimal("3.9"), "dose_adequate": True}, False, "definition"),
        ({"weeks": Decimal(12)}, None, ""),
        ({"rating": 3}, True, "definition"),
        ({"rating": 2}, False, "definition"),
        ({"started_on": date(2020, 1, 1), "ended_on": date(2020, 1, 29), "dose_adequate": True}, True, "definition"),
        ({}, None, ""),
    ],
)
def test_a_person_judges_a_trial_and_else_the_definition_does_with_its_version(world, said, adequate, by):
    patient = world.patient()
    with scoped(world.scope()) as scope:
        row = tried(world, scope, patient, **said)

    assert (row.adequate, row.adequacy_by) == (adequate, by)
    assert bool(row.fingerprint) == (by == "definition")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"drug": "sertralin"}, "drug"),
        ({"dose": Decimal(150), "unit": "g"}, "dose"),
        ({"dose": Decimal("0.15")}, "dose"),
        ({"dose": Decimal(150), "unit": "ug"}, "dose"),
        ({"dose": Decimal("10000.1")}, "dose"),
        ({"adequate": True, "weeks": Decimal("3.9")}, "adequate"),
        ({"dose": Decimal(150), "unit": "kg"}, "unit"),
        ({"started_on": date(2999, 1, 1)}, "started_on"),
        ({"started_on": date(1950, 1, 1)}, "started_on"),
        ({"started_on": date(2020, 5, 1), "ended_on": date(2020, 4, 1)}, "ended_on"),
        ({"started_on": date(2020, 5, 1), "ended_on": date(2020, 6, 1), "weeks": Decimal(20)}, "weeks"),
        ({"weeks": Decimal(9999)}, "weeks"),
        ({"rating": 6}, "rating"),
        ({"augmented": False, "augmentation": "quetiapine"}, "augmented"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field_and_nothing_is_saved(world, wrong, field):
    patient = world.patient()
    with scoped(world.scope()) as scope:
        with pytest.raises(NotAPastTreatment) as refused:
            tried(world, scope, patient, **wrong)
        assert past_treatments(scope, patient=patient) == []
    assert refused.value.field == field


def test_a_dose_in_micrograms_is_kept_in_milligrams(world):
    patient = world.patient()
    with scoped(world.scope()) as scope:
        assert tried(world, scope, patient, dose=Decimal(1000), unit="ug").dose_mg == Decimal(1)
        another = tried(world, scope, patient, drug="another_antidepressant", dose=Decimal(500), unit="ug")
    assert another.dose_mg == Decimal("0.5")


@pytest.mark.parametrize(
    "again",
    [{}, {"outcome": "partial response"}, {"adequate": None}, {"present_episode": None}, {"said_by": "patient"}],
)
def test_a_trial_that_is_typed_twice_is_refused_with_the_way_to_correct_it(world, again):
    patient = world.patient()
    trial = {"dose": Decimal(150), "weeks": Decimal(8), "adequate": True, "present_episode": True}
    with scoped(world.scope()) as scope:
        first = tried(world, scope, patient, **trial)
        with pytest.raises(NotAPastTreatment, match="correct that entry if") as refused:
            tried(world, scope, patient, **{**trial, **again})
        tried(world, scope, patient, key=first.key, **trial)
        tried(world, scope, patient, corrects=first.key, **{**trial, "weeks": Decimal(9)})

        assert [row.weeks for row in past_treatments(scope, patient=patient)] == [9]
    assert refused.value.field == "drug"


@pytest.mark.parametrize(
    "other",
    [
        {"drug": "venlafaxine"},
        {"dose": Decimal(100)},
        {"weeks": Decimal(12)},
        {"started_on": date(2020, 1, 1)},
        {"present_episode": False},
    ],
)
def test_another_dose_period_or_episode_is_another_trial(world, other):
    patient = world.patient()
    trial = {"dose": Decimal(150), "weeks": Decimal(8), "present_episode": True}
    with scoped(world.scope()) as scope:
        tried(world, scope, patient, **trial)
        tried(world, scope, patient, **{**trial, **other})

        assert len(past_treatments(scope, patient=patient)) == 2


def test_a_repetition_that_is_already_there_counts_once(world):
    patient = referred(world)
    trial = {"dose": Decimal(150), "weeks": Decimal(8), "adequate": True}
    with scoped(world.scope()) as scope:
        first = tried(world, scope, patient, **trial)
        twice = PastTreatment(**{name: getattr(first, name) for name in TOLD}, key=new_key())
        record_one(twice)

        found = facts_of(scope, patient=patient, protocol=PROTOCOL, at=world.now)["antidepressant_trials"]
        background = background_of(scope, patient=patient, at=world.now)

    assert found.value == ("adequate_failed",)
    assert (len(background.treatments), len(background.history.trials)) == (2, 1)


def test_a_correction_is_a_new_row_and_the_same_row_is_corrected_once(world):
    patient = world.patient()
    with scoped(world.scope()) as scope:
        first = tried(world, scope, patient, adequate=True)
        key = new_key()
        for _ in range(2):
            tried(world, scope, patient, key=key, adequate=False, corrects=first.key)
        with pytest.raises(CorrectedMeanwhile):
            tried(world, scope, patient, adequate=True, corrects=first.key)

        assert [(row.key, row.adequate) for row in past_treatments(scope, patient=patient)] == [(key, False)]
        withdraw_past_treatment(scope, patient=patient, entry=key, at=world.now)
        assert past_treatments(scope, patient=patient) == []


def test_a_series_that_cannot_be_is_refused(world):
    patient = world.patient()
    with scoped(world.scope()) as scope:
        for wrong in ({"placement": "left"}, {"treatments": 0}, {"outcome": "fine"}):
            said = {"placement": "bilateral", "outcome": "no response", **wrong}
            with pytest.raises((NotASeries, NotAPastTreatment)):
                record_electroconvulsive(scope, key=new_key(), patient=patient, noted_at=world.now, **said)


def test_no_treatment_ever_is_an_answer_once_the_list_is_complete(world):
    patient = referred(world)
    with scoped(world.scope()) as scope:
        assert "antidepressant_trials" not in facts_of(scope, patient=patient, protocol=PROTOCOL, at=world.now)
        record_finding(
            scope, key=new_key(), patient=patient, question="treatment_history_complete", value=True, noted_at=world.now
        )
        assert facts_of(scope, patient=patient, protocol=PROTOCOL, at=world.now)["antidepressant_trials"].value == ()


@pytest.mark.parametrize(("code", "known"), [("F16.20", True), ("F19", True), ("F10.1", False)])
def test_a_substance_use_disorder_that_is_coded_is_a_yes_and_never_a_no(world, code, known):
    patient = referred(world)
    with scoped(world.scope()) as scope:
        record_diagnosis(scope, key=new_key(), patient=patient, code=code, system=ICD, display="x", noted_at=world.now)
        found = facts_of(scope, patient=patient, protocol=PROTOCOL, at=world.now).get("substance_use_disorder")

    assert (found.value if found else None) == (True if known else None)


def test_a_severe_episode_with_psychosis_has_psychotic_features(world):
    patient = referred(world)
    with scoped(world.scope()) as scope:
        for question, value in (("psychotic_features", False), ("episode_severity", "severe_with_psychosis")):
            record_finding(scope, key=new_key(), patient=patient, question=question, value=value, noted_at=world.now)

        assert facts_of(scope, patient=patient, protocol=PROTOCOL, at=world.now)["psychotic_features"].value is True


@pytest.mark.parametrize(
    ("display", "code", "lists"),
    [
        ("Lorazepam 1 mg tablet", "", {"effect_dampening"}),
        ("CLONIDINE patch", "", {"effect_dampening"}),
        ("Methylphenidate ER", "", {"blood_pressure_raising"}),
        ("anything", "8123", {"blood_pressure_raising"}),
        ("Oxycodone/paracetamol", "", {"opioids"}),
        ("Sertraline", "36437", set()),
        ("Lorazepamol", "", set()),
    ],
)
def test_medicines_are_flagged_by_code_or_by_the_words_of_their_name(display, code, lists):
    held = [library().codelist(name) for name in LISTS]

    found = flags_of(held, [Taken(display, code, "http://www.nlm.nih.gov/research/umls/rxnorm" if code else "")])

    assert {flag.codelist for flag in found} == lists


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dates(date(2000, 1, 1), date(2026, 1, 1)), st.integers(0, 400))
def test_months_are_completed_months(began, months):
    year, month = divmod(began.year * 12 + began.month - 1 + months, 12)
    if began.day <= 28:
        assert months_between(began, date(year, month + 1, began.day)) == months
        assert months_between(began, date(year, month + 1, began.day) - timedelta(days=1)) == months - 1


def test_two_tabs_that_answer_differently_are_told_and_nothing_of_the_second_is_saved(world):
    patient = referred(world)
    with scoped(world.scope()) as scope:

        def ask(answers, seen, key=None):
            answer_questions(scope, key=key or new_key(), patient=patient, answers=answers, seen=seen, at=world.now)

        key = new_key()
        for _ in range(2):
            ask({"psychotic_disorder": False}, {"psychotic_disorder": None}, key)
        with pytest.raises(AnsweredMeanwhile) as overtaken:
            ask({"psychotic_disorder": True, "setting": "clinic"}, {"psychotic_disorder": None, "setting": None})
        assert set(overtaken.value.rows) == {"psychotic_disorder"}
        found = current_findings(scope, patient=patient)
        assert {name: row.value for name, row in found.items()} == {"psychotic_disorder": False}
        ask({"psychotic_disorder": True}, {"psychotic_disorder": found["psychotic_disorder"].key})
        assert current_findings(scope, patient=patient)["psychotic_disorder"].value is True


def test_a_day_in_the_future_is_refused(world):
    patient = world.patient()
    with scoped(world.scope()) as scope, pytest.raises(NotAFinding, match="future") as refused:
        record_finding(
            scope,
            key=new_key(),
            patient=patient,
            question="episode_began_on",
            value=world.now.date() + timedelta(days=2),
            noted_at=world.now,
        )
    assert refused.value.field == "episode_began_on"


def address(name, patient, **more):
    return reverse(f"screen:{name}", kwargs={"site": "dawn", "patient": patient, **more})


def test_the_page_helps_with_a_name_that_is_nearly_right_and_keeps_what_was_typed(world, as_role):
    patient, clinician = referred(world), as_role("clinician")
    said = {"key": new_key(), "drug": "Sertralin", "dose": "150", "adequate": "yes", "outcome": "no response"}

    wrong = clinician.post(address("past_treatments", patient), said)

    assert wrong.status_code == 422
    assert "Did you mean Sertraline" in wrong.text
    assert 'value="Sertralin"' in wrong.text
    assert 'value="150"' in wrong.text


def test_an_entry_is_corrected_on_its_page_and_the_old_one_can_be_read(world, as_role):
    patient, clinician = referred(world), as_role("clinician")
    with scoped(world.scope()) as scope:
        row = tried(world, scope, patient, adequate=True, dose=Decimal(50))
    page = address("correct_past_treatment", patient, entry=row.key)
    assert 'value="Sertraline"' in clinician.get(page).text

    said = {"key": new_key(), "drug": "Sertraline", "dose": "200", "adequate": "yes", "outcome": "no response"}
    answer = clinician.post(page, said, follow=True)

    assert "Entries that were corrected" in answer.text
    again = clinician.post(page, {**said, "key": new_key(), "dose": "100"})
    assert again.status_code == 422
    assert "changed in the meantime" in again.text


def test_a_step_of_the_history_leads_to_the_next_and_shows_flags_where_medicines_are_asked(world, as_role):
    patient, clinician = referred(world), as_role("clinician")
    with scoped(world.scope()) as scope:
        record_medicine(scope, key=new_key(), patient=patient, display="Lorazepam 1 mg", noted_at=world.now)

    page = clinician.get(address("history", patient, step="medicines"))
    gone = clinician.post(
        address("history", patient, step="medicines"), {"key": new_key(), "medicines_reviewed": "yes"}
    )

    assert "Lorazepam" in page.text
    assert "dampen" in page.text
    assert gone.url == address("history", patient, step="vessels")
    assert clinician.get(address("history", patient, step="nowhere")).status_code == 404


def test_a_step_of_the_history_leads_nobody_to_a_page_that_they_may_not_open(world, as_role):
    patient = referred(world)
    pages = {
        role: as_role(role).get(address("history", patient, step="treatments")).text for role in ("clinician", "nurse")
    }

    link = address("past_treatments", patient)
    assert link in pages["clinician"]
    assert link not in pages["nurse"]


def test_a_nurse_answers_what_a_nurse_can_supply_and_nothing_else(world, as_role):
    patient, nurse = referred(world), as_role("nurse")

    page = nurse.get(address("questions", patient)).text
    nurse.post(
        address("questions", patient), {"key": new_key(), "urine_toxicology": "clear", "psychotic_disorder": "no"}
    )

    assert "What did the urine drug screen show?" in page
    assert "psychotic disorder" not in page
    with scoped(world.scope()) as scope:
        assert set(current_findings(scope, patient=patient)) == {"urine_toxicology"}
    refused = nurse.post(address("question", patient, question="psychotic_disorder"), {"key": new_key(), "value": "no"})
    assert refused.status_code == 404


def test_an_answer_from_another_tab_is_named_beside_its_question(world, as_role):
    patient, clinician = referred(world), as_role("clinician")
    one, other = (
        {"key": new_key(), "psychotic_disorder": said, "was_psychotic_disorder": ""} for said in ("no", "yes")
    )

    assert clinician.post(address("questions", patient), one).status_code == 302
    told = clinician.post(address("questions", patient), other)

    assert told.status_code == 422
    assert "In the meantime Clara Okafor recorded “No”" in told.text
