"""The calendar of the chairs: a day with its hours, or a week; and what a taken chair is told as."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from daybreak.design.public import clock
from daybreak.design.public import day as day_in_words
from daybreak.identity.public import persons
from daybreak.kernel.moments import now as this_moment
from daybreak.kernel.permissions import Permission
from daybreak.kernel.scope import Scope
from daybreak.people.public import requires
from daybreak.treat.actions.places import ChairTaken
from daybreak.treat.queries.answers import today as today_of
from daybreak.treat.queries.places import chairs, free_from
from daybreak.treat.queries.sessions import SessionSummary, session, sessions_between
from daybreak.treat.rules.steps import State
from daybreak.treat.web.frame import zone_of
from daybreak.treat.web.presenters import state_words

ROW = timedelta(minutes=15)
ROWS_OF_A_DAY = 24 * 4
SHORTEST_DAY = (8 * 4, 18 * 4)  # rows that are always drawn: eight to eighteen o'clock


@dataclass(frozen=True, slots=True)
class Entry:
    """A session in the calendar; `name` is who it is for."""

    line: SessionSummary
    name: str
    since: datetime
    until: datetime
    state: str

    @property
    def is_open(self) -> bool:
        """Whether it is still to come or under way."""
        return self.line.state is not State.DISCHARGED


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a day's grid, so many rows high: an entry, or free time."""

    rows: int
    entry: Entry | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a day's grid; `hour` is named where one begins."""

    hour: str
    cells: list[Cell] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Column:
    """A chair, or what is left of one that is not in use any more."""

    name: str
    treatment_room: str
    entries: list[Entry]


@requires(Permission.READ_PATIENT, purpose="the calendar of the chairs")
@require_GET
def page(request: HttpRequest, scope: Scope) -> HttpResponse:
    """A day or a week of all chairs, or of one."""
    at, zone = this_moment(), ZoneInfo(zone_of(scope))
    today = today_of(scope, at)
    day = _day(request.GET.get("day", ""), today)
    weekly = request.GET.get("view") == "week"
    first = day - timedelta(days=day.weekday()) if weekly else day
    days = [first + timedelta(days=n) for n in range(7 if weekly else 1)]
    wanted = request.GET.get("chair", "")
    columns = [c for c in _columns(scope, days, zone, at) if wanted in ("", c.name)]
    step = timedelta(days=7 if weekly else 1)
    context = {
        "site": scope.site,
        "zone": zone.key,
        "today": today,
        "day": day,
        "days": days,
        "weekly": weekly,
        "chair": wanted,
        "chair_choices": [(c.name, c.name) for c in chairs(scope)],
        "columns": columns,
        "lines": [] if weekly else _lines(columns, day, zone),
        "by_day": {d: [(c, _on(c.entries, d, zone)) for c in columns] for d in days},
        "count": len({e.line.key for c in columns for e in c.entries}),
        "before": day - step,
        "after": day + step,
        "may_manage": Permission.MANAGE_SITE in request.may,
    }
    return render(request, "treat/calendar.html", context)


def _day(said: str, today: date) -> date:
    try:
        found = date.fromisoformat(said)
    except ValueError:
        return today
    return found if 2000 <= found.year <= 2200 else today


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)


def _columns(scope: Scope, days: Sequence[date], zone: ZoneInfo, at: datetime) -> list[Column]:
    since, until = _midnight(days[0], zone), _midnight(days[-1] + timedelta(days=1), zone)
    lines = [x for x in sessions_between(scope, since, until) if x.state is not State.CANCELLED]
    who = persons(scope, {line.patient_key for line in lines}, at=at)
    entries = [Entry(x, who[x.patient_key].full_name, x.planned_for, _end_of(x), state_words(x.state)) for x in lines]
    found = [Column(c.name, c.treatment_room, [e for e in entries if e.line.chair == c.name]) for c in chairs(scope)]
    gone = sorted({e.line.chair for e in entries} - {c.name for c in found})
    return found + [
        Column(name, _("not in use any more"), [e for e in entries if e.line.chair == name]) for name in gone
    ]


def _end_of(line: SessionSummary) -> datetime:
    planned = line.planned_until or line.planned_for + ROW
    if line.discharged_at is None:
        return planned
    return max(min(planned, line.discharged_at), line.planned_for + ROW)


