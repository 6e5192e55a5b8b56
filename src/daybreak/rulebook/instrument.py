"""The form of an instrument: its items, how answers become scores, its bands, flags and cut-offs."""

from typing import Annotated, Literal

from pydantic import Field, StrictInt, model_validator

from daybreak.rulebook.form import Definition, Form, Number, Sentence, Sourced, Word

Language = Annotated[str, Field(pattern=r"^[a-z]{2}$")]
Texts = dict[Language, Sentence]


class Choice(Form):
    """One answer that can be given: its value and its words; `code` is the LOINC answer where verified."""

    value: StrictInt
    text: Texts
    code: str = ""


class Item(Form):
    """One question. An item that is not `scored` is kept beside the score."""

    id: Word
    text: Texts
    code: str = ""
    choices: Word = "usual"
    optional: bool = False


class Band(Form):
    """The range of a score from `at_least` up to the next band."""

    at_least: Number
    name: Word
    text: Texts


class Score(Form):
    """How answers become a number.

    `prorated_sum` scales the mean of the answered items up, if few enough are missing.
    """

    id: Word
    title: Sentence
    rule: Literal["sum", "prorated_sum"]
    items: tuple[Word, ...] = Field(min_length=1)
    reverse: tuple[Word, ...] = ()
    missing_at_most: Annotated[StrictInt, Field(ge=0)] = 0
    code: str = ""
    lowest: Number
    highest: Number
    bands: tuple[Band, ...] = ()

    @model_validator(mode="after")
    def _whole(self) -> "Score":
        floors = [band.at_least for band in self.bands]
        if floors and (floors != sorted(set(floors)) or floors[0] != self.lowest or floors[-1] > self.highest):
            raise ValueError("bands rise, the first starts at the lowest score, and none lies above the highest")
        if self.rule == "sum" and self.missing_at_most:
            raise ValueError("a sum takes no missing item; choose prorated_sum")
        return self


class Flag(Sourced):
    """An answer that calls for someone, whatever the score."""

    id: Word
    item: Word
    at_least: StrictInt
    text: Sentence


class CutOffs(Sourced):
    """What counts as response and remission on this instrument; stored with every result."""

    score: Word
    response_fall_percent: Number | None = None
    remission_below: Number | None = None
    remission_at_most: Number | None = None


class ExpectedScore(Form):
    """What an example expects; a score that cannot be had is named in `unscored`."""

    scores: dict[Word, Number] = {}
    bands: dict[Word, Word] = {}
    unscored: tuple[Word, ...] = ()
    flags: tuple[Word, ...] | None = None
    refused: tuple[Word, ...] = ()


class InstrumentExample(Form):
    """A worked example: `answers` in the order of the items, or `given` by item."""

    name: Sentence
    answers: tuple[StrictInt, ...] = ()
    given: dict[Word, StrictInt] = {}
    expect: ExpectedScore


class Instrument(Definition):
    """A questionnaire or a rating."""

    rater: Literal["patient", "clinician", "nurse"]
    look_back_days: Annotated[StrictInt, Field(ge=0)]
    code: str = ""
    code_system: str = ""
    languages: tuple[Language, ...] = Field(min_length=1)
    unverified_languages: tuple[Language, ...] = ()
    instruction: Texts
    choices: dict[Word, tuple[Choice, ...]]
    items: tuple[Item, ...] = Field(min_length=1)
    scores: tuple[Score, ...] = Field(min_length=1)
    flags: tuple[Flag, ...] = ()
    cut_offs: tuple[CutOffs, ...] = ()
    examples: tuple[InstrumentExample, ...] = Field(min_length=1)

    def item(self, item_id: str) -> Item:
        """Return the item `item_id`."""
        return next(item for item in self.items if item.id == item_id)

    def choices_of(self, item_id: str) -> tuple[Choice, ...]:
        """Return the answers that can be given to `item_id`."""
        return self.choices[self.item(item_id).choices]

    @model_validator(mode="after")
    def _hangs_together(self) -> "Instrument":
        known = {item.id for item in self.items}
        used = {name for score in self.scores for name in (*score.items, *score.reverse)} | {f.item for f in self.flags}
        if strangers := used - known:
            raise ValueError(f"there is no item {', '.join(sorted(strangers))}")
        if strangers := {item.choices for item in self.items} - set(self.choices):
            raise ValueError(f"there are no choices {', '.join(sorted(strangers))}")
        texts = [
            self.instruction,
            *(i.text for i in self.items),
            *(c.text for cs in self.choices.values() for c in cs),
        ]
        if any(set(text) != set(self.languages) for text in texts):
            raise ValueError("every text stands in every language that the instrument names, and in no other")
        return self
