"""May the patient go home?"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from daybreak.kernel.refusal import Refusal
from daybreak.rulebook.public import Protocol, Verdict
from daybreak.treat.rules.blockers import OBSERVATION, Blocker, May, of_verdict
from daybreak.treat.rules.steps import State, in_words


class MayNotLeave(Refusal):
    """The patient may not leave yet; `may` holds what is in the way."""

    def __init__(self, may: May) -> None:
        self.may = may
        super().__init__(may.sentence())


@dataclass(frozen=True, slots=True)
class LeavingFacts:
    """What the answer rests on. `observed_minutes` counts from where the protocol says; None while the dose goes on."""

    state: State
    verdict: Verdict
    observed_minutes: int | None
    minimum_minutes: int
    protocol_asks_minutes: bool
    standing_missing: tuple[str, ...]
    open_alarms: int
    emergency_open: bool
    signed_for: Mapping[str, frozenset[UUID]] = field(default_factory=dict)


def may_leave(facts: LeavingFacts) -> May:
    """Return whether the patient may be discharged now."""
    own = []
    if facts.state is not State.RECOVERY:
        own.append(Blocker("The patient is not in recovery.", f"The session is {in_words(facts.state)}.", ("nurse",)))
    for reason in facts.standing_missing:
        own.append(
            Blocker("You may not discharge today.", f"{reason[:1].upper()}{reason[1:]}.", ("another clinician",))
        )
    if facts.open_alarms:
        own.append(Blocker("An alarm is not acknowledged.", f"{facts.open_alarms} open.", ("nurse", "clinician")))
    if facts.emergency_open:
        why = "A clinician closes its record with how it ended."
        own.append(Blocker("An emergency record is open.", why, ("clinician",)))
    seen = facts.observed_minutes or 0
    if not facts.protocol_asks_minutes and seen < facts.minimum_minutes:
        why = f"{seen} of {facts.minimum_minutes} minutes have passed."
        own.append(Blocker("The observation is not over.", why, ("time",)))
    criteria = of_verdict(facts.verdict, signed_for=facts.signed_for)
    return May((*own, *criteria.blockers), criteria.notices, criteria.overridden)


def observed_minutes(*, since: datetime | None, at: datetime) -> int | None:
    """Return the whole minutes since the moment from which the protocol counts; None while there is none."""
    return None if since is None else max(0, int((at - since).total_seconds() // 60))


def asks_minutes(protocol: Protocol) -> bool:
    """Return whether the protocol's own list for leaving asks how long the patient was observed."""
    return any(gate.ask == OBSERVATION for c in protocol.before_leaving for gate in c.gates)
