"""The form of a code list: codes of other systems and the house's word for each."""

from functools import cached_property

from pydantic import Field, StrictBool, model_validator

from daybreak.rulebook.form import Definition, Form, Sentence, Word


class Code(Form):
    """One code: the system's address (as FHIR writes it), the code, its display, and the word it means
    here.

    `unit` is the unit (UCUM) in which the house keeps the value; `verified = false` is shown to readers
    as unverified.
    """

    system: Sentence
    code: Sentence
    display: Sentence
    means: Word
    unit: str = ""
    verified: StrictBool = True


class CodeExample(Form):
    """A code and the word it means; an empty `means` says that the list does not know it."""

    name: Sentence
    system: Sentence
    code: Sentence
    means: str


class CodeList(Definition):
    """A list of codes."""

    codes: tuple[Code, ...] = Field(min_length=1)
    examples: tuple[CodeExample, ...] = Field(min_length=1)

    @cached_property
    def _by_code(self) -> dict[tuple[str, str], Code]:
        return {(code.system, code.code): code for code in self.codes}

    def find(self, system: str, code: str) -> Code | None:
        """Return the entry of `code` in `system`, or None where the list does not hold it."""
        return self._by_code.get((system, code))

    @cached_property
    def _places(self) -> dict[tuple[str, str], int]:
        return {(code.system, code.code): place for place, code in enumerate(self.codes)}

    def place_of(self, code: Code) -> int:
        """Return the place of a code in the file's order: where several mean one thing, the first is preferred."""
        return self._places[code.system, code.code]

    def means(self, system: str, code: str) -> str | None:
        """Return the house's word for a code, or None."""
        found = self.find(system, code)
        return found.means if found else None

    def codes_for(self, word: str) -> tuple[Code, ...]:
        """Return every code that means `word`, in the file's order: the first is the one to write."""
        return tuple(code for code in self.codes if code.means == word)

    @property
    def words(self) -> tuple[str, ...]:
        """Return every word of the list once, in the file's order."""
        return tuple(dict.fromkeys(code.means for code in self.codes))

    @model_validator(mode="after")
    def _once(self) -> "CodeList":
        seen: set[tuple[str, str]] = set()
        for code in self.codes:
            if (code.system, code.code) in seen:
                raise ValueError(f"{code.code} stands twice")
            seen.add((code.system, code.code))
        return self
