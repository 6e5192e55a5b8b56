"""Facts of follow-up in words, for the phone and for staff."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from daybreak.design.public import ago, number
from daybreak.follow_up.queries.invitations import Due, Invitation, what_is_asked
from daybreak.follow_up.queries.tasks import CLOSED, ESCALATED, MISTAKEN, TAKEN, TOLD, OpenTask, TaskStep
from daybreak.follow_up.rules.invitations import State
from daybreak.identity.public import Person
from daybreak.kernel.truth import Truth
from daybreak.measure.public import library
from daybreak.rulebook.public import Course, CourseSoFar, Instrument, Outcome


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer. `calls`: whoever chooses it is told at once whom to call."""

    value: int
    text: str
    is_chosen: bool
    calls: bool


@dataclass(frozen=True, slots=True)
class Question:
    """One screen of the phone."""

    id: str
    text: str
    choices: tuple[Choice, ...]
    is_optional: bool
    error: str


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the work list."""

    key: UUID
    patient: UUID
    name: str
    what: str
    why: str
    state: str
    badge: str
    due_at: datetime
    when: str


@dataclass(frozen=True, slots=True)
class TaskRow:
    """One open task on a list."""

    key: UUID
    patient: UUID
    name: str
    title: str
    because: str
    priority: str
    badge: str
    clock: str
    is_overdue: bool
    is_escalated: bool
    taken_by: str
    told: str = ""
    is_mistaken: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """Something that was done about a task."""

    words: str
    who: str
    done_at: datetime
    reported_at: datetime | None
    what_was_done: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of a course so far: what, the answer, and why."""

    label: str
    answer: str
    badge: str
    why: str


def text_in(texts: Mapping[str, str]) -> str:
    """Return the reader's language of a definition's text, or its first."""
    return texts.get((get_language() or "en")[:2]) or next(iter(texts.values()))


def questions(instrument: Instrument, *, kept: Mapping[str, str], missing: Collection[str]) -> list[Question]:
    """Return the screens of a questionnaire, with what was chosen and what must be mended."""
    return [
        Question(
            id=item.id,
            text=text_in(item.text),
            is_optional=item.optional or item.asked_when is not None,
            error=_("Choose the answer that fits best.") if item.id in missing else "",
            choices=tuple(
                Choice(
                    value=choice.value,
                    text=text_in(choice.text),
                    is_chosen=kept.get(item.id) == str(choice.value),
                    calls=instrument.calls(item.id, choice.value),
                )
                for choice in instrument.choices_of(item.id)
            ),
        )
        for item in instrument.items
    ]


def title_of(row: Invitation) -> str:
    """Return what is asked for, as it is called."""
    return what_is_asked(row)


STATE_BADGES = {
    State.NOT_YET: "neutral",
    State.OPEN: "info",
    State.LATE: "attention",
    State.ENDED: "attention",
    State.ANSWERED: "good",
    State.CALLED_OFF: "neutral",
}


def state_words(state: State) -> str:
    """Return the state of an invitation for staff."""
    return {
        State.NOT_YET: _("not yet open"),
        State.OPEN: _("open"),
        State.LATE: _("late"),
        State.ENDED: _("not answered"),
        State.ANSWERED: _("answered"),
        State.CALLED_OFF: _("called off"),
    }[state]


def rows(found: Iterable[Due], people: Mapping[UUID, Person], at: datetime) -> list[Row]:
    """Return the rows of the work list."""
    return [row(each.invitation, each.state, people, at) for each in found]


def row(invitation: Invitation, state: State, people: Mapping[UUID, Person], at: datetime) -> Row:
    """Return one invitation as a row."""
    return Row(
        key=invitation.key,
        patient=invitation.patient_key,
        name=people[invitation.patient_key].full_name,
        what=title_of(invitation),
        why=invitation.reason,
        state=state_words(state),
        badge=STATE_BADGES[state],
        due_at=invitation.due_at,
        when=ago(invitation.due_at, at),
    )


def clock_words(each: OpenTask, at: datetime) -> str:
    """Return what a task's clock says: first its deadline, where it has one."""
    if each.task.due_at is not None:
        deadline = _("the deadline passed %(ago)s") if each.is_late(at) else _("to be reported %(ago)s")
        told = deadline % {"ago": ago(each.task.due_at, at)}
        return f"{told}; {_taking_words(each, at)}"
    return _taking_words(each, at)


