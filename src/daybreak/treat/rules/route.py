"""The ways in which a dose is given, what each asks of the team, and when the next part may follow."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from daybreak.rulebook.public import DoseRule


class Manner(StrEnum):
    """How a dose reaches the patient: from a pump, or in parts that are given at once."""

    INFUSION = "infusion"
    TITRATION = "titration"
    INJECTION = "injection"
    DEVICES = "devices"
    MOUTH = "mouth"


PUMPED = frozenset({Manner.INFUSION, Manner.TITRATION})
_INJECTED = ("intramuscular", "subcutaneous", "intravenous")

# Words of closed lists; what is typed beside them is a note.
SITES_OF_INJECTION = (
    "left_deltoid",
    "right_deltoid",
    "left_thigh",
    "right_thigh",
    "left_gluteal",
    "right_gluteal",
    "abdomen",
    "vein",
    "other",
)
NOSTRILS = ("both_nostrils", "left_nostril", "right_nostril")
FORMS = ("tablet", "capsule", "lozenge", "liquid")
# Why a part was given though it was not offered: what happened is recorded, never argued away.
REASONS_OF_PART = ("clinician_decided", "too_early_by_mistake", "more_than_ordered_by_mistake", "other")


def manner_of(dose: DoseRule) -> Manner:
    """Return the manner in which a protocol gives its dose."""
    if dose.devices:
        return Manner.DEVICES
    if dose.rule == "per_kilogram_hour":
        return Manner.TITRATION if dose.titration else Manner.INFUSION
    if dose.says("over_minutes"):
        return Manner.INFUSION
    return Manner.INJECTION if dose.route in _INJECTED else Manner.MOUTH


def places(manner: Manner) -> tuple[str, ...]:
    """Return where a part of the dose may go: sites of injection, nostrils, or nothing to choose."""
    return {Manner.INJECTION: SITES_OF_INJECTION, Manner.DEVICES: NOSTRILS}.get(manner, ())


def time_out_items(manner: Manner) -> tuple[str, ...]:
    """Return what two people confirm before the start; the fourth is how the dose is given."""
    how = {Manner.INJECTION: "injection", Manner.DEVICES: "devices", Manner.MOUTH: "form"}.get(manner, "rate")
    return ("identity", "drug", "dose", how, "allergies")


@dataclass(frozen=True, slots=True)
class NextPart:
    """What is left of a dose that is given in parts, how much of it comes next, and from when on it is offered."""

    left_mg: Decimal
    next_mg: Decimal
    from_moment: datetime | None

    def is_offered(self, at: datetime) -> bool:
        """Whether the next part may be given at that moment without a word why."""
        return self.next_mg > 0 and (self.from_moment is None or at >= self.from_moment)


def next_part(
    *,
    ordered_mg: Decimal,
    unit_mg: Decimal | None,
    given_mg: Decimal,
    given_at: Sequence[datetime],
    minutes_apart: int | None,
) -> NextPart:
    """Return the next part: one unit where the dose comes in units, else what is left; never more than is left.

    `from_moment` is the last part's moment and `minutes_apart` later; None where nothing has to be waited for.
    """
    left = max(ordered_mg - given_mg, Decimal(0))
    part = left if unit_mg is None else min(unit_mg, left)
    waits = minutes_apart is not None and bool(given_at)
    return NextPart(left, part, max(given_at) + timedelta(minutes=minutes_apart or 0) if waits else None)


@dataclass(frozen=True, slots=True)
class TitrationLine:
    """One step of a long infusion as the order holds it."""

    id: str
    amount: Decimal
    rate_ml_per_hour: Decimal
    after_hours: int

    @classmethod
    def of(cls, line: Mapping[str, object]) -> "TitrationLine":
        """Return a line from what is stored."""
        amount, rate = Decimal(str(line["amount"])), Decimal(str(line["rate_ml_per_hour"]))
        return cls(str(line["id"]), amount, rate, int(str(line["after_hours"])))


@dataclass(frozen=True, slots=True)
class NextRate:
    """The next step of titration that may be signed for now, or why there is none, and from when on."""

    line: TitrationLine | None
    why: str = ""
    from_moment: datetime | None = None


def next_rate(
    lines: Sequence[TitrationLine],
    *,
    reached: int,
    running_ml_per_hour: Decimal,
    started_at: datetime,
    at: datetime,
) -> NextRate:
    """Return the next step: after its hours, from the step before it, never over one; `reached` counts from 0."""
    if reached + 1 >= len(lines):
        return NextRate(None, "The infusion runs at its target: there is no higher step.")
    line, last = lines[reached + 1], lines[reached]
    begins = started_at + timedelta(hours=line.after_hours)
    if at < begins:
        words = f"The next step may run from {line.after_hours} hours after the start on, not before."
        return NextRate(None, words, begins)
    if running_ml_per_hour != last.rate_ml_per_hour:
        words = f"The pump does not run at the last signed rate: set it to {last.rate_ml_per_hour} mL/h first."
        return NextRate(None, words)
    return NextRate(line, from_moment=begins)
