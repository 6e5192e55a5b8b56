"""Pages of screen: who may open them, the answer at a glance, and every form."""

import re
from datetime import date, timedelta

import pytest
from django.urls import reverse

from daybreak.design.public import day
from daybreak.kernel.keys import new_key
from daybreak.kernel.scope import scoped
from daybreak.measure.public import library, record_answers
from daybreak.screen.actions import answer_questions
from daybreak.screen.public import decision_of, diagnoses, electroconvulsive, past_treatments, referrals
from daybreak.screen.queries import current_findings
from tests.rooms.beside import fields_refused
from tests.rooms.screen.patients import ICD, PROTOCOL, ready, referred

pytestmark = pytest.mark.django_db


def address(name: str, patient, **more: object) -> str:
    """Return a page of screen at dawn."""
    return reverse(f"screen:{name}", kwargs={"site": "dawn", "patient": patient, **more})


def seen_on(client, patient) -> str:
    """Return the mark of the situation that the decision page shows."""
    return re.search(r'name="seen" value="([0-9a-f]+)"', client.get(address("decision", patient)).text)[1]


@pytest.mark.parametrize(
    "name", ["patient", "refer", "files", "series", "diagnosis", "past_treatments", "questions", "decision"]
)
def test_the_owner_reads_a_colleague_is_refused_a_stranger_finds_nothing(world, as_role, name):
    page = address(name, referred(world))

    assert as_role("clinician").get(page).status_code == 200
    assert as_role("analyst").get(page).status_code == 403
    assert as_role("clinician", "dusk").get(page).status_code == 404
    assert as_role("clinician").get(address(name, world.patient("dusk"))).status_code == 404


def test_the_work_list_and_the_protocol_open_for_those_who_may(world, as_role):
    referred(world)
    for page in (reverse("screen:worklist", kwargs={"site": "dawn"}),):
        assert "Pia Sommer" in as_role("clinician").get(page).text
        assert as_role("analyst").get(page).status_code == 403
        assert as_role("clinician", "dusk").get(page).status_code == 404
    shown = reverse("protocols:protocol", kwargs={"site": "dawn", "protocol": PROTOCOL})
    answer = as_role("analyst").get(shown)
    assert "not checked against the full text" in answer.text
    assert as_role("clinician", "dusk").get(shown).status_code == 404
    assert as_role("analyst").get(reverse("protocols:list", kwargs={"site": "dawn"})).status_code == 200
    assert as_role("analyst").get(shown.replace(PROTOCOL, "nothing")).status_code == 404


def test_the_glance_says_why_not_today_and_then_that_nothing_stands_against_it(world, as_role):
    clinician = as_role("clinician")

    assert "Not today:" in clinician.get(address("patient", referred(world))).text
    assert "Nothing in the protocol stands against treatment." in clinician.get(address("patient", ready(world))).text


def test_the_glance_counts_who_supplies_what_and_each_count_leads_to_its_place(world, as_role):
    page = as_role("clinician").get(address("patient", referred(world))).text

    panel = page[page.index('class="panel glance') : page.index("</section>", page.index('class="panel glance'))]
    counts = re.findall(r'href="#([a-z-]+(?:-[0-9]+)?)"><strong>([0-9]+)</strong> ([^<]+)<', panel)
    places = {place for place, _, _ in counts}
    listed = panel.count("#criterion-")
    assert {words for _, _, words in counts} >= {"ask a clinician", "ask a nurse", "ask the coordinator"}
    assert all(f'id="{place}"' in page for place in places)
    assert sum(int(n) for place, n, _ in counts if place != "met") == listed
    assert all(f'id="{name}"' in page for name in re.findall(r'href="#(criterion-[a-z0-9_]+)"', panel))


def test_days_are_said_in_the_clinics_way_and_never_as_files_write_them(world, as_role):
    patient, long_ago = referred(world), world.now - timedelta(days=20)
    with scoped(world.scope()) as scope:
        answers = dict.fromkeys(library().instrument("phq9").scores[0].items, 2)
        record_answers(
            scope, key=new_key(), patient=patient, instrument="phq9", answers=answers, answered_at=long_ago, by="staff"
        )
        began = long_ago.date() - timedelta(days=100)
        answer_questions(
            scope, key=new_key(), patient=patient, answers={"episode_began_on": began}, seen={}, at=world.now
        )

    page = re.sub("<[^>]*>", " ", as_role("clinician").get(address("patient", patient)).text)

    assert f"It is from {day(long_ago, 'Europe/Berlin')}; needed within 14 days." in page
    assert day(began) in page
    assert not re.search("20[0-9]{2}-[0-9]{2}-[0-9]{2}", page)


