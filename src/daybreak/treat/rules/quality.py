"""How well a session was watched: the readings that the protocol asked for, and the limits that were crossed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from daybreak.rulebook.public import Limit, Reading, Sign, breaches


@dataclass(frozen=True, slots=True)
class Watched:
    """One line of the schedule over a stretch of time. `asked` = `in_time` + `late` + `missed`.

    `longest_gap` is the longest stretch without a reading, the ends of the stretch included.
    """

    sign: str
    asked: int
    in_time: int
    late: int
    missed: int
    longest_delay: timedelta
    longest_gap: timedelta


@dataclass(frozen=True, slots=True)
class Crossing:
    """A limit that was crossed at a moment, until a reading came back within it (or the end). `acted_at` is the first
    act of the team after it, if there was one before it was over.
    """

    limit: str
    sign: str
    at: datetime
    over_at: datetime | None
    acted_at: datetime | None


def watched(
    signs: Sequence[Sign], *, since: datetime, until: datetime, read_at: Mapping[str, Sequence[datetime]]
) -> list[Watched]:
    """Return how each line of a schedule was kept in [since, until), by the moments each sign was read.

    A repeated sign is asked for at the start, then its interval after each reading; in a silence, once each interval.
    A reading up to the grace before or after is in time; a later one before the next is late. What was asked for so
    close to the end that its grace was not over, is not counted as missed.
    """
    return [_line(sign, since, until, sorted(m for m in read_at.get(sign.sign, ()) if m < until)) for sign in signs]


def _line(sign: Sign, since: datetime, until: datetime, moments: list[datetime]) -> Watched:
    grace = timedelta(minutes=sign.grace_minutes)
    here = [moment for moment in moments if moment >= since - grace]
    delays, missed = (
        _repeated(timedelta(minutes=sign.every_minutes), grace, since, until, here)
        if sign.every_minutes
        else _named([since + timedelta(minutes=m) for m in sorted(sign.at_minutes)], grace, until, here)
    )
    late = [delay for delay in delays if delay > grace]
    edges = [since, *(moment for moment in here if moment > since), until]
    gaps = [after - before for before, after in pairwise(edges)]
    return Watched(
        sign=sign.sign,
        asked=len(delays) + missed,
        in_time=len(delays) - len(late),
        late=len(late),
        missed=missed,
        longest_delay=max(late, default=timedelta(0)),
        longest_gap=max(gaps, default=timedelta(0)),
    )


def _repeated(
    every: timedelta, grace: timedelta, since: datetime, until: datetime, moments: list[datetime]
) -> tuple[list[timedelta], int]:
    """Return the delay of each answer to the schedule, and how many times it was asked in vain."""
    delays, missed, due = [], 0, since
    for moment in moments:
        if moment >= due - grace:
            skipped = (moment - due + grace) // every
            missed += skipped
            delays.append(max(timedelta(0), moment - due - skipped * every))
        due = moment + every
    open_slots = (until - due - grace) // every + 1 if until >= due + grace else 0
    return delays, missed + open_slots


def _named(
    dues: list[datetime], grace: timedelta, until: datetime, moments: list[datetime]
) -> tuple[list[timedelta], int]:
    delays, missed = [], 0
    for due, following in zip(dues, [*dues[1:], until + grace], strict=True):
        answer = next((moment for moment in moments if due - grace <= moment < following - grace), None)
        if answer is not None:
            delays.append(max(timedelta(0), answer - due))
        elif due + grace <= until:
            missed += 1
    return delays, missed


def crossings(
    limits: Sequence[Limit],
    readings: Iterable[tuple[datetime, Reading]],
    *,
    baseline: Mapping[str, Reading],
    acts: Sequence[datetime],
    until: datetime,
) -> list[Crossing]:
    """Return each crossing of a limit by readings in the order they were measured, with the first act that followed
    before it was over; a single look at the patient is an act, silence is none.
    """
    told = sorted(readings, key=lambda pair: pair[0])
    return [
        Crossing(limit.id, limit.sign, begun, over, _first_act(acts, begun, over or until))
        for limit in limits
        for begun, over in _stretches(limit, told, baseline)
    ]


def _stretches(
    limit: Limit, told: list[tuple[datetime, Reading]], baseline: Mapping[str, Reading]
) -> list[tuple[datetime, datetime | None]]:
    found: list[tuple[datetime, datetime | None]] = []
    begun: datetime | None = None
    for moment, reading in told:
        if reading.sign != limit.sign:
            continue
        beyond = bool(breaches([limit], baseline, reading))
        if beyond and begun is None:
            begun = moment
        elif not beyond and begun is not None:
            found.append((begun, moment))
            begun = None
    return [*found, (begun, None)] if begun is not None else found


def _first_act(acts: Sequence[datetime], since: datetime, until: datetime) -> datetime | None:
    return min((act for act in acts if since <= act <= until), default=None)
