"""Alarms, and whether they are on."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from daybreak.kernel.scope import Scope
from daybreak.ledger.public import Read, rows, standing, together
from daybreak.treat.models import Alarm, AlarmStep, Assessment
from daybreak.treat.rules.alarms import LastCall, are_on


@dataclass(frozen=True, slots=True)
class AlarmNow:
    """An alarm with the first person who acknowledged it."""

    alarm: Alarm
    acknowledged: AlarmStep | None


def assessment(scope: Scope) -> Assessment | None:
    """Return the site's newest regulatory assessment, or nothing."""
    every = rows(Read(Assessment, {"site": scope.site}, by=("decided_on", "recorded_at", "key")))
    return every[-1] if every else None


def alarms_are_on(scope: Scope, on: date) -> bool:
    """Return whether readings beyond a limit call for someone at this site on that day."""
    newest = assessment(scope)
    return newest is not None and are_on(
        conclusion=newest.conclusion, decided_on=newest.decided_on, review_on=newest.review_on, on=on
    )


def alarms_of(scope: Scope, session: UUID) -> list[AlarmNow]:
    """Return the alarms of a session, oldest first."""
    of_it = {"site": scope.site, "session_key": session}
    raised, seen = together(
        Read(Alarm, of_it, by=("number",)),
        Read(AlarmStep, {**of_it, "step": "acknowledged"}, by=("done_at", "key")),
    )
    return _with_steps(raised, seen)


def open_alarms(scope: Scope) -> list[AlarmNow]:
    """Return the site's alarms that nobody has acknowledged, oldest first."""
    seen = AlarmStep.objects.filter(site=scope.site, step="acknowledged").values("alarm_key")
    waiting = standing(Alarm).filter(site=scope.site).exclude(key__in=seen).order_by("number")
    return _with_steps(list(waiting), [])


def alarm(scope: Scope, key: UUID) -> Alarm | None:
    """Return one alarm, or nothing."""
    return next(iter(rows(Read(Alarm, {"site": scope.site, "key": key}))), None)


def alarms_after(scope: Scope, number: int, *, at_most: int = 200) -> list[Alarm]:
    """Return the site's alarms with a higher number, in order: what a listener missed."""
    return list(standing(Alarm).filter(site=scope.site, number__gt=number).order_by("number")[:at_most])


def newest_number(scope: Scope) -> int:
    """Return the number of the site's newest alarm; 0 before the first."""
    return standing(Alarm).filter(site=scope.site).order_by("-number").values_list("number", flat=True).first() or 0


def last_calls(scope: Scope, session: UUID) -> dict[str, LastCall]:
    """Return the newest alarm of each limit in a session."""
    return {
        now.alarm.limit_id: LastCall(now.alarm.raised_at, now.acknowledged.done_at if now.acknowledged else None)
        for now in alarms_of(scope, session)
    }


def _with_steps(alarms: list[Alarm], acknowledged: list[AlarmStep]) -> list[AlarmNow]:
    first: dict[UUID, AlarmStep] = {}
    for step in acknowledged:
        first.setdefault(step.alarm_key, step)
    return [AlarmNow(alarm, first.get(alarm.key)) for alarm in alarms]
