"""The form of an instrument: its items, how answers become scores, its bands, flags and cut-offs."""

from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from typing import Annotated, Literal

from pydantic import Field, Strict, StrictBool, StrictInt, model_validator

from daybreak.rulebook.faults import did_you_mean
from daybreak.rulebook.form import Definition, Form, Number, Sentence, Sourced, SourceKind, Word

Language = Annotated[str, Field(pattern=r"^[a-z]{2}$")]
Texts = dict[Language, Sentence]
Days = Annotated[StrictInt, Field(ge=0)]


class Choice(Form):
    """One answer that can be given: its value and its words; `code` is the LOINC answer where verified."""

    value: StrictInt
    text: Texts
    code: str = ""


class Range(Form):
    """Answers that are whole numbers without words of their own, both ends included."""

    lowest: StrictInt
    highest: StrictInt

    @model_validator(mode="after")
    def _rises(self) -> "Range":
        if self.lowest >= self.highest:
            raise ValueError("a range runs from its lowest number up to its highest")
        return self


class Condition(Form):
    """Holds where any of these items was answered with at least so much."""

    any_of: tuple[Word, ...] = Field(min_length=1)
    at_least: StrictInt


class Item(Form):
    """One question. An item that is not `scored` is kept beside the score.

    `asked_when` says when it is asked at all; an item that is not asked counts as its lowest answer.
    """

    id: Word
    text: Texts
    code: str = ""
    choices: Word = "usual"
    optional: StrictBool = False
    asked_when: Condition | None = None


class Band(Form):
    """The range of a score from `at_least` up to the next band."""

    at_least: Number
    name: Word
    text: Texts


class Lookup(Form):
    """What the answers to one item count, in the order in which the item offers them."""

    item: Word
    counts: tuple[StrictInt, ...] = Field(min_length=1)


class Score(Form):
    """How answers become a number.

    It is made of `items`, or `of` other scores that stand before it. An item counts as answered, or from the other
    end (`reverse`), or from `counted_from` up whatever its lowest answer is, or what `lookup` says.
    `prorated_sum` scales the mean of the answered items up, if few enough are missing. `capped`: more than the highest
    counts as the highest. `source`, `reference` and `verified` speak of the bands.
    """

    id: Word
    title: Sentence
    rule: Literal["sum", "prorated_sum", "mean", "maximum"]
    items: tuple[Word, ...] = ()
    of: tuple[Word, ...] = ()
    reverse: tuple[Word, ...] = ()
    lookup: tuple[Lookup, ...] = ()
    counted_from: StrictInt | None = None
    missing_at_most: Annotated[StrictInt, Field(ge=0)] = 0
    capped: StrictBool = False
    code: str = ""
    lowest: Number
    highest: Number
    bands: tuple[Band, ...] = ()
    source: SourceKind | None = None
    reference: Sentence | None = None
    verified: StrictBool = True
    note: str = ""

    @property
    def parts(self) -> tuple[str, ...]:
        """What the score is made of: items, or other scores."""
        return self.items or self.of

    @property
    def adds_answers_up(self) -> bool:
        """Whether the score is the plain sum of the answers as they were given."""
        keyed = self.reverse or self.lookup or self.counted_from is not None
        return self.rule == "sum" and bool(self.items) and not keyed and not self.capped

    @model_validator(mode="after")
    def _whole(self) -> "Score":
        floors = [band.at_least for band in self.bands]
        if floors and (floors != sorted(set(floors)) or floors[0] != self.lowest or floors[-1] > self.highest):
            raise ValueError("bands rise, the first starts at the lowest score, and none lies above the highest")
        if bool(self.items) == bool(self.of):
            raise ValueError("a score is made of items, or of other scores, and not of both")
        if self.rule == "sum" and self.missing_at_most:
            raise ValueError("a sum takes no missing item; choose prorated_sum")
        if (self.source is None) != (self.reference is None):
            raise ValueError("source and reference stand together")
        keyed = [*self.reverse, *(each.item for each in self.lookup)]
        if len(keyed) != len(set(keyed)) or (keyed and self.counted_from is not None):
            raise ValueError("an item is reversed, looked up or counted from a number: one of them")
        if strangers := set(keyed) - set(self.items):
            raise ValueError(f"{', '.join(sorted(strangers))} does not belong to this score")
        return self


