"""Who was supervised in a session, and how far somebody is on the way to working alone. Facts in, answer out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from daybreak.rulebook.public import TeamRole
from daybreak.treat.rules.team import SUPERVISOR


@dataclass(frozen=True, slots=True)
class Word:
    """Somebody was named in a role at a moment, or with `present` false taken off it."""

    account: UUID
    role: str
    present: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class Beside:
    """Somebody in a role, and the supervisor who stayed."""

    account: UUID
    role: str
    supervisor: UUID


@dataclass(frozen=True, slots=True)
class WayToAlone:
    """How many sessions somebody has started in a role, how many supervisors signed, and how many are asked for."""

    role: str
    started: int
    signed: int
    asked: int

    @property
    def alone(self) -> bool:
        """Whether they may work in the role without a supervisor."""
        return self.started >= self.asked


def at_the_start(words: Sequence[Word], started_at: datetime) -> tuple[tuple[UUID, str], ...]:
    """Return who stood in which role when the dose was started; `words` are in the order in which they were said."""
    last = {(each.account, each.role): each.present for each in words if each.at <= started_at}
    return tuple(pair for pair, present in last.items() if present)


def stayed(words: Sequence[Word], started_at: datetime) -> tuple[UUID, ...]:
    """Return the supervisors who were there at the start and were not taken off afterwards."""
    last = {(each.account, each.role): each.present for each in words}
    there = at_the_start(words, started_at)
    return tuple(account for account, role in there if role == SUPERVISOR and last[account, role])


def asked_alone(team: Sequence[TeamRole]) -> dict[str, int]:
    """Return, for each role of which the protocol asks it, after how many sessions somebody works in it alone."""
    return {role.id: role.alone_after for role in team if isinstance(role.alone_after, int)}


def supervised(
    words: Sequence[Word], team: Sequence[TeamRole], started_at: datetime, before: Mapping[tuple[UUID, str], int]
) -> tuple[Beside, ...]:
    """Return who was supervised in a session, and by whom. `before` counts the sessions each had started in that role.

    Where the protocol says after how many sessions a role is taken alone, whoever had not started that many; where it
    says it of no role, whoever stood beside a supervisor.
    """
    asked = asked_alone(team)
    learning = [
        (account, role)
        for account, role in at_the_start(words, started_at)
        if role != SUPERVISOR and (not asked or before.get((account, role), 0) < asked.get(role, 0))
    ]
    supervisors = stayed(words, started_at)
    return tuple(
        Beside(account, role, supervisor)
        for account, role in learning
        for supervisor in supervisors
        if supervisor != account
    )
