"""The door of the rulebook: the only module that other rooms import."""

from daybreak.rulebook.bedside import Limit, Sign, Watch
from daybreak.rulebook.checking import CheckReport, check, lock
from daybreak.rulebook.codelist import Code, CodeList
from daybreak.rulebook.consent import Check, Consent, Section, Understanding, understanding
from daybreak.rulebook.course import Duty, FollowUp, Phase, Report, ReportField
from daybreak.rulebook.dose import Choices, Dose, NoDose, WeightUsed, choices_for, dose_for, ideal_kilograms
from daybreak.rulebook.dosing import CoMedication, Devices, DoseRule, DoseStep, IdealWeight
from daybreak.rulebook.evaluation import (
    Answer,
    Decision,
    Missing,
    Part,
    UsedFact,
    Verdict,
    decision_of,
    evaluate,
)
from daybreak.rulebook.facts import Fact, FactDefinition, Vocabulary, trouble_with
from daybreak.rulebook.faults import BrokenDefinition, Fault, UnknownDefinition
from daybreak.rulebook.folders import NoDefinitions, shipped_folder
from daybreak.rulebook.form import Definition, Provenance, Reference
from daybreak.rulebook.gate import SESSIONS, Criterion, Gate
from daybreak.rulebook.instrument import Band, Choice, CutOffs, Flag, Instrument, Item
from daybreak.rulebook.library import Library
from daybreak.rulebook.limits import Breach, Due, Reading, breaches, due, unjudged
from daybreak.rulebook.measure import Measure, Window
from daybreak.rulebook.outcomes import (
    Course,
    DatedScore,
    Outcome,
    Relapse,
    baseline_of,
    fall_percent,
    first_observed_relapse,
    reached,
    score_in,
)
from daybreak.rulebook.protocol import STAGES, Protocol, Stage
from daybreak.rulebook.resistance import NO_STAGE, NOT_STAGEABLE, Staged, adequacy, stage
from daybreak.rulebook.schedule import Planned, Slot, phase_on, planned, report_due, slots
from daybreak.rulebook.scoring import (
    ImpossibleAnswer,
    RaisedFlag,
    Result,
    Scored,
    band_of,
    problems_with,
    score,
)
from daybreak.rulebook.staging import Adequacy, Electroconvulsive, History, Resistance, Trial
from daybreak.rulebook.words import spoken, words_of

__all__ = [
    "NOT_STAGEABLE",
    "NO_STAGE",
    "SESSIONS",
    "STAGES",
    "Adequacy",
    "Answer",
    "Band",
    "Breach",
    "BrokenDefinition",
    "Check",
    "CheckReport",
    "Choice",
    "Choices",
    "CoMedication",
    "Code",
    "CodeList",
    "Consent",
    "Course",
    "Criterion",
    "CutOffs",
    "DatedScore",
    "Decision",
    "Definition",
    "Devices",
    "Dose",
    "DoseRule",
    "DoseStep",
    "Due",
    "Duty",
    "Electroconvulsive",
    "Fact",
    "FactDefinition",
    "Fault",
    "Flag",
    "FollowUp",
    "Gate",
    "History",
    "IdealWeight",
    "ImpossibleAnswer",
    "Instrument",
    "Item",
    "Library",
    "Limit",
    "Measure",
    "Missing",
    "NoDefinitions",
    "NoDose",
    "Outcome",
    "Part",
    "Phase",
    "Planned",
    "Protocol",
    "Provenance",
    "RaisedFlag",
    "Reading",
    "Reference",
    "Relapse",
    "Report",
    "ReportField",
    "Resistance",
    "Result",
    "Scored",
    "Section",
    "Sign",
    "Slot",
    "Stage",
    "Staged",
    "Trial",
    "Understanding",
    "UnknownDefinition",
    "UsedFact",
    "Verdict",
    "Vocabulary",
    "Watch",
    "WeightUsed",
    "Window",
    "adequacy",
    "band_of",
    "baseline_of",
    "breaches",
    "check",
    "choices_for",
    "decision_of",
    "dose_for",
    "due",
    "evaluate",
    "fall_percent",
    "first_observed_relapse",
    "ideal_kilograms",
    "lock",
    "phase_on",
    "planned",
    "problems_with",
    "reached",
    "report_due",
    "score",
    "score_in",
    "shipped_folder",
    "slots",
    "spoken",
    "stage",
    "trouble_with",
    "understanding",
    "unjudged",
    "words_of",
]