def _on(entries: Iterable[Entry], day: date, zone: ZoneInfo) -> list[Entry]:
    since, until = _midnight(day, zone), _midnight(day + timedelta(days=1), zone)
    return [each for each in entries if each.since < until and since < each.until]


def _lines(columns: Sequence[Column], day: date, zone: ZoneInfo) -> list[Line]:
    placed = [_placed(column.entries, day, zone) for column in columns]
    first = min([SHORTEST_DAY[0], *(begin for each in placed for begin, _, _ in each)]) // 4 * 4
    last = max([SHORTEST_DAY[1], *(end for each in placed for _, end, _ in each)])
    last += -last % 4
    lines = [Line(f"{row // 4:02d}:00" if row % 4 == 0 else "") for row in range(first, last)]
    for each in placed:
        row = first
        for begin, end, entry in [*each, (last, last, None)]:
            while row < begin:
                free_until = min(begin, row - row % 4 + 4)
                lines[row - first].cells.append(Cell(free_until - row))
                row = free_until
            if entry is not None:
                lines[row - first].cells.append(Cell(end - row, entry))
                row = end
    return lines


def _placed(entries: Iterable[Entry], day: date, zone: ZoneInfo) -> list[tuple[int, int, Entry | None]]:
    """Return the rows [begin, end) of each entry, at least one row each, none on top of another."""
    found: list[tuple[int, int, Entry | None]] = []
    row = 0
    for entry in sorted(_on(entries, day, zone), key=lambda e: e.since):
        begin = max(_row(entry.since, day, zone), row)
        row = max(_row(entry.until, day, zone), begin + 1)
        found.append((begin, row, entry))
    return found


def _row(at: datetime, day: date, zone: ZoneInfo) -> int:
    local = at.astimezone(zone)
    if local.date() != day:
        return 0 if local.date() < day else ROWS_OF_A_DAY
    return (local.hour * 60 + local.minute) // 15


def taken_in_words(scope: Scope, taken: ChairTaken) -> str:
    """Say who holds the chair and until when, and when it is free; the name is one of this site's own patients."""
    zone, at = zone_of(scope), this_moment()
    name = persons(scope, [taken.patient], at=at)[taken.patient].full_name
    held = session(scope, taken.holder)
    words = {
        "chair": taken.chair.name,
        "name": name,
        "number": held.number if held else "–",
        "day": day_in_words(taken.held.since, zone, year=False),
        "since": clock(taken.held.since, zone),
        "until": _until(taken.held.since, taken.held.until, zone),
        "free": _until(taken.held.since, _whole_minute(taken.free_at), zone),
    }
    return (
        _(
            "%(chair)s is held by %(name)s, session %(number)s, on %(day)s from %(since)s to %(until)s. "
            "It is free for long enough from %(free)s."
        )
        % words
    )


def _whole_minute(moment: datetime) -> datetime:
    """Return the first whole minute from a moment on: what a form can say."""
    return moment + timedelta(seconds=-moment.second % 60) if moment.second else moment


def _until(since: datetime, until: datetime, zone: str) -> str:
    same = since.astimezone(ZoneInfo(zone)).date() == until.astimezone(ZoneInfo(zone)).date()
    return clock(until, zone) if same else f"{day_in_words(until, zone, year=False)}, {clock(until, zone)}"


def offers(scope: Scope, taken: ChairTaken, *, wanted: datetime, but: UUID | None = None) -> list[Mapping[str, str]]:
    """Return what may be taken instead: the same chair later, or another chair at the time that was wanted."""
    zone, length = zone_of(scope), taken.length
    found = [(_whole_minute(taken.free_at), taken.chair.name)]
    found += [
        (wanted, each.name)
        for each in chairs(scope)
        if each.chair_key != taken.chair.chair_key
        and free_from(scope, each.chair_key, since=wanted, length=length, but=but) == wanted
    ]
    return [
        {
            "value": f"{moment.astimezone(ZoneInfo(zone)):%Y-%m-%dT%H:%M}|{name}",
            "words": _("%(chair)s at %(when)s") % {"chair": name, "when": _until(wanted, moment, zone)},
        }
        for moment, name in found
    ]
