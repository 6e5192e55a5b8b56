"""Kilograms or pounds: a slip of the unit halves or doubles a dose."""

from decimal import Decimal

from daybreak.kernel.units import convert

OTHER = {"kg": "[lb_av]", "[lb_av]": "kg"}


def other_unit_fits_better(weight: Decimal, *, unit: str, last_kg: Decimal) -> bool:
    """Return whether the number, read in the other unit, would be nearer to the last weight than as it was given."""
    as_given = convert(weight, unit=unit, into="kg")
    as_other = convert(weight, unit=OTHER[unit], into="kg")
    return abs(as_other - last_kg) < abs(as_given - last_kg)
