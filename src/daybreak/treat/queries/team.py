"""The team of a session as it stands, with everybody's papers of today, and the equipment that was confirmed."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from daybreak.kernel.scope import Scope
from daybreak.people.public import ROLES, SESSION_ROLES, names_of_staff, staff, standing_for
from daybreak.treat.models import TeamMember
from daybreak.treat.queries.sessions import SessionNow
from daybreak.treat.queries.supervision import started_in
from daybreak.treat.rules.team import IN_CHARGE, Present, Readiness

# The words of people's credentials in the words of the protocols.
CREDENTIAL_WORDS = {"course": "ketamine_course"}
_KINDS = {word: kind for kind, word in CREDENTIAL_WORDS.items()}


@dataclass(frozen=True, slots=True)
class Confirmed:
    """A thing that somebody confirmed."""

    by: UUID
    at: datetime


def in_role(now: SessionNow) -> list[TeamMember]:
    """Return who is there: the newest word of each account and role, where it says present."""
    newest = {(each.account_key, each.role): each for each in now.members}
    return [each for each in newest.values() if each.present]


def in_charge(now: SessionNow) -> UUID | None:
    """Return the physician in charge: whoever was named last."""
    return next((each.account_key for each in reversed(in_role(now)) if each.role == IN_CHARGE), None)


def equipment_confirmed(now: SessionNow) -> dict[str, Confirmed]:
    """Return each item that was confirmed in this session, with who did it last."""
    checks = [check for check in now.checks if check.kind == "equipment"]
    return {item: Confirmed(check.signed_by, check.signed_at) for check in checks for item in check.items}


def readiness(scope: Scope, now: SessionNow, *, on: date) -> Readiness:
    """Return what the answer about team and equipment rests on."""
    members = in_role(now)
    names = names_of_staff(each.account_key for each in members)
    asked = {role.id: role for role in now.protocol.team}
    counting = any(role.alone_after for role in asked.values())
    present = []
    for each in members:
        rule = asked.get(each.role)
        also = [_KINDS.get(word, word) for word in rule.certified_in] if rule else []
        papers = standing_for(scope, account=each.account_key, role=_in_people(each.role), on=on, also=also)
        begun = started_in(scope, each.account_key, each.role) if counting else {}
        done = len(begun.keys() - {now.session.key})
        present.append(Present(each.account_key, names.get(each.account_key, "–"), each.role, papers.missing, done))
    return Readiness(
        team=now.protocol.team,
        equipment=now.protocol.equipment,
        present=present,
        starter=scope.actor,
        confirmed={item: each.by for item, each in equipment_confirmed(now).items()},
    )


def may_be_named(scope: Scope, role: str) -> dict[UUID, str]:
    """Return who at the site may take a role in a session, by name."""
    needed = SESSION_ROLES[_in_people(role)].permission
    return {
        m.account.key: m.account.name for m in staff(scope) if needed in ROLES.get(m.role, ()) and m.account.is_active
    }


def _in_people(role: str) -> str:
    """Return a role of a protocol as people call it."""
    return role.replace("_", " ")
