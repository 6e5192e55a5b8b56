"""The form of who and what must be there before a dose: roles of the team, and equipment, item by item."""

from collections import Counter
from collections.abc import Sequence
from typing import Literal

from daybreak.rulebook.form import Sentence, Sourced, Word
from daybreak.rulebook.gate import Whole

TeamRoleName = Literal["physician_in_charge", "nurse", "psychiatrist", "anaesthetist"]
Certificate = Literal["acls", "schedule_iii", "conscious_sedation", "ketamine_course"]


class TeamRole(Sourced):
    """A role that somebody must fill in each session, and the certificates that each of its holders must hold that day.

    With `alone_after`, whoever has started fewer sessions in that role needs a supervisor beside them.
    """

    id: TeamRoleName
    at_least: Whole = 1
    certified_in: tuple[Certificate, ...] = ()
    alone_after: Whole | None = None


class Equipment(Sourced):
    """A thing that somebody looks at and confirms before each dose."""

    id: Word
    title: Sentence


def roles_missing(team: Sequence[TeamRole], present: Sequence[str]) -> tuple[str, ...]:
    """Return the roles of which fewer are present than the protocol asks for, in its order."""
    counted = Counter(present)
    return tuple(role.id for role in team if counted[role.id] < role.at_least)


def items_missing(equipment: Sequence[Equipment], confirmed: Sequence[str]) -> tuple[str, ...]:
    """Return the equipment that nobody has confirmed, in the protocol's order."""
    return tuple(item.id for item in equipment if item.id not in confirmed)
