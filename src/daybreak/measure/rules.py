"""What may be stored as a measurement, and what a list of allergies says. Facts in, answer and reason out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from daybreak.kernel.refusal import Refusal
from daybreak.kernel.units import UnknownUnit, convert, known_units, same_kind, written
from daybreak.rulebook.public import Fact, FactDefinition, trouble_with

# Against slips of the pen and of the unit; no clinical limits.
SUDDEN = Decimal("0.15")
KILOGRAM_IN_POUNDS = convert(Decimal(1), unit="kg", into="[lb_av]")
WEIGHED_IN = ("kg", "[lb_av]")
USUAL_INDEX, USUAL_WEIGHT_KG, FAR_FROM_USUAL = Decimal(27), Decimal(80), 2

UNBORN = "The patient was not born yet on this day: check the date."


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
    how: str = "measured"
    corrects: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewLabResult:
    """A laboratory result as it is handed in: a number with its unit (UCUM) and reference range, or a finding.

    `comparator` is "<" or ">" where the laboratory gave a limit instead of a number.
    """

    key: UUID
    patient: UUID
    test: str
    value: Decimal | None = None
    unit: str = ""
    comparator: str = ""
    finding: str = ""
    low: Decimal | None = None
    high: Decimal | None = None
    collected_at: datetime
    how: str = "document"
    corrects: UUID | None = None


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
    molar_mass = definition.molar_mass if definition else None
    try:
        converted = convert(value, unit=unit, into=into, molar_mass=molar_mass)
    except UnknownUnit as refusal:
        return HouseValue(None, into, str(refusal))
    trouble = trouble_with(definition, Fact(converted, into)) if definition else None
    if trouble and definition:
        trouble = f"{trouble}{_offer(value, unit, into, definition)}"
    return HouseValue(None if trouble else converted, into, trouble)


def units_of(definition: FactDefinition) -> tuple[str, ...]:
    """Return the units in which a value may come: those that can be turned into the one that the house keeps."""
    return tuple(unit for unit in known_units() if _reads(unit, definition))


def _reads(unit: str, definition: FactDefinition) -> bool:
    try:
        convert(Decimal(1), unit=unit, into=definition.unit, molar_mass=definition.molar_mass)
    except UnknownUnit:
        return False
    return True


def _offer(value: Decimal, unit: str, into: str, definition: FactDefinition) -> str:
    """Return the conversion to offer: what the same number would be in another unit, where that can be right."""
    for other in same_kind(unit):
        read = convert(value, unit=other, into=into, molar_mass=definition.molar_mass)
        if trouble_with(definition, Fact(read, into)) is None:
            return f" {words_of(value, other)} would be {words_of(read, into)}: choose that unit if it is meant."
    return ""


def slip_of_the_unit(
    value: Decimal, unit: str, *, into: str, last: Decimal, molar_mass: Decimal | None = None
) -> str | None:
    """Return a sentence where a number fits the last value better when it is read in another unit, or None.

    Both are compared as ratios: 160 typed as kilograms fits a last weight of 72.5 kg worse than 160 pounds, so it is
    asked about. `last` is in the unit `into`.
    """
    here = convert(value, unit=unit, into=into, molar_mass=molar_mass)
    if here <= 0 or last <= 0:
        return None
    for other in same_kind(unit):
        there = convert(value, unit=other, into=into, molar_mass=molar_mass)
        if _apart(there, last) < _apart(here, last):
            return (
                f"{words_of(value, unit)} is far from the last value, {words_of(last, into)}. "
                f"{words_of(value, other)} would be {words_of(there, into)}: "
                "choose that unit, or say that the number is right."
            )
    return None


def sudden_change(here: HouseValue, *, last: HouseValue, after: timedelta) -> str | None:
    """Return a sentence where a body weight is too far from the last one, `after` ago, to be stored unasked, or None.

    Within a day it is asked about beyond SUDDEN of the last, at any time beyond the ratio of a pound to a kilogram:
    so much no mistaken unit explains. These are bounds against slips of the pen, no clinical limits.
    """
    if here.value is None or last.value is None or here.value <= 0 or last.value <= 0:
        return None
    within_a_day = abs(after) < timedelta(days=1)
    too_much = within_a_day and abs(here.value - last.value) > last.value * SUDDEN
    if not too_much and _apart(here.value, last.value) <= KILOGRAM_IN_POUNDS:
        return None
    when = ", measured within a day" if within_a_day else ""
    return (
        f"{words_of(here.value, here.unit)} is far from the last value, {words_of(last.value, last.unit)}{when}. "
        "Is that right? Check the number, or say that it is right."
    )


def first_weight_in_doubt(value: Decimal, unit: str, *, height_cm: Decimal | None) -> str | None:
    """Return a sentence where a first weight would be more usual were its number read in another unit, or None.

    Where the height is known the weight is compared with what is usual for it, else with the usual weight of a grown
    person, and then only a weight less than half or more than twice that is asked about.
    """
    usual = USUAL_INDEX * (height_cm / 100) ** 2 if height_cm else USUAL_WEIGHT_KG
    here = convert(value, unit=unit, into="kg")
    if here <= 0 or (height_cm is None and _apart(here, usual) <= FAR_FROM_USUAL):
        return None
    for other in same_kind(unit):
        there = convert(value, unit=other, into="kg")
        if other in WEIGHED_IN and _apart(there, usual) < _apart(here, usual):
            return (
                f"{words_of(value, unit)} is an unusual weight. {words_of(value, other)} would be "
                f"{words_of(there, 'kg')}: choose that unit, or say that the number is right."
            )
    return None


def _apart(one: Decimal, other: Decimal) -> Decimal:
    """How many times the larger is the smaller."""
    return max(one, other) / min(one, other)


def trouble_with_range(low: Decimal | None, high: Decimal | None) -> str | None:
    """Return why a reference range cannot be right, or None."""
    return (
        "The range ends before it starts: check both." if low is not None and high is not None and high < low else None
    )


def words_of(value: Decimal, unit: str) -> str:
    """Return a number and its unit as people write them, with at most two decimal places."""
    rounded = f"{round(value, 2):f}"
    plain = rounded.rstrip("0").rstrip(".") if "." in rounded else rounded
    return f"{plain} {written(unit)}".strip()


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
