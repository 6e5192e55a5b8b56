"""When a patient's questionnaires are due, from the protocol's follow-up and the sessions there were."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from daybreak.rulebook.protocol import FollowUp, Protocol


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
    found = [each for rule in protocol.follow_up for each in _of(rule, sorted(sessions))]
    return sorted(found, key=lambda each: (each.due_at, each.rule))


def _of(rule: FollowUp, sessions: list[datetime]) -> list[Planned]:
    if rule.anchor != "after_last_session":
        return [_at(rule, session, rule.offset_hours) for session in sessions]
    hours = [rule.offset_hours]
    if rule.every_hours is not None and rule.until_hours is not None:
        hours = list(range(rule.offset_hours, rule.until_hours + 1, rule.every_hours))
    return [_at(rule, session, hour) for session in sessions[-1:] for hour in hours]


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
