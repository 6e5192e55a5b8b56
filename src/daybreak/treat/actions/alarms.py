"""Alarms are raised in the transaction of the reading, told by NOTIFY on breach only, and acknowledged by a named
person, who may pause their sound for a stated time.
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from operator import attrgetter
from typing import NamedTuple
from uuid import UUID

from django.db import connection

from daybreak.identity.public import seal_text
from daybreak.kernel.keys import key_from
from daybreak.kernel.permissions import Permission
from daybreak.kernel.refusal import Refusal
from daybreak.kernel.scope import Scope
from daybreak.ledger.public import one_step, record, record_one
from daybreak.rulebook.public import Breach, breaches
from daybreak.rulebook.public import Reading as RuleReading
from daybreak.treat.actions.steps import NoSuchSession, demand
from daybreak.treat.models import Alarm, AlarmStep, Assessment, Check
from daybreak.treat.queries.alarms import alarm as alarm_of
from daybreak.treat.queries.alarms import calling_at, last_calls, open_alarms
from daybreak.treat.queries.answers import today
from daybreak.treat.queries.bedside import Bedside, Judging, bedside, note_change
from daybreak.treat.queries.readings import as_rule, reading_before
from daybreak.treat.queries.sessions import session_now
from daybreak.treat.rules.alarms import LastCall, asks_before, news, signs_at
from daybreak.treat.rules.events import ACTS

CHANNEL = "daybreak_alarm"


class NoSuchAlarm(Refusal):
    """There is no alarm of that key at the site."""


class NoAct(Refusal):
    """An acknowledgement that does not say what was done."""


class NotAnAssessment(Refusal):
    """The words do not make an assessment."""


class Judged(NamedTuple):
    """A stored reading, as far as it may call for someone."""

    key: UUID
    session_key: UUID
    sign: str
    value: Decimal
    unit: str
    measured_at: datetime

    @property
    def as_rule(self) -> RuleReading:
        """The reading as the rulebook reads it."""
        return RuleReading(sign=self.sign, value=self.value, unit=self.unit)


def raise_alarms(scope: Scope, readings: Sequence[Judged], *, known: Bedside, at: datetime) -> list[Alarm]:
    """Raise what the new `readings` call for; nothing where the site's alarms are off. Call it in their transaction."""
    if not readings or not known.alarms_are_on(at):
        return []
    beyond = [
        (key, judging, each)
        for key, found in _by_session(readings).items()
        if (judging := _judging(scope, key, found, known))
        for each in _beyond(judging, found)
    ]
    return _called(scope, beyond, at) if beyond else []


def are_calm(readings: Sequence[Judged], *, known: Bedside, at: datetime) -> bool:
    """Return whether readings that are not stored yet are within all limits, and change no value that others are
    compared with, as far as is known.
    """
    return not known.alarms_are_on(at) or all(
        judging is None or (found[0].measured_at >= judging.started_at and not any(_beyond(judging, found)))
        for judging, found in ((known.judging(key), found) for key, found in _by_session(readings).items())
    )


def _by_session(readings: Sequence[Judged]) -> dict[UUID, list[Judged]]:
    found: dict[UUID, list[Judged]] = defaultdict(list)
    for reading in sorted(readings, key=attrgetter("measured_at", "key")):
        found[reading.session_key].append(reading)
    return found


def _judging(scope: Scope, session: UUID, found: Sequence[Judged], known: Bedside) -> Judging | None:
    judging = known.judging(session)
    if judging is None or found[0].measured_at >= judging.started_at:
        return judging
    note_change(scope)  # the first value of a sign may be another now
    return bedside(scope).judging(session) or judging


def _beyond(by: Judging, found: Sequence[Judged]) -> Iterator[Judged]:
    """Yield the readings that are at or beyond a limit, whether or not that is news."""
    known: dict[tuple[int, Decimal, str], bool] = {}
    for each in found:
        limits = by.limits(each.sign, each.measured_at)
        if not limits:
            continue
        asked = (id(limits), each.value, each.unit)
        if asked not in known:
            known[asked] = bool(breaches(limits, by.baseline, each.as_rule))
        if known[asked]:
            yield each


def _called(scope: Scope, beyond: Sequence[tuple[UUID, Judging, Judged]], at: datetime) -> list[Alarm]:
    """Raise what is news of the readings beyond a limit: one look at what called before, one write, one telling."""
    numbers = next_numbers(scope, sum(len(by.limits(each.sign, each.measured_at)) for _, by, each in beyond))
    calls = last_calls(scope, {key for key, _, _ in beyond})
    raised = []
    for key, by, reading in beyond:
        limits = by.limits(reading.sign, reading.measured_at)
        called = news(
            limits,
            signs_at(by.protocol, ended=by.ended_at is not None),
            baseline=by.baseline,
            reading=reading.as_rule,
            measured_at=reading.measured_at,
            before=_before(scope, reading) if asks_before(limits, calls[key]) else None,
            calls=calls[key],
        )
        raised += [_alarm(scope, by, reading, breach, at) for breach in called]
        calls[key].update({breach.limit.id: LastCall(at, None) for breach in called})
    raise_numbered(raised, numbers)
    return raised


def _before(scope: Scope, reading: Judged) -> RuleReading | None:
    found = reading_before(
        scope, reading.session_key, sign=reading.sign, measured_at=reading.measured_at, key=reading.key
    )
    return as_rule(found) if found else None


