"""Reads the elements of a resource by name, and says in a sentence with the element's path what is wrong with
one.
"""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from daybreak.kernel.refusal import Refusal

LONGEST_TEXT = 4_000
"""Letters of a text that is taken in."""

_LARGEST_EXPONENT = 30
_UNWRITABLE = re.compile("[\x00\ud800-\udfff]")


class Defect(Refusal):
    """Something about a resource because of which it cannot be taken in."""


class NotAFact(Exception):
    """A well-formed resource that says, by its status or its kind, that there is nothing to take in."""


class Element:
    """One JSON object of a resource, and the FHIR path that leads to it. Every reading method raises Defect
    on a wrong type.
    """

    def __init__(self, content: Mapping[str, Any], path: str) -> None:
        self.content = content
        self.path = path

    def has(self, name: str) -> bool:
        """Say whether the element is there; FHIR's null counts as absent."""
        return self.content.get(name) is not None

    def missing(self, name: str) -> Defect:
        """Return the defect of an absent element."""
        return Defect(f"{self.path}.{name} is missing.")

    def text(self, name: str) -> str:
        """Return a text without the blanks around it, "" where it is absent."""
        found = self.content.get(name)
        if found is None:
            return ""
        if not isinstance(found, str):
            raise Defect(f"{self.path}.{name} is not a text.")
        return self._checked(name, found)

    def required_text(self, name: str) -> str:
        """Return a text that has to be there."""
        found = self.text(name)
        if not found:
            raise self.missing(name)
        return found

    def word(self, name: str, allowed: frozenset[str]) -> str:
        """Return one of FHIR's own words for this element, "" where it is absent."""
        found = self.text(name)
        if found and found not in allowed:
            raise Defect(f"{self.path}.{name} is “{found[:40]}”, which is not one of FHIR's words for it.")
        return found

    def texts(self, name: str) -> list[str]:
        """Return a list of texts, empty where it is absent."""
        found = self._list(name)
        if not all(isinstance(text, str) for text in found if text is not None):
            raise Defect(f"{self.path}.{name} is not a list of texts.")
        return [self._checked(name, text) for text in found if text is not None]

    def flag(self, name: str) -> bool | None:
        """Return a yes or a no, None where it is absent."""
        found = self.content.get(name)
        if found is not None and not isinstance(found, bool):
            raise Defect(f"{self.path}.{name} is neither true nor false.")
        return found

    def number(self, name: str) -> Decimal | None:
        """Return a number exactly as it was written, None where it is absent."""
        found = self.content.get(name)
        if found is None:
            return None
        if isinstance(found, bool) or not isinstance(found, int | Decimal):
            raise Defect(f"{self.path}.{name} is not a number.")
        number = Decimal(found)
        if number and not -_LARGEST_EXPONENT < number.adjusted() < _LARGEST_EXPONENT:
            raise Defect(f"{self.path}.{name} is a number beyond all measure.")
        return number

    def element(self, name: str) -> "Element | None":
        """Return the object under `name`, None where it is absent."""
        found = self.content.get(name)
        if found is None:
            return None
        if not isinstance(found, dict):
            raise Defect(f"{self.path}.{name} is not an object.")
        return Element(found, f"{self.path}.{name}")

    def required_element(self, name: str) -> "Element":
        """Return the object under `name`, which has to be there."""
        found = self.element(name)
        if found is None:
            raise self.missing(name)
        return found

    def elements(self, name: str) -> list["Element"]:
        """Return the objects listed under `name`, none where it is absent."""
        found = self._list(name)
        if not all(isinstance(one, dict) for one in found):
            raise Defect(f"{self.path}.{name} is not a list of objects.")
        several = len(found) > 1
        return [Element(one, f"{self.path}.{name}{f'[{at}]' if several else ''}") for at, one in enumerate(found)]

    def _list(self, name: str) -> list[Any]:
        found = self.content.get(name)
        if found is None:
            return []
        if not isinstance(found, list):
            raise Defect(f"{self.path}.{name} is not a list.")
        return found

    def _checked(self, name: str, text: str) -> str:
        if len(text) > LONGEST_TEXT:
            raise Defect(f"{self.path}.{name} is longer than {LONGEST_TEXT:,} letters.")
        if _UNWRITABLE.search(text):
            raise Defect(f"{self.path}.{name} holds a character that cannot be written.")
        return text.strip()
