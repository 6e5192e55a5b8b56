"""Facts of a session in the words and figures of its pages."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from daybreak.design.public import clock, number
from daybreak.kernel.units import written
from daybreak.measure.public import house_unit, library
from daybreak.rulebook.public import Due, Limit, breaches, due
from daybreak.treat.queries.readings import Row, as_rule
from daybreak.treat.queries.sessions import SessionNow, SessionSummary, doing_of
from daybreak.treat.rules import worst as rules
from daybreak.treat.rules.alarms import limits_at, signs_at
from daybreak.treat.rules.route import PUMPED
from daybreak.treat.rules.steps import State, Step, in_words

# What a sign is called where its word would not read well.
LABELS = {"end_tidal_co2": gettext_lazy("End-tidal CO2")}
NEXT = {
    State.PLANNED: "Check in",
    State.CHECKED_IN: "Weigh",
    State.WEIGHED: "Ask today's questions",
    State.DOSE_CHOSEN: "Ask today's questions",
    State.READY: "Time-out by two people",
    State.TIMED_OUT: "Start the infusion",
    State.RUNNING: "Watch at the chair",
    State.PAUSED: "Resume or stop",
    State.COMPLETED: "Begin recovery",
    State.STOPPED: "Begin recovery",
    State.RECOVERY: "Watch, then the way home",
    State.DISCHARGED: "",
    State.CANCELLED: "",
}


@dataclass(frozen=True, slots=True)
class Tile:
    """The last reading of one sign. `change` is from the baseline, and names the limit that it is beyond.

    `value` None says that there is none.
    """

    sign: str
    label: str
    unit: str
    value: str | None
    when: str
    change: str
    stale: bool
    beyond: bool = False


@dataclass(frozen=True, slots=True)
class Worst:
    """The worst reading since the start in words; `limit` says what it is near or beyond, and when it was."""

    sign: str
    value: str
    limit: str
    beyond: bool


@dataclass(frozen=True, slots=True)
class Waiting:
    """What is read next, and whether it is late. `due_at` and `overdue_at` are seconds since 1970."""

    label: str
    when: str
    late: bool
    due_at: float
    overdue_at: float
    count: str
    short: str


NOTHING_DUE = Waiting(gettext_lazy("nothing is due"), "–", False, 0, 0, "–", gettext_lazy("nothing is due"))


def plain(value: Decimal) -> str:
    """Return a number without idle noughts."""
    return f"{value.normalize():f}"


def milligrams(value: Decimal) -> str:
    """Return an amount that was given as it is read on every page: to a tenth, as it is ordered."""
    return number(value, 1)


def label(sign: str) -> str:
    """Return a sign as it is read."""
    return str(LABELS.get(sign, in_words(sign).capitalize()))


def unit_of(sign: str) -> str:
    """Return the unit in which a sign is typed in."""
    return written(house_unit(library(), sign) or "")


def state_words(state: str) -> str:
    """Return a state as it is read."""
    return in_words(state).capitalize()


def next_step(line: SessionSummary) -> str:
    """Return what a session needs next; nothing once it is over."""
    return _(NEXT[line.state]) if NEXT[line.state] else ""


def tiles(now: SessionNow, rows: Sequence[Row], baseline: Mapping[str, Row], *, at: datetime, zone: str) -> list[Tile]:
    """Return a tile for each sign of the protocol, then for whatever else was read."""
    latest = {row.sign: row for row in rows}
    schedule = signs_at(now.protocol, ended=now.ended_at is not None)
    names = list(dict.fromkeys([*(s.sign for s in schedule), *latest]))
    late = {each.sign for each in waiting(now, rows, at=at) if each.is_overdue(at)}
    units = {s.sign: s.unit for s in schedule}
    return [
        _tile(
            name,
            latest.get(name),
            baseline.get(name),
            units.get(name, ""),
            late=name in late,
            beyond=_beyond(now, latest.get(name), baseline),
            zone=zone,
        )
        for name in names
    ]


def _beyond(now: SessionNow, row: Row | None, baseline: Mapping[str, Row]) -> str:
    """Return which limit a last reading is beyond, by the limits that held when it was measured; else nothing."""
    if row is None:
        return ""
    held = limits_at(now.protocol, measured_at=row.measured_at, started_at=now.started_at, ended_at=now.ended_at)
    before = {sign: as_rule(first) for sign, first in baseline.items()}
    found = breaches(held, before, as_rule(row))
    return _limit_words(found[0].limit, True) if found else ""


def _tile(sign: str, row: Row | None, first: Row | None, unit_code: str, *, late: bool, beyond: str, zone: str) -> Tile:
    if row is None:
        return Tile(sign, label(sign), written(unit_code), None, _("not read yet"), "", True)
    return Tile(
        sign,
        label(sign),
        written(row.unit),
        plain(row.value),
        _("%(when)s, late") % {"when": clock(row.measured_at, zone)} if late else clock(row.measured_at, zone),
        ", ".join(filter(None, (_change(row, first), beyond))),
        late,
        bool(beyond),
    )


def _change(row: Row, first: Row | None) -> str:
    if first is None or first.unit != row.unit:
        return _("no baseline")
    if first.key == row.key:
        return _("the baseline")
    change = row.value - first.value
    if change == 0:
        return _("as at baseline")
    arrow = "▲ +" if change > 0 else "▼ −"
    return _("%(change)s from %(baseline)s") % {
        "change": f"{arrow}{plain(abs(change))}",
        "baseline": plain(first.value),
    }


def worst_so_far(now: SessionNow, rows: Sequence[Row], baseline: Mapping[str, Row], *, zone: str) -> Worst:
    """Return the worst reading since the start, each by the limits that held when it was measured."""
    since, end = [row for row in rows if now.started_at and row.measured_at >= now.started_at], now.ended_at
    if not since:
        return Worst(_("not read yet"), "–", "", False)
    stages = [
        (now.protocol.during.limits, _seen(row for row in since if end is None or row.measured_at < end)),
        (now.protocol.after.limits, _seen(row for row in since if end is not None and row.measured_at >= end)),
    ]
    found = rules.worst(stages, baseline={sign: as_rule(row) for sign, row in baseline.items()})
    if found is None:
        return Worst(_("none"), "–", _("nothing nearer a limit than before"), False)
    reading, when = found.seen.reading, clock(found.seen.at, zone)
    spoken = ", ".join(filter(None, (written(reading.unit), _limit_words(found.limit, found.is_beyond), when)))
    return Worst(label(reading.sign), plain(reading.value), spoken, found.is_beyond)


def _seen(rows: Iterable[Row]) -> list[rules.Seen]:
    return [rules.Seen(as_rule(row), row.measured_at) for row in rows]


def _limit_words(limit: Limit, is_beyond: bool) -> str:
    bound = plain(getattr(limit, limit.test))
    if limit.test in ("rise_above", "fall_above"):
        bound = f"{'+' if limit.test == 'rise_above' else '−'}{bound}"
    return (_("beyond %(n)s") if is_beyond else _("limit %(n)s")) % {"n": bound}


def waiting(now: SessionNow, rows: Sequence[Row], *, at: datetime) -> list[Due]:
    """Return what the protocol's schedule asks for next; nothing outside the watch."""
    since = now.ended_at or now.started_at
    if since is None or now.state in (State.DISCHARGED, State.CANCELLED):
        return []
    read: dict[str, list[datetime]] = {}
    for row in rows:
        read.setdefault(row.sign, []).append(row.measured_at)
    return due(signs_at(now.protocol, ended=now.ended_at is not None), started_at=since, read_at=read)


