"""A reading typed wrong is typed again; one that was never the patient's is marked. Neither is ever removed."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from daybreak.kernel.permissions import Permission
from daybreak.kernel.refusal import Refusal
from daybreak.kernel.scope import Scope
from daybreak.ledger.public import one_step, record_one
from daybreak.measure.public import fact_definition, library
from daybreak.rulebook.public import Fact, trouble_with
from daybreak.treat.actions.alarms import Judged, raise_alarms
from daybreak.treat.actions.steps import demand, wait_for
from daybreak.treat.models import Reading
from daybreak.treat.queries.bedside import bedside
from daybreak.treat.queries.readings import reading as reading_of
from daybreak.treat.rules.corrections import ARTEFACT, ARTEFACT_REASONS, TYPED_WRONG


class NoSuchReading(Refusal):
    """There is no reading of that key at the site."""


class AlreadyCorrected(Refusal):
    """Somebody corrected or marked the reading first."""


class NotTyped(Refusal):
    """A monitor's reading is not typed again by a person."""


class NotAValue(Refusal):
    """A value that cannot be right."""


class NoReason(Refusal):
    """A mark that does not say why."""


@one_step()
def correct_reading(scope: Scope, *, key: UUID, reading: UUID, value: Decimal, at: datetime) -> Reading:
    """Store what a typed reading should have said, and raise the alarms that it calls for.

    Raises NoSuchReading, AlreadyCorrected, NotTyped for a monitor's own, NotAValue, NotYourPart.
    """
    old = _held(scope, key, reading, at)
    if old.device_key:
        raise NotTyped("A monitor's reading is not typed again. If it is wrong, mark it as an artefact.")
    if (definition := fact_definition(library(), old.sign)) and (
        trouble := trouble_with(definition, Fact(value, old.unit))
    ):
        raise NotAValue(trouble)
    row = record_one(_following(old, key, value=round(value, 3), reason=TYPED_WRONG))
    if row.stored_now:
        judged = Judged(row.key, row.session_key, row.sign, row.value, row.unit, row.measured_at)
        raise_alarms(scope, [judged], known=bedside(scope), at=at)
    return row


@one_step()
def mark_artefact(scope: Scope, *, key: UUID, reading: UUID, reason: str, at: datetime) -> Reading:
    """Say that a reading was never the patient's, and why. It is kept and drawn, and counts for nothing.

    Raises NoSuchReading, AlreadyCorrected, NoReason, NotYourPart.
    """
    old = _held(scope, key, reading, at)
    if reason not in ARTEFACT_REASONS:
        raise NoReason("Say why the reading is not the patient's.")
    return record_one(_following(old, key, value=old.value, reason=reason, mark=ARTEFACT, device_key=old.device_key))


def _held(scope: Scope, key: UUID, reading: UUID, at: datetime) -> Reading:
    """Return the reading for one person at a time, while nothing but a retry of `key` follows it."""
    demand(scope, Permission.RUN_SESSION, at=at)
    wait_for(f"treat reading {scope.site} {reading}")
    old = reading_of(scope, reading)
    if old is None:
        raise NoSuchReading("There is no such reading at this site.")
    if old.mark or Reading.objects.filter(site=scope.site, corrects=reading).exclude(key=key).exists():
        raise AlreadyCorrected("This reading was corrected already. Look at it again.")
    return old


def _following(old: Reading, key: UUID, **changed: object) -> Reading:
    return Reading(
        site=old.site,
        key=key,
        corrects=old.key,
        patient_key=old.patient_key,
        session_key=old.session_key,
        sign=old.sign,
        unit=old.unit,
        measured_at=old.measured_at,
        **changed,
    )
