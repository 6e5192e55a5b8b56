"""Courses and sessions as they stand."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cached_property
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from daybreak.kernel.scope import Scope
from daybreak.ledger.public import Read, rows, standing, together
from daybreak.people.public import site_named
from daybreak.rulebook.public import Protocol
from daybreak.treat.models import Check, Course, DoseOrder, Move, Override, Session, SessionStep, TeamMember
from daybreak.treat.queries.places import in_chair, moved, planned_at_some_moment_of, planned_between
from daybreak.treat.queries.protocols import protocol_of
from daybreak.treat.rules.amount import Doing, Given, falls_short, flowing, given, last_rate
from daybreak.treat.rules.route import PUMPED, Manner, NextPart, manner_of, next_part
from daybreak.treat.rules.steps import DOSES, OVER, State, Step, state_after

Order = DoseOrder


@dataclass(frozen=True)
class SessionNow:
    """A session with everything that was done, ordered, checked and signed for in it."""

    session: Session
    course: Course
    steps: list[SessionStep]
    orders: list[DoseOrder]
    checks: list[Check]
    overrides: list[Override]
    members: list[TeamMember] = field(default_factory=list)

    @cached_property
    def protocol(self) -> Protocol:
        """The protocol of its course."""
        return protocol_of(self.course)

    @cached_property
    def manner(self) -> Manner:
        """How its dose is given."""
        return manner_of(self.protocol.dose)

    @property
    def state(self) -> State:
        """Where it stands."""
        return state_after([step.step for step in self.steps])

    @property
    def order(self) -> DoseOrder | None:
        """The dose that counts: the newest."""
        return self.orders[-1] if self.orders else None

    def moment_of(self, *steps: Step) -> datetime | None:
        """Return when one of `steps` was last taken."""
        return next((s.done_at for s in reversed(self.steps) if s.step in steps), None)

    @property
    def started_at(self) -> datetime | None:
        """The start of the dose."""
        return self.moment_of(Step.STARTED)

    @property
    def ended_at(self) -> datetime | None:
        """The end of the dose, completed or stopped."""
        return self.moment_of(Step.COMPLETED, Step.STOPPED)

    @property
    def observed_from(self) -> datetime | None:
        """The moment from which the protocol counts the observation: the end of the dose, or its start; nothing before
        the dose has ended.
        """
        return self.started_at if self.ended_at and self.protocol.after.counted_from == "start" else self.ended_at

    @property
    def team_changed_at(self) -> datetime | None:
        """When somebody last took a role in it or left one; who stands by then has not heard an earlier time-out."""
        return max((member.noted_at for member in self.members), default=None)

    @property
    def pending_time_out(self) -> list[Check]:
        """The signatures of the time-out of the dose that counts, which no finished time-out has used and no later
        change undid.
        """
        used = {key for step in self.steps for key in step.values.get("checks", [])}
        since = max(filter(None, (self.moment_of(*DOSES, Step.READY), self.team_changed_at)), default=None)
        return [
            check
            for check in self.checks
            if check.kind == "time_out"
            and self.order is not None
            and check.order_key == self.order.key
            and str(check.key) not in used
            and (since is None or check.signed_at >= since)
        ]

    @property
    def time_out(self) -> list[Check]:
        """The signatures of the last finished time-out, while nothing undid it."""
        undone_by = (*DOSES, Step.READY, Step.TIMED_OUT)
        last = next((s for s in reversed(self.steps) if s.step in undone_by), None)
        if last is None or last.step != Step.TIMED_OUT:
            return []
        if self.team_changed_at is not None and self.team_changed_at > last.done_at:
            return []
        return [check for check in self.checks if str(check.key) in last.values.get("checks", [])]

    def given_at(self, at: datetime) -> Given | None:
        """Return what was given by `at`; nothing before the start."""
        if self.order is None or self.started_at is None:
            return None
        return given(
            [doing_of(step) for step in self.steps],
            at=at,
            concentration_mg_per_ml=self.order.concentration_mg_per_ml,
            drawn_ml=self.order.syringe_ml or self.order.volume_ml if self.manner in PUMPED else None,
        )

    @property
    def flowing(self) -> Decimal:
        """The rate at which the pump was last set to run, in mL/h."""
        return flowing([(Step(s.step), s.values.get("rate_ml_per_hour")) for s in self.steps])

    def rate_before(self, at: datetime) -> Decimal | None:
        """Return the rate at which the pump last ran up to a moment: where a resume goes on that names none."""
        return last_rate([(Step(s.step), s.values.get("rate_ml_per_hour")) for s in self.steps if s.done_at <= at])

    @property
    def signed_rate(self) -> Decimal | None:
        """The highest rate that somebody has signed for: the order's, or the last step of titration that was taken."""
        raised = next((s for s in reversed(self.steps) if s.step == Step.RATE_RAISED), None)
        if raised is not None:
            return Decimal(raised.values["rate_ml_per_hour"])
        return self.order.rate_ml_per_hour if self.order else None

    def falls_short_at(self, at: datetime) -> bool:
        """Return whether, by `at`, a part of the ordered dose has not been given; a long infusion is titrated as it is
        tolerated, so that only its time can fall short.
        """
        so_far, order = self.given_at(at), self.order
        if so_far is None or order is None:
            return False
        if self.manner is Manner.TITRATION:
            return so_far.running < timedelta(minutes=order.over_minutes or 0)
        if order.volume_ml is None or order.rate_ml_per_hour is None or self.manner not in PUMPED:
            return so_far.dose_mg < order.dose_mg
        return falls_short(so_far, drawn_ml=order.volume_ml, rate_ml_per_hour=order.rate_ml_per_hour)

    def next_part_at(self, at: datetime) -> NextPart | None:
        """Return what comes next of a dose that is given in parts; nothing for a pump or without an order."""
        if self.order is None or self.manner in PUMPED:
            return None
        devices = self.protocol.dose.devices
        so_far = self.given_at(at)
        return next_part(
            ordered_mg=self.order.dose_mg,
            unit_mg=self.order.unit_mg if devices else None,
            given_mg=so_far.dose_mg if so_far else Decimal(0),
            given_at=[s.done_at for s in self.steps if s.step in (Step.STARTED, Step.GIVEN) and s.done_at <= at],
            minutes_apart=devices.minutes_apart if devices else None,
        )


