"""The decision is frozen and can be read again exactly so; what changed since is shown; nothing is signed unseen."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from daybreak.kernel.keys import new_key
from daybreak.kernel.scope import Scope, scoped
from daybreak.measure.public import record_medicine
from daybreak.screen import situation as situations
from daybreak.screen.changes import changes_between
from daybreak.screen.public import (
    MayNotDecide,
    Override,
    OverrideRefused,
    ScreeningChanged,
    decide,
    decision_of,
    record_finding,
    second_decision,
    situation_of,
)
from tests.rooms.screen.patients import ready, second_clinician

pytestmark = pytest.mark.django_db
GRAVE = Override(("no_psychotic_disorder",), "Decades ago, in remission.")


def address(name, patient, **more):
    return reverse(f"screen:{name}", kwargs={"site": "dawn", "patient": patient, **more})


def learn(world, patient, question, value, *, minutes=0):
    with scoped(world.scope()) as scope:
        at = world.now + timedelta(minutes=minutes)
        record_finding(scope, key=new_key(), patient=patient, question=question, value=value, noted_at=at)


def accept(world, patient, *, role="clinician", **more):
    with scoped(world.scope(role)) as scope:
        said = {"key": new_key(), "decision": "accept", "reason": "Fits.", "at": world.now, **more}
        return decide(scope, patient=patient, **said)


def mark_of(world, patient):
    with scoped(world.scope()) as scope:
        return situation_of(scope, patient=patient, at=world.now).mark


@pytest.mark.parametrize("role", ["nurse", "coordinator", "site lead", "administrator"])
def test_only_a_clinician_decides_by_whatever_way(world, role):
    with pytest.raises(MayNotDecide):
        accept(world, ready(world), role=role)


def test_a_clinician_of_another_site_does_not_decide_here(world):
    patient = ready(world)
    with scoped(Scope("dawn", world.scope(site="dusk").actor, "a test")) as scope, pytest.raises(MayNotDecide):
        decide(scope, key=new_key(), patient=patient, decision="accept", reason="Fits.", at=world.now)


def test_a_decision_on_what_was_not_seen_is_refused_and_on_what_was_seen_is_taken(world):
    patient = ready(world)
    seen = mark_of(world, patient)
    learn(world, patient, "setting", "hospital")

    with pytest.raises(ScreeningChanged, match="changed since this page was opened"):
        accept(world, patient, seen=seen)
    assert accept(world, patient, seen=mark_of(world, patient)).decision == "accept"


def test_a_decision_sent_twice_is_one_although_the_first_changed_what_is_seen(world):
    patient, key = ready(world), new_key()
    seen = mark_of(world, patient)

    first, again = (accept(world, patient, seen=seen, key=key) for _ in range(2))

    assert first.key == again.key


def test_a_protocol_that_changed_while_the_page_was_open_is_said_and_what_was_typed_is_kept(
    world, as_role, monkeypatch
):
    patient, clinician = ready(world), as_role("clinician")
    page = clinician.get(address("decision", patient)).text
    seen = re.search(r'name="seen" value="([0-9a-f]+)"', page)[1]
    held = situations.library()
    newer = held.protocol("ketamine_iv_40min").model_copy(update={"version": 99, "fingerprint": "f" * 64})
    monkeypatch.setattr(type(held), "protocol", lambda self, name, version=None: newer)

    said = {"key": new_key(), "seen": seen, "decision": "accept", "reason": "Fits this patient."}
    refused = clinician.post(address("decision", patient), said)

    assert refused.status_code == 422
    assert "version 99 now" in refused.text
    assert "Fits this patient." in refused.text
    shown = re.search(r'name="seen" value="([0-9a-f]+)"', refused.text)[1]
    assert clinician.post(address("decision", patient), {**said, "seen": shown}).status_code == 302


def test_a_decision_keeps_the_background_and_reads_the_same_after_everything_changed(world, as_role):
    patient, clinician = ready(world), as_role("clinician")
    with scoped(world.scope()) as scope:
        record_medicine(scope, key=new_key(), patient=patient, display="Lorazepam, for Pia", noted_at=world.now)
    entry = accept(world, patient)
    before = clinician.get(address("decided", patient, entry=entry.key)).text
    learn(world, patient, "setting", "home")
    learn(world, patient, "treatment_history_complete", True)

    after = clinician.get(address("decided", patient, entry=entry.key)).text

    with scoped(world.scope()) as scope:
        found = decision_of(scope, patient)
    assert {s["definition"] for s in found.background["resistance"]} >= {"maudsley", "thase_rush"}
    assert found.background["medicines"][0]["drug"] == "lorazepam"
    assert "for Pia" not in str(found.background)
    assert _main(before) == _main(after)
    assert "Clinic" in _main(after)
    assert found.fingerprint[:16] in after


def _main(text):
    """The page without what is made anew at each reading: tokens and keys of forms."""
    return re.sub(r'(value|nonce)="[^"]+"', "", text[text.index("<main") : text.index("</main>")])


def test_what_changed_since_the_decision_is_shown(world, as_role):
    patient, clinician = ready(world), as_role("clinician")
    accept(world, patient)
    assert "has changed since the last decision" in clinician.get(address("patient", patient)).text
    with scoped(world.scope()) as scope:
        record_finding(
            scope, key=new_key(), patient=patient, question="pregnancy", value="pregnant", noted_at=world.now
        )

    page = clinician.get(address("patient", patient)).text

    changed = page[page.index("Changed since the last decision") :]
    assert "Is pregnancy ruled out?" in changed
    assert "not met" in changed
    assert "Not today: 1 criterion is not met." in page


def test_the_second_clinician_reads_and_signs_in_their_own_session(world, as_role):
    patient = ready(world, but={"psychotic_disorder": True})
    entry = accept(world, patient, override=GRAVE)
    page, sign = (address(name, patient, entry=entry.key) for name in ("decided", "second"))
    other = Client()
    other.force_login(second_clinician(world), backend="allauth.account.auth_backends.AuthenticationBackend")

    assert "Sign as the second clinician" not in as_role("clinician").get(page).text
    assert as_role("clinician").post(sign, {"key": new_key()}).status_code == 409
    assert as_role("nurse").post(sign, {"key": new_key()}).status_code == 403
    read = other.get(page).text
    assert "Decades ago, in remission." in read
    assert "not met" in read
    assert "Sign as the second clinician" in read
    assert other.post(sign, {"key": new_key()}).status_code == 302
    with scoped(world.scope()) as scope:
        assert decision_of(scope, patient).accepted
    assert "Second signature: Cyril Maas." in other.get(page).text


def test_nobody_signs_second_beside_what_was_overtaken(world):
    patient = ready(world, but={"psychotic_disorder": True})
    entry = accept(world, patient, override=GRAVE)
    learn(world, patient, "pregnancy", "pregnant", minutes=0)

    with scoped(Scope("dawn", second_clinician(world).key, "a test")) as scope:
        with pytest.raises(OverrideRefused, match="pregnancy"):
            second_decision(scope, key=new_key(), patient=patient, decision=entry.key, at=world.now)
        assert not decision_of(scope, patient).accepted


def test_an_override_of_an_unknown_does_not_cover_the_breach_that_it_turns_out_to_be(world, as_role):
    patient = ready(world, but={"pregnancy": None})
    accept(world, patient, override=Override(("not_pregnant",), "Agreed at the round."))
    clinician = as_role("clinician")
    assert "Accepted, although 1 criterion is unknown." in clinician.get(address("patient", patient)).text

    learn(world, patient, "pregnancy", "pregnant", minutes=0)

    page = clinician.get(address("patient", patient)).text
    assert "Not today: 1 criterion is not met." in page
    assert "Changed since the last decision" in page


def test_psychosis_and_substance_use_stand_in_the_way_and_are_marked(world, as_role):
    patient = ready(world, but={"substance_use_disorder": True, "psychotic_features": None})

    page = as_role("clinician").get(address("patient", patient)).text

    glance = page[page.index('id="glance"') : page.index("Changed since") if "Changed since" in page else None]
    assert glance.count("extreme caution") >= 2
    assert "Not today: 1 criterion is not met and 1 is unknown." in page


facts = st.dictionaries(st.sampled_from("abc"), st.fixed_dictionaries({"value": st.sampled_from([1, 2, "x", None])}))
answers = st.lists(
    st.fixed_dictionaries({"id": st.sampled_from("pqr"), "truth": st.sampled_from(["met", "unknown", "not_met"])}),
    unique_by=lambda answer: answer["id"],
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(answers, facts, answers, facts)
def test_changes_are_exactly_what_differs(then_answers, then, now_answers, now):
    changes = changes_between((then_answers, then, 1), (now_answers, now, 1))

    truths = [{a["id"]: a["truth"] for a in each} for each in (then_answers, now_answers)]
    assert {t.id for t in changes.criteria} == {n for n in "pqr" if truths[0].get(n, "") != truths[1].get(n, "")}
    values = [{name: fact["value"] for name, fact in each.items()} for each in (then, now)]
    assert {f.name for f in changes.facts} == {n for n in "abc" if values[0].get(n) != values[1].get(n)}
    assert not changes_between((then_answers, then, 1), (then_answers, then, 1))
    assert changes_between((then_answers, then, 1), (then_answers, then, 2)).other_version == (1, 2)


def test_a_fact_is_frozen_without_losing_a_digit(world):
    patient = ready(world)
    accept(world, patient)

    with scoped(world.scope()) as scope:
        assert Decimal(decision_of(scope, patient).facts["depression_score"]["value"]) == 18
