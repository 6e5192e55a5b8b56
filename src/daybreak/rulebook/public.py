"""The door of the rulebook: the only module that other rooms import."""

from daybreak.rulebook.bedside import Limit, Sign, Watch
from daybreak.rulebook.checking import CheckReport, check, lock
from daybreak.rulebook.codelist import Code, CodeList
from daybreak.rulebook.consent import Check, Consent, Section, Understanding, understanding
from daybreak.rulebook.course import Duty, FollowUp, Phase, Report, ReportField
from daybreak.rulebook.deciding import decide_all
from daybreak.rulebook.differences import Change, differences
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
from daybreak.rulebook.folders import NoDefinitions, NoSuchPack, pack_folder, packs, shipped_folder
from daybreak.rulebook.form import Definition, Provenance, Reference
from daybreak.rulebook.gate import SESSIONS, Criterion, Gate
from daybreak.rulebook.gate_tests import day_of_course
from daybreak.rulebook.instrument import Band, Choice, CutOffs, Flag, Instrument, Item, LicenceRecord
from daybreak.rulebook.library import Library
from daybreak.rulebook.licensed import Licensed, check_licensed, licensed
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
from daybreak.rulebook.page import chapters, page, source_in_words, source_line
from daybreak.rulebook.protocol import STAGES, Protocol, Stage
from daybreak.rulebook.resistance import NO_STAGE, NOT_STAGEABLE, Staged, adequacy, stage
from daybreak.rulebook.rules_in_words import Chapter, Rule
from daybreak.rulebook.schedule import Planned, Slot, phase_on, planned, report_due, slots
from daybreak.rulebook.scoring import (
    ImpossibleAnswer,
    RaisedFlag,
    Result,
    Scored,
    band_of,
    is_needed,
    problems_with,
    score,
    unanswered,
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
    "Change",
    "Chapter",
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
    "LicenceRecord",
    "Licensed",
    "Limit",
    "Measure",
    "Missing",
    "NoDefinitions",
    "NoDose",
    "NoSuchPack",
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
    "Rule",
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
    "chapters",
    "check",
    "check_licensed",
    "choices_for",
    "day_of_course",
    "decide_all",
    "decision_of",
    "differences",
    "dose_for",
    "due",
    "evaluate",
    "fall_percent",
    "first_observed_relapse",
    "ideal_kilograms",
    "is_needed",
    "licensed",
    "lock",
    "pack_folder",
    "packs",
    "page",
    "phase_on",
    "planned",
    "problems_with",
    "reached",
    "report_due",
    "score",
    "score_in",
    "shipped_folder",
    "slots",
    "source_in_words",
    "source_line",
    "spoken",
    "stage",
    "trouble_with",
    "unanswered",
    "understanding",
    "unjudged",
    "words_of",
]
