"""The watch over the alert path: the team's pages beat, and what is missing, dead or taken by nobody calls.

One round at a time does this for a site, whichever process it runs in; what it raises has a key made from the trouble
itself, so that two rounds would raise it once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection

from daybreak.kernel.keys import key_from
from daybreak.kernel.permissions import Permission
from daybreak.kernel.scope import Scope
from daybreak.ledger.public import one_step, record
from daybreak.rulebook.public import Calling, Trouble
from daybreak.treat.actions.alarms import next_numbers, raise_numbered, tell_change
from daybreak.treat.actions.steps import demand
from daybreak.treat.models import Alarm, AlarmStep, Presence
from daybreak.treat.queries.alarms import (
    AlarmNow,
    alarms_are_on,
    alarms_of_kinds,
    call_of,
    calling_at,
    known_alarms,
    open_alarms,
)
from daybreak.treat.queries.answers import today
from daybreak.treat.queries.watching import Arrived, UnderWatch, arrived, first_opened, pages, under_watch
from daybreak.treat.rules.alarms import signs_at
from daybreak.treat.rules.watching import (
    Dead,
    Missing,
    dead_paths,
    is_missing_news,
    is_replaced,
    missing_readings,
    passed_on,
    stopped_streams,
)

FORGOTTEN_AFTER = timedelta(hours=12)

_BEAT = """
INSERT INTO treat_presence AS p (site, key, device_key, account_key, session_key, heard_number, offset_ms,
    first_offset_ms, opened_at, beat_at, hidden_since, blocked_since, deaf_since)
VALUES (%(site)s, %(page)s, %(device)s, %(account)s, %(session)s, %(heard)s, %(offset)s, %(offset)s, %(at)s, %(at)s,
    CASE WHEN %(visible)s THEN NULL ELSE %(at)s END, CASE WHEN %(sound)s THEN NULL ELSE %(at)s END,
    CASE WHEN %(hears)s THEN NULL ELSE %(at)s END)
ON CONFLICT (site, key) DO UPDATE SET
    account_key = EXCLUDED.account_key, session_key = EXCLUDED.session_key, heard_number = EXCLUDED.heard_number,
    offset_ms = EXCLUDED.offset_ms, beat_at = EXCLUDED.beat_at,
    hidden_since = CASE WHEN %(visible)s THEN NULL ELSE coalesce(p.hidden_since, %(at)s) END,
    blocked_since = CASE WHEN %(sound)s THEN NULL ELSE coalesce(p.blocked_since, %(at)s) END,
    deaf_since = CASE WHEN %(hears)s THEN NULL ELSE coalesce(p.deaf_since, %(at)s) END,
    moved_since = CASE WHEN abs(EXCLUDED.offset_ms - p.first_offset_ms) <= %(drift)s THEN NULL
                       ELSE coalesce(p.moved_since, %(at)s) END
WHERE EXCLUDED.beat_at >= p.beat_at AND p.left_at IS NULL
"""


def beat(
    scope: Scope,
    *,
    page: UUID,
    device: UUID,
    session: UUID | None,
    visible: bool,
    sound: bool,
    hears: bool,
    heard: int,
    device_at: datetime,
    at: datetime,
) -> None:
    """Note that a page of the team is open on a device, and what it can do; raise NotYourPart."""
    person = demand(scope, Permission.RUN_SESSION, at=at)
    with connection.cursor() as cursor:
        cursor.execute(
            _BEAT,
            {
                "site": scope.site, "page": page, "device": device, "account": person, "session": session,
                "visible": visible, "sound": sound, "hears": hears, "heard": heard, "at": at,
                "offset": int((device_at - at) / timedelta(milliseconds=1)),
                "drift": calling_at(scope.site).of("clock_jumped").seconds * 1000,
            },
        )  # fmt: skip


def say_goodbye(scope: Scope, *, page: UUID, at: datetime) -> None:
    """Note that a person closed a page of the team, so that nobody misses it; raise NotYourPart.

    An earlier page of the same device that was in sight and beats no more was closed without a word: the device lived
    on, and is not missed for it either.
    """
    demand(scope, Permission.RUN_SESSION, at=at)
    here = Presence.objects.filter(site=scope.site, left_at=None)
    device = here.filter(key=page).values_list("device_key", flat=True).first()
    here.filter(key=page).update(left_at=at)
    silent = at - timedelta(seconds=calling_at(scope.site).of("device_lost").seconds)
    here.filter(device_key=device, hidden_since=None, beat_at__lt=silent).update(left_at=at)


@dataclass(frozen=True, slots=True)
class _Round:
    """What one round found before it does anything; `over` gathers what it ends."""

    scope: Scope
    at: datetime
    calling: Calling
    sessions: list[UnderWatch]
    latest: dict[UUID, Arrived]
    waiting: list[AlarmNow]
    over: set[UUID]


@one_step()
def watch_over(scope: Scope, *, at: datetime, judge_pages: bool = True) -> int:
    """Raise what calls at the site now, end what is there again, pass on what nobody took; return how much of it.

    Nothing is done where alarms are off, or while another round is at work. `judge_pages` is False just after this
    watch itself was away: no page could beat to it.
    """
    if not alarms_are_on(scope, today(scope, at)) or not _is_free(f"treat watch {scope.site}"):
        return 0
    sessions = under_watch(scope)
    now = _Round(scope, at, calling_at(scope.site), sessions, arrived(scope, sessions), open_alarms(scope), set())
    done = _missing(now) + _streams(now)
    if judge_pages:
        done += _paths(now)
    return done + _pass_on(now)


def _is_free(name: str) -> bool:
    """Hold `name` until this transaction ends, unless another one does."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [name])
        return bool(cursor.fetchone()[0])


