"""A death and its cause, which two rooms keep: recorded in one step, read together."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.utils import dateformat
from django.utils.translation import gettext as _

from daybreak.design.public import day
from daybreak.kernel.keys import key_from
from daybreak.kernel.scope import Scope
from daybreak.ledger.public import one_step
from daybreak.people.public import Death, deaths_told, names_of_staff, record_death
from daybreak.screen.public import CauseOfDeath, causes_of_death, record_cause_of_death


@dataclass(frozen=True, slots=True)
class DeathTold:
    """What the form asks for; `key` was made by the page, so that sending twice is one death."""

    key: UUID
    died_on: date | None
    precision: str
    source: str
    manner: str = ""
    code: str = ""
    corrects: UUID | None = None
    because: str = ""


@dataclass(frozen=True, slots=True)
class DeathEntry:
    """What was recorded of a death at one time, by whom, with its cause where that is known."""

    row: Death
    cause: CauseOfDeath | None
    by: str
    stands: bool


@one_step()
def note_death(scope: Scope, *, patient: UUID, told: DeathTold, at: datetime) -> Death:
    """Record a death with its cause, or what corrects it; both or nothing. Raises NotADeath, NotADiagnosis."""
    death = record_death(
        scope,
        key=told.key,
        patient=patient,
        died_on=told.died_on,
        precision=told.precision,
        source=told.source,
        corrects=told.corrects,
        because=told.because,
        at=at,
    )
    if told.manner:
        record_cause_of_death(
            scope,
            key=key_from("cause of death", str(told.key)),
            patient=patient,
            death=death.key,
            manner=told.manner,
            code=told.code,
            at=at,
        )
    return death


def told_of_death(scope: Scope, patient: UUID) -> list[DeathEntry]:
    """Return all that was ever recorded of a patient's death, newest first; at most one entry stands."""
    rows, causes = deaths_told(scope, patient), causes_of_death(scope, patient=patient)
    corrected, names = {row.corrects for row in rows}, names_of_staff(row.recorded_by for row in rows)
    return [
        DeathEntry(
            row=row,
            cause=causes.get(row.key),
            by=names.get(row.recorded_by, ""),
            stands=row.key not in corrected and not row.taken_back,
        )
        for row in rows
    ]


def death_day(died_on: date | None, precision: str) -> str:
    """Return when somebody died as it is read, no more exactly than it is known."""
    if died_on is None:
        return _("day not known")
    return {"month": dateformat.format(died_on, "M Y"), "year": str(died_on.year)}.get(precision) or day(died_on)
