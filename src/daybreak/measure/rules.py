"""What may be stored as a measurement, and what a list of allergies says. Facts in, answer and reason out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from daybreak.kernel.refusal import Refusal
from daybreak.kernel.units import UnknownUnit, convert
from daybreak.rulebook.public import Fact, FactDefinition, trouble_with


class ImplausibleMeasurement(Refusal):
    """Measurements that cannot be right; `.problems` maps the key of each to its sentence."""

    def __init__(self, problems: dict[UUID, str]) -> None:
        self.problems = problems
        super().__init__(" ".join(dict.fromkeys(problems.values())))


@dataclass(frozen=True, slots=True)
class NewMeasurement:
    """A measurement as it is handed in: value and unit (UCUM) as given, at an aware moment."""

    key: UUID
    patient: UUID
    sign: str
    value: Decimal
    unit: str
    measured_at: datetime


@dataclass(frozen=True, slots=True)
class HouseValue:
    """A measurement in the house's unit, or why there is none."""

    value: Decimal | None
    unit: str
    trouble: str | None


@dataclass(frozen=True, slots=True)
class AllergyNoted:
    """One statement about allergies as the rule sees it; `substance` is empty for “none known”."""

    substance: str
    status: str
    noted_at: datetime


@dataclass(frozen=True, slots=True)
class Allergies:
    """What is known: “unknown” (nobody has asked), “none known”, or “known” with the substances."""

    state: str
    substances: tuple[str, ...] = ()
    noted_at: datetime | None = None


def in_house_unit(value: Decimal, unit: str, *, into: str | None, definition: FactDefinition | None) -> HouseValue:
    """Return the value in the unit `into`, or the sentence that says why it cannot be right.

    The bounds of what can be right stand in the vocabulary (`definition`); a sign without bounds is only
    converted.
    """
    if into is None:
        return HouseValue(None, unit, "This sign is not one that Daybreak knows.")
    if not value.is_finite():
        return HouseValue(None, into, "The value is not a number.")
    try:
        converted = convert(value, unit=unit, into=into)
    except UnknownUnit as refusal:
        return HouseValue(None, into, str(refusal))
    trouble = trouble_with(definition, Fact(converted, into)) if definition else None
    return HouseValue(None if trouble else converted, into, trouble)


def what_is_known(noted: Iterable[AllergyNoted]) -> Allergies:
    """Return what the statements about allergies add up to. Nothing said is unknown, never none.

    An active allergy always counts; “none known” counts where no active allergy stands.
    """
    said = sorted(noted, key=lambda each: each.noted_at)
    active = [each for each in said if each.status == "active"]
    if active:
        return Allergies("known", tuple(dict.fromkeys(each.substance for each in active)), active[-1].noted_at)
    none_known = [each for each in said if each.status == "none known"]
    return Allergies("none known", (), none_known[-1].noted_at) if none_known else Allergies("unknown")
