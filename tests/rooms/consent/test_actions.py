"""A signature is bound to its text, is given once, and can be taken back."""

from datetime import timedelta

import pytest

from daybreak.consent.models import Signature
from daybreak.consent.public import (
    NoName,
    NothingToSign,
    NothingToWithdraw,
    NotUnderstood,
    State,
    TextChanged,
    consents_of,
    decline,
    is_current,
    sign,
    signatures_of,
    text_of,
    withdraw,
)
from daybreak.kernel.keys import new_key
from daybreak.kernel.scope import scoped
from daybreak.ledger.public import KeyReused, TrayItem

pytestmark = pytest.mark.django_db


def right(kind: str) -> dict[str, int]:
    """Return the right answers to a text's checks."""
    return {check.id: check.right for check in text_of(kind).checks}


def by_patient(world, patient, kind="treatment", **more):
    """Sign as the patient."""
    fact = {
        "key": new_key(),
        "name": "Pia Sommer",
        "shown_seconds": 95,
        "understood": right(kind),
        "at": world.now,
    }
    with scoped(world.scope()) as scope:
        return sign(scope, patient=patient, consent=kind, signer="patient", **{**fact, **more})


def by_clinician(world, patient, kind="treatment", **more):
    """Sign beside the patient."""
    at = world.now + timedelta(minutes=5)
    fact = {"key": new_key(), "name": "Clara Okafor", "shown_seconds": 10, "understood": {}, "at": at}
    with scoped(world.scope()) as scope:
        return sign(scope, patient=patient, consent=kind, signer="clinician", **{**fact, **more})


def state_of(world, patient, kind="treatment", *, minutes=10):
    """Return where a consent stands some minutes later."""
    with scoped(world.scope()) as scope:
        return consents_of(scope, patient, at=world.now + timedelta(minutes=minutes))[kind]


def test_a_consent_is_in_force_once_both_have_signed(world):
    patient = world.patient()
    assert state_of(world, patient).current is None

    by_patient(world, patient)
    assert state_of(world, patient).state is State.WAITS
    by_clinician(world, patient)

    assert state_of(world, patient).state is State.CURRENT
    assert state_of(world, patient, "registry").state is State.NEVER_ASKED


def test_a_signature_names_text_language_name_time_and_meaning(world):
    patient = world.patient()

    by_patient(world, patient)

    with scoped(world.scope()) as scope:
        (entry,) = signatures_of(scope, patient)
        row = Signature.objects.get(site="dawn", key=entry.key)
    text = text_of("treatment")
    assert (entry.fingerprint, entry.language, entry.version) == (text.fingerprint, "en", text.version)
    assert (entry.name, entry.meaning, entry.signed_at, entry.shown_seconds) == (
        "Pia Sommer",
        text.statement,
        world.now,
        95,
    )
    assert b"Sommer" not in bytes(row.name)
    assert (row.signed_by, row.recorded_by) == (None, world.scope().actor)


def test_a_text_that_changed_while_it_was_read_is_not_signed(world):
    patient = world.patient()

    with pytest.raises(TextChanged):
        by_patient(world, patient, shown="another fingerprint")

    assert state_of(world, patient).state is State.NEVER_ASKED


@pytest.mark.parametrize("kind", ["treatment", "registry"])
def test_every_check_must_be_right(world, kind):
    patient = world.patient()
    for check in text_of(kind).checks:
        wrong = {**right(kind), check.id: (check.right + 1) % len(check.answers)}
        with pytest.raises(NotUnderstood) as refusal:
            by_patient(world, patient, kind, understood=wrong)
        assert [c.id for c in refusal.value.wrong] == [check.id]
    with pytest.raises(NotUnderstood):
        by_patient(world, patient, kind, understood={})
    with pytest.raises(NoName):
        by_patient(world, patient, kind, name="  ")


def test_saying_no_needs_neither_name_nor_questions(world):
    patient = world.patient()
    with scoped(world.scope()) as scope:
        decline(scope, key=new_key(), patient=patient, consent="registry", shown_seconds=3, at=world.now)
        assert is_current(scope, patient, "registry", at=world.now) is False


def test_a_clinician_signs_only_beside_a_patient(world):
    patient = world.patient()

    with pytest.raises(NothingToSign):
        by_clinician(world, patient)


def test_what_is_withdrawn_is_not_in_force_and_can_be_given_again(world):
    patient = world.patient()
    by_patient(world, patient)
    by_clinician(world, patient)
    with scoped(world.scope()) as scope:
        withdraw(
            scope,
            key=new_key(),
            patient=patient,
            consent="treatment",
            reason="",
            at=world.now + timedelta(minutes=6),
        )
        with pytest.raises(NothingToWithdraw):
            withdraw(
                scope,
                key=new_key(),
                patient=patient,
                consent="treatment",
                reason="",
                at=world.now + timedelta(minutes=7),
            )
    assert state_of(world, patient).state is State.WITHDRAWN
    assert state_of(world, patient, minutes=5).state is State.CURRENT

    by_patient(world, patient, at=world.now + timedelta(minutes=8))
    by_clinician(world, patient, at=world.now + timedelta(minutes=9))

    assert state_of(world, patient).state is State.CURRENT


def test_what_was_never_given_cannot_be_withdrawn(world):
    patient = world.patient()
    with scoped(world.scope()) as scope, pytest.raises(NothingToWithdraw):
        withdraw(scope, key=new_key(), patient=patient, consent="registry", reason="", at=world.now)


def test_the_same_signature_twice_is_one_and_another_name_under_its_key_waits_in_the_tray(world):
    patient, key = world.patient(), new_key()
    for _ in range(2):
        by_patient(world, patient, key=key)

    with pytest.raises(KeyReused):
        by_patient(world, patient, key=key, name="PIA SOMMER")

    with scoped(world.scope()) as scope:
        assert len(signatures_of(scope, patient)) == 1
        assert TrayItem.objects.filter(site="dawn", about_key=key).count() == 1
