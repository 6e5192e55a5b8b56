"""Questions about data in words: how one stands, and what was said, oldest first."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from daybreak.design.public import day, number
from daybreak.register.models import DataQueryStep
from daybreak.register.quality.asking import Asked
from daybreak.register.quality.rules import SCORE, SESSION, QueryState
from daybreak.register.quality.sampling import Sampled

STATE_WORDS = {
    QueryState.ASKED: gettext_lazy("waits for the clinic"),
    QueryState.ANSWERED: gettext_lazy("answered"),
    QueryState.CLOSED: gettext_lazy("closed"),
}
STATE_KINDS = {QueryState.ASKED: "info", QueryState.ANSWERED: "attention", QueryState.CLOSED: "good"}
QUERY_REASONS = {
    "typed_wrongly": gettext_lazy("It was typed wrongly"),
    "entered_late": gettext_lazy("It was entered late"),
    "not_in_the_source": gettext_lazy("The source does not have it either"),
    "device_did_not_send": gettext_lazy("A device did not send it"),
    "patient_did_not_answer": gettext_lazy("The patient did not answer"),
    "done_elsewhere": gettext_lazy("It was done elsewhere"),
    "check_does_not_fit": gettext_lazy("It is right: the check does not fit here"),
}


FIELD_WORDS = {
    "started_at": gettext_lazy("Start of the dose"),
    "ended_at": gettext_lazy("End of the dose"),
    "dose_mg": gettext_lazy("Amount given"),
    "weight_kg": gettext_lazy("Weight of that day"),
    "route": gettext_lazy("Way of giving"),
    "instrument": gettext_lazy("Questionnaire"),
    "answered_at": gettext_lazy("When it was answered"),
    "value": gettext_lazy("Score"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the history."""

    at: datetime
    by: UUID | None
    what: str
    said: str


def sample_words(found: Sampled) -> str:
    """Return what a sample was drawn from, and what its intervals take for granted."""
    told = {
        SESSION: _(
            "%(n)s sessions drawn by chance among %(among)s that were discharged (seed %(seed)s). The interval takes "
            "each session by itself, as if no two were of one person."
        ),
        SCORE: _(
            "%(n)s scores drawn by chance among %(among)s that staff entered (seed %(seed)s); what a patient answered "
            "on a phone is its own source. The interval takes each score by itself, as if no two were of one person."
        ),
    }
    sample = found.sample
    return told[sample.kind] % {
        "n": found.size, "among": number(sample.among), "seed": f"{sample.seed[:8]}…",
    }  # fmt: skip


def query_words(asked: Asked) -> str:
    """Return how a question stands, and whether an answer is late."""
    return _("late") if asked.overdue else str(STATE_WORDS[asked.state])


def query_kind(asked: Asked) -> str:
    """Return the kind of its badge."""
    return "attention" if asked.overdue else STATE_KINDS[asked.state]


def query_history(asked: Asked) -> list[Entry]:
    """Return what was asked and said, oldest first."""
    query = asked.query
    first = _("Asked about %(n)s of %(of)s, to be answered by %(day)s") % {
        "n": number(asked.failing), "of": number(query.of), "day": day(query.answer_by),
    }  # fmt: skip
    return [Entry(query.asked_at, query.recorded_by, first, query.words), *map(_entry, asked.steps)]


def _entry(step: DataQueryStep) -> Entry:
    if step.step == "answer":
        what = _("Answered: %(corrected)s corrected, %(confirmed)s right as they are, %(unknowable)s cannot be known")
        told = {name: number(getattr(step, name)) for name in ("corrected", "confirmed", "unknowable")}
        return Entry(step.stepped_at, step.recorded_by, what % told, str(QUERY_REASONS[step.reason]))
    if step.step == "ask_again":
        what = _("Asked again, to be answered by %(day)s") % {"day": day(step.answer_by)}
        return Entry(step.stepped_at, step.recorded_by, what, step.words)
    return Entry(step.stepped_at, step.recorded_by, _("Closed"), "")
