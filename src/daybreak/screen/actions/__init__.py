"""Every write to screen. Each is atomic, and a retry of the same fact changes nothing."""

from daybreak.screen.actions.deciding import (
    MayNotDecide,
    NotADecision,
    NotReferred,
    ScreeningChanged,
    assess,
    decide,
    second_decision,
)
from daybreak.screen.actions.diagnosing import NotADiagnosis, record_cause_of_death, record_diagnosis
from daybreak.screen.actions.finding import AnsweredMeanwhile, NotAFinding, answer_questions, record_finding
from daybreak.screen.actions.referring import (
    NewAttachment,
    NoSuchAttachment,
    attach,
    refer,
    withdraw_attachment,
)
from daybreak.screen.actions.treatments import (
    CorrectedMeanwhile,
    NotAPastTreatment,
    NotASeries,
    record_electroconvulsive,
    record_past_treatment,
    withdraw_electroconvulsive,
    withdraw_past_treatment,
)
from daybreak.screen.models import MANNERS_OF_DEATH, OUTCOMES

__all__ = [
    "MANNERS_OF_DEATH",
    "OUTCOMES",
    "AnsweredMeanwhile",
    "CorrectedMeanwhile",
    "MayNotDecide",
    "NewAttachment",
    "NoSuchAttachment",
    "NotADecision",
    "NotADiagnosis",
    "NotAFinding",
    "NotAPastTreatment",
    "NotASeries",
    "NotReferred",
    "ScreeningChanged",
    "answer_questions",
    "assess",
    "attach",
    "decide",
    "record_cause_of_death",
    "record_diagnosis",
    "record_electroconvulsive",
    "record_finding",
    "record_past_treatment",
    "refer",
    "second_decision",
    "withdraw_attachment",
    "withdraw_electroconvulsive",
    "withdraw_past_treatment",
]
