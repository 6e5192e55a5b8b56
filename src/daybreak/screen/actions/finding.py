"""Answers to the questions of a protocol and of the guided history."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import connection

from daybreak.identity.public import is_before_birth
from daybreak.kernel.keys import key_from
from daybreak.kernel.refusal import Refusal
from daybreak.kernel.scope import Scope
from daybreak.ledger.public import one_step, record_one
from daybreak.measure.public import fact_definition, library
from daybreak.rulebook.public import Fact, FactDefinition, trouble_with
from daybreak.screen.models import Finding
from daybreak.screen.queries import current_findings
from daybreak.screen.rules import UNBORN

Answer = bool | Decimal | str | date | tuple[str, ...]


class NotAFinding(Refusal):
    """A question that nobody asks, or an answer that cannot be right; `field` names the question."""

    def __init__(self, sentence: str, *, field: str = "") -> None:
        super().__init__(sentence)
        self.field = field


class AnsweredMeanwhile(Refusal):
    """Somebody answered the same questions since the page was read; `rows` holds what stands now."""

    def __init__(self, rows: Mapping[str, Finding]) -> None:
        super().__init__("In the meantime another answer was recorded. Look at it, and answer again.")
        self.rows = dict(rows)


def record_finding(
    scope: Scope, *, key: UUID, patient: UUID, question: str, value: Answer | None, noted_at: datetime
) -> Finding:
    """Record the answer to a question of the vocabulary; None is “not known”. Raises NotAFinding."""
    definition = fact_definition(library(), question)
    if definition is None:
        raise NotAFinding(f"No protocol asks “{question}”.")
    if value is not None and (trouble := _trouble(definition, value, noted_at)):
        raise NotAFinding(trouble, field=question)
    if isinstance(value, date) and is_before_birth(scope, patient, on=value):
        raise NotAFinding(UNBORN, field=question)
    return record_one(
        Finding(
            site=scope.site,
            key=key,
            patient_key=patient,
            question=question,
            value=plain(value),
            noted_at=noted_at,
        )
    )


@one_step()
def answer_questions(
    scope: Scope,
    *,
    key: UUID,
    patient: UUID,
    answers: Mapping[str, Answer | None],
    seen: Mapping[str, UUID | None],
    at: datetime,
) -> list[Finding]:
    """Record the answers that differ from what stands, all or none; a form that is sent again finds nothing to record.

    `seen` names, for each question, the answer that stood when the page was read. Raises AnsweredMeanwhile where
    another stands by now, and NotAFinding.
    """
    _hold(scope, patient)
    known = current_findings(scope, patient=patient)
    changed = {q: v for q, v in answers.items() if q not in known or known[q].value != plain(v)}
    overtaken = {q: known[q] for q in changed if q in known and known[q].key != seen.get(q)}
    if overtaken:
        raise AnsweredMeanwhile(overtaken)
    return [
        record_finding(
            scope,
            key=key_from(scope.site, str(key), question),
            patient=patient,
            question=question,
            value=v,
            noted_at=at,
        )
        for question, v in changed.items()
    ]


def _hold(scope: Scope, patient: UUID) -> None:
    """Let one form at a time answer about a patient."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 1))", [f"{scope.site}/{patient}/findings"])


def plain(value: Answer | None) -> object:
    """Return an answer as it is stored."""
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def _trouble(definition: FactDefinition, value: Answer, at: datetime) -> str | None:
    if isinstance(value, date) and value > at.date():
        return "The day lies in the future: check it."
    return trouble_with(definition, Fact(value, definition.unit))
