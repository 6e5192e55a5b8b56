"""Roles are named lists of permissions. What is not listed is forbidden."""

from datetime import date

from daybreak.kernel.permissions import Permission as P

LEAD = "site lead"
ROLES: dict[str, frozenset[P]] = {
    "coordinator": frozenset(
        {
            P.READ_PATIENT,
            P.REGISTER_PATIENT,
            P.MEASURE,
            P.OBTAIN_CONSENT,
            P.FOLLOW_UP,
            P.CLEAR_TRAY,
            P.ANSWER_QUERIES,
            P.READ_DEFINITIONS,
        }
    ),
    "nurse": frozenset(
        {P.READ_PATIENT, P.MEASURE, P.OBTAIN_CONSENT, P.RUN_SESSION, P.HANDLE_DRUGS, P.READ_DEFINITIONS}
    ),
    "clinician": frozenset(
        {
            P.READ_PATIENT,
            P.REGISTER_PATIENT,
            P.MEASURE,
            P.SCREEN,
            P.DECIDE,
            P.OBTAIN_CONSENT,
            P.ORDER,
            P.RUN_SESSION,
            P.DISCHARGE,
            P.HANDLE_DRUGS,
            P.FOLLOW_UP,
            P.CLEAR_TRAY,
            P.ANSWER_QUERIES,
            P.READ_DEFINITIONS,
        }
    ),
    "educator": frozenset({P.READ_DEFINITIONS}),
    "data manager": frozenset({P.FREEZE, P.READ_REGISTER, P.REVIEW_RELEASE, P.QUERY_DATA, P.WATCH, P.READ_DEFINITIONS}),
    "analyst": frozenset({P.READ_REGISTER, P.WATCH, P.READ_DEFINITIONS}),
    "safety board member": frozenset({P.WATCH, P.TRIAGE, P.REVIEW_RELEASE, P.READ_DEFINITIONS}),
    LEAD: frozenset({P.MANAGE_SITE, P.OVERSEE_DRUGS, P.WATCH, P.READ_DEFINITIONS}),
    "administrator": frozenset({P.MANAGE_SITE, P.READ_DEFINITIONS}),
}


def permissions_of(roles: frozenset[str]) -> frozenset[P]:
    """Return what the holder of `roles` may do; a role without a list gives nothing."""
    return frozenset().union(*(ROLES.get(role, frozenset()) for role in roles))


def holds_on(day: date, *, from_day: date, until_day: date | None) -> bool:
    """Return whether a half-open period [from_day, until_day) covers `day`; without an end it goes on."""
    return from_day <= day and (until_day is None or day < until_day)
