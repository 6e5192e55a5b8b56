"""What calls beside the limits: a reading that is missing, a stream that stopped, a device of the team that no longer
hears; and who is told when nobody takes an alarm. The numbers are the site's `alarms` definition.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from uuid import UUID

from daybreak.rulebook.public import PATHS, Calling, Due, Sign, Trouble, due, level_after, told_at
from daybreak.treat.rules.alarms import LastCall, interval_of

# A stream is what sends this often; a cuff that measures every ten minutes is none, and the schedule watches it.
_STREAM_GAP = timedelta(seconds=5)
_STREAM_READINGS = 3


@dataclass(frozen=True, slots=True)
class Page:
    """An open page of the team, as its last beat told it. `session` is one that is under watch, or none."""

    device: UUID
    account: UUID
    session: UUID | None
    beat_at: datetime
    hidden_since: datetime | None = None
    blocked_since: datetime | None = None
    deaf_since: datetime | None = None
    moved_since: datetime | None = None

    @property
    def at_chair(self) -> "Place":
        """Who has opened which session on which device."""
        return self.device, self.account, self.session


Place = tuple[UUID, UUID, UUID | None]


@dataclass(frozen=True, slots=True)
class Dead:
    """A device of the team that cannot call, since when, and the session that it watched."""

    trouble: Trouble
    device: UUID
    account: UUID
    session: UUID
    since: datetime


@dataclass(frozen=True, slots=True)
class Missing:
    """A sign that is overdue beyond its grace, with the priority and the advice of the definition."""

    sign: str
    unit: str
    priority: str
    advice: str
    due_at: datetime


def dead_paths(pages: Iterable[Page], *, at: datetime, calling: Calling) -> list[Dead]:
    """Return the devices that cannot call, and why. What one page of a device cannot, another page of it may.

    A device counts while one of its pages shows a session under watch. It is lost when none of its pages beats; only a
    device that beats can be silent, deaf, or off its clock. Out of sight it is asleep, whether it still beats or not.
    """
    by_device: dict[UUID, list[Page]] = defaultdict(list)
    for page in pages:
        by_device[page.device].append(page)
    return [dead for mine in by_device.values() for dead in _of_device(mine, at, calling)]


def _of_device(pages: Sequence[Page], at: datetime, calling: Calling) -> list[Dead]:
    shown = [(page.beat_at, page.account, page.session) for page in pages if page.session is not None]
    if not shown:
        return []
    _, account, session = max(shown)
    device = pages[0].device
    beats = [page for page in pages if at - page.beat_at < timedelta(seconds=calling.of("device_lost").seconds)]
    if not beats and all(page.hidden_since for page in pages):
        return [Dead("tab_asleep", device, account, session, max(filter(None, (page.hidden_since for page in pages))))]
    if not beats:
        return [Dead("device_lost", device, account, session, max(page.beat_at for page in pages))]
    found = []
    for trouble in PATHS[1:]:
        since = _since(trouble, beats)
        waits = 0 if trouble == "clock_jumped" else calling.of(trouble).seconds
        if since is not None and at - since >= timedelta(seconds=waits):
            found.append(Dead(trouble, device, account, session, since))
    return found


def is_replaced(
    dead: Dead, pages: Sequence[Page], *, opened: Mapping[Place, datetime], at: datetime, calling: Calling
) -> bool:
    """Return whether the same person watches the same session on another device, which was opened there only after
    this one fell silent and has been without trouble for twice as long as a silence is waited for: the loss has called
    by then, and one call for a person and a chair is enough. `opened` says when each was opened there first.

    A device that was there before the silence replaces nothing: of two that somebody had, one is missing.
    """
    waits = timedelta(seconds=calling.of("device_lost").seconds)
    silent_since = max(page.beat_at for page in pages if page.device == dead.device)
    return at - silent_since >= waits and any(
        (page.account, page.session) == (dead.account, dead.session)
        and silent_since < opened.get(page.at_chair, silent_since) <= at - 2 * waits
        and at - page.beat_at < waits
        and not (page.hidden_since or page.blocked_since or page.deaf_since)
        for page in pages
        if page.device != dead.device
    )


def _since(trouble: Trouble, beats: Sequence[Page]) -> datetime | None:
    """Since when no page of a device is free of the trouble; a device has one clock, so that one page tells of it."""
    moments = [getattr(page, _FIELDS[trouble]) for page in beats]
    if None in moments and trouble != "clock_jumped":
        return None
    return max((moment for moment in moments if moment is not None), default=None)


_FIELDS: Mapping[Trouble, str] = {
    "tab_asleep": "hidden_since",
    "sound_blocked": "blocked_since",
    "listener_dead": "deaf_since",
    "clock_jumped": "moved_since",
}


def missing_readings(
    signs: Sequence[Sign],
    *,
    started_at: datetime,
    read_at: Mapping[str, datetime],
    at: datetime,
    calling: Calling,
) -> list[Missing]:
    """Return the signs whose grace has passed without a reading. `read_at` maps a sign to its last reading."""
    after = timedelta(seconds=calling.of("missing_reading").seconds)
    waiting = due(signs, started_at=started_at, read_at={sign: [moment] for sign, moment in read_at.items()})
    overdue: dict[str, Due] = {}
    for each in waiting:
        if at >= each.overdue_at + after:
            overdue.setdefault(each.sign, each)
    return [_missing(signs, each, calling) for each in overdue.values()]


def _missing(signs: Sequence[Sign], each: Due, calling: Calling) -> Missing:
    its = next(sign for sign in signs if sign.sign == each.sign)
    usual = calling.of("missing_reading")
    return Missing(
        each.sign, its.unit, its.missing_priority or usual.priority, its.missing_advise or usual.advise, each.due_at
    )


def is_missing_news(signs: Sequence[Sign], sign: str, *, call: LastCall | None, ended: bool, at: datetime) -> bool:
    """Return whether a missing reading calls now: for the first time, anew after it was there again, or again when the
    protocol's own interval has passed since somebody acknowledged that it is missing.
    """
    if call is None or ended:
        return True
    return call.acknowledged_at is not None and at - call.acknowledged_at >= interval_of(signs, sign)


def stopped_streams(
    arrivals: Iterable[tuple[UUID, datetime, datetime]], *, at: datetime, calling: Calling
) -> dict[UUID, datetime]:
    """Return the devices whose readings came in a stream and stopped, each with the moment of the last one.

    `arrivals` are (device, when it was measured, when it arrived), in any order. The values of one message share their
    moment of measuring, so that one long message is no stream.
    """
    measured: dict[UUID, set[datetime]] = defaultdict(set)
    arrived: dict[UUID, datetime] = {}
    for device, moment, arrival in arrivals:
        measured[device].add(moment)
        arrived[device] = max(arrival, arrived.get(device, arrival))
    silent = timedelta(seconds=calling.of("silent_stream").seconds)
    return {
        device: arrived[device]
        for device, moments in measured.items()
        if _is_stream(sorted(moments)[-_STREAM_READINGS:]) and at - arrived[device] >= silent
    }


def _is_stream(last: Sequence[datetime]) -> bool:
    gaps = [later - earlier for earlier, later in pairwise(last)]
    return len(last) == _STREAM_READINGS and max(gaps) <= _STREAM_GAP


def passed_on(
    calling: Calling, *, priority: str, raised_at: datetime, level: int, at: datetime
) -> tuple[int, tuple[str, ...]] | None:
    """Return the level at which an alarm that nobody took stands now, and the roles it is told to; nothing where it
    already stands there. Levels that passed while nothing ran are not told one by one.
    """
    escalation = next(each for each in calling.escalation if each.priority == priority)
    now = level_after(escalation, (at - raised_at).total_seconds())
    return (now, told_at(escalation, now)) if now > level else None
