"""When sessions, questionnaires and reports are due, from the protocol and the sessions there were."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from daybreak.rulebook.course import FollowUp, Phase, Report
from daybreak.rulebook.protocol import Protocol


@dataclass(frozen=True, slots=True)
class Planned:
    """An instrument that is due, half-open from `opens_at` to `closes_at`.

    `session` is the moment it hangs on.
    """

    rule: str
    instrument: str
    session: datetime
    due_at: datetime
    opens_at: datetime
    closes_at: datetime


def planned(protocol: Protocol, sessions: Sequence[datetime]) -> list[Planned]:
    """Return everything the follow-up of `protocol` asks for around `sessions` (their starts), the
    earliest first.

    Assessments after the last session are counted from the last of `sessions`: they move on when
    another is added.
    """
    return planned_by(protocol.follow_up, sessions)


def planned_by(rules: Iterable[FollowUp], sessions: Sequence[datetime]) -> list[Planned]:
    """Return everything that rules of follow-up ask for around `sessions`, the earliest first."""
    found = [each for rule in rules for each in _of(rule, sorted(sessions))]
    return sorted(found, key=lambda each: (each.due_at, each.rule))


def _of(rule: FollowUp, sessions: list[datetime]) -> list[Planned]:
    if rule.anchor in ("before_session", "after_session"):
        step = rule.every_sessions or 1
        return [_at(rule, session, rule.offset_hours) for session in sessions[step - 1 :: step]]
    anchors = sessions[:1] if rule.anchor == "after_first_session" else sessions[-1:]
    hours = [rule.offset_hours]
    if rule.every_hours is not None and rule.until_hours is not None:
        hours = list(range(rule.offset_hours, rule.until_hours + 1, rule.every_hours))
    return [_at(rule, session, hour) for session in anchors for hour in hours]


def _at(rule: FollowUp, session: datetime, hours: int) -> Planned:
    sign = -1 if rule.anchor == "before_session" else 1
    due_at = session + sign * timedelta(hours=hours)
    return Planned(
        rule=rule.id,
        instrument=rule.instrument,
        session=session,
        due_at=due_at,
        opens_at=due_at - timedelta(hours=rule.opens_hours_before),
        closes_at=due_at + timedelta(hours=rule.closes_hours_after),
    )


@dataclass(frozen=True, slots=True)
class Slot:
    """Some days of the course in which so many sessions are expected, both days in it."""

    phase: Phase
    first_day: date
    last_day: date
    sessions: int


def slots(protocol: Protocol, first_session: date, *, until: date) -> list[Slot]:
    """Return what the schedule expects from the day of the first session up to and with `until`, the earliest first.

    A phase with a blank expects nothing yet.
    """
    found: list[Slot] = []
    for phase in protocol.schedule:
        last = (until - first_session).days + 1 if phase.days[1] is None else phase.days[1]
        for start, length, sessions in () if phase.blanks else _pieces(phase, last):
            begin = first_session + timedelta(days=start - 1)
            if begin <= until:
                found.append(Slot(phase, begin, begin + timedelta(days=length - 1), sessions))
    return sorted(found, key=lambda slot: slot.first_day)


def _pieces(phase: Phase, last: int) -> list[tuple[int, int, int]]:
    """Return (day of the course, number of days, number of sessions) for each piece of a phase."""
    if phase.on_days:
        return [(day, 1, 1) for day in phase.on_days if day <= last]
    if phase.every_days:
        return [(day, 1, 1) for day in range(phase.days[0], last + 1, phase.every_days)]
    length = 7 * (phase.every_weeks or 1)
    return [(day, length, phase.times or 0) for day in range(phase.days[0], last + 1, length)]


def phase_on(protocol: Protocol, day: int) -> Phase | None:
    """Return the phase of the schedule in which a day of the course (from 1) lies."""
    return next(
        (p for p in protocol.schedule if p.days[0] <= day and (p.days[1] is None or day <= p.days[1])),
        None,
    )


def report_due(report: Report, session_at: datetime) -> datetime | None:
    """Return by when a report of a session is owed; None where the definition leaves the days blank."""
    return None if report.due_days is None else session_at + timedelta(days=report.due_days)
