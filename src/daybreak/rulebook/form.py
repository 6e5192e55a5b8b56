"""The form that every definition shares: its head, its provenance, its references."""

from datetime import date
from decimal import Decimal
from typing import Annotated, ClassVar, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    Strict,
    StrictBool,
    StrictInt,
    StringConstraints,
    model_validator,
)

from daybreak.kernel.permissions import ROLE_WORDS
from daybreak.kernel.refusal import Refusal
from daybreak.rulebook.faults import did_you_mean

SourceKind = Literal["label", "rems", "guideline", "practice", "site"]
BLANK = "blank"
Status = Literal["draft", "active", "retired"]
Word = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
Sentence = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]


class NotANumber(Refusal, ValueError):
    """A value that stands where a number is expected."""


def _number(value: object) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise NotANumber("a number is expected here, without quotes")
    return Decimal(value)


def _role(value: str) -> str:
    demand(value in ROLE_WORDS, f"“{value}” is no role of a site{did_you_mean(value, ROLE_WORDS)}")
    return value


Role = Annotated[Sentence, AfterValidator(_role)]
Number = Annotated[Decimal, BeforeValidator(_number)]
Value = StrictBool | Number | Annotated[date, Strict()] | str | tuple[str, ...]


class Form(BaseModel):
    """A table of a definition: frozen, and strict about keys it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Reference(Form):
    """Something a reader can look up.

    Where `numbers` is false it names duties only, and may not carry a threshold; `but_for` lists the ids of
    the few rules whose number it does give.
    """

    id: Sentence
    title: Sentence
    numbers: StrictBool = True
    but_for: tuple[Word, ...] = ()


class Provenance(Form):
    """Where a definition comes from and who answers for it."""

    references: tuple[Reference, ...] = Field(min_length=1)
    authored_by: Sentence
    checked_by: Sentence
    next_review: date

    @model_validator(mode="after")
    def _two_people(self) -> "Provenance":
        if self.authored_by.casefold() == self.checked_by.casefold():
            raise ValueError("authored_by and checked_by are the same: a second person must check")
        return self


class Blankable(Form):
    """A table in which some numbers may be `"blank"`: the source does not give them.

    `blanks` names them; it is never written in a file. A blank is unknown when asked, and blocks activation.
    """

    may_be_blank: ClassVar[frozenset[str]] = frozenset()
    blanks: tuple[str, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _note_blanks(cls, data: object) -> object:
        if not isinstance(data, dict):
            return data
        demand("blanks" not in data, 'unknown key “blanks”: write the word "blank" where the number would stand')
        found = tuple(key for key, value in data.items() if key in cls.may_be_blank and value == BLANK)
        return {**{key: value for key, value in data.items() if key not in found}, "blanks": found}

    def says(self, name: str) -> bool:
        """Whether the table names `name`, with a value or with a blank."""
        return getattr(self, name) is not None or name.removesuffix("_") in self.blanks


class Sourced(Form):
    """A rule that says where it comes from.

    `verified = false` is shown to readers as “not checked against the full text”.
    """

    source: SourceKind
    reference: Sentence
    verified: StrictBool = True
    note: str = ""


class Definition(Form):
    """The head of every definition.

    The fingerprint is computed when it is read; it never stands in the file.
    """

    id: Word
    version: Annotated[StrictInt, Field(ge=1)]
    status: Status
    title: Sentence
    licence: Sentence
    summary: str = ""
    provenance: Provenance
    fingerprint: str = ""

    def place(self, path: tuple[str | int, ...]) -> tuple[str | int, ...]:
        """Return where a rule of this definition stands in its file."""
        return path


def demand(holds: bool, otherwise: str) -> None:
    """Raise ValueError with the sentence `otherwise` unless it `holds`; for validators of forms."""
    if not holds:
        raise ValueError(otherwise)
