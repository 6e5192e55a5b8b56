"""JSON without surprises: numbers stay exact, and what a careless reader would swallow is held against the
resource it is in.
"""

import json
from decimal import Decimal
from typing import Any

from daybreak.kernel.refusal import Refusal

_LONGEST_INTEGER = 18


class NotJson(Refusal):
    """A text that is not JSON, with the place where it stops being it."""


class Flawed(dict[str, Any]):
    """A resource or Bundle entry whose text says a key twice, or holds a number that is not one."""

    flaws: tuple[str, ...] = ()


class _Reading:
    """One text being read. Flaws wait until the resource or entry around them closes, and stick to it."""

    def __init__(self) -> None:
        self.waiting: list[str] = []

    def close_object(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) != len(pairs):
            self.waiting.append(f"the key “{_first_repeated(pairs)[:60]}” stands twice in one object")
        if self.waiting and ("resourceType" in found or "resource" in found):
            flawed = Flawed(found)
            flawed.flaws, self.waiting = tuple(self.waiting), []
            return flawed
        return found

    def constant(self, word: str) -> None:
        self.waiting.append(f"{word} is not a number")


def parse(text: str) -> Any:
    """Return the value of a JSON text; fractions and very long integers as Decimal. Raises NotJson."""
    reading = _Reading()
    try:
        return json.loads(
            text,
            object_pairs_hook=reading.close_object,
            parse_float=Decimal,
            parse_int=_integer,
            parse_constant=reading.constant,
        )
    except json.JSONDecodeError as error:
        raise NotJson(
            f"It is not JSON: {error.msg.removesuffix(' at')} at line {error.lineno}, column {error.colno}."
        ) from error
    except RecursionError as error:
        raise NotJson("It is nested more deeply than any FHIR resource.") from error


def _integer(digits: str) -> int | Decimal:
    return int(digits) if len(digits) <= _LONGEST_INTEGER else Decimal(digits)


def _first_repeated(pairs: list[tuple[str, Any]]) -> str:
    seen: set[str] = set()
    for name, _ in pairs:
        if name in seen:
            return name
        seen.add(name)
    return ""
