"""May the infusion start? Each no has its reason and the people who can change it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from daybreak.kernel.refusal import Refusal
from daybreak.rulebook.public import Verdict
from daybreak.treat.rules.blockers import Blocker, May, of_verdict
from daybreak.treat.rules.holds import Held, hold_in_the_way
from daybreak.treat.rules.steps import State, in_words


class MayNotStart(Refusal):
    """The infusion may not start; `may` holds what is in the way."""

    def __init__(self, may: May) -> None:
        self.may = may
        super().__init__(may.sentence())


# The duties of any infusion, whatever its protocol; a protocol's criterion about the same fact is not named twice.
COVERED = frozenset({"consents_in_force", "screening_decided", "weight", "time_out_done"})


@dataclass(frozen=True, slots=True)
class StartFacts:
    """What the answer rests on. `consent` and `accepted` are None where nobody knows; `signers` signed this order's
    time-out. `turned` is what the protocol asks at screening and is no longer met since the acceptance. `team` and
    `equipment` are what is in the way of either. `going_on` is the protocol's verdict on whether the course should go
    on, None in a first session or where it asks nothing.
    `sound_heard` is None where alarms are off, and nobody needs to hear them.
    """

    state: State
    verdict: Verdict
    standing_missing: tuple[str, ...]
    consent: bool | None
    accepted: bool | None
    has_order: bool
    signers: frozenset[UUID]
    starter: UUID | None
    chair_taken: bool
    signed_for: Mapping[str, frozenset[UUID]] = field(default_factory=dict)
    team: tuple[Blocker, ...] = ()
    equipment: tuple[Blocker, ...] = ()
    in_charge: bool = True
    going_on: Verdict | None = None
    signed_for_going_on: Mapping[str, frozenset[UUID]] = field(default_factory=dict)
    order_in_the_way: tuple[Blocker, ...] = ()
    sound_heard: bool | None = None
    turned: tuple[str, ...] = ()
    holds: tuple[Held, ...] = ()


def may_start(facts: StartFacts) -> May:
    """Return whether the infusion may start now; an unknown never lets it."""
    own = tuple(_own(facts))
    found = [of_verdict(facts.verdict, signed_for=facts.signed_for, covered=_covered(facts))]
    if facts.going_on is not None:
        found.append(of_verdict(facts.going_on, signed_for=facts.signed_for_going_on))
    return May(
        (*own, *(blocker for may in found for blocker in may.blockers)),
        tuple(notice for may in found for notice in may.notices),
        tuple(signed for may in found for signed in may.overridden),
    )


def _covered(facts: StartFacts) -> frozenset[str]:
    """The facts about which a blocker of the room stands; a stale weight or time-out is the protocol's to name."""
    stands = {
        "consents_in_force": facts.consent is not True,
        "screening_decided": facts.accepted is not True,
        "weight": not facts.has_order,
        "time_out_done": len(facts.signers) < 2,
        "credentials_on_duty": bool(facts.standing_missing or facts.team) or not facts.in_charge,
        "equipment_checked": bool(facts.equipment),
    }
    return frozenset(name for name, blocked in stands.items() if blocked)


def _own(facts: StartFacts) -> Iterator[Blocker]:
    yield from hold_in_the_way(facts.holds)
    if facts.consent is not True:
        why = (
            "It is not known." if facts.consent is None else "It was not given, was withdrawn, or is of an older text."
        )
        yield Blocker("Consent to the treatment is not in force.", why, ("patient", "clinician"))
    if facts.accepted is not True:
        why = "No decision is recorded." if facts.accepted is None else "The last decision was not to treat now."
        yield Blocker("No clinician has accepted this patient for treatment.", why, ("clinician",))
    for question in facts.turned:
        yield Blocker(
            "Since this patient was accepted, a criterion of screening is no longer met.",
            question,
            ("clinician",),
            "Decide again on the screening page.",
        )
    if facts.starter is None:
        yield Blocker(
            "Nobody is signed in to start it.",
            "An infusion is started by a named person.",
            ("nurse", "clinician"),
        )
    for reason in facts.standing_missing:
        yield Blocker(
            "You may not start an infusion today.",
            f"{reason[:1].upper()}{reason[1:]}.",
            ("a colleague whose papers are current", "site lead"),
            "Let a colleague start. Or show the new certificate under “My credentials”, for the site lead to verify.",
        )
    yield from facts.team
    yield from facts.equipment
    if not facts.has_order:
        why = "Weigh the patient, or choose the dose, under “Dose”."
        yield Blocker("There is no dose yet.", why, ("nurse",), about=("weight",))
    yield from facts.order_in_the_way
    if len(facts.signers) < 2:
        why = (
            "One person has signed; a second is needed."
            if facts.signers
            else "Nobody has signed it for this dose and this team."
        )
        yield Blocker("The time-out by two people is not done.", why, ("nurse", "clinician"), about=("time_out_done",))
    if facts.sound_heard is False:
        yield Blocker(
            "Nobody has heard the alarms' sound for this session.",
            "A device whose sound is blocked or turned down looks like any other.",
            ("nurse", "clinician"),
            about=("sound_heard",),
        )
    if facts.chair_taken:
        yield Blocker(
            "Another session is open in this chair.", "Its readings could be mixed up with these.", ("nurse",)
        )
    yield from _unfinished(facts)


def _unfinished(facts: StartFacts) -> Iterator[Blocker]:
    """What a session that is not timed out lacks beside a dose and two signatures, which are named by themselves."""
    if facts.state in (State.WEIGHED, State.DOSE_CHOSEN):
        why = "They are recorded after the dose is known, and before the time-out."
        yield Blocker("Today's questions are not recorded.", why, ("nurse",), about=("questions",))
    elif facts.state is not State.TIMED_OUT and facts.has_order and len(facts.signers) > 1:
        yield Blocker("The preparation is not finished.", f"The session is {in_words(facts.state)}.", ("nurse",))