class Flag(Sourced):
    """An answer that calls for someone, whatever the score: to one `item`, or to `any_of` several."""

    id: Word
    item: Word | None = None
    any_of: tuple[Word, ...] = ()
    at_least: StrictInt | None = None
    at_most: StrictInt | None = None
    text: Sentence

    @property
    def items(self) -> tuple[str, ...]:
        """The items that can raise the flag."""
        return (self.item,) if self.item else self.any_of

    def is_raised_by(self, value: int) -> bool:
        """Say whether this answer to one of its items raises the flag."""
        if self.at_least is not None:
            return value >= self.at_least
        return self.at_most is not None and value <= self.at_most

    @model_validator(mode="after")
    def _whole(self) -> "Flag":
        if (self.item is None) != bool(self.any_of):
            raise ValueError("a flag watches one item, or any_of several")
        if (self.at_least is None) == (self.at_most is None):
            raise ValueError("a flag has at_least or at_most")
        return self


class CutOffs(Sourced):
    """What counts as response and remission on this instrument; stored with every result.

    Where several are in use, each stands with its title.
    """

    title: str = ""
    score: Word
    response_fall_percent: Number | None = None
    response_at_most: Number | None = None
    remission_below: Number | None = None
    remission_at_most: Number | None = None


class Remark(Sourced):
    """Where the wording, the look-back window or a skip comes from, and how that was checked."""

    id: Word
    text: Sentence


class ExpectedScore(Form):
    """What an example expects; a score that cannot be had is named in `unscored`."""

    scores: dict[Word, Number] = {}
    bands: dict[Word, Word] = {}
    unscored: tuple[Word, ...] = ()
    flags: tuple[Word, ...] | None = None
    unknown_flags: tuple[Word, ...] | None = None
    refused: tuple[Word, ...] = ()


class InstrumentExample(Form):
    """A worked example: `answers` in the order of the items, or `given` by item."""

    name: Sentence
    answers: tuple[StrictInt, ...] = ()
    given: dict[Word, StrictInt] = {}
    expect: ExpectedScore


class LicenceRecord(Form):
    """The licence under which a site shows wording that does not ship: to whom, by whom, under which number, until
    when (the first day without it).
    """

    holder: Sentence
    granted_by: Sentence
    number: Sentence
    valid_from: Annotated[date, Strict()]
    valid_until: Annotated[date, Strict()] | None = None

    def holds_on(self, day: date) -> bool:
        """Say whether the licence stands on `day`."""
        return self.valid_from <= day and (self.valid_until is None or day < self.valid_until)


def _quoted(words: Iterable[str]) -> str:
    return ", ".join(f"“{word}”" for word in sorted(words))


