"""The alarms of a period's sessions, counted for the site and for each session and kind."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from daybreak.kernel.scope import Scope
from daybreak.ledger.public import Read, rows
from daybreak.treat.models import Alarm, AlarmStep, SessionStep
from daybreak.treat.queries.alarms import AlarmNow, with_steps
from daybreak.treat.queries.sessions import SessionSummary, sessions_of_keys
from daybreak.treat.rules.burden import Burden, Called, Infusion, burden
from daybreak.treat.rules.steps import Step


@dataclass(frozen=True, slots=True)
class Counted:
    """The burden of a period: of all its sessions, of each, and of each kind of alarm by its limit and priority."""

    whole: Burden
    sessions: list[tuple[SessionSummary, Burden]]
    kinds: list[tuple[str, str, Burden]]


def alarm_burden(scope: Scope, *, since: datetime, until: datetime, at: datetime) -> Counted:
    """Return the burden of the sessions whose dose began in [since, until), as it stands at the moment `at`."""
    begun = SessionStep.objects.filter(site=scope.site, step=Step.STARTED, done_at__gte=since, done_at__lt=until)
    found = sessions_of_keys(scope, list(begun.values_list("session_key", flat=True)))
    keys = [line.key for line in found]
    raised = rows(Read(Alarm, {"site": scope.site, "session_key": keys}, by=("number",))) if keys else []
    steps = rows(Read(AlarmStep, {"site": scope.site, "session_key": keys}, by=("done_at", "key"))) if keys else []
    alarms = with_steps(raised, steps)
    sessions = [
        (line, Infusion(line.started_at, line.ended_at), [a for a in alarms if a.alarm.session_key == line.key])
        for line in found
        if line.started_at is not None
    ]
    names = sorted({(each.alarm.limit_id, each.alarm.priority) for each in alarms})
    return Counted(
        whole=burden(((infusion, _called(mine)) for _, infusion, mine in sessions), at=at),
        sessions=[(line, burden([(infusion, _called(mine))], at=at)) for line, infusion, mine in sessions],
        kinds=[
            (
                limit,
                priority,
                burden(
                    (
                        (i, _called(a for a in mine if (a.alarm.limit_id, a.alarm.priority) == (limit, priority)))
                        for _, i, mine in sessions
                    ),
                    at=at,
                ),
            )
            for limit, priority in names
        ],
    )


def _called(alarms: Iterable[AlarmNow]) -> list[Called]:
    return [
        Called(
            raised_at=each.alarm.raised_at,
            acknowledged_at=each.acknowledged.done_at if each.acknowledged else None,
            act=each.acknowledged.act if each.acknowledged else "",
            ended=each.ended is not None,
            paused=each.paused is not None,
            passed_on=each.level > 0,
        )
        for each in alarms
    ]
