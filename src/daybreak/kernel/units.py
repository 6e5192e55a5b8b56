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
    "mL": ("mL", Decimal(1)),
    "L/min": ("L/min", Decimal(1)),
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
    "ng/mL": ("ug/L", Decimal(1)),
    "ug/L": ("ug/L", Decimal(1)),
    "mg/L": ("ug/L", Decimal(1000)),
    "g/L": ("ug/L", Decimal(1000000)),
    "mg/dL": ("ug/L", Decimal(10000)),
    "g/dL": ("ug/L", Decimal(10000000)),
    "mmol/L": ("mmol/L", Decimal(1)),
    "umol/L": ("mmol/L", Decimal("0.001")),
    "U/L": ("U/L", Decimal(1)),
    "mU/L": ("U/L", Decimal("0.001")),
    "10*9/L": ("10*9/L", Decimal(1)),
    "mL/min/{1.73_m2}": ("mL/min/{1.73_m2}", Decimal(1)),
}


_WRITTEN = {
    "mm[Hg]": "mmHg",
    "kg/m2": "kg/m²",
    "Cel": "°C",
    "[lb_av]": "lb",
    "[in_i]": "in",
    "ug": "µg",
    "ug/L": "µg/L",
    "umol/L": "µmol/L",
    "10*9/L": "10⁹/L",
    "mL/min/{1.73_m2}": "mL/min/1.73 m²",
    "{beats}/min": "/min",
    "{score}": "",
}


class UnknownUnit(Refusal):
    """A unit that cannot be turned into the wanted one."""


# 1 ug/L of a substance of 1 g/mol is 1 umol/L.
_MASS, _AMOUNT, _AMOUNT_OF_MASS = "ug/L", "mmol/L", Decimal("0.001")


def convert(value: Decimal, *, unit: str, into: str, molar_mass: Decimal | None = None) -> Decimal:
    """Return `value` of `unit` in `into`; raise UnknownUnit where the two do not measure the same thing. With the
    substance's `molar_mass` (g/mol), a mass in a volume is read as an amount.
    """
    source, target = _TO_BASE.get(unit), _TO_BASE.get(into)
    if source and target and source[0] == target[0]:
        return value * source[1] / target[1]
    if source and target and molar_mass and (source[0], target[0]) == (_MASS, _AMOUNT):
        return value * source[1] * _AMOUNT_OF_MASS / molar_mass / target[1]
    raise UnknownUnit(f"A value in “{written(unit) or 'no unit'}” cannot be read as {written(into) or 'a score'}.")


def written(unit: str) -> str:
    """Return a unit as people write it; a score has none."""
    return _WRITTEN.get(unit, unit)


def same_kind(unit: str) -> tuple[str, ...]:
    """Return the other units that measure the same thing in another size."""
    here = _TO_BASE.get(unit)
    if here is None:
        return ()
    return tuple(name for name, (base, factor) in _TO_BASE.items() if base == here[0] and factor != here[1])


def known_units() -> tuple[str, ...]:
    """Return every unit that can be converted."""
    return tuple(_TO_BASE)
