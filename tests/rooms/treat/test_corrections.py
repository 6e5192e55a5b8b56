"""A reading that was typed wrong, one that was never the patient's, and what is written at the chair."""

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID, uuid4

import pytest

from daybreak.kernel.keys import new_key
from daybreak.kernel.scope import scoped
from daybreak.ledger.public import KeyReused, record
from daybreak.treat import public as treat
from daybreak.treat.actions.corrections import NoReason, NoSuchReading, NotAValue, NotTyped
from daybreak.treat.actions.notes import NothingWritten
from daybreak.treat.actions.steps import NotYourPart
from daybreak.treat.models import Reading
from daybreak.treat.rules.corrections import is_slip, slip_step, told_of
from tests.rooms.treat.stage import Stage, planned, turn_alarms_on

FIRST, SECOND, THIRD = (UUID(int=n) for n in (1, 2, 3))


@dataclass
class Row:
    key: UUID
    corrects: UUID | None = None
    mark: str = ""
    reason: str = ""


@pytest.mark.parametrize(
    ("rows", "fates"),
    [
        ([Row(FIRST)], [(FIRST, "", "")]),
        ([Row(FIRST), Row(SECOND, FIRST, "", "typed_wrong")], [(FIRST, "corrected", "typed_wrong"), (SECOND, "", "")]),
        ([Row(FIRST), Row(SECOND, FIRST, "artefact", "other")], [(SECOND, "artefact", "other")]),
        (
            [Row(FIRST), Row(SECOND, FIRST, "", "typed_wrong"), Row(THIRD, SECOND, "artefact", "other")],
            [(FIRST, "corrected", "typed_wrong"), (THIRD, "artefact", "other")],
        ),
    ],
)
def test_each_reading_is_told_once_with_what_became_of_it(rows, fates):
    assert [(told.row.key, told.fate, told.why) for told in told_of(rows)] == fates


@pytest.mark.parametrize(
    ("value", "last", "asked"),
    [
        (154, 100, False), (158, 100, False), (159, 100, True), (300, None, False),
        (42, 90, True), (182, 124, False), (183, 124, True),  # by more than a fifth of all that can be right
        (17, 71, True), (35, 71, True), (36, 71, False), (24, 12, False), (25, 12, True),  # by half, by twice
    ],
)  # fmt: skip
def test_a_typed_value_is_asked_about_that_is_far_from_the_last_one(value, last, asked):
    step = slip_step(lowest=Decimal(30), highest=Decimal(320))
    before = None if last is None else Decimal(last)
    assert is_slip(Decimal(value), last=before, step=step) is asked


def test_without_known_bounds_no_value_is_taken_for_a_slip():
    assert not is_slip(Decimal(900), last=Decimal(1), step=slip_step(lowest=None, highest=Decimal(5)))


def typed(stage: Stage, **values: object) -> UUID:
    stage.read(stage.at(), **values)
    with scoped(stage.scope()) as scope:
        return treat.readings_of(scope, stage.session)[-1].key


def values_of(stage: Stage, sign: str) -> list[Decimal]:
    with scoped(stage.scope()) as scope:
        return [row.value for row in treat.readings_of(scope, stage.session) if row.sign == sign]


@pytest.mark.django_db
def test_a_corrected_reading_counts_as_it_is_now_and_the_first_one_is_kept(world):
    stage = planned(world).started()
    wrong, key = typed(stage, systolic_pressure=213), new_key()
    for _ in range(2):
        with scoped(stage.scope()) as scope:
            treat.correct_reading(scope, key=key, reading=wrong, value=Decimal(123), at=stage.now)
    assert values_of(stage, "systolic_pressure")[-1] == 123
    assert Decimal(213) not in values_of(stage, "systolic_pressure")
    with scoped(stage.scope()) as scope:
        told = {
            t.row.value: t.fate for t in treat.history_of(scope, stage.session) if t.row.sign == "systolic_pressure"
        }
    assert told[Decimal(213)] == "corrected"
    assert told[Decimal(123)] == ""


