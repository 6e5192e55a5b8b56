"""End a patient's observation, begin it again, and note a try to reach somebody."""

from datetime import date, datetime
from uuid import UUID

from daybreak.follow_up.actions.invitations import OBSERVATION_ENDED, after_session, call_off_waiting
from daybreak.follow_up.models import Attempt, Observation
from daybreak.follow_up.queries.observation import attempts_of, ended_of_each
from daybreak.follow_up.rules.observation import CHANGES, OUTCOMES, REACHED, RETURNED, SOURCES, WAYS
from daybreak.identity.public import seal_text
from daybreak.kernel.moments import day_of
from daybreak.kernel.refusal import Refusal
from daybreak.kernel.scope import Scope
from daybreak.ledger.public import one_step, record_one
from daybreak.people.public import patient as patient_of
from daybreak.people.public import site_named
from daybreak.treat.public import sessions_of


class NotAChange(Refusal):
    """An end of observation, a return or a try that cannot be kept, and why."""


@one_step()
def change_observation(
    scope: Scope,
    *,
    key: UUID,
    patient: UUID,
    kind: str,
    on_day: date,
    source: str,
    at: datetime,
    other_site: str = "",
    note: str = "",
) -> Observation:
    """Note that observation of a patient ended (transferred, moved, withdrew, lost), or that they returned.

    What still waits for an answer is called off. Raises NotAChange: a patient is lost only after a try to reach them.
    """
    if known := Observation.objects.filter(site=scope.site, key=key).first():
        return known
    _check(scope, patient, kind=kind, on_day=on_day, source=source, at=at)
    row = record_one(
        Observation(
            site=scope.site,
            key=key,
            patient_key=patient,
            kind=kind,
            on_day=on_day,
            source=source,
            other_site=other_site,
            note=seal_text(scope, patient, note.strip(), fact=key) if note.strip() else b"",
            noted_by=scope.actor,
            noted_at=at,
        )
    )
    _ask_as_observed(scope, patient, is_over=kind != RETURNED, at=at)
    return row


@one_step()
def heed_death(scope: Scope, *, patient: UUID, at: datetime) -> None:
    """Call off what waits for an answer of somebody who is recorded as deceased; where the death was taken back, ask
    again. Doing it again changes nothing.
    """
    _ask_as_observed(scope, patient, is_over=patient in ended_of_each(scope, [patient]), at=at)


def _ask_as_observed(scope: Scope, patient: UUID, *, is_over: bool, at: datetime) -> None:
    if is_over:
        call_off_waiting(scope, patient=patient, because=OBSERVATION_ENDED, at=at)
        return
    for session in _last_of_each_course(scope, patient):
        after_session(scope, session=session, at=at)


def _last_of_each_course(scope: Scope, patient: UUID) -> set[UUID]:
    """Return a session of each of the patient's courses, by which its schedule begins anew."""
    return set({each.course_key: each.key for each in sessions_of(scope, patient)}.values())


def _check(scope: Scope, patient: UUID, *, kind: str, on_day: date, source: str, at: datetime) -> None:
    place = site_named(scope.site)
    if patient_of(scope, patient) is None:
        raise NotAChange("There is no such patient at this site.")
    if kind not in CHANGES or source not in SOURCES:
        raise NotAChange("Choose what happened, and who said so.")
    if on_day > day_of(at, place.time_zone if place else "UTC"):
        raise NotAChange("That day lies ahead. Note it once it has come.")
    stands = ended_of_each(scope, [patient]).get(patient)
    if stands is not None and stands.kind == "died":
        raise NotAChange("This patient is recorded as deceased. That ends observation.")
    if kind == RETURNED and stands is None:
        raise NotAChange("Observation of this patient goes on: there is nothing to begin again.")
    if kind == RETURNED and stands is not None and stands.on is not None and on_day < stands.on:
        raise NotAChange("Nobody returns before the day on which observation ended. Check the day.")
    if kind == "lost" and all(each.outcome == REACHED for each in attempts_of(scope, patient)):
        raise NotAChange("Nobody has tried to reach this patient in vain yet. Note a try first.")


@one_step()
def note_attempt(
    scope: Scope, *, key: UUID, patient: UUID, way: str, outcome: str, at: datetime, note: str = ""
) -> Attempt:
    """Note a try to reach a patient and what came of it; raise NotAChange for a word that is not on the lists."""
    if known := Attempt.objects.filter(site=scope.site, key=key).first():
        return known
    if patient_of(scope, patient) is None:
        raise NotAChange("There is no such patient at this site.")
    if way not in WAYS or outcome not in OUTCOMES:
        raise NotAChange("Choose how you tried, and what came of it.")
    return record_one(
        Attempt(
            site=scope.site,
            key=key,
            patient_key=patient,
            way=way,
            outcome=outcome,
            note=seal_text(scope, patient, note.strip(), fact=key) if note.strip() else b"",
            tried_by=scope.actor,
            tried_at=at,
        )
    )
