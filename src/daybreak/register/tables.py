"""The tables of a snapshot, described once. The freeze takes these columns and no other.

Times are offsets from the start of the person's first session, floored to the minute: no date leaves
(docs/decisions). A day is 24 hours of that offset, so that clock changes do not matter.
"""

from daybreak.kernel.classification import Class
from daybreak.kernel.units import known_units
from daybreak.register.calendar import CALENDAR
from daybreak.register.description import Column, Defined, Table, Taken

SITE = Column("site", "The clinic.", "text", Taken.SITE, "site", classification=Class.OPERATIONAL)
PERSON = Column(
    "person", "The person.", "text", Taken.PERSON, "patient_key", classification=Class.QUASI, refers="person"
)


def _own(meaning: str, name: str = "key", *, source: str = "") -> Column:
    """Return a row's own random key; `source` names the published key, where others refer to it."""
    return Column(name, meaning, "text", Taken.KEY, source, classification=Class.OPERATIONAL)


def _time(source: str, what: str, *, prefix: str = "", may_be_empty: bool = False) -> tuple[Column, Column]:
    return (
        Column(f"{prefix}day", f"The day {what}.", "integer", Taken.DAYS, source, "d", Class.QUASI, may_be_empty),
        Column(
            f"{prefix}minute",
            f"The minute {what}.",
            "integer",
            Taken.MINUTES,
            source,
            "min",
            Class.QUASI,
            may_be_empty,
        ),
    )


def _word(
    name: str, meaning: str, source: str = "", *, values: tuple[str, ...] = (), may_be_empty: bool = False
) -> Column:
    return Column(name, meaning, "text", Taken.WORD, source or name, may_be_empty=may_be_empty, values=values)


def _number(
    name: str,
    meaning: str,
    source: str,
    unit: str,
    *,
    may_be_empty: bool = False,
    at_least: float | None = None,
    kind: str = "number",
) -> Column:
    return Column(name, meaning, kind, Taken.NUMBER, source, unit, may_be_empty=may_be_empty, at_least=at_least)


