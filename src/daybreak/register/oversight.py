"""The frozen tables about the care around sessions: consent, who was there with which credential, how well each
session was watched, and what was checked in long treatment.
"""

from daybreak.register.columns import PERSON, SITE, key_of, number, own, time, word
from daybreak.register.description import Defined, Table

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
    "One row for each long-term check: a score of bladder, craving, memory, alcohol or the MoCA, or a test of urine. "
    "Sessions and milligrams up to then follow from the table session.",
    (
        SITE,
        PERSON,
        own("The check."),
        word("checked", f"What was checked: {', '.join(CHECKED)}, or the id of a test of the urine."),
        number("value", "The score, or the amount that was measured.", "value", "as in checked", may_be_empty=True),
        word("finding", "What a test found, where it gives no amount.", may_be_empty=True),
        *time("checked_at", "it was checked"),
    ),
    ("person", "minute", "key"),
)
