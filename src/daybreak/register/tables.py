"""The tables of a snapshot, described once. The freeze takes these columns and no other.

Times are offsets from the start of the person's first session, floored to the minute: no date leaves
(docs/decisions). A day is 24 hours of that offset, so that clock changes do not matter.
"""

from daybreak.kernel.classification import Class
from daybreak.register.calendar import CALENDAR
from daybreak.register.columns import PERSON, SITE, key_of, number, own, time, word, yes_no
from daybreak.register.description import Column, Defined, Table, Taken
from daybreak.register.given_and_read import DOSES, MEDICINES, READINGS, VITAL_SIGNS
from daybreak.register.oversight import CHECKS, COGNITION, CONSENTS, CREDENTIALS, QUALITY

SITES = Table(
    "site",
    "people_sites",
    "One row for each site, with how many people it treats or follows and how many of them are in the register.",
    (
        SITE,
        word("kind", "A clinic, or the coordinating centre.", values=("clinic", "centre")),
        Column(
            "registered",
            "People the site has registered.",
            "integer",
            Taken.COUNT,
            unit="{person}",
            at_least=0,
        ),
        Column(
            "consenting",
            "Those whose consent to the registry stands.",
            "integer",
            Taken.COUNT,
            unit="{person}",
            at_least=0,
        ),
    ),
    (),
)
PEOPLE = Table(
    "person",
    "people_patients",
    "One row for each person whose consent to the registry stands at the freeze.",
    (
        SITE,
        Column("person", "The person.", "text", Taken.KEY, "patient_key", classification=Class.QUASI),
        Column(
            "sex",
            "Sex as registered.",
            "text",
            Taken.WORD,
            "sex",
            classification=Class.QUASI,
            values=("female", "male", "other", "unknown"),
        ),
        Column(
            "age",
            "The age reached in the calendar year of the first session (else of registration); 90 means 90 or older.",
            "integer",
            Taken.AGE,
            "birth_year",
            "a",
            Class.QUASI,
            True,
            at_least=0,
            at_most=90,
        ),
        Column(
            "counted_from",
            "What minute 0 is.",
            "text",
            Taken.ANCHOR,
            values=("first session", "registration"),
        ),
    ),
    ("person",),
)
TRIALS = Table(
    "treatment_trial",
    "screen_treatment_trials",
    "One row for each treatment for depression that was tried before and recorded; nobody's list is known to be whole.",
    (
        SITE,
        PERSON,
        own("The trial."),
        word("kind", "What was tried.", values=("antidepressant", "electroconvulsive")),
        word("drug", "Which antidepressant: a word of the list, or another.", may_be_empty=True),
        number("dose_mg", "Its dose a day.", "dose_mg", "mg", may_be_empty=True, at_least=0),
        number("weeks", "For how long it was taken.", "weeks", "wk", may_be_empty=True, at_least=0),
        word(
            "placement",
            "Of electroconvulsive treatment, where the electrodes were.",
            values=("bilateral", "unilateral", "unknown"),
            may_be_empty=True,
        ),
        number(
            "treatments",
            "Of electroconvulsive treatment, how often it was given.",
            "treatments",
            "1",
            may_be_empty=True,
            at_least=0,
            kind="integer",
        ),
        word(
            "outcome",
            "What it did.",
            values=("no response", "partial response", "response", "not tolerated", "unknown"),
        ),
        yes_no("adequate", "Whether dose and duration were enough to judge it.", may_be_empty=True),
        word("adequacy_by", "Who said whether they were.", values=("person", "definition"), may_be_empty=True),
        yes_no("present_episode", "In the present episode; else in an earlier one.", may_be_empty=True),
        yes_no("optimised", "Whether the dose was raised as far as it goes.", may_be_empty=True),
        yes_no("augmented", "Whether a second medicine was added to it.", may_be_empty=True),
        word(
            "said_by",
            "From whom it is known.",
            values=("clinician", "referrer", "records", "patient"),
            may_be_empty=True,
        ),
        *time("started_on", "it began", prefix="started_", may_be_empty=True),
        *time("ended_on", "it ended", prefix="ended_", may_be_empty=True),
    ),
    ("person", "started_minute", "key"),
    (Defined("adequacy", "definition"),),
)
COURSES = Table(
    "course",
    "treat_courses",
    "One row for each course of treatment.",
    (
        SITE,
        PERSON,
        own("The course.", "course", source="key"),
        word("protocol", "The protocol's id."),
        number("protocol_version", "The protocol's version.", "protocol_version", "", at_least=1, kind="integer"),
        *time("opened_at", "the course was opened"),
    ),
    ("person", "minute", "course"),
    (Defined("protocols", "protocol", "protocol_version"),),
)
SESSIONS = Table(
    "session",
    "treat_sessions",
    "One row for each session that was planned; it was started where `minute` is given.",
    (
        SITE,
        PERSON,
        own("The session.", "session", source="key"),
        key_of("course", "Its course.", "course"),
        number(
            "number",
            "The session's number in its course.",
            "number",
            "",
            may_be_empty=True,
            at_least=1,
            kind="integer",
        ),
        word("state", "The last state it reached."),
        word("ending", "How the dose ended.", values=("completed", "stopped"), may_be_empty=True),
        word("stop_reason", "Why it was stopped.", may_be_empty=True),
        word("route", "How the dose is given.", may_be_empty=True),
        word("medicines_today", "Whether that day's medicines were taken as agreed.", may_be_empty=True),
        *time("started_at", "the infusion was started", may_be_empty=True),
        time("ended_at", "the infusion ended", prefix="ended_", may_be_empty=True)[1],
        number("dose_mg", "The amount given.", "dose_mg", "mg", may_be_empty=True, at_least=0),
        number("weight_kg", "The body weight of that day.", "weight_kg", "kg", may_be_empty=True, at_least=0),
    ),
    ("person", "minute", "session"),
)
SCORES = Table(
    "score",
    "measure_scores",
    "One row for each score of a questionnaire.",
    (
        SITE,
        PERSON,
        own("The score."),
        word("instrument", "The questionnaire's id."),
        number("instrument_version", "The questionnaire's version.", "version", "", at_least=1, kind="integer"),
        word("name", "Which score of the questionnaire."),
        number("value", "The score.", "value", "{score}"),
        word("band", "Its severity band.", may_be_empty=True),
        Column("prorated", "Whether missing items were scaled over.", "boolean", Taken.NUMBER, "prorated"),
        *time("answered_at", "it was answered"),
    ),
    ("person", "minute", "key"),
    (Defined("instruments", "instrument"),),
)
# What makes an event serious, as the last part of a sentence.
CRITERIA = {
    "death": "because the person died of it",
    "life_threatening": "because life was in danger",
    "hospital_stay": "because of a stay in hospital",
    "lasting_disability": "because of a lasting disability",
    "birth_defect": "because of a birth defect",
    "important_medical_event": "because it was another important medical event",
}
EVENTS = Table(
    "event",
    "treat_adverse_events",
    "One row for each adverse event, as reported from a session.",
    (
        SITE,
        PERSON,
        own("The event."),
        key_of("session", "The session it was reported from.", "session", may_be_empty=True),
        word("term", "What happened, as a word of the list of events."),
        number(
            "grade",
            "How severe it was: 1 mild, 2 moderate, 3 severe, 4 life-threatening, 5 death.",
            "grade",
            "",
            at_least=1,
            kind="integer",
        ),
        yes_no("serious", "Whether it was serious."),
        *(yes_no(name, f"Whether it was serious {why}.") for name, why in CRITERIA.items()),
        word("relation", "How it relates to the treatment, in the clinician's judgement."),
        word("course", "How it went on, as last known."),
        word("measure", "What was done with the treatment because of it."),
        *time("began_at", "it began"),
        time("ended_at", "it ended, if it has", prefix="ended_", may_be_empty=True)[1],
    ),
    ("person", "minute", "key"),
)
ENDS = Table(
    "end",
    "follow_up_ends",
    "One row for each person whose observation has ended: an analysis must know why a line ends.",
    (
        SITE,
        PERSON,
        word("kind", "Why it ended.", values=("died", "lost", "moved", "transferred", "withdrew")),
        word(
            "source",
            "Who said so.",
            values=(
                "certificate",
                "clinic",
                "import",
                "notice",
                "other clinic",
                "patient",
                "public register",
                "record",
                "register",
                "relative",
                "staff",
            ),
        ),
        number("attempts", "Tries to reach the person.", "attempts", "", at_least=0, kind="integer"),
        word(
            "manner",
            "How a death came about, where that is known.",
            values=(
                "accident",
                "assault",
                "could not be determined",
                "disease",
                "intentional self-harm",
                "pending investigation",
            ),
            may_be_empty=True,
        ),
        *time("ended_at", "it ended, if that is known", may_be_empty=True),
    ),
    ("person",),
)
TABLES = (
    SITES, PEOPLE, TRIALS, CONSENTS, COURSES, SESSIONS, DOSES, CREDENTIALS, QUALITY, SCORES, CHECKS, COGNITION,
    EVENTS, READINGS, VITAL_SIGNS, MEDICINES, ENDS, CALENDAR,
)  # fmt: skip


def table(name: str) -> Table:
    """Return the description of a table of that name."""
    return next(each for each in TABLES if each.name == name)