@pytest.mark.django_db
def test_an_artefact_counts_for_nothing_and_is_kept_with_its_reason(world):
    stage = planned(world).started()
    wrong = typed(stage, oxygen_saturation=71)
    with scoped(stage.scope()) as scope:
        treat.mark_artefact(scope, key=new_key(), reading=wrong, reason="probe_or_cuff", at=stage.now)
        told = {t.row.value: (t.fate, t.why) for t in treat.history_of(scope, stage.session)}
    assert Decimal(71) not in values_of(stage, "oxygen_saturation")
    assert told[Decimal(71)] == ("artefact", "probe_or_cuff")


@pytest.mark.django_db
def test_a_corrected_value_beyond_a_limit_calls_for_someone_and_a_marked_one_does_not(world):
    stage = planned(world).started()
    turn_alarms_on(world)
    low, other = typed(stage, systolic_pressure=120), typed(stage, oxygen_saturation=96)
    with scoped(stage.scope()) as scope:
        treat.correct_reading(scope, key=new_key(), reading=low, value=Decimal(190), at=stage.now)
        treat.mark_artefact(scope, key=new_key(), reading=other, reason="patient_moved", at=stage.now)
        assert {each.alarm.sign for each in treat.open_alarms(scope)} == {"systolic_pressure"}


@pytest.mark.django_db
def test_what_cannot_be_corrected_is_refused_with_its_name(world):
    stage = planned(world).started()
    mine = typed(stage, heart_rate=77)

    def correct(role: str = "nurse", **said: object):
        with scoped(stage.scope(role)) as scope:
            given = {"key": new_key(), "reading": mine, "value": Decimal(78), "at": stage.now} | said
            return treat.correct_reading(scope, **given)

    with pytest.raises(NoSuchReading):
        correct(reading=uuid4())
    with pytest.raises(NotAValue):
        correct(value=Decimal(780))
    with pytest.raises(NotYourPart):
        correct("coordinator")
    with scoped(stage.scope()) as scope, pytest.raises(NoReason):
        treat.mark_artefact(scope, key=new_key(), reading=mine, reason="did not like it", at=stage.now)
    key = correct().key
    with pytest.raises(treat.AlreadyCorrected):
        correct()
    with pytest.raises(KeyReused):
        correct(key=key, value=Decimal(79))


@pytest.mark.django_db
def test_a_monitors_reading_is_marked_and_never_typed_again(world):
    stage = planned(world).started()
    with scoped(world.scope("site lead")) as scope:
        treat.issue_device_token(scope, key=new_key(), chair=stage.chair, name="Monitor", at=stage.now)
    sent = treat.NewReading(new_key(), "heart_rate", Decimal(190), "/min", stage.at())
    with scoped(stage.scope()) as scope:
        [sender] = treat.devices(scope)
        treat.record_readings(scope, [sent], at=stage.now, device=sender)
        with pytest.raises(NotTyped):
            treat.correct_reading(scope, key=new_key(), reading=sent.key, value=Decimal(90), at=stage.now)
        marked = treat.mark_artefact(scope, key=new_key(), reading=sent.key, reason="device_fault", at=stage.now)
    assert marked.device_key == sender.key


@pytest.mark.django_db
def test_a_note_is_read_again_by_the_team_and_stored_sealed(world):
    stage = planned(world).started()
    with scoped(stage.scope()) as scope:
        row = treat.write_note(scope, key=new_key(), session=stage.session, words=" Cried a little. ", at=stage.now)
        assert [note.words for note in treat.notes_of(scope, stage.session)] == ["Cried a little."]
        with pytest.raises(NothingWritten):
            treat.write_note(scope, key=new_key(), session=stage.session, words="  ", at=stage.now)
    assert b"Cried" not in bytes(row.words)


@pytest.mark.django_db
def test_the_database_keeps_no_correction_without_a_reason(world):
    stage = planned(world).started()
    wrong = typed(stage, heart_rate=77)
    with scoped(stage.scope()) as scope:
        old = Reading.objects.get(site=scope.site, key=wrong)
        row = Reading(
            site=old.site, key=new_key(), corrects=old.key, patient_key=old.patient_key, session_key=old.session_key,
            sign=old.sign, unit=old.unit, measured_at=old.measured_at, value=Decimal(70),
        )  # fmt: skip
        with pytest.raises(Exception, match="treat_reading_corrected_with_reason"):
            record([row])
