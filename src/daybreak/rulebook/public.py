"""The door of the rulebook: the only module that other rooms import."""

from daybreak.rulebook.checking import CheckReport, check, lock
from daybreak.rulebook.codelist import Code, CodeList
from daybreak.rulebook.consent import Check, Consent, Section, Understanding, understanding
from daybreak.rulebook.dose import Dose, NoDose, dose_for
from daybreak.rulebook.evaluation import (
    Answer,
    Decision,
    Missing,
    UsedFact,
    Verdict,
    decision_of,
    evaluate,
    words_of,
)
from daybreak.rulebook.facts import Fact, FactDefinition, Vocabulary, trouble_with
from daybreak.rulebook.faults import BrokenDefinition, Fault, UnknownDefinition
from daybreak.rulebook.folders import NoDefinitions, shipped_folder
from daybreak.rulebook.form import Definition, Provenance, Reference
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
from daybreak.rulebook.protocol import (
    Criterion,
    DoseRule,
    Duty,
    FollowUp,
    Gate,
    Limit,
    Protocol,
    Sign,
    Stage,
    Watch,
)
from daybreak.rulebook.schedule import Planned, planned
from daybreak.rulebook.scoring import (
    ImpossibleAnswer,
    RaisedFlag,
    Result,
    Scored,
    band_of,
    problems_with,
    score,
)

__all__ = [
    "Answer", "Band", "Breach", "BrokenDefinition", "Check", "CheckReport", "Choice", "Code", "CodeList", "Consent",
    "Course", "Criterion", "CutOffs", "DatedScore", "Decision", "Definition", "Dose", "DoseRule", "Due", "Duty", "Fact",
    "FactDefinition", "Fault", "Flag", "FollowUp", "Gate", "ImpossibleAnswer", "Instrument", "Item", "Library", "Limit",
    "Measure", "Missing", "NoDefinitions", "NoDose", "Outcome", "Planned", "Protocol", "Provenance", "RaisedFlag",
    "Reading", "Reference", "Relapse", "Result", "Scored", "Section", "Sign", "Stage", "Understanding",
    "UnknownDefinition", "UsedFact", "Verdict", "Vocabulary", "Watch", "Window", "band_of", "baseline_of", "breaches",
    "check", "decision_of", "dose_for", "due", "evaluate", "fall_percent", "first_observed_relapse", "lock", "planned",
    "problems_with", "reached", "score", "score_in", "shipped_folder", "trouble_with", "understanding", "unjudged",
    "words_of",
]  # fmt: skip
