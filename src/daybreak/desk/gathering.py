"""What the desk reads: rooms' doors, put together for one patient or for a page of them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from daybreak.consent.public import ConsentState, asked_by_each, consents_of_each
from daybreak.desk.rules import Stage, stage_word
from daybreak.follow_up.public import open_tasks
from daybreak.identity.public import Person, find, persons
from daybreak.kernel.scope import Scope
from daybreak.people.public import deaths, patients
from daybreak.screen.public import Progress, progress_of_each
from daybreak.treat.public import SessionSummary, sessions_of_each, with_course

OVER = ("discharged", "cancelled")


@dataclass(frozen=True, slots=True)
class PatientRow:
    """One patient in the list."""

    key: UUID
    who: Person
    stage: Stage
    registered_at: datetime
    last_session: SessionSummary | None
    died_on: date | None


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of the list: its rows, how many patients were found, how many the site has, and which page of how many."""

    rows: list[PatientRow]
    count: int
    total: int
    page: int
    pages: int


def stages_of(scope: Scope, keys: Collection[UUID], *, at: datetime) -> dict[UUID, Stage]:
    """Return how far each patient has come, in a fixed number of queries. No session and no task is looked at yet."""
    progress = progress_of_each(scope, keys)
    consents = consents_of_each(scope, keys, at=at)
    treated, died = with_course(scope, keys), deaths(scope, keys)
    asked = asked_by_each({each.protocol or "" for each in progress.values()})
    return {
        key: Stage(
            referred=progress[key].protocol is not None,
            decision=_decided(progress[key]),
            treatment_consent=_current(consents[key].get(asked[progress[key].protocol or ""])),
            registry_consent=consents[key]["registry"].current,
            open_course=key in treated,
            died=key in died,
        )
        for key in keys
    }


def whole_stages_of(scope: Scope, held: dict[UUID, list[SessionSummary]], *, at: datetime) -> dict[UUID, Stage]:
    """Return how far each patient has come, with their open session (of those `held`) and an urgent call."""
    urgent = {task.task.patient_key for task in open_tasks(scope) if task.task.priority == "high"}
    return {
        key: stage.with_now(session_state=_state(open_session(held[key])), needs_help=key in urgent)
        for key, stage in stages_of(scope, held.keys(), at=at).items()
    }


def open_session(held: list[SessionSummary]) -> SessionSummary | None:
    """Return the first session that is planned or under way."""
    return next((s for s in held if str(s.state) not in OVER), None)


def listed(scope: Scope, *, text: str, stage: str, page: int, of: int, at: datetime) -> Listed:
    """Return a page of `of` patients, newest first; with `text` only those whose names or numbers hold its words, with
    `stage` only those who stand under that word.

    Names are opened, and looks recorded, for the patients of the page alone; the number of queries does not grow with
    the patients.
    """
    every = patients(scope)
    registered = dict(
        (every.filter(key__in=find(scope, text, at=at)) if text.strip() else every).values_list("key", "registered_at")
    )
    found = list(registered)
    if stage:
        words = {key: stage_word(each) for key, each in stages_of(scope, found, at=at).items()}
        found = [key for key in found if words[key] == stage]
    pages = max(1, -(-len(found) // of))
    page = min(max(1, page), pages)
    shown = found[(page - 1) * of : page * of]
    rows = _rows(scope, {key: registered[key] for key in shown}, at=at)
    return Listed(rows=rows, count=len(found), total=every.count(), page=page, pages=pages)


def _rows(scope: Scope, registered: dict[UUID, datetime], *, at: datetime) -> list[PatientRow]:
    held = sessions_of_each(scope, registered.keys())
    stages, died = whole_stages_of(scope, held, at=at), deaths(scope, registered.keys())
    names = persons(scope, registered, at=at)
    return [
        PatientRow(
            key=key,
            who=names[key],
            stage=stages[key],
            registered_at=since,
            last_session=next((s for s in reversed(held[key]) if s.started_at), None),
            died_on=died[key].died_on if key in died else None,
        )
        for key, since in registered.items()
    ]


def _current(consent: ConsentState | None) -> bool | None:
    return consent.current if consent else None


def _state(session: SessionSummary | None) -> str | None:
    return str(session.state) if session else None


def _decided(progress: Progress) -> str | None:
    if progress.decision in (None, "postpone") or progress.waits_for_second:
        return None
    return "accepted" if progress.decision == "accept" else progress.decision
