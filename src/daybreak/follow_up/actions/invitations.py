"""Invitations: from the protocol's schedule after each session, or by hand; and the links that are handed
over.
"""

import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from daybreak.follow_up.models import CalledOff, Invitation, Link
from daybreak.follow_up.queries.invitations import Asked, asked, called_off_among, still_asked
from daybreak.follow_up.queries.observation import ended_of_each
from daybreak.follow_up.rules.cognition import VERSION as TASKS_VERSION
from daybreak.follow_up.rules.invitations import BY_HAND_CLOSES, BY_HAND_DUE, State, hash_of
from daybreak.follow_up.rules.schedule import SessionGiven, Wanted, wanted
from daybreak.kernel.keys import key_from, new_key
from daybreak.kernel.moments import day_of
from daybreak.kernel.refusal import Refusal
from daybreak.kernel.scope import Scope
from daybreak.ledger.public import one_step, record, record_one
from daybreak.measure.public import library
from daybreak.people.public import demand_living, site_named
from daybreak.rulebook.public import TASK_SET
from daybreak.treat.public import Course, SessionSummary, course_of_key, sessions_beside

SECRET_BYTES = 24  # 192 bits
MOVED_ON, OBSERVATION_ENDED = "the schedule moved on", "observation ended"
BY_ITSELF = (MOVED_ON, OBSERVATION_ENDED)
MAY_BE_HANDED_OVER = (State.NOT_YET, State.OPEN, State.LATE)


class NothingToAnswer(Refusal):
    """The invitation is not there, was answered, or was called off."""


@one_step()
def after_session(scope: Scope, *, session: UUID, at: datetime) -> list[Invitation]:
    """Bring the invitations of the session's course in line with its protocol, and return those that hold.

    Doing it again changes nothing: an invitation's key comes from its session, rule and due time. What the
    schedule no longer wants (it moved on with a new session, or observation ended) is called off, unless it
    was answered or has ended.
    """
    course, sessions = around(scope, session)
    return keep_schedule(scope, course, sessions, at=at)


def around(scope: Scope, session: UUID) -> tuple[Course, list[SessionSummary]]:
    """Return the course of a session, and every session of its patient. Raises NothingToAnswer."""
    sessions = sessions_beside(scope, session)
    given = next((each for each in sessions if each.key == session), None)
    course = course_of_key(scope, given.course_key) if given else None
    if course is None:
        raise NothingToAnswer("There is no such session at this site.")
    return course, sessions


def keep_schedule(
    scope: Scope, course: Course, sessions: Iterable[SessionSummary], *, at: datetime
) -> list[Invitation]:
    """Do what `after_session` does, where the course and the sessions of its patient have been read already."""
    already = {each.invitation.key: each for each in still_asked(scope, patient=course.patient_key)}
    is_over = course.patient_key in ended_of_each(scope, [course.patient_key])
    wants = {} if is_over else _keyed(scope, _schedule(course, sessions, at), already)
    answered = {_item(each.invitation): each.invitation.key for each in already.values() if each.answered is not None}
    # Each due item is asked once: what was answered before it was called off, and is wanted again, is left out.
    holds = {key: each for key, each in wants.items() if answered.get(_wanted_item(each), key) == key}
    new = {key: _invitation(scope, course, each, key, at) for key, each in holds.items() if key not in already}
    record(list(new.values()))
    stale = [each.invitation for each in already.values() if _is_stale(each, course.key, holds, at)]
    record([_called_off(scope, row, because=MOVED_ON, at=at) for row in stale])
    return [new[key] if key in new else already[key].invitation for key in holds]


def _item(row: Invitation) -> tuple[UUID | None, str, datetime]:
    return row.session_key, row.rule, row.due_at


def _wanted_item(each: Wanted) -> tuple[UUID | None, str, datetime]:
    return each.session.key, each.plan.rule, each.plan.due_at


def _schedule(course: Course, sessions: Iterable[SessionSummary], at: datetime) -> list[Wanted]:
    protocol = library().protocol(course.protocol, course.protocol_version)
    of_course = [s for s in sessions if s.course_key == course.key]
    given = [SessionGiven(s.key, s.number, s.started_at) for s in of_course if s.started_at is not None]
    upcoming = [
        SessionGiven(s.key, s.number, s.planned_for)
        for s in of_course
        if s.started_at is None and s.state != "cancelled" and s.planned_for > at
    ]
    continuation = library().continuation_of(course.protocol)
    rules = (*protocol.follow_up, *(continuation.checks if continuation else ()))
    return wanted(rules, given=given, upcoming=upcoming, at=at)


def _keyed(scope: Scope, wants: Iterable[Wanted], already: Mapping[UUID, Asked]) -> dict[UUID, Wanted]:
    """Return what is wanted by the key of its invitation. What the schedule itself called off and wants again (a
    session was moved back, a patient returned) is asked anew, under another key; what a person called off is not.
    """
    found = {_key_of(scope, each): each for each in wants}
    while off := {row.invitation_key: row.because for row in called_off_among(scope, found.keys() - already.keys())}:
        wanted_still = {key: each for key, each in found.items() if off.get(key, MOVED_ON) in BY_ITSELF}
        found = {_again(scope, key) if key in off else key: each for key, each in wanted_still.items()}
    return found