def _alarm(scope: Scope, by: Judging, reading: Judged, breach: Breach, at: datetime) -> Alarm:
    limit = breach.limit
    return Alarm(
        site=scope.site,
        key=key_from(scope.site, str(reading.key), limit.id),
        patient_key=by.patient,
        session_key=reading.session_key,
        kind="limit",
        reading_key=reading.key,
        limit_id=limit.id,
        priority=limit.priority,
        sign=limit.sign,
        value=reading.value,
        compared=round(breach.compared, 3),
        bound=round(breach.bound, 3),
        unit=limit.unit,
        advice=limit.advise[:500],
        raised_at=at,
    )


def next_numbers(scope: Scope, at_most: int) -> Sequence[int]:
    """Return the next numbers of alarms, enough for so many, once no other transaction raises any at the site: they are
    committed in their order. Those that are not used are left out.
    """
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, [f"treat alarms {scope.site}", at_most])
        return [int(number) for (number,) in cursor.fetchall()]


_NEXT = """
WITH turn AS MATERIALIZED (SELECT pg_advisory_xact_lock(hashtextextended(%s::text, 0)))
SELECT nextval('treat_alarm_number') FROM turn, generate_series(1, %s::integer)
"""


def raise_numbered(alarms: Sequence[Alarm], numbers: Sequence[int]) -> None:
    """Store alarms under these numbers, in their order. The database tells whoever listens once this is committed."""
    for alarm, number in zip(alarms, numbers, strict=False):
        alarm.number = number
    record(alarms)


def tell_change(scope: Scope) -> None:
    """Tell whoever listens that something became of an alarm of the site: every page draws its cards anew."""
    notify({"site": scope.site, "changed": True})


def notify(*messages: dict[str, object]) -> None:
    """Send messages on the channel of alarms, once this is committed. A new alarm is told by its table."""
    with connection.cursor() as cursor:
        told = [json.dumps(each) for each in messages]
        cursor.execute("SELECT pg_notify(%s, told) FROM unnest(%s::text[]) AS told", [CHANNEL, told])


@one_step()
def acknowledge(scope: Scope, *, key: UUID, alarm: UUID, act: str, at: datetime, note: str = "") -> AlarmStep:
    """Say who has seen an alarm and what was done (one of the acts); raise NoSuchAlarm, NoAct, NotYourPart."""
    person = demand(scope, Permission.RUN_SESSION, at=at)
    found = alarm_of(scope, alarm)
    if found is None:
        raise NoSuchAlarm("There is no such alarm at this site.")
    if act not in ACTS:
        raise NoAct("Say what was done about the alarm.")
    tell_change(scope)
    return record_one(
        AlarmStep(
            site=scope.site,
            key=key,
            patient_key=found.patient_key,
            session_key=found.session_key,
            alarm_key=alarm,
            step="acknowledged",
            act=act,
            note=seal_text(scope, found.patient_key, note.strip(), fact=key) if note.strip() else b"",
            done_by=person,
            done_at=at,
        )
    )


@one_step()
def pause_sound(scope: Scope, *, key: UUID, session: UUID, at: datetime) -> list[AlarmStep]:
    """Silence the open alarms of a session for the time that the site's definition states; raise NotYourPart.

    What they say stays in sight, they are passed on as before, and an alarm that is raised later sounds at once.
    """
    person = demand(scope, Permission.RUN_SESSION, at=at)
    until = at + timedelta(seconds=calling_at(scope.site).pause.seconds)
    found = [each for each in open_alarms(scope) if each.alarm.session_key == session]
    told = {step.key for each in found for step in each.steps}
    mine = [each.alarm for each in found if key_from(str(key), str(each.alarm.key)) not in told]
    tell_change(scope)
    return [
        record_one(
            AlarmStep(
                site=scope.site,
                key=key_from(str(key), str(alarm.key)),
                patient_key=alarm.patient_key,
                session_key=session,
                alarm_key=alarm.key,
                step="paused",
                until=until,
                done_by=person,
                done_at=at,
            )
        )
        for alarm in mine
    ]


@one_step()
def confirm_sound(scope: Scope, *, key: UUID, session: UUID, at: datetime) -> Check:
    """Say that a person has heard the alarms' sound on the device at the chair; raise NoSuchSession, NotYourPart."""
    person = demand(scope, Permission.RUN_SESSION, at=at)
    now = session_now(scope, session)
    if now is None:
        raise NoSuchSession("There is no such session at this site.")
    return record_one(
        Check(
            site=scope.site,
            key=key,
            patient_key=now.session.patient_key,
            session_key=session,
            kind="sound",
            items={"heard": True},
            signed_by=person,
            signed_at=at,
        )
    )


def record_assessment(
    scope: Scope, *, key: UUID, conclusion: str, reference: str, decided_on: date, review_on: date, at: datetime
) -> Assessment:
    """Record the site's own regulatory assessment: “alarms on” or “alarms off”, the document, and when it is looked
    at again; raise NotAnAssessment. One that is still to come would silence the one that stands.
    """
    if decided_on > today(scope, at):
        raise NotAnAssessment("The day of the decision has not come yet: record it once it has been taken.")
    if conclusion not in ("alarms on", "alarms off") or not reference.strip() or decided_on >= review_on:
        raise NotAnAssessment(
            "Say what was concluded, in which document, and on which later day it is looked at again."
        )
    return record_one(
        Assessment(
            site=scope.site,
            key=key,
            conclusion=conclusion,
            reference=reference.strip()[:200],
            decided_on=decided_on,
            review_on=review_on,
            signed_by=scope.actor,
        )
    )
