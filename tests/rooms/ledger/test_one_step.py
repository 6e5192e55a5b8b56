"""What is said to wait in the tray waits there, whatever a rollback takes with it."""

from collections.abc import Callable
from contextlib import ExitStack
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import transaction

from daybreak.kernel.keys import new_key
from daybreak.kernel.scope import Scope, scoped
from daybreak.ledger.public import KeyReused, TrayItem, one_step, told_once
from daybreak.people.public import Patient, admit_patient
from daybreak.treat.public import record_adverse_event
from tests.world.people import NOW, World

pytestmark = pytest.mark.django_db


def admit(scope: Scope, key: UUID, sex: str = "female") -> Patient:
    return admit_patient(scope, key=key, sex=sex, birth_year=1984, origin="desk", synthetic=True, at=NOW)


def event(scope: Scope, patient: UUID, key: UUID, grade: int) -> None:
    record_adverse_event(
        scope,
        key=key,
        patient=patient,
        session=None,
        term="nausea",
        grade=grade,
        course="ongoing",
        relation="possible",
        began_at=NOW - timedelta(hours=2),
        ended_at=None,
        at=NOW,
    )


@pytest.fixture
def twice(world: World) -> Callable[[int], None]:
    """Return a function that sends one key with other content, that many steps deep, beside a patient who is new."""
    scope, patient, key, other = world.scope(), world.patient(), new_key(), new_key()
    with scoped(scope):
        event(scope, patient, key, 1)

    def both(depth: int) -> None:
        with scoped(scope), ExitStack() as steps:
            for _ in range(depth):
                steps.enter_context(one_step())
            admit(scope, other)
            event(scope, patient, key, 2)

    def send(depth: int) -> None:
        with pytest.raises(KeyReused):
            both(depth)
        with scoped(scope):
            waiting = list(TrayItem.objects.filter(about_key=key))
            assert [item.content["grade"] for item in waiting] == [2]
            assert [item.recorded_by for item in waiting] == [scope.actor]
            assert Patient.objects.filter(key=other).exists() is (depth == 0)

    return send


@pytest.mark.parametrize("depth", [0, 1, 2, 3])
def test_a_newcomer_waits_in_the_tray_once_however_many_steps_were_undone(twice: Callable[[int], None], depth: int):
    twice(depth)
    if depth:
        twice(depth)


def test_a_newcomer_waits_in_its_own_site_though_the_scope_ended_inside_the_step(world: World):
    scope, key = world.scope(), new_key()
    with scoped(scope):
        admit(scope, key)
    with pytest.raises(KeyReused), one_step(), scoped(scope):
        admit(scope, key, "male")
    with scoped(scope):
        assert [item.content["sex"] for item in TrayItem.objects.filter(about_key=key)] == ["male"]


def send_again(scope: Scope, other: UUID, key: UUID, moment: object) -> None:
    assert moment == NOW
    admit(scope, other)
    admit(scope, key, "male")


def test_a_form_told_twice_with_other_content_is_undone_and_waits(world: World):
    scope, key, other = world.scope(), new_key(), new_key()
    with scoped(scope):
        admit(scope, key)
        told = told_once(Patient, site=scope.site, key=key, moment="registered_at", at=NOW + timedelta(hours=1))
        with pytest.raises(KeyReused), told as moment:
            send_again(scope, other, key, moment)
        assert TrayItem.objects.filter(about_key=key).count() == 1
        assert not Patient.objects.filter(key=other).exists()


def test_a_plain_transaction_loses_the_newcomer(world: World):
    """The control: without the step the sentence would not be true."""
    scope, key = world.scope(), new_key()
    with scoped(scope):
        admit(scope, key)
        with pytest.raises(KeyReused), transaction.atomic():
            admit(scope, key, "male")
        assert not TrayItem.objects.filter(about_key=key).exists()