def _key_of(scope: Scope, each: Wanted) -> UUID:
    return key_from("invitation", scope.site, str(each.session.key), each.plan.rule, each.plan.due_at.isoformat())


def _again(scope: Scope, key: UUID) -> UUID:
    return key_from("invitation again", scope.site, str(key))


def _invitation(scope: Scope, course: Course, each: Wanted, key: UUID, at: datetime) -> Invitation:
    return Invitation(
        site=scope.site,
        key=key,
        patient_key=course.patient_key,
        course_key=course.key,
        session_key=each.session.key,
        **_what_is_asked(each.plan.instrument),
        rule=each.plan.rule,
        reason=each.reason,
        invited_at=at,
        opens_at=each.plan.opens_at,
        due_at=each.plan.due_at,
        closes_at=each.plan.closes_at,
    )


def _what_is_asked(instrument: str) -> dict[str, object]:
    """Return a questionnaire as it is now, or the tasks of cognition, as an invitation keeps it."""
    if instrument == TASK_SET:
        return {"instrument": TASK_SET, "version": TASKS_VERSION, "fingerprint": ""}
    held = library().instrument(instrument)
    return {"instrument": held.id, "version": held.version, "fingerprint": held.fingerprint}


def _is_stale(each: Asked, course: UUID, holds: Mapping[UUID, Wanted], at: datetime) -> bool:
    row = each.invitation
    waiting = each.state(at) in MAY_BE_HANDED_OVER
    return waiting and row.course_key == course and row.rule != "" and row.key not in holds


@one_step()
def invite(
    scope: Scope,
    *,
    key: UUID,
    patient: UUID,
    instrument: str,
    at: datetime,
    due_at: datetime | None = None,
    closes_at: datetime | None = None,
) -> Invitation:
    """Ask a patient by hand, from now on, for a questionnaire or for the tasks of cognition (TASK_SET); raise
    UnknownDefinition for a questionnaire that the library does not hold, PatientDied.
    """
    if known := asked(scope, key):
        return known.invitation
    _demand_living(scope, patient, at)
    return record_one(
        Invitation(
            site=scope.site,
            key=key,
            patient_key=patient,
            **_what_is_asked(instrument),
            rule="",
            reason="asked by the clinic",
            invited_at=at,
            opens_at=at,
            due_at=due_at or at + BY_HAND_DUE,
            closes_at=closes_at or at + BY_HAND_CLOSES,
        )
    )


@one_step()
def hand_over_link(scope: Scope, *, invitation: UUID, at: datetime) -> str:
    """Return a new secret for an invitation's link; it is shown once, and only its hash is stored.

    Raises NothingToAnswer when there is nothing left to answer, PatientDied. Every link that was handed over stays good
    until then.
    """
    found = asked(scope, invitation)
    if found is None or found.state(at) not in MAY_BE_HANDED_OVER:
        raise NothingToAnswer("There is nothing left to answer here, so there is no link to hand over.")
    _demand_living(scope, found.invitation.patient_key, at)
    token = secrets.token_urlsafe(SECRET_BYTES)
    patient = found.invitation.patient_key
    hand_over(scope, invitation=invitation, patient=patient, token=token, at=at, key=new_key(at=at))
    return token


def hand_over(scope: Scope, *, invitation: UUID, patient: UUID, token: str, at: datetime, key: UUID) -> None:
    """Let the secret `token` open an invitation; the same `key` is the same link."""
    if Link.objects.filter(site=scope.site, key=key).exists():
        return
    record_one(
        Link(
            site=scope.site,
            key=key,
            patient_key=patient,
            invitation_key=invitation,
            token_hash=hash_of(token),
            issued_at=at,
        )
    )


@one_step()
def call_off(scope: Scope, *, invitation: UUID, at: datetime) -> CalledOff:
    """Take an invitation back; raise NothingToAnswer when it was answered or is not there."""
    found = asked(scope, invitation)
    if found is None or found.answered is not None:
        raise NothingToAnswer("There is nothing left to answer here, so there is nothing to call off.")
    because = "called off by the clinic"
    return found.called_off or record_one(_called_off(scope, found.invitation, because=because, at=at))


def call_off_waiting(scope: Scope, *, patient: UUID, because: str, at: datetime) -> None:
    """Call off everything that a patient could still answer."""
    waiting = [each for each in still_asked(scope, patient=patient) if each.state(at) in MAY_BE_HANDED_OVER]
    record([_called_off(scope, each.invitation, because=because, at=at) for each in waiting])


def _called_off(scope: Scope, row: Invitation, *, because: str, at: datetime) -> CalledOff:
    return CalledOff(
        site=scope.site,
        key=key_from("called off", scope.site, str(row.key)),
        patient_key=row.patient_key,
        invitation_key=row.key,
        because=because,
        called_off_at=at,
    )


def _demand_living(scope: Scope, patient: UUID, at: datetime) -> None:
    place = site_named(scope.site)
    demand_living(scope, patient, on=day_of(at, place.time_zone if place else "UTC"))