SITES = Table(
    "site",
    "people_sites",
    "One row for each site, with how many people it treats or follows and how many of them are in the register.",
    (
        SITE,
        _word("kind", "A clinic, or the coordinating centre.", values=("clinic", "centre")),
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
COURSES = Table(
    "course",
    "treat_courses",
    "One row for each course of treatment.",
    (
        SITE,
        PERSON,
        _own("The course.", "course", source="key"),
        _word("protocol", "The protocol's id."),
        _number("protocol_version", "The protocol's version.", "protocol_version", "", at_least=1, kind="integer"),
        *_time("opened_at", "the course was opened"),
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
        _own("The session.", "session", source="key"),
        Column(
            "course",
            "Its course.",
            "text",
            Taken.KEY_OF,
            "course_key",
            classification=Class.OPERATIONAL,
            refers="course",
        ),
        _number(
            "number",
            "The session's number in its course.",
            "number",
            "",
            may_be_empty=True,
            at_least=1,
            kind="integer",
        ),
        _word("state", "The last state it reached."),
        _word("ending", "How the dose ended.", values=("completed", "stopped"), may_be_empty=True),
        _word("stop_reason", "Why it was stopped.", may_be_empty=True),
        _word("route", "How the dose is given.", may_be_empty=True),
        _word("medicines_today", "Whether that day's medicines were taken as agreed.", may_be_empty=True),
        *_time("started_at", "the infusion was started", may_be_empty=True),
        _time("ended_at", "the infusion ended", prefix="ended_", may_be_empty=True)[1],
        _number("dose_mg", "The amount given.", "dose_mg", "mg", may_be_empty=True, at_least=0),
        _number("weight_kg", "The body weight of that day.", "weight_kg", "kg", may_be_empty=True, at_least=0),
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
        _own("The score."),
        _word("instrument", "The questionnaire's id."),
        _number("instrument_version", "The questionnaire's version.", "version", "", at_least=1, kind="integer"),
        _word("name", "Which score of the questionnaire."),
        _number("value", "The score.", "value", "{score}"),
        _word("band", "Its severity band.", may_be_empty=True),
        Column("prorated", "Whether missing items were scaled over.", "boolean", Taken.NUMBER, "prorated"),
        *_time("answered_at", "it was answered"),
    ),
    ("person", "minute", "key"),
    (Defined("instruments", "instrument"),),
)
EVENTS = Table(
    "event",
    "treat_adverse_events",
    "One row for each adverse event, as reported from a session.",
    (
        SITE,
        PERSON,
        _own("The event."),
        Column(
            "session",
            "The session it was reported from.",
            "text",
            Taken.KEY_OF,
            "session_key",
            classification=Class.OPERATIONAL,
            may_be_empty=True,
            refers="session",
        ),
        _word("term", "What happened, as a word of the list of events."),
        _number(
            "grade",
            "How severe it was: 1 mild, 2 moderate, 3 severe, 4 life-threatening, 5 death.",
            "grade",
            "",
            at_least=1,
            kind="integer",
        ),
        Column("serious", "Whether it was serious.", "boolean", Taken.NUMBER, "serious"),
        _word("relation", "How it relates to the treatment, in the clinician's judgement."),
        *_time("began_at", "it began"),
    ),
    ("person", "minute", "key"),
)
READINGS = Table(
    "reading",
    "treat_readings",
    "Readings summed up: one row for each session, sign and unit.",
    (
        SITE,
        PERSON,
        Column(
            "session",
            "The session.",
            "text",
            Taken.KEY_OF,
            "session_key",
            classification=Class.OPERATIONAL,
            refers="session",
        ),
        _word("sign", "What was read."),
        _word("unit", "The unit (UCUM).", values=known_units()),
        _number("readings", "How many readings there are.", "readings", "", at_least=1, kind="integer"),
        _number(
            "baseline",
            "The last value before the infusion started.",
            "baseline",
            "as in unit",
            may_be_empty=True,
        ),
        _number("lowest", "The lowest value since.", "lowest", "as in unit", may_be_empty=True),
        _number("highest", "The highest value since.", "highest", "as in unit", may_be_empty=True),
    ),
    ("person", "session", "sign", "unit"),
)
MEDICINES = Table(
    "medicine",
    "treat_medicines",
    "One row for each medicine given or taken in a session beside its own drug; oxygen has a flow and an end.",
    (
        SITE,
        PERSON,
        _own("The medicine."),
        Column(
            "session",
            "The session.",
            "text",
            Taken.KEY_OF,
            "session_key",
            classification=Class.OPERATIONAL,
            refers="session",
        ),
        _word("medicine", "Which: a word of the lists of medicines, or other."),
        _word("how", "Given by the team, or taken by the patient.", values=("given", "taken")),
        _number("dose", "How much.", "dose", "as in unit", may_be_empty=True, at_least=0),
        _word("unit", "The unit of the amount.", values=("mg", "ug", "g", "mL"), may_be_empty=True),
        _word("route", "By which way.", may_be_empty=True),
        _number("flow", "The flow of oxygen.", "flow", "L/min", may_be_empty=True, at_least=0),
        _word("device", "Through what the oxygen flowed.", may_be_empty=True),
        _word("reason", "Why, in the team's words.", may_be_empty=True),
        *_time("given_at", "it was given"),
        _time("ended_at", "the oxygen ended", prefix="ended_", may_be_empty=True)[1],
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
        _word("kind", "Why it ended.", values=("died", "lost", "moved", "transferred", "withdrew")),
        _word(
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
        _number("attempts", "Tries to reach the person.", "attempts", "", at_least=0, kind="integer"),
        *_time("ended_at", "it ended, if that is known", may_be_empty=True),
    ),
    ("person",),
)
TABLES = (SITES, PEOPLE, COURSES, SESSIONS, SCORES, EVENTS, READINGS, MEDICINES, ENDS, CALENDAR)


def table(name: str) -> Table:
    """Return the description of a table of that name."""
    return next(each for each in TABLES if each.name == name)
