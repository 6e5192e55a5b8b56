"""Alarms, what became of each, how they call at the site, and whether they are on."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import connection

from daybreak.kernel.scope import Scope
from daybreak.ledger.public import Read, rows, standing, together
from daybreak.measure.public import library
from daybreak.rulebook.public import Calling
from daybreak.treat.models import Alarm, AlarmStep, Assessment, OpenAlarm
from daybreak.treat.rules.alarms import LastCall, are_on


@dataclass(frozen=True, slots=True)
class AlarmNow:
    """An alarm with what became of it, the oldest step first."""

    alarm: Alarm
    steps: tuple[AlarmStep, ...] = ()

    @property
    def acknowledged(self) -> AlarmStep | None:
        """The first person who acknowledged it."""
        return self._first("acknowledged")

    @property
    def ended(self) -> AlarmStep | None:
        """When it ended by itself: what was missing is there again."""
        return self._first("ended")

    @property
    def is_open(self) -> bool:
        """Whether it still waits for somebody."""
        return self.acknowledged is None and self.ended is None

    @property
    def level(self) -> int:
        """How often it was passed on."""
        return max((step.level for step in self.steps), default=0)

    @property
    def told(self) -> tuple[str, ...]:
        """The roles that it was passed on to."""
        last = max((step for step in self.steps if step.step == "escalated"), key=lambda each: each.level, default=None)
        return tuple(last.told.split(", ")) if last else ()

    @property
    def paused(self) -> AlarmStep | None:
        """The newest pause of its sound."""
        return max((step for step in self.steps if step.step == "paused"), key=lambda each: each.until, default=None)

    def is_quiet(self, at: datetime) -> bool:
        """Whether somebody has paused its sound until later than `at`."""
        return self.paused is not None and at < self.paused.until

    def _first(self, name: str) -> AlarmStep | None:
        return next((step for step in self.steps if step.step == name), None)


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
        Read(AlarmStep, of_it, by=("done_at", "key")),
    )
    return with_steps(raised, seen)


def open_alarms(scope: Scope) -> list[AlarmNow]:
    """Return the site's alarms that nobody has acknowledged and that have not ended, oldest first."""
    keys = list(OpenAlarm.objects.filter(site=scope.site).values_list("alarm_key", flat=True))
    if not keys:
        return []
    waiting, steps = together(
        Read(Alarm, {"site": scope.site, "key": keys}, by=("number",)),
        Read(AlarmStep, {"site": scope.site, "alarm_key": keys}, by=("done_at", "key")),
    )
    # One that was taken since the keys were read is open no more.
    return [each for each in with_steps(waiting, steps) if each.is_open]


def alarm(scope: Scope, key: UUID) -> Alarm | None:
    """Return one alarm, or nothing."""
    return next(iter(rows(Read(Alarm, {"site": scope.site, "key": key}))), None)


def alarms_after(scope: Scope, number: int, *, at_most: int = 200) -> list[Alarm]:
    """Return the site's alarms with a higher number, in order: what a listener missed."""
    return list(standing(Alarm).filter(site=scope.site, number__gt=number).order_by("number")[:at_most])


def alarms_of_kinds(scope: Scope, kind: str, sessions: list[UUID]) -> list[AlarmNow]:
    """Return the alarms of one kind in these sessions, oldest first."""
    if not sessions:
        return []
    asked = Read(Alarm, {"site": scope.site, "kind": kind, "session_key": sessions}, by=("number",))
    raised, steps = together(
        asked, Read(AlarmStep, {"site": scope.site, "alarm_key": asked.its("key")}, by=("done_at", "key"))
    )
    return with_steps(raised, steps)


def known_alarms(scope: Scope, keys: list[UUID]) -> set[UUID]:
    """Return those of the keys under which an alarm was raised."""
    return set(Alarm.objects.filter(site=scope.site, key__in=keys).values_list("key", flat=True)) if keys else set()


def newest_number(scope: Scope) -> int:
    """Return the number of the site's newest alarm; 0 before the first."""
    return standing(Alarm).filter(site=scope.site).order_by("-number").values_list("number", flat=True).first() or 0


def last_calls(scope: Scope, sessions: Collection[UUID]) -> dict[UUID, dict[str, LastCall]]:
    """Return for each session the newest alarm of each of its limits."""
    found: dict[UUID, dict[str, LastCall]] = {session: {} for session in sessions}
    with connection.cursor() as cursor:
        cursor.execute(_LAST_CALLS, [scope.site, list(sessions)])
        for session, limit, raised_at, acknowledged_at in cursor.fetchall():
            found[session][limit] = LastCall(raised_at, acknowledged_at)
    return found


_LAST_CALLS = """
SELECT DISTINCT ON (session_key, limit_id) session_key, limit_id, raised_at,
       (SELECT min(s.done_at) FROM treat_alarmstep s
        WHERE s.site = a.site AND s.alarm_key = a.key AND s.step = 'acknowledged')
FROM treat_alarm a WHERE site = %s AND session_key = ANY (%s) AND kind = 'limit'
ORDER BY session_key, limit_id, number DESC
"""


def call_of(now: AlarmNow) -> LastCall:
    """Return an alarm as the rules see it."""
    return LastCall(now.alarm.raised_at, now.acknowledged.done_at if now.acknowledged else None)


def calling_at(site: str) -> Calling:
    """Return how alarms call at a site: its own definition, whose id is the site's code, else the shared one."""
    held = library()
    own = {each.id for each in held.active("alarms")}
    return held.calling(site if site in own else "bedside")


def with_steps(alarms: list[Alarm], steps: Iterable[AlarmStep]) -> list[AlarmNow]:
    """Return alarms with what became of each."""
    of_each: dict[UUID, list[AlarmStep]] = defaultdict(list)
    for step in steps:
        of_each[step.alarm_key].append(step)
    return [AlarmNow(alarm, tuple(of_each[alarm.key])) for alarm in alarms]
