"""Facts from every room become a verdict; a clinician's decision freezes it. Nothing unknown is taken for a
yes.
"""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from daybreak.kernel.keys import new_key
from daybreak.kernel.scope import Scope, scoped
from daybreak.kernel.truth import Truth
from daybreak.ledger.public import KeyReused, TrayItem
from daybreak.measure.public import library, record_total
from daybreak.rulebook.public import Decision
from daybreak.screen.public import (
    MayNotAccept,
    MayNotDecide,
    NotADecision,
    NotAFinding,
    NotAPastTreatment,
    NotReferred,
    Override,
    OverrideRefused,
    assess,
    awaiting,
    decide,
    decision_of,
    facts_of,
    record_diagnosis,
    record_finding,
    record_past_treatment,
    second_decision,
)
from tests.rooms.screen.patients import GOOD_FINDINGS, ICD, PROTOCOL, ready, referred, second_clinician

pytestmark = pytest.mark.django_db


def verdict_on(world, patient, *, at=None):
    """Return the protocol's verdict as the clinician at dawn sees it."""
    with scoped(world.scope()) as scope:
        return assess(scope, patient=patient, protocol=PROTOCOL, at=at or world.now)


def accept(world, patient, *, role="clinician", key=None, **more):
    """Accept a patient."""
    with scoped(world.scope(role)) as scope:
        return decide(
            scope,
            key=key or new_key(),
            patient=patient,
            decision="accept",
            reason="Fits.",
            at=world.now,
            **more,
        )


def test_a_patient_about_whom_everything_is_known_may_be_accepted(world):
    patient = ready(world)

    verdict = verdict_on(world, patient)

    assert [a.id for a in verdict.criteria if a.truth is not Truth.MET] == []
    assert verdict.decision is Decision.ALLOW


def test_a_patient_about_whom_nothing_is_known_is_unknown_and_not_refused(world):
    verdict = verdict_on(world, referred(world))

    assert verdict.decision is Decision.ASK
    assert {a.truth for a in verdict.criteria if a.id != "adult"} == {Truth.UNKNOWN}
    assert all(m.who_can_supply for a in verdict.unknown for m in a.missing)


@pytest.mark.parametrize("question", sorted(GOOD_FINDINGS))
def test_each_finding_that_is_taken_back_makes_its_criterion_unknown(world, question):
    patient = ready(world, but={question: None})

    assert len(verdict_on(world, patient).unknown) == 1


@pytest.mark.parametrize(("days", "truth"), [(0, Truth.MET), (14, Truth.MET), (15, Truth.NOT_MET)])
def test_a_baseline_counts_for_fourteen_days(world, days, truth):
    patient = ready(world)

    verdict = verdict_on(world, patient, at=world.now + timedelta(days=days))

    assert next(a for a in verdict.criteria if a.id == "baseline_taken").truth is truth


@pytest.mark.parametrize(
    ("given", "truth"),
    [
        ([], Truth.UNKNOWN),
        ([(True, "no response")], Truth.NOT_MET),
        ([(True, "no response"), (None, "no response")], Truth.NOT_MET),
        ([(True, "no response"), (False, "no response")], Truth.NOT_MET),
        ([(True, "no response"), (True, "response")], Truth.NOT_MET),
        ([(True, "no response"), (True, "partial response")], Truth.MET),
    ],
)
def test_two_adequate_treatments_must_have_failed(world, given, truth):
    patient = referred(world)
    with scoped(world.scope()) as scope:
        for drug, (adequate, outcome) in zip(("sertraline", "venlafaxine"), given, strict=False):
            record_past_treatment(
                scope,
                key=new_key(),
                patient=patient,
                drug=drug,
                adequate=adequate,
                outcome=outcome,
                noted_at=world.now,
            )

    answers = {a.id: a.truth for a in verdict_on(world, patient).criteria}

    assert answers["two_failed_treatments"] is truth