def _taking_words(each: OpenTask, at: datetime) -> str:
    if each.taken_at is not None:
        return _("taken %(ago)s") % {"ago": ago(each.taken_at, at)}
    minutes = int((each.task.take_by - at).total_seconds() // 60)
    if minutes >= 60:
        return _("someone takes it %(in)s") % {"in": ago(each.task.take_by, at)}
    if minutes >= 0:
        left = ngettext("%(count)d minute left to take it", "%(count)d minutes left to take it", minutes)
        return left % {"count": minutes}
    return _("should have been taken %(ago)s") % {"ago": ago(each.task.take_by, at)}


def task_row(each: OpenTask, people: Mapping[UUID, Person], staff: Mapping[UUID, str], at: datetime) -> TaskRow:
    """Return an open task with its clock in words."""
    return TaskRow(
        key=each.task.key,
        patient=each.task.patient_key,
        name=people[each.task.patient_key].full_name,
        title=kind_words(each.task.kind),
        because=each.task.because,
        priority=priority_words(each.task.priority),
        badge={"high": "attention", "medium": "special", "low": "neutral"}[each.task.priority],
        clock=clock_words(each, at),
        is_overdue=each.is_overdue(at),
        is_escalated=each.escalated_at is not None,
        taken_by=staff.get(each.taken_by, ""),
        is_mistaken=each.mistaken_at is not None,
        told=", ".join(staff[key] for key in each.told if key in staff),
    )


def step(each: TaskStep, staff: Mapping[UUID, str], what_was_done: str, told: str = "") -> Step:
    """Return a step of a task in words; `told` are those of a step that told somebody."""
    words = {
        TAKEN: _("Taken"),
        ESCALATED: _("Escalated: its time had passed"),
        CLOSED: _("Closed"),
        TOLD: told,
        MISTAKEN: _("The patient says that it was pressed by mistake. Make sure all the same."),
    }[each.step]
    if each.asked_role:
        words = _("Nobody had taken it, so this role was asked too: %(role)s") % {"role": each.asked_role}
    return Step(words, staff.get(each.done_by, ""), each.done_at, each.reported_at, what_was_done)


KINDS = {
    "thoughts_of_self_harm": lambda: _("Thoughts of death or self-harm"),
    "answers to settle": lambda: _("Answers that a person must settle"),
    "serious_adverse_event": lambda: _("Serious adverse event to be reported"),
    "asked_for_help": lambda: _("“I need help now”"),
    "sharp_worsening": lambda: _("A sharp worsening"),
    "reached_another": lambda: _("A message reached somebody else"),
}


def kind_words(kind: str) -> str:
    """Return what a task is about; the id of a flag becomes words."""
    return KINDS[kind]() if kind in KINDS else kind.replace("_", " ").capitalize()


def priority_words(priority: str) -> str:
    """Return a priority in words."""
    return {"high": _("high priority"), "medium": _("medium priority"), "low": _("low priority")}[priority]


def worse_words(course: CourseSoFar) -> str:
    """Return why a course is on the list of those who got worse."""
    title = instrument_title(course.instrument)
    if course.worsening is not None and course.worsening.truth is Truth.MET:
        return f"{title}: {course.worsening.reason}"
    return _("%(title)s: relapse was observed. %(why)s") % {"title": title, "why": course.relapse.reason}


def instrument_title(instrument: str) -> str:
    """Return what an instrument is called."""
    return library().instrument(instrument).title


def points(value: Decimal) -> str:
    """Return a score as it is read: whole numbers without decimal places."""
    return number(int(value)) if value == int(value) else number(value, 1)


def findings(course: CourseSoFar) -> list[Finding]:
    """Return what is known now of response, remission, worsening and relapse, each with its reason."""
    told = [
        (_("Response"), course.response),
        (_("Remission"), course.remission),
        (_("Sustained response"), course.sustained),
    ]
    found = [_outcome(label, outcome) for label, outcome in told if outcome is not None]
    if course.worsening is not None:
        found.append(_outcome(_("Worse than before the first session"), course.worsening, met="attention"))
    if course.relapse is not None:
        words, badge = {
            Course.RELAPSED: (_("observed"), "attention"),
            Course.NOT_OBSERVED: (_("not observed"), "good"),
            Course.NO_RESPONSE: (_("no response yet"), "neutral"),
            Course.UNKNOWN: (_("unknown"), "neutral"),
        }[course.relapse.course]
        found.append(Finding(_("Relapse"), words, badge, course.relapse.reason))
    return found


def _outcome(label: str, outcome: Outcome, *, met: str = "good") -> Finding:
    words, badge = {
        Truth.MET: (_("yes"), met),
        Truth.NOT_MET: (_("no"), "neutral"),
        Truth.UNKNOWN: (_("unknown"), "neutral"),
    }[outcome.truth]
    return Finding(label, words, badge, outcome.reason)