@dataclass(frozen=True, slots=True)
class SessionSummary:
    """A session in one line. `dose_mg` is what was given once it ended, and what was ordered before that."""

    key: UUID
    patient_key: UUID
    course_key: UUID
    protocol: str
    number: int
    planned_for: datetime
    planned_until: datetime | None
    chair: str
    chair_key: UUID | None
    state: State
    started_at: datetime | None
    ended_at: datetime | None
    discharged_at: datetime | None
    dose_mg: Decimal | None
    weight_kg: Decimal | None
    reason: str


def doing_of(step: SessionStep) -> Doing:
    """Return a step as the arithmetic of the amount sees it."""
    rate, drawn, part = (step.values.get(name) for name in ("rate_ml_per_hour", "drawn_ml", "part_mg"))
    return Doing(
        Step(step.step),
        step.done_at,
        rate_ml_per_hour=Decimal(rate) if rate else None,
        drawn_ml=Decimal(drawn) if drawn else None,
        part_mg=Decimal(part) if part else None,
    )


def courses(scope: Scope, patient: UUID) -> list[Course]:
    """Return the patient's courses, oldest first."""
    return rows(Read(Course, {"site": scope.site, "patient_key": patient}, by=("opened_at", "key")))


def courses_under(scope: Scope, protocols: Collection[str]) -> list[Course]:
    """Return the courses of these protocols at the site, oldest first."""
    return list(standing(Course).filter(site=scope.site, protocol__in=protocols).order_by("opened_at", "key"))


