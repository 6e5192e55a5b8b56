"""The guided history in short steps: which questions are asked together, and where more is recorded."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from daybreak.rulebook.public import FactDefinition, Protocol
from daybreak.screen.background import history_questions

ASKED_KINDS = ("yes_no", "choice", "date", "number")
# Answered by records of their own, never by a question.
BY_RECORDS = {"diagnosis", "antidepressant_trials", "depression_score", "allergies_known"}


@dataclass(frozen=True, slots=True)
class Step:
    """One page of the history: its questions, and links (words, address) to what is recorded elsewhere."""

    id: str
    title: str
    questions: tuple[str, ...]
    links: tuple[tuple[str, str], ...] = ()


STEPS = (
    Step(
        "episode",
        _("The episode"),
        (
            "diagnostic_assessment_done",
            "episode_began_on",
            "episode_severity",
            "psychotic_features",
            "psychotic_disorder",
        ),
        ((_("Diagnosis"), "screen:diagnosis"),),
    ),
    Step(
        "treatments",
        _("Earlier treatments"),
        ("treatment_history_complete",),
        ((_("Past treatments"), "screen:past_treatments"),),
    ),
    Step(
        "substances",
        _("Substances"),
        ("substance_use_disorder", "opioid_use", "prescription_monitoring", "urine_toxicology"),
    ),
    Step(
        "medicines",
        _("Medicines"),
        ("medicines_reviewed", "ketamine_hypersensitivity"),
        ((_("Medicines"), "measure:medicines"), (_("Allergies"), "measure:allergies")),
    ),
    Step(
        "vessels",
        _("Heart and vessels"),
        (
            "uncontrolled_hypertension",
            "aneurysmal_vascular_disease",
            "arteriovenous_malformation",
            "intracerebral_haemorrhage",
        ),
        ((_("Vital signs"), "measure:vital_signs"),),
    ),
    Step(
        "body",
        _("Body and tests"),
        (
            "pregnancy",
            "bladder_symptoms",
            "liver_disease",
            "cognitive_problem",
            "risk_factors_examined",
            "laboratory_results",
        ),
        ((_("Scales and measurements"), "measure:patient"),),
    ),
    Step("rest", _("The rest"), ()),
)


def is_asked(definition: FactDefinition) -> bool:
    """Return whether a person answers this question here."""
    return definition.how == "asked" and definition.kind in ASKED_KINDS and definition.id not in BY_RECORDS


def all_questions(protocol: Protocol) -> dict[str, FactDefinition]:
    """Return every question that is asked of a person at screening: the protocol's, then the history's."""
    own = [each for each in protocol.facts_of("screening") if is_asked(each)]
    known = {each.id for each in own}
    return {each.id: each for each in [*own, *(q for q in history_questions() if q.id not in known)]}


def questions_in(step: Step, asked: Iterable[FactDefinition]) -> list[FactDefinition]:
    """Return the questions of one step; the last step has those that are in no other, so that none is left out."""
    by_id = {each.id: each for each in asked}
    if step.questions:
        return [by_id[name] for name in step.questions if name in by_id]
    elsewhere = {name for each in STEPS for name in each.questions}
    return [each for each in by_id.values() if each.id not in elsewhere]


def steps_of(protocol: Protocol) -> list[tuple[Step, list[FactDefinition]]]:
    """Return the steps that have something to ask, or somewhere to record, with their questions."""
    asked = list(all_questions(protocol).values())
    return [(step, found) for step in STEPS if (found := questions_in(step, asked))]
