"""Who is still observed, and the tries to reach those who did not answer."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from uuid import UUID

from daybreak.follow_up.models import Attempt, Observation
from daybreak.follow_up.rules.observation import Change, Ended, ended
from daybreak.identity.public import open_text
from daybreak.kernel.scope import Scope
from daybreak.ledger.public import Read, rows
from daybreak.people.public import Death, deaths


def observations_of(scope: Scope, patient: UUID) -> list[Observation]:
    """Return every end and return of a patient's observation, oldest first."""
    return rows(Read(Observation, {"site": scope.site, "patient_key": patient}, by=("on_day", "noted_at")))


def attempts_of(scope: Scope, patient: UUID) -> list[Attempt]:
    """Return the tries to reach a patient, oldest first."""
    return attempts_of_each(scope, [patient]).get(patient, [])


def attempts_of_each(scope: Scope, patients: Collection[UUID]) -> dict[UUID, list[Attempt]]:
    """Return the tries to reach each of the patients, oldest first, in one query."""
    found: dict[UUID, list[Attempt]] = defaultdict(list)
    of_these = {"site": scope.site, "patient_key": list(patients)}
    for row in rows(Read(Attempt, of_these, by=("tried_at", "key"))) if patients else []:
        found[row.patient_key].append(row)
    return found


def ended_of_each(scope: Scope, patients: Collection[UUID]) -> dict[UUID, Ended]:
    """Return those of the patients who are not observed any more, each with why."""
    if not patients:
        return {}
    of_these = {"site": scope.site, "patient_key": list(patients)}
    changes: dict[UUID, list[Change]] = defaultdict(list)
    for row in rows(Read(Observation, of_these, by=("on_day", "noted_at"))):
        changes[row.patient_key].append(Change(row.kind, row.on_day, row.source, row.noted_at))
    died = deaths(scope, patients)
    found = {
        each: ended(changes[each], death=_day(died.get(each)), has_died=each in died) for each in {*changes, *died}
    }
    return {patient: end for patient, end in found.items() if end is not None}


def _day(death: Death | None) -> date | None:
    """The day of a death where that is known to the day."""
    return death.died_on if death is not None and death.precision in ("", "day") else None


def note_of(scope: Scope, row: Observation | Attempt) -> str:
    """Return what was written beside an end or a try."""
    return open_text(scope, row.patient_key, row.note) if row.note else ""
