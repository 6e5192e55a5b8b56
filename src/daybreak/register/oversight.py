"""The frozen tables about the care around sessions: consent, who was there with which credential, how well each
session was watched, and what was checked in long treatment.
"""

from daybreak.register.columns import PERSON, SITE, key_of, number, own, time, word, yes_no
from daybreak.register.description import Defined, Table

COGNITION_TASKS = ("choice_reaction", "delayed_recall", "digit_symbol", "simple_reaction")
CHECKED = ("alcohol", "bladder", "cognition", "craving", "moca")

CONSENTS = Table(
    "consent",
    "consent_registry",
    "One row for each person: the consent to the registry that stands at the freeze. Who withdrew is in no table.",
    (
        SITE,
        PERSON,
        number("version", "The version of the text that was agreed to.", "version", "", at_least=1, kind="integer"),
        *time("granted_at", "the last signature was there"),
    ),
    ("person",),
    (Defined("consents", "definition"),),
)
CREDENTIALS = Table(
    "credential",
    "treat_credentials",
    "One row for each session, role and credential that somebody present in that role held on the day; a role in which "
    "nobody held any has one row without a credential. Nobody of the staff is in it.",
    (
        SITE,
        PERSON,
        key_of("session", "The session.", "session"),
        word("role", "The role in the session."),
        word("credential", "The kind of credential.", may_be_empty=True),
        number(
            "present", "How many people were present in the role.", "present", "{person}", at_least=1, kind="integer"
        ),
        number("holding", "How many of them held it on that day.", "holding", "{person}", at_least=0, kind="integer"),
    ),
    ("person", "session", "role", "credential"),
)
QUALITY = Table(
    "quality",
    "treat_session_quality",
    "How well each session was watched, counted when the patient left: one row for each session that was discharged.",
    (
        SITE,
        PERSON,
        key_of("session", "The session.", "session"),
        number("asked", "Readings that the protocol asked for.", "asked", "1", at_least=0, kind="integer"),
        number("in_time", "Of these, read within the grace.", "in_time", "1", at_least=0, kind="integer"),
        number("late", "Read later.", "late", "1", at_least=0, kind="integer"),
        number("missed", "Not read at all.", "missed", "1", at_least=0, kind="integer"),
        number(
            "longest_gap_seconds",
            "The longest stretch without a reading of some sign.",
            "longest_gap_seconds",
            "s",
            at_least=0,
            kind="integer",
        ),
        number("crossed", "How often a limit was crossed.", "crossed", "1", at_least=0, kind="integer"),
        number("acted_on", "Of these, with an act of the team in time.", "acted_on", "1", at_least=0, kind="integer"),
    ),
    ("person", "session"),
)
CHECKS = Table(
    "check",
    "follow_up_checks",
    "One row for each long-term check: a score of bladder, craving, memory, alcohol or the MoCA, or a test of urine or "
    "of the liver. Sessions and milligrams up to then follow from the table session.",
    (
        SITE,
        PERSON,
        own("The check."),
        word("checked", f"What was checked: {', '.join(CHECKED)}, or the id of a test of the urine or the liver."),
        number("value", "The score, or the amount that was measured.", "value", "as in checked", may_be_empty=True),
        word("finding", "What a test found, where it gives no amount.", may_be_empty=True),
        *time("checked_at", "it was checked"),
    ),
    ("person", "minute", "key"),
)
COGNITION = Table(
    "cognition",
    "follow_up_cognition",
    "One row for each run of a short open task of cognition. Exploratory: how reliable these tasks are is not known; "
    "nothing is decided by them. Compare within a series only: another device or version of the tasks begins another.",
    (
        SITE,
        PERSON,
        own("The run."),
        word("task", "Which task.", values=COGNITION_TASKS),
        number("task_version", "The version of the tasks.", "task_version", "", at_least=1, kind="integer"),
        number(
            "series",
            "Which of the person's series of this task, counted from 1.",
            "series",
            "",
            at_least=1,
            kind="integer",
        ),
        number("trials", "How many trials it had, practice apart.", "trials", "1", at_least=0, kind="integer"),
        number(
            "counted",
            "Of these, right answers; of a reaction task, those that took from 100 to 3000 ms.",
            "counted",
            "1",
            at_least=0,
            kind="integer",
        ),
        number(
            "too_early",
            "Of a reaction task, trials without an answer and right ones below 100 ms.",
            "too_early",
            "1",
            may_be_empty=True,
            at_least=0,
            kind="integer",
        ),
        number(
            "too_late",
            "Of a reaction task, right answers above 3000 ms.",
            "too_late",
            "1",
            may_be_empty=True,
            at_least=0,
            kind="integer",
        ),
        number("wrong", "Wrong answers.", "wrong", "1", at_least=0, kind="integer"),
        number(
            "value",
            "Of a reaction task, the median of what counted, half a frame of the display taken off; empty where fewer "
            "than 8 answers counted. Of another task, how many answers were right.",
            "value",
            "as in unit",
            may_be_empty=True,
        ),
        word("unit", "The unit of the value.", values=("ms", "{right}")),
        number("frame_ms", "The time between two frames of the display, as measured.", "frame_ms", "ms", at_least=0),
        number("timer_ms", "The smallest step of the device's clock, as measured.", "timer_ms", "ms", at_least=0),
        yes_no("watched", "Whether somebody of the clinic was beside; else it was done alone, by a link."),
        yes_no("exploratory", "Always so: the mark that goes with the rows wherever they go."),
        *time("done_at", "it was done"),
    ),
    ("person", "minute", "key"),
)
