"""Columns that many frozen tables have, said once."""

from daybreak.kernel.classification import Class
from daybreak.register.description import Column, Taken

SITE = Column("site", "The clinic.", "text", Taken.SITE, "site", classification=Class.OPERATIONAL)
PERSON = Column(
    "person", "The person.", "text", Taken.PERSON, "patient_key", classification=Class.QUASI, refers="person"
)


def own(meaning: str, name: str = "key", *, source: str = "") -> Column:
    """Return a row's own random key; `source` names the published key, where others refer to it."""
    return Column(name, meaning, "text", Taken.KEY, source, classification=Class.OPERATIONAL)


def time(source: str, what: str, *, prefix: str = "", may_be_empty: bool = False) -> tuple[Column, Column]:
    """Return the day and the minute at which something was so."""
    return (
        Column(f"{prefix}day", f"The day {what}.", "integer", Taken.DAYS, source, "d", Class.QUASI, may_be_empty),
        Column(
            f"{prefix}minute",
            f"The minute {what}.",
            "integer",
            Taken.MINUTES,
            source,
            "min",
            Class.QUASI,
            may_be_empty,
        ),
    )


def word(
    name: str, meaning: str, source: str = "", *, values: tuple[str, ...] = (), may_be_empty: bool = False
) -> Column:
    """Return a word of a closed list."""
    return Column(name, meaning, "text", Taken.WORD, source or name, may_be_empty=may_be_empty, values=values)


def number(
    name: str,
    meaning: str,
    source: str,
    unit: str,
    *,
    may_be_empty: bool = False,
    at_least: float | None = None,
    kind: str = "number",
) -> Column:
    """Return a value as recorded."""
    return Column(name, meaning, kind, Taken.NUMBER, source, unit, may_be_empty=may_be_empty, at_least=at_least)


def key_of(name: str, meaning: str, refers: str, *, may_be_empty: bool = False) -> Column:
    """Return the random key of a row in another table, which is published as `NAME_key`."""
    return Column(
        name,
        meaning,
        "text",
        Taken.KEY_OF,
        f"{name}_key",
        classification=Class.OPERATIONAL,
        may_be_empty=may_be_empty,
        refers=refers,
    )


def yes_no(name: str, meaning: str, *, may_be_empty: bool = False) -> Column:
    """Return whether something was so."""
    return Column(name, meaning, "boolean", Taken.NUMBER, name, may_be_empty=may_be_empty)
