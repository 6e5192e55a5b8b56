"""Values as a reader says them."""

from datetime import date
from decimal import Decimal

from daybreak.rulebook.facts import FactValue


def words_of(value: FactValue) -> str:
    """Return a value as a reader says it: yes, no, a number without idle zeros, words joined by commas."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, tuple):
        return ", ".join(map(words_of, value)) or "none"
    return value.isoformat() if isinstance(value, date) else str(value).replace("_", " ")


SPOKEN = {
    "a": "years",
    "mm[Hg]": "mmHg",
    "{score}": "points",
    "/min": "per minute",
    "min": "minutes",
    "Cel": "°C",
    "kg/m2": "kg/m²",
}


def spoken(unit: str) -> str:
    """Return a unit as a reader says it."""
    return SPOKEN.get(unit, unit)
