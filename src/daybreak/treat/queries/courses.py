"""A course as a plan: what was given and is planned, in which phase, how far apart."""

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from daybreak.kernel.scope import Scope
from daybreak.people.public import site_named
from daybreak.treat.models import Course
from daybreak.treat.queries.protocols import protocol_of
from daybreak.treat.queries.sessions import SessionSummary, sessions_of_course
from daybreak.treat.rules.frequency import Spacing, spacing
from daybreak.treat.rules.steps import State


def counted(line: SessionSummary) -> bool:
    """Return whether a session counts for the schedule: a dose was started, or still may be."""
    return line.started_at is not None or line.state is not State.CANCELLED


def spacing_of(scope: Scope, course: Course, lines: list[SessionSummary]) -> dict[UUID, Spacing]:
    """Return where each session stands that counts, the given ones by their start."""
    zone = _zone(scope)
    moments = {x.key: (x.started_at or x.planned_for).astimezone(zone) for x in lines if counted(x)}
    protocol = protocol_of(course)
    return {key: spacing(protocol, moments.values(), at=at) for key, at in moments.items()}


def spacing_at(scope: Scope, course: Course, *, planned_for: datetime, but: UUID | None = None) -> Spacing:
    """Return what the protocol says of a session at a moment that is only thought of; `but` is the one to be moved."""
    lines = sessions_of_course(scope, course.key)
    moments = [x.started_at or x.planned_for for x in lines if counted(x) and x.key != but]
    return spacing(protocol_of(course), moments, at=planned_for.astimezone(_zone(scope)))


def _zone(scope: Scope) -> ZoneInfo:
    place = site_named(scope.site)
    return ZoneInfo(place.time_zone if place else "UTC")
