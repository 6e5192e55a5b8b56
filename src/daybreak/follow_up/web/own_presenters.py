"""A patient's own course, appointments and agreements, in plain words."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from daybreak.consent.public import State as Agreed
from daybreak.consent.public import consents_of, shown_text, title_of
from daybreak.follow_up.queries.course import course_so_far
from daybreak.follow_up.queries.invitations import Invitation, still_asked
from daybreak.follow_up.queries.observation import ended_of_each
from daybreak.follow_up.rules.invitations import State
from daybreak.follow_up.web.presenters import points
from daybreak.identity.public import person
from daybreak.kernel.scope import Scope
from daybreak.measure.public import library
from daybreak.rulebook.public import TASK_SET, Protocol
from daybreak.treat.public import SessionSummary, courses, sessions_of

# What a patient does before a session, by the question that the protocol asks about it, and what is said on leaving.
BEFORE = ("fasting_followed", "escort_arranged")
ON_LEAVING = "instructions_given"
AGREED = (Agreed.CURRENT, Agreed.WAITS, Agreed.OUTDATED)
WIDTH, HEIGHT, EDGE = 320, 140, 12


@dataclass(frozen=True, slots=True)
class Point:
    """A score in the drawing and in words."""

    x: float
    y: float
    words: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Agreement:
    """Something that the patient agreed to, since when, and what follows when it is taken back, in the language of the
    text that was shown.
    """

    kind: str
    title: str
    since: datetime | None
    what_follows: str
    language: str


@dataclass(frozen=True, slots=True)
class Minded:
    """What a patient minds around a session; where nobody wrote it for patients, in the protocol's English words."""

    words: str
    is_protocols_own: bool


@dataclass(frozen=True, slots=True)
class ToAnswer:
    """What is open now: so many questions, or the tasks of cognition (0 questions), and when they are due."""

    key: UUID
    questions: int
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Own:
    """What a patient's own page shows."""

    points: tuple[Point, ...]
    sessions: tuple[float, ...]
    due: tuple[ToAnswer, ...]
    next_session: SessionSummary | None
    before: tuple[Minded, ...]
    agreements: tuple[Agreement, ...]
    contact: dict[str, str]


def own_view(scope: Scope, *, at: datetime) -> Own:
    """Return what the scope's patient sees of themself."""
    patient = scope.patient
    sessions = sessions_of(scope, patient)
    over = ended_of_each(scope, [patient]).get(patient)
    coming = [s for s in sessions if s.started_at is None and s.state != "cancelled" and s.planned_for > at]
    if over is not None and over.kind == "died":
        coming = []
    following = min(coming, key=lambda s: s.planned_for, default=None)
    course = course_so_far(scope, patient, at=at)
    who = person(scope, patient, at=at)
    drawn, marks = _drawn(course) if course else ((), ())
    return Own(
        points=drawn,
        sessions=marks,
        due=tuple(
            _to_answer(each.invitation)
            for each in still_asked(scope, patient=patient)
            if over is None and each.state(at) in (State.OPEN, State.LATE)
        ),
        next_session=following,
        before=_before(scope, following) if following else (),
        agreements=_agreements(scope, at),
        contact={"telephone": who.telephone, "email": who.email},
    )


def _to_answer(row: Invitation) -> ToAnswer:
    asks = () if row.instrument == TASK_SET else library().instrument(row.instrument, row.version).items
    return ToAnswer(row.key, len(asks), row.due_at)


def _drawn(course: object) -> tuple[tuple[Point, ...], tuple[float, ...]]:
    """Return the scores and sessions inside the drawing: time to the right, and the highest possible score on top."""
    scores = course.scores
    if not scores:
        return (), ()
    highest = float(max(score.highest for score in library().instrument(course.instrument).scores))
    begun = [s for s in course.sessions if s <= scores[-1].at]
    first = min([scores[0].at, *begun])
    span = (scores[-1].at - first).total_seconds() or 1.0

    def across(moment: datetime) -> float:
        return round(EDGE + (WIDTH - 2 * EDGE) * (moment - first).total_seconds() / span, 1)

    def down(value: float) -> float:
        return round(HEIGHT - EDGE - (HEIGHT - 2 * EDGE) * value / highest, 1)

    drawn = tuple(Point(across(s.at), down(float(s.value)), points(s.value), s.at) for s in scores)
    return drawn, tuple(across(s) for s in begun)


def _before(scope: Scope, following: SessionSummary) -> tuple[Minded, ...]:
    course = next(c for c in courses(scope, scope.patient) if c.key == following.course_key)
    return before_a_session(library().protocol(course.protocol, course.protocol_version))


def before_a_session(protocol: Protocol) -> tuple[Minded, ...]:
    """Return what the protocol asks a patient to mind before a session and after it."""
    asked = {gate.ask for each in protocol.before_each_dose for gate in _gates(each)}
    questions = [protocol.fact(name).question for name in BEFORE if name in asked]
    notes = [e.note for e in protocol.before_leaving if e.note and any(g.ask == ON_LEAVING for g in _gates(e))]
    said = _to_a_patient()
    return tuple(Minded(said.get(each, each), each not in said) for each in (*questions, *notes))


def _to_a_patient() -> dict[str, str]:
    """Return how a patient is told what a protocol asks of staff. The whole sentence is the key: a protocol that says
    another number is heard in its own words, never with this one.
    """
    return {
        "Has the patient had no food for 2 hours and nothing to drink for 30 minutes?": _(
            "Eat nothing for 2 hours and drink nothing for 30 minutes before your appointment."
        ),
        "Is a responsible adult coming to take the patient home?": _(
            "Arrange that a responsible adult comes and takes you home."
        ),
        "No driving or machinery until the next day after restful sleep.": _(
            "Do not drive or use machines until the next day, after a restful sleep."
        ),
    }


def _gates(criterion: object) -> list:
    return [g for g in (criterion.gate, *criterion.all_, *criterion.any_) if g is not None]


def _agreements(scope: Scope, at: datetime) -> tuple[Agreement, ...]:
    states = consents_of(scope, scope.patient, at=at)
    found = [(kind, state) for kind, state in states.items() if state.state in AGREED]
    return tuple(
        Agreement(kind, title_of(kind), state.granted_at, _what_follows(state), state.language) for kind, state in found
    )


def _what_follows(state: object) -> str:
    text = shown_text(state.definition, state.version or 0, fingerprint=state.fingerprint, language=state.language)
    return text.withdrawal
