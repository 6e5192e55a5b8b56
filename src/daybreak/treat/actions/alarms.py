"""Alarms are raised in the transaction of the reading, told by NOTIFY on breach only, and acknowledged by a named
person, who may pause their sound for a stated time.
"""

import json
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import connection

from daybreak.identity.public import seal_text
from daybreak.kernel.keys import key_from
from daybreak.kernel.permissions import Permission
from daybreak.kernel.refusal import Refusal
from daybreak.kernel.scope import Scope
from daybreak.ledger.public import one_step, record, record_one
from daybreak.rulebook.public import Breach, breaches
from daybreak.treat.actions.steps import NoSuchSession, demand, wait_for
from daybreak.treat.models import Alarm, AlarmStep, Assessment, Check, Reading
from daybreak.treat.queries.alarms import alarm as alarm_of
from daybreak.treat.queries.alarms import alarms_are_on, calling_at, last_calls, open_alarms
from daybreak.treat.queries.answers import today
from daybreak.treat.queries.readings import as_rule, baseline_of, reading_before
from daybreak.treat.queries.sessions import SessionNow, session_now
from daybreak.treat.rules.alarms import limits_at, news, signs_at
from daybreak.treat.rules.events import ACTS

CHANNEL = "daybreak_alarm"


class NoSuchAlarm(Refusal):
    """There is no alarm of that key at the site."""


class NoAct(Refusal):
    """An acknowledgement that does not say what was done."""


class NotAnAssessment(Refusal):
    """The words do not make an assessment."""


def raise_alarms(scope: Scope, readings: Sequence[Reading], *, at: datetime) -> list[Alarm]:
    """Raise what the new `readings` call for; nothing where the site's alarms are off. Call it in their transaction."""
    if not readings or not alarms_are_on(scope, today(scope, at)):
        return []
    by_session: dict[UUID, list[Reading]] = defaultdict(list)
    for reading in sorted(readings, key=lambda each: (each.measured_at, each.key)):
        by_session[reading.session_key].append(reading)
    return [alarm for key, rows in by_session.items() for alarm in _of_session(scope, key, rows, at)]


def _of_session(scope: Scope, key: UUID, rows: Sequence[Reading], at: datetime) -> list[Alarm]:
    now = session_now(scope, key)
    if now is None or now.started_at is None:
        return []
    baseline = {sign: as_rule(row) for sign, row in baseline_of(scope, now).items()}
    raised: list[Alarm] = []
    for row in rows:
        limits = limits_at(now.protocol, measured_at=row.measured_at, started_at=now.started_at, ended_at=now.ended_at)
        if not breaches(limits, baseline, as_rule(row)):
            continue
        wait_for(f"treat alarms {scope.site}")
        before = reading_before(scope, key, sign=row.sign, measured_at=row.measured_at, key=row.key)
        called = news(
            limits,
            signs_at(now.protocol, ended=now.ended_at is not None),
            baseline=baseline,
            reading=as_rule(row),
            measured_at=row.measured_at,
            before=as_rule(before) if before else None,
            calls=last_calls(scope, key),
        )
        raised += [_raise(scope, now, row, breach, at) for breach in called]
    return raised


def _raise(scope: Scope, now: SessionNow, row: Reading, breach: Breach, at: datetime) -> Alarm:
    limit = breach.limit
    alarm = Alarm(
        site=scope.site,
        key=key_from(scope.site, str(row.key), limit.id),
        patient_key=now.session.patient_key,
        session_key=now.session.key,
        kind="limit",
        reading_key=row.key,
        number=next_number(),
        limit_id=limit.id,
        priority=limit.priority,
        sign=limit.sign,
        value=row.value,
        compared=round(breach.compared, 3),
        bound=round(breach.bound, 3),
        unit=limit.unit,
        advice=limit.advise[:500],
        raised_at=at,
    )
    record([alarm])
    tell(alarm)
    return alarm


def next_number() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('treat_alarm_number')")
        return int(cursor.fetchone()[0])


def tell(alarm: Alarm) -> None:
    """Tell whoever listens of an alarm, once the transaction is committed."""
    message: dict[str, object] = {
        "site": alarm.site,
        "session": str(alarm.session_key),
        "alarm": str(alarm.key),
        "number": alarm.number,
        "priority": alarm.priority,
    }
    notify(message)


def tell_change(scope: Scope) -> None:
    """Tell whoever listens that something became of an alarm of the site: every page draws its cards anew."""
    notify({"site": scope.site, "changed": True})


def notify(message: dict[str, object]) -> None:
    """Send a message on the channel of alarms, once the transaction is committed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, json.dumps(message)])


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
    scope: Scope, *, key: UUID, conclusion: str, reference: str, decided_on: date, review_on: date
) -> Assessment:
    """Record the site's own regulatory assessment: “alarms on” or “alarms off”, the document, and when it is looked
    at again.
    """
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
