"""Which boundary of a protocol no worked example touches on both sides."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from daybreak.rulebook.bedside import Limit, Watch
from daybreak.rulebook.contradictions import place_of
from daybreak.rulebook.form import Value
from daybreak.rulebook.gate import AGES, SESSIONS, Criterion, Gate
from daybreak.rulebook.gate_tests import days_between
from daybreak.rulebook.lines import Path
from daybreak.rulebook.protocol import STAGES, Protocol, ProtocolExample
from daybreak.rulebook.tightening import Tightened

Wrong = Iterator[tuple[Path, str]]
_CHANGES = ("rise_above", "fall_above")


@dataclass(frozen=True, slots=True)
class Case:
    """An example with what it takes from its base, at the moment `at`."""

    given: Mapping[str, Value]
    days_ago: Mapping[str, int]
    minutes_ago: Mapping[str, int]
    baseline: Mapping[str, Decimal]
    sessions: tuple[datetime, ...] | None
    at: datetime


def uncovered(protocol: Protocol, cases: Sequence[tuple[ProtocolExample, Case]]) -> Wrong:
    """Yield each criterion, limit and step of the dose that lacks an example: where it stands, and a sentence.

    What a site took over as it is, is covered by the examples of the shared protocol.
    """
    for place, message in _wrongs(protocol, cases):
        if not isinstance(protocol, Tightened) or protocol.is_own(place):
            yield place, message


def _wrongs(protocol: Protocol, cases: Sequence[tuple[ProtocolExample, Case]]) -> Wrong:
    for stage in STAGES:
        here = [(example, case) for example, case in cases if example.stage == stage]
        for criterion in protocol.criteria(stage):
            place = place_of(protocol, stage, criterion)
            for message in _criterion(criterion, here):
                yield place, message
    for name, watch in (("during", protocol.during), ("after", protocol.after)):
        yield from _limits(name, watch, [case for example, case in cases if example.stage == name])
    yield from _team(protocol, [example.present for example, _ in cases if example.stage == "team"])
    yield from _dose(protocol, [(example, case) for example, case in cases if example.stage == "dose"])


def _criterion(criterion: Criterion, here: Sequence[tuple[ProtocolExample, Case]]) -> Iterator[str]:
    if any(gate.blanks for gate in criterion.gates):
        return
    names = {criterion.id, *(gate.ask for gate in criterion.gates)}
    if criterion.otherwise != "inform" and not any(example.expect.because in names for example, _ in here):
        yield f"“{criterion.id}” has no worked example in which it decides"
    cases = [case for _, case in here]
    wanted = [each for gate in criterion.gates for each in (*_numbers(gate, cases), *_times(gate, cases))]
    for words in (*wanted, *_period(criterion, cases)):
        yield f"“{criterion.id}” has no worked example at its boundary, {words}"


def _numbers(gate: Gate, cases: Sequence[Case]) -> Iterator[str]:
    """The numbers of a gate, and the ages of its fact, that no example stands at, or on the other side of."""
    if gate.test == "in_days":
        return
    values = [value for case in cases if isinstance(value := _counted(gate, case), Decimal)]
    if gate.below is not None:
        yield from _missing(gate.ask, gate.below, values, other="below")
    if gate.at_most is not None:
        yield from _missing(gate.ask, gate.at_most, values, other="above")
    if gate.at_least is not None:
        yield from _missing(gate.ask, gate.at_least, values, other="below")
    if gate.between is not None:
        yield from _missing(gate.ask, gate.between[0], values, other="below")
        yield from _missing(gate.ask, gate.between[1], values, other="above")
    for field, ages in zip(AGES, ("days_ago", "minutes_ago"), strict=True):
        bound = getattr(gate, field)
        if bound is not None:
            old = [Decimal(age) for case in cases if (age := getattr(case, ages).get(gate.ask)) is not None]
            yield from _missing(f"{ages}.{gate.ask}", Decimal(bound), old, other="above")


def _missing(name: str, bound: Decimal, values: Sequence[Decimal], *, other: str) -> Iterator[str]:
    if bound not in values:
        yield f"{name} = {bound}"
    if not any(value < bound if other == "below" else value > bound for value in values):
        yield f"{name} {other} {bound}"


def _counted(gate: Gate, case: Case) -> Value | None:
    value = case.given.get(gate.ask)
    return Decimal(value.count(gate.count_of)) if gate.count_of and isinstance(value, tuple) else value


def _times(gate: Gate, cases: Sequence[Case]) -> Iterator[str]:
    """The lengths of time between sessions that no example stands at, or on the other side of."""
    last = [(case.at, case.sessions[-1]) for case in cases if case.sessions]
    if gate.days_apart is not None:
        days = [Decimal(days_between(session, at)) for at, session in last]
        yield from _missing("sessions_days_ago", Decimal(gate.days_apart), days, other="below")
    if gate.hours_apart is not None:
        hours = [Decimal((at - session).total_seconds()) / 3600 for at, session in last]
        yield from _missing("sessions_hours_ago", Decimal(gate.hours_apart), hours, other="below")
    if gate.in_days is not None:
        days = [Decimal(days_between(each, case.at)) for case in cases for each in case.sessions or ()]
        yield from _missing("sessions_days_ago", Decimal(gate.in_days), days, other="below")
    if gate.on_days is not None:
        on = {_today(case) in gate.on_days for case in cases if case.sessions is not None}
        if on != {True, False}:
            yield "a day on which a session stands, and one on which none does"


def _period(criterion: Criterion, cases: Sequence[Case]) -> Iterator[str]:
    """The first and the last day of the course on which a criterion applies, and the days beside them."""
    if criterion.period is None:
        return
    days = {_today(case) for case in cases if case.sessions is not None}
    first, last = criterion.period
    wanted = [*((first, first - 1) if first > 1 else ()), *((last, last + 1) if last else ())]
    for day in wanted:
        if day not in days:
            yield f"day {day} of the course (sessions_days_ago, the first one {day - 1} days ago)"


def _today(case: Case) -> int:
    return 1 + days_between(case.sessions[0], case.at) if case.sessions else 1


def _limits(name: str, watch: Watch, cases: Sequence[Case]) -> Wrong:
    for index, limit in enumerate(watch.limits):
        if limit.blanks:
            continue
        bound = getattr(limit, limit.test)
        values = [value for case in cases if (value := _compared(limit, case)) is not None]
        lower = limit.test in ("at_least", "below")
        for words in _missing(limit.sign, bound, values, other="below" if lower else "above"):
            yield (name, "limits", index), f"“{limit.id}” has no worked example at its boundary, {words}"


def _compared(limit: Limit, case: Case) -> Decimal | None:
    value, before = case.given.get(limit.sign), case.baseline.get(limit.sign)
    if not isinstance(value, Decimal) or limit.test not in _CHANGES:
        return value if isinstance(value, Decimal) else None
    if before is None:
        return None
    return value - before if limit.test == "rise_above" else before - value


def _team(protocol: Protocol, here: Sequence[Sequence[str]]) -> Wrong:
    for index, role in enumerate(protocol.team):
        counts = [Decimal(list(present).count(role.id)) for present in here]
        for words in _missing(role.id, Decimal(role.at_least), counts, other="below"):
            yield ("team", index), f"“{role.id}” has no worked example of the team at its boundary, {words}"


def _dose(protocol: Protocol, here: Sequence[tuple[ProtocolExample, Case]]) -> Wrong:
    if protocol.dose.blanks:
        return
    if not here:
        yield ("dose",), "the dose has no worked example (stage = “dose”)"
    hours = [Decimal(example.hours) for example, _ in here if example.hours is not None]
    for index, climb in enumerate(protocol.dose.titration):
        if climb.after_hours is not None:
            for words in _missing("hours", Decimal(climb.after_hours), hours, other="below"):
                yield ("dose", "titration", index), f"“{climb.id}” has no worked example at its boundary, {words}"
    for index, step in enumerate(protocol.dose.steps):
        cases = [case for _, case in here]
        if step.gate is not None and step.gate.ask != SESSIONS:
            for words in _numbers(step.gate, cases):
                yield ("dose", "steps", index), f"“{step.id}” has no worked example at its boundary, {words}"
        for number in {step.from_session, step.until_session or step.from_session}:
            if not any(example.session == number for example, _ in here):
                yield ("dose", "steps", index), f"“{step.id}” has no worked example at its boundary, session = {number}"
