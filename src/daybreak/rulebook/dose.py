"""How large a dose is, and what the pump is set to. All in Decimal; every step can be shown."""

from dataclasses import dataclass, replace
from decimal import ROUND_DOWN, Decimal

from daybreak.kernel.refusal import Refusal
from daybreak.kernel.units import convert
from daybreak.rulebook.facts import Fact, number_in
from daybreak.rulebook.protocol import DoseRule, Protocol


class NoDose(Refusal):
    """A dose that cannot be computed, and why."""


@dataclass(frozen=True, slots=True)
class Dose:
    """A dose in mg, the volume and the pump rate that give it over `over_minutes`, and the steps in words.

    Volume and rate are None where no concentration was given.
    """

    drug: str
    route: str
    weight_kg: Decimal
    wished_mg: Decimal
    dose_mg: Decimal
    over_minutes: int
    concentration_mg_per_ml: Decimal | None
    volume_ml: Decimal | None
    rate_ml_per_hour: Decimal | None
    ceiling_reached: bool
    steps: tuple[str, ...] = ()


def dose_for(protocol: Protocol, *, weight: Fact, concentration_mg_per_ml: Decimal | None = None) -> Dose:
    """Compute the dose of `protocol` for `weight`; raise NoDose for a weight or a concentration that
    cannot be right.

    This function will round the dose, the volume and the rate down to the protocol's steps.
    """
    rule = protocol.dose
    kilograms = _plausible_weight(protocol, weight)
    wished = kilograms * rule.amount
    held = wished if rule.at_most is None else min(wished, rule.at_most)
    dose = down_to(held, rule.round_to)
    if dose <= 0:
        raise NoDose(f"{kilograms} kg gives a dose of nothing.")
    volume = rate = None
    if concentration_mg_per_ml is not None:
        if not concentration_mg_per_ml.is_finite() or concentration_mg_per_ml <= 0:
            raise NoDose("The concentration must be a number of milligrams per millilitre above zero.")
        exact = dose / concentration_mg_per_ml
        volume = down_to(exact, rule.volume_round_to)
        rate = down_to(exact * 60 / rule.over_minutes, rule.rate_round_to)
    found = Dose(
        drug=rule.drug,
        route=rule.route,
        weight_kg=kilograms,
        wished_mg=wished,
        dose_mg=dose,
        over_minutes=rule.over_minutes,
        concentration_mg_per_ml=concentration_mg_per_ml,
        volume_ml=volume,
        rate_ml_per_hour=rate,
        ceiling_reached=held < wished,
    )
    return replace(found, steps=_steps(rule, found))


def down_to(value: Decimal, step: Decimal) -> Decimal:
    """Return `value` rounded down to a multiple of `step`."""
    return (value / step).to_integral_value(rounding=ROUND_DOWN) * step


def _plausible_weight(protocol: Protocol, weight: Fact) -> Decimal:
    try:
        kilograms = number_in(weight, "kg")
    except Refusal as refusal:
        raise NoDose(f"The weight cannot be used: {refusal}") from refusal
    bounds = protocol.fact("weight")
    lowest = convert(bounds.lowest or Decimal(0), unit=bounds.unit, into="kg")
    if kilograms <= 0 or kilograms < lowest or (bounds.highest is not None and kilograms > bounds.highest):
        raise NoDose(f"A weight of {kilograms} kg cannot be right. Weigh again, and check the unit.")
    return kilograms


def _steps(rule: DoseRule, dose: Dose) -> tuple[str, ...]:
    steps = [f"{dose.weight_kg} kg × {rule.amount} mg/kg = {dose.wished_mg} mg"]
    if dose.ceiling_reached:
        steps.append(f"held at the ceiling of {rule.at_most} mg")
    steps.append(f"rounded down to a step of {rule.round_to} mg = {dose.dose_mg} mg")
    if dose.volume_ml is not None:
        steps.append(f"{dose.dose_mg} mg ÷ {dose.concentration_mg_per_ml} mg/mL = {dose.volume_ml} mL")
        steps.append(f"over {rule.over_minutes} minutes = {dose.rate_ml_per_hour} mL/h")
    return tuple(steps)