def test_an_unreferred_patient_is_referred_from_the_page(world, as_role):
    patient, clinician = world.patient(), as_role("clinician")
    assert "Not referred yet" in clinician.get(address("patient", patient)).text

    said = {"key": new_key(), "protocol": PROTOCOL, "reason": "Three treatments failed."}
    for _ in range(2):
        assert clinician.post(address("refer", patient), said).status_code == 302

    with scoped(world.scope()) as scope:
        assert [r.reason for r in referrals(scope, patient=patient)] == ["Three treatments failed."]


def test_one_question_is_answered_where_it_is_read(world, as_role):
    patient, clinician = ready(world, but={"setting": None}), as_role("clinician")

    with scoped(world.scope()) as scope:
        was = current_findings(scope, patient=patient)["setting"].key

    answer = clinician.post(
        address("question", patient, question="setting"),
        {"key": new_key(), "value": "clinic", "was": was},
        follow=True,
    )

    assert "Nothing in the protocol stands against treatment." in answer.text
    assert (
        clinician.post(address("question", patient, question="weight"), {"key": new_key(), "value": "70"}).status_code
        == 404
    )


def test_all_questions_are_answered_in_one_go_and_a_second_sending_adds_nothing(world, as_role):
    patient, clinician = referred(world), as_role("clinician")
    said = {"key": new_key(), "psychotic_disorder": "no", "pregnancy": "unknown"}

    for _ in range(2):
        assert clinician.post(address("questions", patient), said).status_code == 302

    page = clinician.get(address("questions", patient)).text
    assert page.count(" checked") == 2


def test_a_diagnosis_from_the_list_is_recorded_and_can_be_taken_back(world, as_role):
    patient, clinician = referred(world), as_role("clinician")
    clinician.post(address("diagnosis", patient), {"key": new_key(), "code": f"{ICD}|F33.2"})
    with scoped(world.scope()) as scope:
        (entry,) = diagnoses(scope, patient=patient)

    clinician.post(address("withdraw_diagnosis", patient, entry=entry.key))

    with scoped(world.scope()) as scope:
        assert [d.status for d in diagnoses(scope, patient=patient)] == ["refuted"]


@pytest.mark.parametrize(
    ("name", "said", "field"),
    [
        ("questions", {"episode_began_on": "1984-05-05"}, "episode_began_on"),
        ("diagnosis", {"code": f"{ICD}|F33.2", "onset_on": "1984-05-05"}, "onset_on"),
        ("series", {"placement": "bilateral", "outcome": "response", "started_on": "1984-05-05"}, "started_on"),
    ],
)
def test_a_day_before_the_patient_was_born_gets_a_sentence_beside_its_field(world, as_role, name, said, field):
    patient = referred(world, born=date(1984, 5, 6))

    answer = as_role("clinician").post(address(name, patient), {"key": new_key(), **said})

    assert answer.status_code == 422
    assert fields_refused(answer) == [field]
    assert "The patient was not born yet on this day: check the date." in answer.text
    assert said[field] in answer.text
    with scoped(world.scope()) as scope:
        assert "episode_began_on" not in current_findings(scope, patient=patient)
        assert diagnoses(scope, patient=patient) == electroconvulsive(scope, patient=patient) == []


def test_past_treatments_keep_what_was_typed_until_it_can_be_right(world, as_role):
    patient, clinician = referred(world), as_role("clinician")
    said = {
        "key": new_key(),
        "drug": "sertraline",
        "dose": "150",
        "weeks": "eight",
        "adequate": "yes",
        "outcome": "no response",
    }

    wrong = clinician.post(address("past_treatments", patient), said)

    assert wrong.status_code == 422
    assert "eight" in wrong.text
    clinician.post(address("past_treatments", patient), {**said, "weeks": "8,5"})
    with scoped(world.scope()) as scope:
        (entry,) = past_treatments(scope, patient=patient)
    assert (entry.drug, entry.dose_mg, entry.weeks, entry.adequate) == ("sertraline", 150, 8.5, True)


def test_a_decision_is_refused_without_its_override_and_stored_with_it(world, as_role):
    patient, clinician = ready(world, but={"urine_toxicology": None}), as_role("clinician")
    said = {"key": new_key(), "seen": seen_on(clinician, patient), "decision": "accept", "reason": "Fits."}

    refused = clinician.post(address("decision", patient), said)

    assert refused.status_code == 422
    assert "cannot be accepted yet" in refused.text
    said |= {"override": ["urine_screened"], "override_reason": "Repeated tomorrow."}
    for _ in range(2):
        assert clinician.post(address("decision", patient), said).status_code == 302
    with scoped(world.scope()) as scope:
        assert decision_of(scope, patient).accepted
    assert "Repeated tomorrow." in clinician.get(address("patient", patient)).text


def test_a_nurse_reads_screening_and_may_not_decide(world, as_role):
    patient = ready(world)

    assert "Decide" not in as_role("nurse").get(address("patient", patient)).text
    assert as_role("nurse").get(address("decision", patient)).status_code == 403
    assert (
        as_role("nurse").post(address("decision", patient), {"key": new_key(), "decision": "accept"}).status_code == 403
    )