@pytest.mark.parametrize(
    ("code", "diagnosis", "features"),
    [
        ("F33.2", "major_depressive_episode", None),
        ("F33.3", "major_depressive_episode", True),
        ("F31.4", "bipolar_depression", None),
        ("F32.5", None, None),
    ],
)
def test_a_code_says_which_illness_it_is_and_never_that_there_is_no_psychosis(world, code, diagnosis, features):
    patient = referred(world)
    with scoped(world.scope()) as scope:
        record_diagnosis(scope, key=new_key(), patient=patient, code=code, system=ICD, display="x", noted_at=world.now)
        facts = facts_of(scope, patient=patient, protocol=PROTOCOL, at=world.now)

    assert (facts["diagnosis"].value if "diagnosis" in facts else None) == diagnosis
    assert (facts["psychotic_features"].value if "psychotic_features" in facts else None) == features


def test_a_total_without_items_is_a_baseline_too(world):
    patient = referred(world)
    with scoped(world.scope()) as scope:
        record_total(
            scope,
            key=new_key(),
            patient=patient,
            instrument="phq9",
            value=Decimal(19),
            answered_at=world.now,
            by="patient",
        )
        facts = facts_of(scope, patient=patient, protocol=PROTOCOL, at=world.now)

    assert (facts["depression_score"].value, facts["depression_score"].at) == (19, world.now)


def test_someone_is_an_adult_from_their_eighteenth_birthday_on_in_the_sites_zone(world):
    at = datetime(2026, 2, 28, 23, 30, tzinfo=UTC)  # in Berlin it is the first of March
    patients = [referred(world, born=date(2008, 3, day)) for day in (1, 2)]

    answers = [next(a for a in verdict_on(world, p, at=at).criteria if a.id == "adult") for p in patients]

    assert [each.truth for each in answers] == [Truth.MET, Truth.NOT_MET]


@pytest.mark.parametrize(
    ("question", "value"),
    [
        ("nobody_asks", True),
        ("pregnancy", "maybe"),
        ("psychotic_disorder", "perhaps"),
        ("weight", Decimal(700)),
    ],
)
def test_an_answer_that_cannot_be_is_refused(world, question, value):
    patient = world.patient()
    with scoped(world.scope()) as scope, pytest.raises(NotAFinding):
        record_finding(scope, key=new_key(), patient=patient, question=question, value=value, noted_at=world.now)


@pytest.mark.parametrize("wrong", [{"drug": " "}, {"outcome": "fine"}, {"dose": Decimal(0)}, {"weeks": Decimal(-1)}])
def test_a_past_treatment_that_cannot_be_is_refused(world, wrong):
    patient = world.patient()
    said = {"drug": "sertraline", "adequate": None, **wrong}
    with scoped(world.scope()) as scope, pytest.raises(NotAPastTreatment):
        record_past_treatment(scope, key=new_key(), patient=patient, noted_at=world.now, **said)


def test_a_decision_is_frozen_with_version_facts_and_answers(world):
    patient = ready(world)

    accept(world, patient)

    with scoped(world.scope()) as scope:
        found = decision_of(scope, patient)
    assert found.accepted
    protocol = library().protocol(PROTOCOL)
    assert (found.protocol, found.version, found.verdict) == (PROTOCOL, protocol.version, "allow")
    assert found.fingerprint == protocol.fingerprint
    assert found.facts["setting"]["value"] == "clinic"
    assert {a["truth"] for a in found.answers} == {"met"}
    assert (found.reason, found.decided_by) == ("Fits.", world.scope().actor)


def test_what_is_learnt_later_does_not_change_a_decision_that_was_taken(world):
    patient = ready(world)
    accept(world, patient)
    with scoped(world.scope()) as scope:
        later = world.now + timedelta(minutes=1)
        record_finding(scope, key=new_key(), patient=patient, question="psychotic_disorder", value=True, noted_at=later)
        assert decision_of(scope, patient).facts["psychotic_disorder"]["value"] is False
        assert assess(scope, patient=patient, protocol=PROTOCOL, at=later).decision is Decision.REFUSE