def _missing(now: _Round) -> int:
    there: set[tuple[UUID, str]] = set()
    new: list[Alarm] = []
    before = alarms_of_kinds(now.scope, "missing", [line.key for line in now.sessions])
    for line in now.sessions:
        signs = signs_at(line.protocol, ended=line.ended_at is not None)
        since, read_at = line.ended_at or line.started_at, now.latest[line.key].read_at
        for each in missing_readings(signs, started_at=since, read_at=read_at, at=now.at, calling=now.calling):
            there.add((line.key, each.sign))
            calls = [call for call in before if (call.alarm.session_key, call.alarm.sign) == (line.key, each.sign)]
            last = call_of(calls[-1]) if calls else None
            ended = bool(calls) and calls[-1].ended is not None
            if is_missing_news(signs, each.sign, call=last, ended=ended, at=now.at):
                new.append(_alarm_of_missing(now, line, each, len(calls)))
    over = [each for each in _open(now, "missing") if (each.alarm.session_key, each.alarm.sign) not in there]
    return _raise(now, new) + _end(now, over)


def _alarm_of_missing(now: _Round, line: UnderWatch, each: Missing, number: int) -> Alarm:
    return Alarm(
        site=now.scope.site,
        key=key_from("missing", now.scope.site, str(line.key), each.sign, each.due_at.isoformat(), str(number)),
        patient_key=line.patient_key,
        session_key=line.key,
        kind="missing",
        limit_id="missing_reading",
        priority=each.priority,
        sign=each.sign,
        unit=each.unit,
        advice=each.advice[:500],
        since=each.due_at,
        raised_at=now.at,
    )


def _streams(now: _Round) -> int:
    there: set[tuple[UUID, UUID | None]] = set()
    new = []
    for line in now.sessions:
        stopped = stopped_streams(now.latest[line.key].by_device, at=now.at, calling=now.calling)
        for device, since in stopped.items():
            there.add((line.key, device))
            new.append(_alarm_of(now, "stream", "silent_stream", line, device, since))
    over = [each for each in _open(now, "stream") if (each.alarm.session_key, each.alarm.about_key) not in there]
    return _raise(now, new) + _end(now, over)


def _paths(now: _Round) -> int:
    lines = {line.key: line for line in now.sessions}
    Presence.objects.filter(site=now.scope.site, beat_at__lt=now.at - FORGOTTEN_AFTER).delete()
    dead = _dead(now, set(lines))
    there = {(each.device, str(each.trouble)) for each in dead}
    new = [
        _alarm_of(now, "path", each.trouble, lines[each.session], each.device, each.since, account=each.account)
        for each in dead
    ]
    over = [each for each in _open(now, "path") if (each.alarm.about_key, each.alarm.limit_id) not in there]
    return _raise(now, new) + _end(now, over)


def _dead(now: _Round, sessions: set[UUID]) -> list[Dead]:
    """The devices that cannot call and that nobody has replaced."""
    here = pages(now.scope, sessions)
    dead = dead_paths(here, at=now.at, calling=now.calling)
    opened = first_opened(now.scope, {each.session for each in dead}) if dead else {}
    return [each for each in dead if not is_replaced(each, here, opened=opened, at=now.at, calling=now.calling)]


def _alarm_of(
    now: _Round,
    kind: str,
    trouble: Trouble,
    line: UnderWatch,
    device: UUID,
    since: datetime,
    account: UUID | None = None,
) -> Alarm:
    its = now.calling.of(trouble)
    return Alarm(
        site=now.scope.site,
        key=key_from(kind, now.scope.site, str(line.key), str(device), trouble, since.isoformat()),
        patient_key=line.patient_key,
        session_key=line.key,
        kind=kind,
        limit_id=trouble,
        priority=its.priority,
        sign="",
        unit="",
        advice=its.advise[:500],
        about_key=device,
        about_account=account,
        since=since,
        raised_at=now.at,
    )


def _open(now: _Round, kind: str) -> list[AlarmNow]:
    return [each for each in now.waiting if each.alarm.kind == kind]


def _raise(now: _Round, alarms: Sequence[Alarm]) -> int:
    """Store and tell those that are not known; each is told once, by its key."""
    known = known_alarms(now.scope, [each.key for each in alarms])
    new = [each for each in alarms if each.key not in known]
    if new:
        raise_numbered(new, next_numbers(now.scope, len(new)))
    return len(new)


def _end(now: _Round, over: Sequence[AlarmNow]) -> int:
    now.over.update(each.alarm.key for each in over)
    return _add(now, [_step(each.alarm, "ended", now.at) for each in over])


def _pass_on(now: _Round) -> int:
    steps = []
    for each in now.waiting:
        alarm = each.alarm
        if alarm.key in now.over:
            continue
        found = passed_on(now.calling, priority=alarm.priority, raised_at=alarm.raised_at, level=each.level, at=now.at)
        if found:
            level, told = found
            steps.append(_step(alarm, "escalated", now.at, level=level, told=", ".join(told)))
    return _add(now, steps)


def _step(alarm: Alarm, step: str, at: datetime, *, level: int = 0, told: str = "") -> AlarmStep:
    return AlarmStep(
        site=alarm.site,
        key=key_from(step, str(alarm.key), str(level)),
        patient_key=alarm.patient_key,
        session_key=alarm.session_key,
        alarm_key=alarm.key,
        step=step,
        level=level,
        told=told[:200],
        done_at=at,
    )


def _add(now: _Round, steps: Sequence[AlarmStep]) -> int:
    if steps:
        record(steps)
        tell_change(now.scope)
    return len(steps)
