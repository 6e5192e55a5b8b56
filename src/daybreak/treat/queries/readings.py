"""Readings of a session, and which session held a chair when."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet

from daybreak.kernel.scope import Scope
from daybreak.ledger.public import Read, rows, standing, together
from daybreak.rulebook.public import Reading as RuleReading
from daybreak.treat.models import Move, Reading, Session, SessionStep
from daybreak.treat.queries.places import in_chair, moved, planned_between
from daybreak.treat.queries.sessions import SessionNow
from daybreak.treat.rules.corrections import Told, told_of
from daybreak.treat.rules.readings import Stay, plain_visit_number, visit_number
from daybreak.treat.rules.steps import OVER, Step

Row = Reading
VISIT_SPAN = timedelta(days=2)


def readings_of(scope: Scope, session: UUID, *, until: datetime | None = None) -> list[Reading]:
    """Return the readings of a session in the order they were measured, before `until` where one is named.

    What was corrected or marked as an artefact is not among them; see `history_of`.
    """
    if until:
        return list(_of(scope, session).filter(measured_at__lt=until))
    return rows(Read(Reading, {"site": scope.site, "session_key": session, "mark": ""}, by=("measured_at", "key")))


def history_of(scope: Scope, session: UUID) -> list[Told]:
    """Return every reading of a session in the order they were measured, with what became of it."""
    return told_of(every_reading(scope, session))


def every_reading(scope: Scope, session: UUID) -> list[Reading]:
    """Return every row of a session's readings, those that were corrected and those that say so too."""
    found = Reading.objects.filter(site=scope.site, session_key=session)
    return list(found.order_by("measured_at", "recorded_at", "key"))


def mended_of(scope: Scope, session: UUID) -> list[tuple[Reading, Reading]]:
    """Return each reading of a session that was corrected or marked as an artefact, with the row that says so."""
    by_key = {row.key: row for row in every_reading(scope, session)}
    return [(by_key[row.corrects], row) for row in by_key.values() if row.corrects in by_key]


def reading(scope: Scope, key: UUID) -> Reading | None:
    """Return one reading as it was sent, or nothing."""
    return Reading.objects.filter(site=scope.site, key=key).first()


def last_readings(scope: Scope, session: UUID) -> list[Reading]:
    """Return the last reading of each sign in a session."""
    return list(_of(scope, session).order_by("sign", "-measured_at", "-key").distinct("sign"))


def baseline_of(scope: Scope, now: SessionNow) -> dict[str, Reading]:
    """Return the last reading of each sign before the start of the dose; before it, the last so far."""
    return {reading.sign: reading for reading in readings_of(scope, now.session.key, until=now.started_at)}


def reading_before(scope: Scope, session: UUID, *, sign: str, measured_at: datetime, key: UUID) -> Reading | None:
    """Return the reading of the same sign just before a moment."""
    found = _of(scope, session).filter(sign=sign, measured_at__lte=measured_at).exclude(key=key)
    return found.order_by("-measured_at", "-key").first()


def as_rule(reading: Reading) -> RuleReading:
    """Return a reading as the rulebook reads it."""
    return RuleReading(sign=reading.sign, value=reading.value, unit=reading.unit)


def sessions_with_visit_number(scope: Scope, number: str, *, near: datetime) -> list[UUID]:
    """Return the sessions, planned within two days of a moment, that bear a visit number: one, or none."""
    wanted = plain_visit_number(number)
    about = planned_between(scope, near - VISIT_SPAN, near + VISIT_SPAN)
    keys = standing(Session).filter(about, site=scope.site).values_list("key", flat=True)
    return [key for key in keys if wanted and plain_visit_number(visit_number(key)) == wanted]


def stays_around(scope: Scope, *, since: datetime, until: datetime) -> list[Stay]:
    """Return the sessions that were open from `since` to `until`: where a reading of that time may belong."""
    about = planned_between(scope, since - VISIT_SPAN, until + VISIT_SPAN)
    keys = list(standing(Session).filter(about, site=scope.site).values_list("key", flat=True))
    stays = stays_in(scope, sessions=keys, since=since, until=until)
    return [stay for stay in stays if stay.covers(since) and stay.covers(until)]


def stays_in(
    scope: Scope,
    *,
    chair: str | None = None,
    sessions: Iterable[UUID] | None = None,
    since: datetime,
    until: datetime,
) -> list[Stay]:
    """Return who held a chair (the one named, else any), or which of `sessions` was open, at any moment from `since` up
    to and including `until`.
    """
    keys = _open(scope, chair, since, until) if sessions is None else list(sessions)
    if not keys:
        return []
    found, moves, steps = together(
        Read(Session, {"site": scope.site, "key": keys}),
        Read(Move, {"site": scope.site, "session_key": keys}),
        Read(
            SessionStep,
            {"site": scope.site, "session_key": keys, "step": [str(each) for each in (Step.CHECKED_IN, *OVER)]},
        ),
    )
    starts = {step.session_key: step.done_at for step in steps if step.step == Step.CHECKED_IN}
    ends = {step.session_key: step.done_at for step in steps if step.step != Step.CHECKED_IN}
    last = {move.session_key: move for move in moves}
    begun = [moved(row, last.get(row.key)) for row in found if row.key in starts and starts[row.key] <= until]
    stays = [Stay(row.key, row.patient_key, row.chair, starts[row.key], ends.get(row.key)) for row in begun]
    return [stay for stay in stays if stay.until is None or stay.until > since]


def _open(scope: Scope, chair: str | None, since: datetime, until: datetime) -> list[UUID]:
    """The sessions in a chair, or in any, that had begun by `until` and were not over at `since`: never all there
    were.
    """
    steps = SessionStep.objects.filter(site=scope.site)
    begun = steps.filter(step=Step.CHECKED_IN, done_at__lte=until).values("session_key")
    over = steps.filter(step__in=list(OVER), done_at__lte=since).values("session_key")
    there = Q() if chair is None else in_chair(scope, chair)
    found = Session.objects.filter(there, site=scope.site, key__in=begun).exclude(key__in=over)
    return list(found.values_list("key", flat=True))


def _of(scope: Scope, session: UUID) -> QuerySet[Reading]:
    return standing(Reading).filter(site=scope.site, session_key=session, mark="").order_by("measured_at", "key")
