"""The form of a consent.

The text that is shown, the questions that check understanding, who signs, what withdrawal does, and whether
those who signed an earlier version are asked again.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import AliasChoices, Field, StrictBool, StrictInt, model_validator

from daybreak.kernel.refusal import Refusal
from daybreak.kernel.truth import Truth, all_of, truth_of
from daybreak.rulebook.form import Definition, Form, Sentence, Word

Language = Annotated[str, Field(pattern=r"^[a-z]{2}$")]
# What every clinic asks for, and the definition that serves it. Any other text (another treatment, a study) is a
# consent of its own under its own id: a signature for one treatment is never one for another.
GENERAL = {
    "treatment": "ketamine_treatment",
    "registry": "registry",
    "contact": "contact",
    "messages": "messages",
}


class NoSuchLanguage(Refusal):
    """A language in which a consent was not written."""


class Section(Form):
    """A heading and its paragraphs (an empty line parts them)."""

    heading: Sentence
    text: Sentence


class Check(Form):
    """A question that shows whether the text was understood; `right` counts the answers from 0.

    `section` is the heading of the part that is shown again after a wrong answer.
    """

    id: Word
    question: Sentence
    answers: tuple[Sentence, ...] = Field(min_length=2)
    right: Annotated[StrictInt, Field(ge=0)]
    because: Sentence
    section: str = ""

    @model_validator(mode="after")
    def _right_exists(self) -> "Check":
        if self.right >= len(self.answers):
            raise ValueError("right names no answer")
        return self


class TranslatedCheck(Form):
    """A question in another language; which answer is right, and its part, stay as in the first language."""

    id: Word
    question: Sentence
    answers: tuple[Sentence, ...] = Field(min_length=2)
    because: Sentence


class Translation(Form):
    """The whole text in another language, part by part and question by question."""

    language: Language
    title: Sentence
    sections: tuple[Section, ...] = Field(min_length=1)
    statement: Sentence
    withdrawal: Sentence
    checks: tuple[TranslatedCheck, ...] = Field(min_length=1)
    translated_by: Sentence
    checked_by: Sentence


class ConsentExample(Form):
    """Answers to the checks and whether they show understanding; absent means unanswered."""

    name: Sentence
    given: dict[Word, StrictInt]
    expect: Literal["understood", "not_understood", "unanswered"]


class Consent(Definition):
    """One version of a consent, in its first language and its translations.

    `requires_reconsent` says that a signature of an earlier version no longer counts, and `why_again` says why, to
    those who are asked again. (The first versions wrote `consent_again`.)
    """

    language: Language
    purpose: Literal["treatment", "registry", "contact", "messages", "study"]
    signed_by: tuple[Literal["patient", "clinician"], ...] = Field(min_length=1)
    sections: tuple[Section, ...] = Field(min_length=1)
    statement: Sentence
    withdrawal: Sentence
    requires_reconsent: StrictBool = Field(validation_alias=AliasChoices("requires_reconsent", "consent_again"))
    why_again: str = ""
    checks: tuple[Check, ...] = Field(min_length=1)
    translations: tuple[Translation, ...] = ()
    examples: tuple[ConsentExample, ...] = Field(min_length=1)

    @property
    def kind(self) -> str:
        """What it is a consent to: its purpose where it is the general text for it, else its own id."""
        return self.purpose if GENERAL.get(self.purpose) == self.id else self.id

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages it can be read in, its first one first."""
        return (self.language, *(each.language for each in self.translations))

    def in_language(self, language: str) -> "Consent":
        """Return this very version as it reads in `language`; the fingerprint is that of the whole.

        Raise NoSuchLanguage.
        """
        if language == self.language:
            return self
        found = next((each for each in self.translations if each.language == language), None)
        if found is None:
            raise NoSuchLanguage(f"“{self.title}” was not written in the language “{language}”.")
        headings = {mine.heading: theirs.heading for mine, theirs in zip(self.sections, found.sections, strict=True)}
        checks = tuple(
            mine.model_copy(
                update={
                    "question": theirs.question,
                    "answers": theirs.answers,
                    "because": theirs.because,
                    "section": headings.get(mine.section, ""),
                }
            )
            for mine, theirs in zip(self.checks, found.checks, strict=True)
        )
        words = {name: getattr(found, name) for name in ("language", "title", "sections", "statement", "withdrawal")}
        return self.model_copy(update={**words, "checks": checks})

    @model_validator(mode="after")
    def _says_why(self) -> "Consent":
        if self.requires_reconsent and not self.why_again.strip():
            raise ValueError("requires_reconsent needs why_again: those who are asked again are told why")
        if self.kind != self.purpose and self.id in {*GENERAL, *GENERAL.values()}:
            raise ValueError(f"this consent needs an id of its own, not one of: {', '.join(GENERAL)}")
        return self

    @model_validator(mode="after")
    def _sections_exist(self) -> "Consent":
        headings = {section.heading for section in self.sections}
        for check in self.checks:
            if check.section and check.section not in headings:
                raise ValueError(f"check “{check.id}” names the section “{check.section}”, which is not there")
        return self

    @model_validator(mode="after")
    def _translations_match(self) -> "Consent":
        if len(set(self.languages)) < len(self.languages):
            raise ValueError("a language stands there twice")
        for each in self.translations:
            if len(each.sections) != len(self.sections):
                raise ValueError(f"the translation “{each.language}” does not have the same sections")
            mine = [(check.id, len(check.answers)) for check in self.checks]
            if [(check.id, len(check.answers)) for check in each.checks] != mine:
                raise ValueError(f"the translation “{each.language}” does not have the same questions and answers")
            if each.translated_by.casefold() == each.checked_by.casefold():
                raise ValueError(f"the translation “{each.language}” must be checked by a second person")
        return self


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
