"""The words in which permissions are given. A role is a named list of them; absent means forbidden."""

from enum import StrEnum

# The words of the roles. What each may do stands in `people`; definitions name them.
ROLE_WORDS = (
    "coordinator",
    "nurse",
    "clinician",
    "educator",
    "data manager",
    "analyst",
    "safety board member",
    "site lead",
    "administrator",
)


class Permission(StrEnum):
    """What a member of staff may do at a site."""

    READ_PATIENT = "read a patient's record"
    REGISTER_PATIENT = "register a patient"
    MEASURE = "record questionnaires, vital signs, allergies and medicines"
    SCREEN = "record history and diagnosis"
    DECIDE = "decide whether a patient is treated"
    OBTAIN_CONSENT = "obtain consent"
    ORDER = "plan and order a session"
    RUN_SESSION = "run a session"
    DISCHARGE = "discharge from a session"
    HANDLE_DRUGS = "handle controlled drugs"
    OVERSEE_DRUGS = "oversee controlled drugs"
    FOLLOW_UP = "follow patients up"
    CLEAR_TRAY = "settle what could not be placed"
    MANAGE_SITE = "manage a site and its team"
    FREEZE = "freeze a snapshot of the register"
    READ_REGISTER = "read frozen, pseudonymous data"
    REVIEW_RELEASE = "review requests for data of the register"
    QUERY_DATA = "ask clinics about their data"
    ANSWER_QUERIES = "answer what the register asks about data"
    WATCH = "read the monitor"
    TRIAGE = "decide on signals, and hold protocols"
    READ_DEFINITIONS = "read protocols and instruments"