def test_an_unknown_refuses_acceptance_until_it_is_named_and_given_a_reason(world):
    patient = ready(world, but={"urine_toxicology": None})

    with pytest.raises(MayNotAccept, match="urine drug screen"):
        accept(world, patient)
    accept(world, patient, override=Override(("urine_screened",), "The laboratory is closed; repeated tomorrow."))

    with scoped(world.scope()) as scope:
        found = decision_of(scope, patient)
    assert found.accepted
    assert found.overridden == ("urine_screened",)
    assert found.override_reason.startswith("The laboratory")


def test_what_nobody_may_override_stays(world):
    patient = ready(world, but={"setting": "home"})

    with pytest.raises(OverrideRefused, match="Nobody can override"):
        accept(world, patient, override=Override(("not_at_home",), "It would be nicer."))


@pytest.mark.parametrize("caution", ["psychotic_disorder", "psychotic_features", "substance_use_disorder"])
def test_a_grave_override_counts_only_with_another_clinicians_signature(world, caution):
    patient = ready(world, but={caution: True})
    decision = accept(world, patient, override=Override((f"no_{caution}",), "Decades ago, in remission."))

    with scoped(world.scope()) as scope:
        assert not decision_of(scope, patient).accepted
        assert [w.last for w in awaiting(scope)] == ["accept"]
        with pytest.raises(OverrideRefused, match="another clinician"):
            second_decision(scope, key=new_key(), patient=patient, decision=decision.key, at=world.now)
    with scoped(world.scope("coordinator")) as other, pytest.raises(MayNotDecide):
        second_decision(other, key=new_key(), patient=patient, decision=decision.key, at=world.now)
    with scoped(Scope("dawn", second_clinician(world).key, "a test")) as other:
        second_decision(other, key=new_key(), patient=patient, decision=decision.key, at=world.now)
        assert decision_of(other, patient).accepted
        assert awaiting(other) == []


def test_a_decision_that_says_no_needs_a_reason_and_no_override(world):
    patient = referred(world)
    with scoped(world.scope()) as scope:
        with pytest.raises(NotADecision):
            decide(scope, key=new_key(), patient=patient, decision="decline", reason=" ", at=world.now)
        with pytest.raises(OverrideRefused):
            decide(
                scope,
                key=new_key(),
                patient=patient,
                decision="postpone",
                reason="Wait.",
                at=world.now,
                override=Override(("a",), "b"),
            )
        decide(scope, key=new_key(), patient=patient, decision="postpone", reason="Wait.", at=world.now)
        assert [w.last for w in awaiting(scope)] == ["postpone"]
        decide(
            scope,
            key=new_key(),
            patient=patient,
            decision="decline",
            reason="No.",
            at=world.now + timedelta(minutes=1),
        )
        assert awaiting(scope) == []


def test_nobody_is_decided_about_who_was_not_referred(world):
    patient = world.patient()
    with scoped(world.scope()) as scope, pytest.raises(NotReferred):
        decide(scope, key=new_key(), patient=patient, decision="decline", reason="No.", at=world.now)


def test_the_same_decision_twice_is_one_and_another_under_its_key_waits_in_the_tray(world):
    patient, key = ready(world), new_key()
    for _ in range(2):
        accept(world, patient, key=key)

    with scoped(world.scope()) as scope:
        with pytest.raises(KeyReused):
            decide(scope, key=key, patient=patient, decision="decline", reason="No.", at=world.now)
        assert decision_of(scope, patient).accepted
        assert TrayItem.objects.filter(site="dawn", about_key=key).count() == 1


def test_one_site_does_not_see_who_waits_at_another(world):
    referred(world)

    with scoped(world.scope(site="dusk")) as scope:
        assert awaiting(scope) == []