def waiting_words(found: Sequence[Due], *, at: datetime) -> list[Waiting]:
    """Return what is due in words, signs that are due together in one line."""
    lines: dict[tuple[datetime, datetime], list[str]] = {}
    for each in found:
        lines.setdefault((each.due_at, each.overdue_at), []).append(in_words(each.sign))
    return [
        Waiting(
            ", ".join(names).capitalize(),
            _when(due_at, overdue_at, at),
            at >= overdue_at,
            due_at.timestamp(),
            overdue_at.timestamp(),
            _count(due_at, at),
            _short(names),
        )
        for (due_at, overdue_at), names in sorted(lines.items())
    ]


def _short(names: Sequence[str]) -> str:
    return ", ".join(names) if len(names) < 3 else _("%(n)d signs") % {"n": len(names)}


def _count(due_at: datetime, at: datetime) -> str:
    """Return the minutes and seconds until a moment, with a plus once it has passed."""
    return since(at, due_at) if at < due_at else f"+{since(due_at, at)}"


def _when(due_at: datetime, overdue_at: datetime, at: datetime) -> str:
    minutes = int(abs((due_at - at).total_seconds()) // 60)
    if at >= overdue_at:
        return ngettext("late by %(n)d minute", "late by %(n)d minutes", minutes) % {"n": minutes}
    if at >= due_at:
        return _("now")
    return (
        ngettext("in %(n)d minute", "in %(n)d minutes", minutes) % {"n": minutes}
        if minutes
        else _("in less than a minute")
    )


def since(start: datetime | None, at: datetime) -> str:
    """Return the time since a moment as minutes and seconds, or hours; a dash before it."""
    if start is None or at < start:
        return "–"
    seconds = int((at - start).total_seconds())
    hours, rest = divmod(seconds, 3600)
    return f"{hours}:{rest // 60:02d}:{rest % 60:02d}" if hours else f"{rest // 60}:{rest % 60:02d}"


def dose_points(now: SessionNow, *, at: datetime) -> list[tuple[float, float]]:
    """Return (epoch seconds, mg given) at each step of the pump, when the syringe ran dry, and now, for the chart."""
    if now.started_at is None:
        return []
    end = min(at, now.ended_at) if now.ended_at else at
    steps = {doing_of(step).at for step in now.steps if now.started_at <= step.done_at <= end}
    last = now.given_at(end)
    dry = {last.ran_dry_at} if last and last.ran_dry_at else set()
    moments = sorted(steps | dry | {end})
    so_far = [(moment, now.given_at(moment)) for moment in moments]
    return [(moment.timestamp(), float(given.dose_mg)) for moment, given in so_far if given]


def amount(now: SessionNow, *, at: datetime) -> dict[str, str]:
    """Return what was given so far, of what, and at which rate it flows."""
    given, order = now.given_at(at), now.order
    if given is None or order is None:
        return {"given": "–", "of": plain(order.dose_mg) if order else "–", "rate": "–", "note": ""}
    note = ""
    if given.ran_dry_at and now.state is State.RUNNING:
        note = _("By the steps the syringe is empty. Look at the pump, then complete.")
        if now.falls_short_at(at):
            note = _("By the steps the syringe is empty. Change it.")
    flow = given.rate_ml_per_hour if now.state is State.RUNNING else Decimal(0)
    rate = plain(flow) if now.manner in PUMPED else ""
    return {"given": milligrams(given.dose_mg), "of": plain(order.dose_mg), "rate": rate, "note": note}


def missing_words(now: SessionNow, *, at: datetime) -> str:
    """Return a sentence about the part of the dose that has not been given; nothing where it is in."""
    given, order = now.given_at(at), now.order
    if given is None or order is None or now.state is not State.RUNNING or not now.falls_short_at(at):
        return ""
    if given.dose_mg * 2 < order.dose_mg:
        return _("By the steps, most of the dose has not been given.")
    return _("By the steps, a part of the dose has not been given.")


def story(now: SessionNow, names: Mapping[object, str], *, zone: str) -> list[tuple[str, str, str, str]]:
    """Return every step: when, what, why, and by whom."""
    return [
        (
            clock(step.done_at, zone),
            _step_words(step.step, step.values),
            in_words(step.reason),
            names.get(step.recorded_by, "–"),
        )
        for step in now.steps
    ]


def _step_words(step: str, values: Mapping[str, object]) -> str:
    words = in_words(step).capitalize()
    if "part_mg" in values:
        where = in_words(str(values.get("where", "")))
        return ", ".join(filter(None, (words, f"{values['part_mg']} mg", where)))
    if step in (Step.STARTED, Step.RESUMED, Step.RATE_CHANGED, Step.RATE_RAISED):
        return f"{words}, {values.get('rate_ml_per_hour', '–')} mL/h"
    if step == Step.SYRINGE_CHANGED:
        return _("%(words)s, %(ml)s mL drawn") % {"words": words, "ml": values.get("drawn_ml", "–")}
    if step in (Step.COMPLETED, Step.STOPPED):
        told = values.get("given_mg")
        return f"{words}, {milligrams(Decimal(str(told))) if told else '–'} mg"
    return words


def hours_and_minutes(span: timedelta) -> str:
    """Return a span as “1 h 40 min”."""
    minutes = int(span.total_seconds() // 60)
    return f"{minutes // 60} h {minutes % 60} min" if minutes >= 60 else f"{minutes} min"
