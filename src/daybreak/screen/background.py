"""What is known beside the protocol's questions: the staging of resistance, the flags of medicines, the history."""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from daybreak.kernel.scope import Scope
from daybreak.measure.public import library, medicines
from daybreak.rulebook.public import FactDefinition, History, Resistance, Vocabulary
from daybreak.screen.flags import LISTS, MedicineFlag, Taken, flags_of
from daybreak.screen.models import ElectroconvulsiveSeries, Finding, PastTreatment
from daybreak.screen.queries import current_findings, electroconvulsive, past_treatments
from daybreak.screen.staging import StagedBy, groups_of, history_of, staged_by_all

HISTORY = "history"


@dataclass(frozen=True, slots=True)
class Background:
    """What stands beside the protocol at one moment. `asked` are the questions of the guided history."""

    history: History
    staged: list[StagedBy]
    flags: list[MedicineFlag]
    medicines_recorded: int
    treatments: list[PastTreatment]
    series: list[ElectroconvulsiveSeries]
    asked: tuple[FactDefinition, ...]
    findings: dict[str, Finding]


def background_of(scope: Scope, *, patient: UUID, at: datetime) -> Background:
    """Return what stands beside the protocol at `at`, staged by every active definition of resistance."""
    findings = current_findings(scope, patient=patient)
    trials, series = past_treatments(scope, patient=patient), electroconvulsive(scope, patient=patient)
    history = history_of(trials, series, groups=groups(), said=_said(findings), on=at.date())
    taken = [Taken(m.display, m.code, m.system) for m in medicines(scope, patient) if m.status == "active"]
    definitions = [each for each in library().active("resistance") if isinstance(each, Resistance)]
    return Background(
        history=history,
        staged=staged_by_all(definitions, history),
        flags=flags_of([library().codelist(name) for name in LISTS], taken),
        medicines_recorded=len(taken),
        treatments=trials,
        series=series,
        asked=history_questions(),
        findings=findings,
    )


def history_questions() -> tuple[FactDefinition, ...]:
    """Return the questions of the guided history that stand beside those of a protocol."""
    vocabulary: Vocabulary = library().vocabulary(HISTORY)
    return vocabulary.facts


def groups() -> dict[str, str]:
    """Return the class of each antidepressant of the list, by its word."""
    return groups_of(library().codelist("antidepressants"), library().codelist("antidepressant_groups"))


def _said(findings: dict[str, Finding]) -> dict[str, object]:
    days = {q.id for q in history_questions() if q.kind == "date"}
    return {
        name: date.fromisoformat(row.value) if name in days and row.value else row.value
        for name, row in findings.items()
    }


_FROZEN_TRIAL = (
    "drug", "drug_code", "dose_mg", "weeks", "started_on", "ended_on", "dose_adequate", "rating", "adequate",
    "adequacy_by", "definition", "version", "fingerprint", "said_by", "present_episode", "optimised", "augmented",
    "augmentation", "outcome",
)  # fmt: skip
_FROZEN_SERIES = ("placement", "treatments", "started_on", "ended_on", "outcome", "said_by")


def background_to_json(background: Background) -> dict[str, object]:
    """Return the background as it is frozen with a decision: codes and answers, never somebody's free words."""
    return {
        "resistance": [_staged(each) for each in background.staged],
        "medicines": [asdict(flag) for flag in background.flags],
        "medicines_recorded": background.medicines_recorded,
        "treatments": [_row(row, _FROZEN_TRIAL) for row in background.treatments],
        "series": [_row(row, _FROZEN_SERIES) for row in background.series],
        "history": {
            question.id: {"value": row.value, "question": question.question, "at": row.noted_at.isoformat()}
            for question in background.asked
            if (row := background.findings.get(question.id)) is not None
        },
    }


def _staged(each: StagedBy) -> dict[str, object]:
    definition, answer = each.definition, each.answer
    said = {name: _plain(value) for name, value in asdict(answer).items()}
    return {
        **said,
        "title": definition.title,
        "source": definition.source,
        "reference": definition.reference,
        "verified": definition.verified,
    }


def _row(row: object, names: tuple[str, ...]) -> dict[str, object]:
    return {"key": str(getattr(row, "key", ""))} | {name: _plain(getattr(row, name)) for name in names}


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value
