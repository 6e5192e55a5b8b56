"""The form of a consent.

The text that is shown, the questions that check understanding, who signs, what withdrawal does.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field, StrictBool, StrictInt, model_validator

from daybreak.kernel.truth import Truth, all_of, truth_of
from daybreak.rulebook.form import Definition, Form, Sentence, Word


class Section(Form):
    """A heading and its paragraphs (an empty line parts them)."""

    heading: Sentence
    text: Sentence


class Check(Form):
    """A question that shows whether the text was understood; `right` counts the answers from 0."""

    id: Word
    question: Sentence
    answers: tuple[Sentence, ...] = Field(min_length=2)
    right: Annotated[StrictInt, Field(ge=0)]
    because: Sentence

    @model_validator(mode="after")
    def _right_exists(self) -> "Check":
        if self.right >= len(self.answers):
            raise ValueError("right names no answer")
        return self


class ConsentExample(Form):
    """Answers to the checks and whether they show understanding; absent means unanswered."""

    name: Sentence
    given: dict[Word, StrictInt]
    expect: Literal["understood", "not_understood", "unanswered"]


class Consent(Definition):
    """One version of a consent.

    `consent_again` says that a signature of an earlier version no longer counts.
    """

    language: Annotated[str, Field(pattern=r"^[a-z]{2}$")]
    purpose: Literal["treatment", "registry", "contact", "messages", "study"]
    signed_by: tuple[Literal["patient", "clinician"], ...] = Field(min_length=1)
    sections: tuple[Section, ...] = Field(min_length=1)
    statement: Sentence
    withdrawal: Sentence
    consent_again: StrictBool
    checks: tuple[Check, ...] = Field(min_length=1)
    examples: tuple[ConsentExample, ...] = Field(min_length=1)


@dataclass(frozen=True, slots=True)
class Understanding:
    """Whether every check was answered right; `wrong` and `unanswered` name the others."""

    truth: Truth
    wrong: tuple[Check, ...]
    unanswered: tuple[Check, ...]


def understanding(consent: Consent, answers: Mapping[str, int]) -> Understanding:
    """Compare `answers` (check to index of the answer) with the consent's checks.

    This function will treat a missing one as unknown.
    """
    truths = {c.id: truth_of(answers[c.id] == c.right if c.id in answers else None) for c in consent.checks}
    wrong = tuple(check for check in consent.checks if truths[check.id] is Truth.NOT_MET)
    unanswered = tuple(check for check in consent.checks if truths[check.id] is Truth.UNKNOWN)
    return Understanding(all_of(truths.values()), wrong, unanswered)