class Instrument(Definition):
    """A questionnaire or a rating.

    `wording = "licensed"`: the words of its items do not ship, so that it is recorded by numbers, unless a site
    brings them with its own `licence_record`.
    """

    rater: Literal["patient", "clinician", "nurse"]
    look_back_days: Days
    other_look_back_days: tuple[Days, ...] = ()
    wording: Literal["shipped", "licensed"] = "shipped"
    licence_record: LicenceRecord | None = None
    code: str = ""
    code_system: str = ""
    languages: tuple[Language, ...] = Field(min_length=1)
    unverified_languages: tuple[Language, ...] = ()
    instruction: Texts
    choices: dict[Word, tuple[Choice, ...]] = {}
    ranges: dict[Word, Range] = {}
    items: tuple[Item, ...] = Field(min_length=1)
    scores: tuple[Score, ...] = Field(min_length=1)
    flags: tuple[Flag, ...] = ()
    cut_offs: tuple[CutOffs, ...] = ()
    remarks: tuple[Remark, ...] = ()
    examples: tuple[InstrumentExample, ...] = Field(min_length=1)

    def item(self, item_id: str) -> Item:
        """Return the item `item_id`."""
        return next(item for item in self.items if item.id == item_id)

    def score_named(self, score_id: str) -> Score:
        """Return the rule of the score `score_id`."""
        return next(score for score in self.scores if score.id == score_id)

    def choices_of(self, item_id: str) -> tuple[Choice, ...]:
        """Return the answers that can be given to `item_id`, with words or as plain numbers."""
        name = self.item(item_id).choices
        if name in self.choices:
            return self.choices[name]
        numbers = range(self.ranges[name].lowest, self.ranges[name].highest + 1)
        return tuple(Choice(value=each, text=dict.fromkeys(self.languages, str(each))) for each in numbers)

    def values_of(self, item_id: str) -> tuple[int, ...]:
        """Return the values that can be given to `item_id`."""
        return tuple(choice.value for choice in self.choices_of(item_id))

    def counts(self, rule: Score, item_id: str, value: int) -> int:
        """Return what an answer counts in a score."""
        offered = self.values_of(item_id)
        if item_id in rule.reverse:
            return min(offered) + max(offered) - value
        if found := next((each for each in rule.lookup if each.item == item_id), None):
            return found.counts[offered.index(value)]
        return value if rule.counted_from is None else value - min(offered) + rule.counted_from

    def calls(self, item_id: str, value: int) -> bool:
        """Say whether this answer raises a flag."""
        return any(item_id in flag.items and flag.is_raised_by(value) for flag in self.flags)

    @model_validator(mode="after")
    def _hangs_together(self) -> "Instrument":
        self._names_what_is_there()
        self._speaks_every_language()
        for rule in self.scores:
            self._demand_right_ends(rule)
        return self

    def _names_what_is_there(self) -> None:
        known = [item.id for item in self.items]
        if len(known) != len(set(known)):
            twice = next(name for name in known if known.count(name) > 1)
            raise ValueError(f"two items have the same id, “{twice}”")
        conditions = [item.asked_when for item in self.items if item.asked_when]
        used = {name for rule in self.scores for name in rule.items} | {i for f in self.flags for i in f.items}
        if strangers := (used | {name for each in conditions for name in each.any_of}) - set(known):
            raise ValueError(f"there is no item {_quoted(strangers)}{did_you_mean(min(strangers), known)}")
        if strangers := {item.choices for item in self.items} - set(self.choices) - set(self.ranges):
            raise ValueError(f"there are no choices {_quoted(strangers)}: write [[choices.…]] or [ranges.…]")
        before: set[str] = set()
        for rule in self.scores:
            if strangers := set(rule.of) - before:
                raise ValueError(f"“{rule.id}” is made of {_quoted(strangers)}, which does not stand before it")
            before.add(rule.id)
        if strangers := {cut.score for cut in self.cut_offs} - before:
            raise ValueError(f"there is no score {_quoted(strangers)}{did_you_mean(min(strangers), before)}")

    def _speaks_every_language(self) -> None:
        texts = [
            self.instruction,
            *(i.text for i in self.items),
            *(c.text for cs in self.choices.values() for c in cs),
        ]
        if any(set(text) != set(self.languages) for text in texts):
            raise ValueError("every text stands in every language that the instrument names, and in no other")

    def _demand_right_ends(self, rule: Score) -> None:
        for each in rule.lookup:
            if len(each.counts) != len(self.values_of(each.item)):
                raise ValueError(f"“{rule.id}” looks {each.item} up: one number for each of its answers")
        lowest, highest = self.ends_of(rule)
        if rule.capped:
            highest = min(highest, Fraction(rule.highest))
        if (lowest, highest) != (Fraction(rule.lowest), Fraction(rule.highest)):
            raise ValueError(f"“{rule.id}” can be {lowest} to {highest}, not {rule.lowest} to {rule.highest}")

    def ends_of(self, rule: Score) -> tuple[Fraction, Fraction]:
        """Return the lowest and the highest value that the score's parts allow."""
        ends = [self._ends_of_part(rule, name) for name in rule.parts]
        lows, highs = [low for low, _ in ends], [high for _, high in ends]
        if rule.rule == "maximum":
            return max(lows), max(highs)
        by = len(ends) if rule.rule == "mean" else 1
        return sum(lows, Fraction(0)) / by, sum(highs, Fraction(0)) / by

    def _ends_of_part(self, rule: Score, name: str) -> tuple[Fraction, Fraction]:
        if rule.of:
            part = self.score_named(name)
            return Fraction(part.lowest), Fraction(part.highest)
        counted = [Fraction(self.counts(rule, name, value)) for value in self.values_of(name)]
        return min(counted), max(counted)
