"""May this person take this role today? Facts in, answer and reason out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from daybreak.kernel.permissions import Permission


@dataclass(frozen=True, slots=True)
class SessionRole:
    """What a role in a session asks for: work that is the person's at the site, and credentials that hold today."""

    permission: Permission
    credentials: tuple[str, ...]


# The kinds are names of credentials; their meaning stands in the glossary.
SESSION_ROLES = {
    "start an infusion": SessionRole(Permission.RUN_SESSION, ("course", "acls")),
    "discharge": SessionRole(Permission.DISCHARGE, ("acls",)),
    "physician in charge": SessionRole(Permission.ORDER, ("course", "acls", "schedule_iii")),
    "nurse": SessionRole(Permission.RUN_SESSION, ("course", "acls")),
    "psychiatrist": SessionRole(Permission.ORDER, ("course",)),
    "anaesthetist": SessionRole(Permission.ORDER, ("acls",)),
    "supervisor": SessionRole(Permission.RUN_SESSION, ("course", "acls")),
}
WORDS = {
    "course": "course certificate",
    "acls": "ACLS certificate",
    "conscious_sedation": "moderate sedation credential",
    "schedule_iii": "Schedule III licence",
    "bls": "BLS certificate",
    "licence": "licence to practise",
}
# What members of staff show to be verified. The course's certificate comes from the course alone.
OFFERED = ("acls", "bls", "conscious_sedation", "licence", "schedule_iii")
OFFER_REFUSED = ("cannot be read", "not this credential", "another person's", "other days")
REMINDERS = (90, 30, 7)
"""So many days before a credential ends, its holder is reminded; the last one is urgent."""
ENDED = 0
TOLD_AFTER = timedelta(days=30)
"""So long after its end it is still told by mail that a credential has ended: older ones are on the pages alone."""
FIRST_WAIT, LONGEST_WAIT = timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True, slots=True)
class CredentialHeld:
    """A credential as the rule sees it; it is valid on issued_on ≤ day < expires_on."""

    kind: str
    issued_on: date
    expires_on: date | None


@dataclass(frozen=True, slots=True)
class Standing:
    """The answer: allowed or not, why not, and the day from which what allows it has ended; none where nothing ends."""

    allowed: bool
    missing: tuple[str, ...] = ()
    until: date | None = None


def may_take_role(role: str, *, held: Iterable[CredentialHeld], on: date, also: Iterable[str] = ()) -> Standing:
    """Return whether the holder may take `role` on the day `on`, which may ask for other credentials as well; a role
    that asks for nothing known is refused.
    """
    if role not in SESSION_ROLES:
        return Standing(allowed=False, missing=(f"the role “{role}” is not known",))
    held, asked = list(held), tuple(dict.fromkeys((*SESSION_ROLES[role].credentials, *also)))
    missing = tuple(reason for kind in asked if (reason := _why_not(kind, held, on)))
    ends = [end for kind in asked if (end := _end(kind, held, on))]
    return Standing(allowed=not missing, missing=missing, until=None if missing else min(ends, default=None))


def _is_valid(credential: CredentialHeld, on: date) -> bool:
    return credential.issued_on <= on and (credential.expires_on is None or on < credential.expires_on)


def _end(kind: str, held: list[CredentialHeld], on: date) -> date | None:
    """Return when the last of a kind's credentials ends, or nothing where one never does: a renewed one goes on."""
    ends = [c.expires_on for c in held if c.kind == kind and _is_valid(c, on)]
    return max((end for end in ends if end), default=None) if all(ends) else None


def _why_not(kind: str, held: list[CredentialHeld], on: date) -> str | None:
    of_kind = [c for c in held if c.kind == kind]
    if any(_is_valid(c, on) for c in of_kind):
        return None
    word = WORDS.get(kind, kind)
    ended = [c.expires_on for c in of_kind if c.expires_on and c.expires_on <= on]
    return f"{word} expired on {max(ended):%-d %B %Y}" if ended else f"no {word}"


def reminder(expires_on: date | None, *, on: date) -> int | None:
    """Return which of REMINDERS has been reached, the nearest one, 0 once it has ended, or nothing before the first."""
    if expires_on is None:
        return None
    left = (expires_on - on).days
    return ENDED if left <= 0 else min((each for each in REMINDERS if left <= each), default=None)


def stage_by_mail(expires_on: date | None, *, on: date) -> int | None:
    """Return the reminder that goes out by mail on a day, as `reminder` does, and nothing about what ended long ago."""
    if expires_on and on - expires_on > TOLD_AFTER:
        return None
    return reminder(expires_on, on=on)


def next_try(failed: Sequence[datetime]) -> datetime | None:
    """Return when a mail is tried again after these failures, or nothing where it never failed: after an hour, then
    twice as long each time, a day at most.
    """
    if not failed:
        return None
    wait: timedelta = FIRST_WAIT * 2 ** min(len(failed) - 1, 10)
    return max(failed) + min(wait, LONGEST_WAIT)
