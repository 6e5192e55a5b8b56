"""Letters to the referrer: what was signed, and the facts that a draft is made of."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from daybreak.identity.public import open_text
from daybreak.kernel.scope import Scope
from daybreak.measure.public import library, scores
from daybreak.treat.models import Course, ReferrerLetter
from daybreak.treat.queries.events import EventEntry, adverse_events
from daybreak.treat.queries.sessions import SessionSummary, sessions_of_course


@dataclass(frozen=True, slots=True)
class SignedLetter:
    """One version of a letter in its words."""

    key: UUID
    version: int
    addressee: str
    words: str
    signed_by: UUID
    signed_at: datetime


@dataclass(frozen=True, slots=True)
class ScoreThen:
    """A score with its questionnaire, and when it was taken."""

    title: str
    value: Decimal
    at: datetime


@dataclass(frozen=True, slots=True)
class CourseFacts:
    """What a letter tells of a course: sessions that were given, planned ones, scores before and last, events."""

    given: list[SessionSummary]
    planned: list[SessionSummary]
    before: list[ScoreThen]
    last: list[ScoreThen]
    events: list[EventEntry]


def letters_of(scope: Scope, course: UUID) -> list[SignedLetter]:
    """Return every version of a course's letter, the first one first."""
    found = ReferrerLetter.objects.filter(site=scope.site, course_key=course).order_by("signed_at", "key")
    return [
        SignedLetter(
            row.key, number, open_text(scope, row.patient_key, row.addressee),
            open_text(scope, row.patient_key, row.words), row.signed_by, row.signed_at,
        )
        for number, row in enumerate(found, start=1)
    ]  # fmt: skip


def letter(scope: Scope, key: UUID) -> tuple[ReferrerLetter, SignedLetter] | None:
    """Return one signed version, or nothing."""
    row = ReferrerLetter.objects.filter(site=scope.site, key=key).first()
    if row is None:
        return None
    return row, next(each for each in letters_of(scope, row.course_key) if each.key == key)


def facts_of_course(scope: Scope, course: Course, *, at: datetime) -> CourseFacts:
    """Return what the record says of a course up to a moment. What was not measured is not there."""
    sessions = sessions_of_course(scope, course.key)
    given = [each for each in sessions if each.started_at is not None and each.ended_at is not None]
    planned = [each for each in sessions if str(each.state) == "planned" and each.planned_for > at]
    before, last = _scores(scope, course.patient_key, given)
    keys = {each.key for each in sessions}
    events = [each for each in adverse_events(scope, course.patient_key) if each.session_key in keys]
    return CourseFacts(given, planned, before, last, events)


def _scores(scope: Scope, patient: UUID, given: list[SessionSummary]) -> tuple[list[ScoreThen], list[ScoreThen]]:
    """The last total of each questionnaire before the first session, and the last one since."""
    if not given:
        return [], []
    begun = min(each.started_at for each in given if each.started_at)
    before: dict[str, ScoreThen] = {}
    since: dict[str, ScoreThen] = {}
    held = library()
    for row in scores(scope, patient=patient):
        if row.name == "total":
            told = ScoreThen(held.instrument(row.instrument, row.version).title, row.value, row.answered_at)
            (since if row.answered_at > begun else before)[row.instrument] = told
    return list(before.values()), list(since.values())
