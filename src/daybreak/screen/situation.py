"""Where a patient's screening stands at one moment: the facts, the verdict, and what was decided before."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from daybreak.kernel.refusal import Refusal
from daybreak.kernel.scope import Scope
from daybreak.measure.public import library
from daybreak.people.public import site_named
from daybreak.rulebook.public import Answer, Fact, Protocol, Verdict, evaluate
from daybreak.screen.changes import Changes, changes_between
from daybreak.screen.facts import facts_of
from daybreak.screen.queries import DecisionEntry, decision_of, decisions, referred_to
from daybreak.screen.rules import answer_to_json, fact_to_json, turned_against


class NotReferred(Refusal):
    """Nobody has referred this patient to a protocol yet."""


@dataclass(frozen=True, slots=True)
class Situation:
    """The protocol that the patient was referred to, the facts that it asks at screening, its verdict on them, and the
    decisions so far, newest first.
    """

    protocol: Protocol
    facts: Mapping[str, Fact]
    verdict: Verdict
    decided: list[DecisionEntry]

    @property
    def answers_as_frozen(self) -> list[dict[str, object]]:
        """The answers as a decision would keep them."""
        return [answer_to_json(answer) for answer in self.verdict.criteria]

    @property
    def facts_as_frozen(self) -> dict[str, dict[str, object]]:
        """The facts as a decision would keep them."""
        return {name: fact_to_json(fact) for name, fact in sorted(self.facts.items())}

    @property
    def last(self) -> DecisionEntry | None:
        """The newest decision on this protocol, or nothing."""
        return next((each for each in self.decided if each.protocol == self.protocol.id), None)

    @property
    def changes(self) -> Changes | None:
        """What changed since the newest decision on this protocol; None where there is none."""
        last = self.last
        if last is None:
            return None
        before = (last.answers, last.facts, last.version)
        return changes_between(before, (self.answers_as_frozen, self.facts_as_frozen, self.protocol.version))

    @property
    def turned_against(self) -> tuple[Answer, ...]:
        """What the newest decision, where it was an acceptance, no longer covers."""
        last = self.last
        return turned_against(self.verdict, last) if last is not None and last.accepted else ()

    @property
    def mark(self) -> str:
        """A short word for all of this: another word means that something changed."""
        said = {
            "protocol": [self.protocol.id, self.protocol.version, self.protocol.fingerprint],
            "answers": [[answer.id, answer.truth.value] for answer in self.verdict.criteria],
            "facts": [[name, fact["value"]] for name, fact in self.facts_as_frozen.items()],
            "decided": [str(each.key) for each in self.decided],
        }
        return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:32]


def situation_of(scope: Scope, *, patient: UUID, at: datetime) -> Situation:
    """Return where screening stands at `at`; raise NotReferred."""
    name = referred_to(scope, patient=patient)
    if name is None:
        raise NotReferred("This patient has not been referred to a protocol yet: refer the patient first.")
    protocol = library().latest_protocol(name)
    asked = {definition.id for definition in protocol.facts_of("screening")}
    known = facts_of(scope, patient=patient, protocol=name, at=at)
    facts = {name: fact for name, fact in known.items() if name in asked}
    verdict = evaluate(protocol, "screening", facts, at=_here(scope, at))
    return Situation(protocol, facts, verdict, decisions(scope, patient=patient))


@dataclass(frozen=True, slots=True)
class Acceptance:
    """Whether screening lets a patient be treated by a protocol: None where nobody has decided, and what has turned
    against an acceptance since.
    """

    accepted: bool | None
    turned: tuple[Answer, ...] = ()


def acceptance(scope: Scope, *, patient: UUID, protocol: str, at: datetime) -> Acceptance:
    """Return whether the patient is accepted for the protocol, by the newest decision and by what is known at `at`."""
    last = decision_of(scope, patient)
    if last is None:
        return Acceptance(None)
    if not last.accepted or last.protocol != protocol:
        return Acceptance(accepted=False)
    return Acceptance(True, turned_against(assess(scope, patient=patient, protocol=protocol, at=at), last))


def assess(scope: Scope, *, patient: UUID, protocol: str, at: datetime) -> Verdict:
    """Return the protocol's verdict on the patient as the facts stand at `at`."""
    facts = facts_of(scope, patient=patient, protocol=protocol, at=at)
    return evaluate(library().latest_protocol(protocol), "screening", facts, at=_here(scope, at))


def _here(scope: Scope, at: datetime) -> datetime:
    """Return the moment as the site's clock shows it: the days that a reason names are the clinic's."""
    place = site_named(scope.site)
    return at.astimezone(ZoneInfo(place.time_zone)) if place else at