def with_course(scope: Scope, patients: Collection[UUID]) -> set[UUID]:
    """Return those of the patients who have a course."""
    found = standing(Course).filter(site=scope.site, patient_key__in=patients)
    return set(found.values_list("patient_key", flat=True))


def course_of_key(scope: Scope, key: UUID) -> Course | None:
    """Return a course, or nothing."""
    return next(iter(rows(Read(Course, {"site": scope.site, "key": key}))), None)


def session(scope: Scope, key: UUID) -> SessionSummary | None:
    """Return one session in one line, or nothing: another site's session does not exist."""
    return next(iter(_summaries_where(scope, key=key)), None)


def sessions_of(scope: Scope, patient: UUID) -> list[SessionSummary]:
    """Return the patient's sessions, oldest first."""
    return _summaries_where(scope, patient_key=patient)


def sessions_beside(scope: Scope, key: UUID) -> list[SessionSummary]:
    """Return every session of the patient whose session this is, oldest first; none where the site has no such one."""
    itself = Read(Session, {"site": scope.site, "key": key})
    return _summaries_where(scope, patient_key=itself.its("patient_key"))


def sessions_of_keys(scope: Scope, keys: Collection[UUID]) -> list[SessionSummary]:
    """Return these sessions, by when they were planned."""
    return _summaries_where(scope, key=list(keys))


def sessions_of_each(scope: Scope, patients: Collection[UUID]) -> dict[UUID, list[SessionSummary]]:
    """Return the sessions of each patient, oldest first, in a fixed number of queries."""
    found: dict[UUID, list[SessionSummary]] = {patient: [] for patient in patients}
    for summary in _summaries_where(scope, patient_key=list(patients)):
        found[summary.patient_key].append(summary)
    return found


def sessions_of_course(scope: Scope, key: UUID) -> list[SessionSummary]:
    """Return the sessions of a course, oldest first."""
    return _summaries_where(scope, course_key=key)


def sessions_on(scope: Scope, day: date) -> list[SessionSummary]:
    """Return the sessions planned for a day of the site's calendar, by time."""
    place = site_named(scope.site)
    zone = ZoneInfo(place.time_zone if place else "UTC")
    first = datetime.combine(day, time(), zone)
    return _summaries(
        scope,
        _sessions(scope).filter(planned_between(scope, first, datetime.combine(day + timedelta(days=1), time(), zone))),
    )


def sessions_between(scope: Scope, since: datetime, until: datetime) -> list[SessionSummary]:
    """Return the sessions whose planned time has a moment in [since, until), by time."""
    return _summaries(scope, _sessions(scope).filter(planned_at_some_moment_of(scope, since, until)))


def sessions_under_way(scope: Scope) -> list[SessionSummary]:
    """Return the sessions that hold a chair now, whatever day they were planned for."""
    over = SessionStep.objects.filter(site=scope.site, step__in=OVER).values("session_key")
    begun = SessionStep.objects.filter(site=scope.site, step=Step.CHECKED_IN).values("session_key")
    return _summaries(scope, _sessions(scope).filter(key__in=begun).exclude(key__in=over))


def is_chair_taken(scope: Scope, now: SessionNow) -> bool:
    """Return whether another session holds the chair of this one."""
    over = SessionStep.objects.filter(site=scope.site, step__in=OVER).values("session_key")
    begun = SessionStep.objects.filter(site=scope.site, step=Step.CHECKED_IN).values("session_key")
    others = _sessions(scope).filter(in_chair(scope, now.session.chair)).exclude(key=now.session.key)
    return others.filter(key__in=begun).exclude(key__in=over).exists()


