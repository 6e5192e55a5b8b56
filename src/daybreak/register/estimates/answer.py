"""What an estimate from a file answers: values as they go out, and sentences about what a reader must know."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Answer:
    """`values` are keys and numbers as `--json` tells them, `rows` what people read of them below a `heading`,
    `notes` sentences.
    """

    values: Mapping[str, Any]
    heading: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    notes: tuple[str, ...] = field(default=())

    def as_json(self) -> dict[str, Any]:
        """Return the values with the notes beside them."""
        return {**self.values, "notes": list(self.notes)}


def left_out(rows: int) -> tuple[str, ...]:
    """Return a sentence about rows that could not be used, if there are any."""
    if not rows:
        return ()
    return (f"{rows:,} {'row was' if rows == 1 else 'rows were'} left out because a value is missing.",)
