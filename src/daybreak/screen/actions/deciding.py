"""The decision of a named clinician, frozen with what it rests on, and the second signature under an override."""

from datetime import datetime
from uuid import UUID

from daybreak.identity.public import seal_text
from daybreak.kernel.moments import day_of
from daybreak.kernel.permissions import Permission
from daybreak.kernel.refusal import Refusal
from daybreak.kernel.scope import Scope
from daybreak.ledger.public import one_step, record_one
from daybreak.people.public import demand_living, permissions_at, site_named
from daybreak.screen.background import background_of, background_to_json
from daybreak.screen.models import DECISIONS, Decision, SecondSignature
from daybreak.screen.queries import decisions
from daybreak.screen.rules import Override, OverrideRefused, demand_acceptable, standing_against
from daybreak.screen.situation import NotReferred, Situation, assess, situation_of

__all__ = ["MayNotDecide", "NotADecision", "NotReferred", "ScreeningChanged", "assess", "decide", "second_decision"]


class NotADecision(Refusal):
    """The words do not describe a decision; `field` names what to look at."""

    def __init__(self, sentence: str, *, field: str = "") -> None:
        super().__init__(sentence)
        self.field = field


class MayNotDecide(Refusal):
    """Somebody without the right to decide at this site on this day."""


class ScreeningChanged(Refusal):
    """The protocol, a fact or the decision changed since the page was read."""


@one_step()
def decide(
    scope: Scope,
    *,
    key: UUID,
    patient: UUID,
    decision: str,
    reason: str,
    at: datetime,
    override: Override | None = None,
    seen: str | None = None,
) -> Decision:
    """Freeze a clinician's decision with the protocol's version, every fact and every answer, and the background.

    Accepting needs every criterion met, or an override that names the rest. `seen` is the mark of the situation that
    the clinician read. Raises NotReferred, NotADecision, MayNotDecide, ScreeningChanged, MayNotAccept,
    OverrideRefused; KeyReused when the key returns with another decision.
    """
    _demand_decision(decision, reason, override)
    _demand_right(scope, at)
    sealed = seal_text(scope, patient, reason.strip(), fact=key)
    known = Decision.objects.filter(site=scope.site, key=key).first()
    if known is not None and known.decision == decision and bytes(known.reason) == sealed:
        return known
    if decision == "accept":
        demand_living(scope, patient, on=day_of(at, site_named(scope.site).time_zone))
    situation = situation_of(scope, patient=patient, at=at)
    if seen is not None and seen != situation.mark:
        raise ScreeningChanged(_what_changed(situation))
    if decision == "accept" and situation.protocol.status != "active":
        raise NotADecision(
            f"“{situation.protocol.title}” is not in use any more: refer the patient to another protocol first.",
            field="decision",
        )
    set_aside = demand_acceptable(situation.verdict, override) if decision == "accept" else ()
    return record_one(
        Decision(
            site=scope.site,
            key=key,
            patient_key=patient,
            protocol=situation.protocol.id,
            version=situation.protocol.version,
            fingerprint=situation.protocol.fingerprint,
            verdict=situation.verdict.decision.value,
            decision=decision,
            facts=situation.facts_as_frozen,
            answers=situation.answers_as_frozen,
            overridden=[answer.id for answer in set_aside],
            background=background_to_json(background_of(scope, patient=patient, at=at)),
            reason=sealed,
            override_reason=seal_text(scope, patient, override.reason.strip() if override else "", fact=key),
            decided_by=scope.actor,
            decided_at=at,
        )
    )


def _what_changed(situation: Situation) -> str:
    return (
        "Something changed since this page was opened: a fact, a decision, or the protocol itself "
        f"(version {situation.protocol.version} now). What stands now is shown above. Look at it, then sign again."
    )


def _demand_decision(decision: str, reason: str, override: Override | None) -> None:
    if decision not in DECISIONS:
        raise NotADecision(f"“{decision}” is not one of: {', '.join(DECISIONS)}.", field="decision")
    if decision != "accept" and not reason.strip():
        raise NotADecision("Say why, in words that the referring clinician would understand.", field="reason")
    if decision != "accept" and override is not None:
        raise OverrideRefused("Only an acceptance overrides something.")


def _demand_right(scope: Scope, at: datetime) -> None:
    """A decision is a named person's who may decide here today, by whatever way it comes."""
    place = site_named(scope.site)
    if scope.actor is None or place is None:
        raise MayNotDecide("A decision is a named clinician's: sign in first.")
    held = permissions_at(account=scope.actor, site=scope.site, on=day_of(at, place.time_zone))
    if Permission.DECIDE not in held:
        raise MayNotDecide("Only a clinician of this site decides whether a patient is treated.")


@one_step()
def second_decision(scope: Scope, *, key: UUID, patient: UUID, decision: UUID, at: datetime) -> SecondSignature:
    """Sign an override as the second clinician, in one's own name.

    Raises OverrideRefused where no second signature is asked for, where the first clinician signs again, or where
    something stands against acceptance now that was not set aside; MayNotDecide.
    """
    _demand_right(scope, at)
    found = next((each for each in decisions(scope, patient=patient) if each.key == decision), None)
    if found is None or not (found.waits_for_second or found.second_by == scope.actor):
        raise OverrideRefused("No second signature is asked for here.")
    if scope.actor == found.decided_by:
        raise OverrideRefused("The second signature is another clinician's.")
    if found.waits_for_second:
        _demand_nothing_new(scope, patient, found.overridden, at)
    return record_one(
        SecondSignature(
            site=scope.site,
            key=key,
            patient_key=patient,
            decision_key=decision,
            signed_by=scope.actor,
            signed_at=at,
        )
    )


def _demand_nothing_new(scope: Scope, patient: UUID, overridden: tuple[str, ...], at: datetime) -> None:
    now = standing_against(situation_of(scope, patient=patient, at=at).verdict)
    new = [answer.question for answer in now if answer.id not in overridden]
    if new:
        raise OverrideRefused(
            "Since the first signature something else stands against it: " + " ".join(new) + " Decide anew."
        )
