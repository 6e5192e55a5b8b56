"""The work list in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from daybreak.design.public import ago
from daybreak.follow_up.queries.worklist import DUE, KINDS, LATE, NOT_REACHED, WORSE, Attempt, Waiting
from daybreak.follow_up.web.presenters import title_of, worse_words
from daybreak.identity.public import Person

BADGES = {LATE: "attention", DUE: "info", WORSE: "attention", NOT_REACHED: "special"}


@dataclass(frozen=True, slots=True)
class WorkRow:
    """One patient on the list; `asked` holds each questionnaire with why, when it was due and its invitation,
    `laboratory` what is due there and since when.
    """

    patient: UUID
    name: str
    badges: tuple[tuple[str, str], ...]
    asked: tuple[tuple[str, str, datetime, str, UUID], ...]
    laboratory: tuple[tuple[str, datetime, str], ...]
    why: str
    tried: str


def kind_of_row(kind: str) -> str:
    """Return why somebody is on the list, in a word."""
    return {LATE: _("late"), DUE: _("due"), WORSE: _("worse"), NOT_REACHED: _("not reached")}[kind]


def options(counts: Mapping[str, int]) -> list[tuple[str, str]]:
    """Return the kinds that the list may be narrowed to, each with how many patients are of it."""
    kinds = [(kind, f"{kind_of_row(kind).capitalize()} ({counts[kind]})") for kind in KINDS]
    return [("", _("Everybody")), *kinds]


def row(each: Waiting, people: Mapping[UUID, Person], staff: Mapping[UUID, str], at: datetime) -> WorkRow:
    """Return one patient as a row."""
    why = worse_words(each.worse) if each.worse else ""
    if NOT_REACHED in each.kinds:
        missed = ngettext("%(n)d in a row without an answer.", "%(n)d in a row without an answer.", each.missed)
        why = f"{why} {missed % {'n': each.missed}}".strip()
    return WorkRow(
        patient=each.patient,
        name=people[each.patient].full_name,
        badges=tuple((kind_of_row(kind), BADGES[kind]) for kind in KINDS if kind in each.kinds),
        asked=tuple(
            (title_of(row), row.reason, row.due_at, ago(row.due_at, at), row.key)
            for row in (d.invitation for d in each.due)
        ),
        laboratory=tuple(
            (state.check.title, state.due_from, ago(state.due_from, at)) for state in each.laboratory if state.due_from
        ),
        why=why,
        tried=tried_words(each.tries, staff, at),
    )


def tried_words(tries: tuple[Attempt, ...], staff: Mapping[UUID, str], at: datetime) -> str:
    """Return the last try and how many there were."""
    if not tries:
        return ""
    last = tries[-1]
    count = ngettext("%(n)d try", "%(n)d tries", len(tries)) % {"n": len(tries)}
    who = staff.get(last.tried_by, "")
    return f"{way_words(last.way)}, {outcome_words(last.outcome)}, {ago(last.tried_at, at)} · {who} · {count}"


def way_words(way: str) -> str:
    """Return in which way somebody was tried to be reached."""
    return {
        "telephone": _("by telephone"),
        "message": _("by message"),
        "letter": _("by letter"),
        "in person": _("in person"),
        "relative": _("through a relative"),
    }[way]


def outcome_words(outcome: str) -> str:
    """Return what came of a try."""
    return {
        "reached": _("reached"),
        "no answer": _("no answer"),
        "wrong number": _("wrong number or address"),
        "declined": _("does not want to be asked"),
    }[outcome]


def change_words(kind: str) -> str:
    """Return why observation ended, or that it began again."""
    return {
        "transferred": _("transferred to another clinic"),
        "moved": _("moved away"),
        "withdrew": _("withdrew from follow-up"),
        "lost": _("lost to follow-up"),
        "returned": _("returned"),
        "died": _("has died"),
    }[kind]


def source_words(source: str) -> str:
    """Return who said so."""
    return {
        "patient": _("the patient"),
        "relative": _("a relative"),
        "other clinic": _("another clinic"),
        "staff": _("a member of staff"),
        "public register": _("a public register"),
        "": _("the patient's record"),
    }[source]