def session_now(scope: Scope, key: UUID) -> SessionNow | None:
    """Return a session with everything in it, or nothing: one statement, since every step of a session asks for it."""
    of_it = {"site": scope.site, "session_key": key}
    itself = Read(Session, {"site": scope.site, "key": key})
    found, course, moves, steps, orders, checks, overrides, members = together(
        itself,
        Read(Course, {"site": scope.site, "key": itself.its("course_key")}),
        Read(Move, of_it),
        Read(SessionStep, of_it, by=("done_at", "position")),
        Read(DoseOrder, of_it, by=("ordered_at", "key")),
        Read(Check, of_it, by=("signed_at", "key")),
        Read(Override, of_it, by=("signed_at", "key")),
        Read(TeamMember, of_it, by=("noted_at", "key")),
    )
    if not found:
        return None
    planned = moved(found[0], next(iter(moves), None))
    return SessionNow(planned, course[0], steps, orders, checks, overrides, members)


def starts_of(scope: Scope, course: UUID, *, but: UUID) -> list[datetime]:
    """Return when the sessions of a course were started, all but one, oldest first."""
    others = standing(Session).filter(site=scope.site, course_key=course).exclude(key=but).values("key")
    begun = standing(SessionStep).filter(site=scope.site, session_key__in=others, step=Step.STARTED)
    return list(begun.order_by("done_at").values_list("done_at", flat=True))


def last_weight(scope: Scope, now: SessionNow) -> DoseOrder | None:
    """Return the order with the newest weight from an earlier session of the patient."""
    found = standing(DoseOrder).filter(site=scope.site, patient_key=now.session.patient_key)
    weighed = found.filter(weight_kg__isnull=False)
    return weighed.exclude(session_key=now.session.key).order_by("-ordered_at").first()


def _sessions(scope: Scope) -> QuerySet[Session]:
    return standing(Session).filter(site=scope.site).order_by("planned_for", "key")


def _summaries_where(scope: Scope, **where: object) -> list[SessionSummary]:
    return _summaries(scope, rows(Read(Session, {"site": scope.site, **where})))


def _summaries(scope: Scope, found: Iterable[Session]) -> list[SessionSummary]:
    found = list(found)
    if not found:
        return []
    of_these = {"site": scope.site, "session_key": [row.key for row in found]}
    moves, taken, ordered, of_courses = together(
        Read(Move, of_these),
        Read(SessionStep, of_these, by=("done_at", "position")),
        Read(DoseOrder, of_these, by=("ordered_at", "key")),
        Read(Course, {"site": scope.site, "key": list({row.course_key for row in found})}),
    )
    last = {move.session_key: move for move in moves}
    found = [moved(row, last.get(row.key)) for row in found]
    steps: dict[UUID, list[SessionStep]] = defaultdict(list)
    for step in taken:
        steps[step.session_key].append(step)
    orders = {order.session_key: order for order in ordered}
    protocols = {course.key: course.protocol for course in of_courses}
    found.sort(key=lambda row: (row.planned_for, row.key))
    return [_summary(row, steps[row.key], orders.get(row.key), protocols[row.course_key]) for row in found]


def _summary(row: Session, steps: list[SessionStep], order: DoseOrder | None, protocol: str) -> SessionSummary:
    last = {step.step: step for step in steps}
    end = last.get(Step.COMPLETED) or last.get(Step.STOPPED)
    dose = Decimal(end.values["given_mg"]) if end else order.dose_mg if order else None
    ended = last.get(Step.STOPPED) or last.get(Step.CANCELLED)
    return SessionSummary(
        key=row.key,
        patient_key=row.patient_key,
        course_key=row.course_key,
        protocol=protocol,
        number=row.number,
        planned_for=row.planned_for,
        planned_until=row.planned_until,
        chair=row.chair,
        chair_key=row.chair_key,
        state=state_after([step.step for step in steps]),
        started_at=last[Step.STARTED].done_at if Step.STARTED in last else None,
        ended_at=end.done_at if end else None,
        discharged_at=last[Step.DISCHARGED].done_at if Step.DISCHARGED in last else None,
        dose_mg=dose,
        weight_kg=order.weight_kg if order else None,
        reason=ended.reason if ended else "",
    )
