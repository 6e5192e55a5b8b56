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
    return day_words(value) if isinstance(value, date) else str(value).replace("_", " ")


def day_words(day: date) -> str:
    """Return a day as a clinic writes it: "Sat 14 Nov 2026"."""
    return f"{day:%a} {day.day} {day:%b %Y}"


def counted(number: int | str, word: str) -> str:
    """Return so many of something: "1 day", "3 days"."""
    return f"{number} {word}" if str(number) == "1" else f"{number} {word}s"


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
