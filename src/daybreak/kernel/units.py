"""Units of the bedside (UCUM spelling) and the conversions that people confuse."""

from decimal import Decimal

from daybreak.kernel.refusal import Refusal

# Exact by definition: 1 lb = 0.45359237 kg and 1 in = 2.54 cm (international yard and pound agreement, 1959).
_TO_BASE = {
    "kg": ("kg", Decimal(1)),
    "g": ("kg", Decimal("0.001")),
    "[lb_av]": ("kg", Decimal("0.45359237")),
    "cm": ("cm", Decimal(1)),
    "m": ("cm", Decimal(100)),
    "[in_i]": ("cm", Decimal("2.54")),
    "mg": ("mg", Decimal(1)),
    "ug": ("mg", Decimal("0.001")),
    "mm[Hg]": ("mm[Hg]", Decimal(1)),
    "kPa": ("mm[Hg]", Decimal("7.500615758456564")),
    "/min": ("/min", Decimal(1)),
    "{beats}/min": ("/min", Decimal(1)),
    "%": ("%", Decimal(1)),
    "a": ("a", Decimal(1)),
    "min": ("min", Decimal(1)),
    "Cel": ("Cel", Decimal(1)),
    "{score}": ("{score}", Decimal(1)),
    "kg/m2": ("kg/m2", Decimal(1)),
}


class UnknownUnit(Refusal):
    """A unit that cannot be turned into the wanted one."""


def convert(value: Decimal, *, unit: str, into: str) -> Decimal:
    """Return `value` of `unit` in `into`; raise UnknownUnit where the two do not measure the same thing."""
    source, target = _TO_BASE.get(unit), _TO_BASE.get(into)
    if source is None or target is None or source[0] != target[0]:
        raise UnknownUnit(f"A value in “{unit or 'no unit'}” cannot be read as {into}.")
    return value * source[1] / target[1]


def known_units() -> tuple[str, ...]:
    """Return every unit that can be converted."""
    return tuple(_TO_BASE)
