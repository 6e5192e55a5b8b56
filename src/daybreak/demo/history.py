"""What was tried before: invented histories about which the definitions of resistance mostly disagree."""

from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from daybreak.demo.plot import Plot
from daybreak.kernel.keys import new_key
from daybreak.kernel.scope import Scope
from daybreak.measure.public import record_medicine
from daybreak.screen.public import record_electroconvulsive, record_finding, record_past_treatment

SHAPES = 5
# Of each five histories: the first has failures in two episodes, the second electroconvulsive therapy that failed, the
# third one that helped once, the fourth a trial that nobody has judged, the fifth a list that may not be complete.
TWO_EPISODES, SERIES_FAILED, SERIES_HELPED, UNJUDGED, INCOMPLETE = range(SHAPES)
SEVERITIES = ("moderate", "severe_without_psychosis", "mild")
ANSWERS = {
    "opioid_use": "none",
    "prescription_monitoring": "nothing_unexpected",
    "laboratory_results": "acceptable",
    "bladder_symptoms": False,
    "liver_disease": False,
    "cognitive_problem": False,
}
TAKEN = ("Lorazepam 1 mg", "Methylphenidate 20 mg")


def shape_of(plot: Plot) -> int:
    """Return which of the five histories a patient has."""
    return plot.seed % SHAPES


def tell_what_was_tried(scope: Scope, *, patient: UUID, plot: Plot, weeks: list[int], at: datetime) -> None:
    """Record the antidepressants of the plot, and the electroconvulsive therapy of those who had it."""
    shape = shape_of(plot)
    for place, ((drug, code, dose), lasted) in enumerate(zip(plot.failed, weeks, strict=True)):
        is_last = place == len(plot.failed) - 1
        record_past_treatment(
            scope,
            key=new_key(at=at),
            patient=patient,
            drug=drug,
            drug_code=code,
            dose=Decimal(dose),
            weeks=Decimal(lasted),
            adequate=None if shape == UNJUDGED and is_last else True,
            said_by="records",
            present_episode=shape != TWO_EPISODES or is_last,
            optimised=place == 0,
            augmented=place == 1,
            augmentation="quetiapine" if place == 1 else "",
            outcome="no response",
            noted_at=at,
        )
    if shape in (SERIES_FAILED, SERIES_HELPED):
        record_electroconvulsive(
            scope,
            key=new_key(at=at),
            patient=patient,
            placement="bilateral",
            treatments=9,
            outcome="no response" if shape == SERIES_FAILED else "response",
            said_by="records",
            noted_at=at,
        )


def answer_history(scope: Scope, *, patient: UUID, plot: Plot, at: datetime) -> None:
    """Answer the guided history's own questions, and note what every fourth patient takes beside."""
    began = (at - timedelta(days=150 + plot.seed % 900)).date()
    said: dict[str, object] = {
        "episode_began_on": began,
        "episode_severity": SEVERITIES[plot.seed % len(SEVERITIES)],
        **ANSWERS,
    }
    if shape_of(plot) != INCOMPLETE:
        said["treatment_history_complete"] = True
    for question, value in said.items():
        record_finding(scope, key=new_key(at=at), patient=patient, question=question, value=value, noted_at=at)
    if plot.seed % 4 == 0:
        record_medicine(
            scope, key=new_key(at=at), patient=patient, display=TAKEN[plot.seed // 4 % len(TAKEN)], noted_at=at
        )
