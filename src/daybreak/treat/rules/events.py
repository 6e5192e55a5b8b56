"""Words in which adverse events are recorded; the labels are Daybreak's own, the grades follow the usual five steps."""

from collections.abc import Collection
from datetime import datetime

from daybreak.kernel.refusal import Refusal
from daybreak.rulebook.public import CRITERIA

TERMS = (
    "nausea", "vomiting", "headache", "dizziness", "dissociation", "perceptual_change", "anxiety", "agitation",
    "sedation", "high_blood_pressure", "fast_heart_rate", "slow_heart_rate", "low_oxygen", "fainting",
    "allergic_reaction", "infusion_site", "urinary_symptoms", "suicidal_thoughts", "other",
)  # fmt: skip
RELATIONS = ("unrelated", "unlikely", "possible", "probable", "certain", "unknown")
GRADES = {1: "mild", 2: "moderate", 3: "severe", 4: "life-threatening", 5: "death"}
# What each grade means, in the house's own words.
MEANING = {
    1: "noticed, and nothing has to be done",
    2: "gets in the way, or something simple is done",
    3: "the patient cannot look after themselves, or needs a hospital",
    4: "without help at once the patient may die",
    5: "the patient died of it",
}
ONGOING, RECOVERED, SEQUELAE, FATAL, NOT_KNOWN = "ongoing", "recovered", "recovered_with_sequelae", "fatal", "unknown"
COURSES = (ONGOING, RECOVERED, SEQUELAE, FATAL, NOT_KNOWN)
HAS_ENDED = frozenset({RECOVERED, SEQUELAE, FATAL})
MEASURES = ("none", "dose_paused", "dose_lowered", "dose_stopped", "course_stopped", "not_applicable", "unknown")
ACTS = (
    "looked_at_patient", "measured_again", "oxygen_given", "infusion_paused", "infusion_stopped", "clinician_called",
    "medicine_given", "probe_moved", "false_alarm", "other",
)  # fmt: skip
TIME_OUT_ITEMS = ("identity", "drug", "dose", "rate", "allergies")


class NotAnEvent(Refusal):
    """The words do not describe an adverse event, or contradict each other."""


def check_event(*, term: str, grade: int, relation: str, criteria: Collection[str], course: str, measure: str) -> None:
    """Raise NotAnEvent for a word that is not on its list, and for a grade, criteria and course that contradict each
    other: a death is one in all three, and danger to life makes an event serious.
    """
    if term not in TERMS or grade not in GRADES or relation not in RELATIONS:
        raise NotAnEvent("Choose what happened, how severe it was and how it relates to the treatment.")
    if course not in COURSES or measure not in MEASURES or not set(criteria) <= set(CRITERIA):
        raise NotAnEvent("Choose how it went on, what was done with the treatment, and what makes it serious.")
    deaths = {grade == 5, "death" in criteria, course == FATAL}
    if len(deaths) > 1:
        raise NotAnEvent("Where the patient died, the grade is 5, the course is fatal, and death makes it serious.")
    if grade == 4 and not criteria:
        raise NotAnEvent("Grade 4 is danger to life: say what makes the event serious.")


def check_times(*, began_at: datetime, ended_at: datetime | None, course: str, at: datetime) -> None:
    """Raise NotAnEvent for an end before the beginning or in the future, or one that the course does not have."""
    if began_at > at or (ended_at is not None and not began_at <= ended_at <= at):
        raise NotAnEvent("The event must begin before it ends, and neither lies in the future.")
    if ended_at is None and course in HAS_ENDED:
        raise NotAnEvent("Say when it ended.")
    if ended_at is not None and course == ONGOING:
        raise NotAnEvent("What has an end is not ongoing.")
