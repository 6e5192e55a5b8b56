"""The form of a learning activity: what is taught and asked, by whom and with whose money, and what it is worth.

An activity is a folder of files: `courses/ID/VERSION.toml`, and its sections in Markdown in `courses/ID/VERSION/`.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import ROUND_FLOOR, Decimal
from typing import Annotated, Literal

from pydantic import Field, Strict, StrictBool, StrictInt, model_validator

from daybreak.rulebook.film import Film
from daybreak.rulebook.form import Definition, Form, Number, Sentence, Word, demand

Day = Annotated[date, Strict()]
Minutes = Annotated[StrictInt, Field(ge=1)]
CreditType = Literal["participation", "ama_pra_category_1"]
STEP = Decimal("0.25")
"""Credit is claimed in quarters (facts 6.5)."""
MOST_YEARS = 3
"""Content is looked at again at least every three years (facts 6.5; the first document's own activity fits)."""
MINUTES_FOR_ONE = 60
"""Half a credit for thirty minutes, as the first document has it (facts 0.1)."""


class Credit(Form):
    """A type of credit, and how much of it there is at most."""

    type: CreditType
    maximum: Annotated[Number, Field(gt=0)]

    @model_validator(mode="after")
    def _in_quarters(self) -> "Credit":
        demand(self.maximum % STEP == 0, "credit is given in quarters: 0.25, 0.5 …")
        return self


class Objective(Form):
    """What somebody can do afterwards."""

    id: Word
    text: Sentence


class Relationship(Form):
    """A financial relationship with a company whose business touches patients, and how its influence was kept out."""

    company: Sentence
    nature: Literal["adviser", "speaker", "research_funding", "royalties", "shares", "owner", "employee", "other"]
    mitigated_by: Sentence

    @model_validator(mode="after")
    def _may_take_part(self) -> "Relationship":
        demand(
            self.nature not in ("owner", "employee"),
            f"an {self.nature} of such a company takes no part in an activity: name somebody else",
        )
        return self


class Contributor(Form):
    """Somebody who shaped the content, and what they disclosed."""

    id: Word
    name: Sentence
    role: Literal["author", "presenter", "planner", "reviewer"]
    affiliation: Sentence
    disclosed_on: Day
    nothing_to_disclose: StrictBool = False
    relationships: tuple[Relationship, ...] = ()

    @model_validator(mode="after")
    def _discloses(self) -> "Contributor":
        demand(
            bool(self.relationships) or self.nothing_to_disclose,
            f"{self.name} discloses nothing: list relationships, or write nothing_to_disclose = true",
        )
        demand(
            not (self.relationships and self.nothing_to_disclose),
            f"{self.name} has relationships, and says that there are none",
        )
        return self


class Support(Form):
    """Who paid, in the words that hold from a day on until the next statement."""

    from_day: Day
    kind: Literal["none", "institution", "government", "commercial"]
    supporter: str = ""
    text: Sentence

    @model_validator(mode="after")
    def _names_the_supporter(self) -> "Support":
        demand(self.kind == "none" or bool(self.supporter), f"{self.kind} support names its supporter")
        return self


class Lesson(Form):
    """A section: a Markdown file beside the definition, read in the order of the definition. `text` is its content,
    `films` are the videos that the text names.
    """

    id: Word
    title: Sentence
    file: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*\.md$")]
    minutes: Minutes
    objectives: tuple[Word, ...] = Field(min_length=1)
    text: str = ""
    films: tuple[Film, ...] = ()

    def film(self, name: str) -> Film | None:
        """Return the video `name`, or nothing."""
        return next((film for film in self.films if film.name == name), None)


class QuizItem(Form):
    """A question with one right answer; `right` counts the answers from 0, `section` is where to read again.

    `verified = false` is shown as “not checked against the full text”.
    """

    id: Word
    objective: Word
    section: Word
    question: Sentence
    answers: tuple[Sentence, ...] = Field(min_length=2)
    right: Annotated[StrictInt, Field(ge=0)]
    because: Sentence
    reference: Sentence
    verified: StrictBool = True

    @model_validator(mode="after")
    def _right_exists(self) -> "QuizItem":
        demand(self.right < len(self.answers), f"right = {self.right} names no answer: they are counted from 0")
        demand(len(set(self.answers)) == len(self.answers), "an answer stands twice")
        return self


class EvaluationQuestion(Form):
    """A question about the activity itself, answered by choosing: nobody is asked to write about patients."""

    id: Word
    ask: Sentence
    choices: tuple[Sentence, ...] = Field(min_length=2)


class ActivityExample(Form):
    """A worked example: answers to items (absent means unanswered), or a claim for minutes taken part, and what
    follows.
    """

    name: Sentence
    answers: dict[Word, StrictInt] | None = None
    minutes: Minutes | None = None
    claim: Number | None = None
    expect: Literal["passed", "failed", "accepted", "refused"]

    @model_validator(mode="after")
    def _one_kind(self) -> "ActivityExample":
        of_claim = self.minutes is not None and self.claim is not None
        demand((self.answers is not None) != of_claim, "an example has answers, or minutes and a claim")
        words = ("accepted", "refused") if of_claim else ("passed", "failed")
        demand(self.expect in words, f"expect is one of: {', '.join(words)}")
        return self


class LearningActivity(Definition):
    """One version of a course: everything that a learner is shown before, in and after it.

    `draws` of the items are asked in each attempt, at least one for each objective; `grants` names the credential that
    its certificate becomes in `people`, if any. It may be started up to and including `expiry_date`.
    """

    format: Literal["enduring_material"]
    release_date: Day
    expiry_date: Day
    content_date: Day
    minutes: Minutes
    fee: Annotated[Number, Field(ge=0)]
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    audience: tuple[Sentence, ...] = Field(min_length=1)
    pass_percent: Annotated[StrictInt, Field(ge=1, le=100)]
    draws: Annotated[StrictInt, Field(ge=1)]
    grants: Literal["course", ""] = ""
    accessibility: Sentence
    help: Sentence
    requirements: tuple[Sentence, ...] = Field(min_length=1)
    copyright: Sentence
    credits: tuple[Credit, ...] = Field(min_length=1)
    objectives: tuple[Objective, ...] = Field(min_length=1)
    contributors: tuple[Contributor, ...] = Field(min_length=1)
    support: tuple[Support, ...] = Field(min_length=1)
    sections: tuple[Lesson, ...] = Field(min_length=1)
    items: tuple[QuizItem, ...] = Field(min_length=1)
    evaluation: tuple[EvaluationQuestion, ...] = Field(min_length=1)
    examples: tuple[ActivityExample, ...] = Field(min_length=1)

    def item(self, item_id: str) -> QuizItem:
        """Return the item `item_id`."""
        return next(item for item in self.items if item.id == item_id)

    def section(self, section_id: str) -> Lesson | None:
        """Return the section `section_id`, or nothing."""
        return next((section for section in self.sections if section.id == section_id), None)

    def maximum(self, type_: CreditType) -> Decimal | None:
        """Return the most credit of a type that the activity offers, or nothing where it offers none."""
        return next((credit.maximum for credit in self.credits if credit.type == type_), None)

    def support_on(self, day: date) -> Support:
        """Return the statement of support that holds on `day`."""
        begun = [each for each in self.support if each.from_day <= day]
        return max(begun or self.support[:1], key=lambda each: each.from_day)

    @model_validator(mode="after")
    def _dates(self) -> "LearningActivity":
        first, last = self.release_date, self.expiry_date
        demand(first <= last, "expiry_date lies before release_date")
        longest = (first.year + MOST_YEARS, first.month, first.day)
        demand(
            (last.year, last.month, last.day) <= longest,
            f"expiry_date lies more than {MOST_YEARS} years after release_date: content is looked at again by then",
        )
        demand(self.content_date <= first, "content_date lies after release_date")
        late = [each.name for each in self.contributors if each.disclosed_on > first]
        demand(not late, f"{', '.join(late)} disclosed after release_date: nobody is published before they disclose")
        demand(
            any(each.from_day <= first for each in self.support),
            "no statement of support holds on release_date",
        )
        return self

    @model_validator(mode="after")
    def _worth(self) -> "LearningActivity":
        types = [credit.type for credit in self.credits]
        demand(len(set(types)) == len(types), "a type of credit stands twice")
        demand("participation" in types, "everyone can take part: credits need the type participation")
        for credit in self.credits:
            demand(
                credit.maximum * MINUTES_FOR_ONE <= self.minutes,
                f"{credit.maximum} credit needs {credit.maximum * MINUTES_FOR_ONE:f} minutes, not {self.minutes}",
            )
        demand(sum(each.minutes for each in self.sections) <= self.minutes, "the sections take longer than minutes")
        return self

    @model_validator(mode="after")
    def _people(self) -> "LearningActivity":
        roles = {each.role for each in self.contributors}
        demand("planner" in roles, "contributors need a planner, who answers for the activity")
        demand(bool(roles & {"author", "presenter"}), "contributors need an author or presenter")
        return self

    @model_validator(mode="after")
    def _draw(self) -> "LearningActivity":
        demand(self.draws <= len(self.items), f"draws = {self.draws}, and there are {len(self.items)} items")
        demand(self.draws >= len(self.objectives), "draws is fewer than the objectives: each is asked in each attempt")
        return self


def claimable(maximum: Decimal, *, minutes_taken: int, minutes: int) -> Decimal:
    """Return the most credit for `minutes_taken` of the activity's `minutes`: whole quarters, never above `maximum`."""
    share = maximum * minutes_taken / minutes
    return min(maximum, (share / STEP).to_integral_value(rounding=ROUND_FLOOR) * STEP)


def is_claim(claim: Decimal, *, maximum: Decimal, minutes_taken: int, minutes: int) -> bool:
    """Return whether `claim` is a quarter step above nothing, and not more than the time taken part gives."""
    most = claimable(maximum, minutes_taken=minutes_taken, minutes=minutes)
    return STEP <= claim <= most and claim % STEP == 0


def wrong_items(activity: LearningActivity, drawn: tuple[str, ...], answers: Mapping[str, int]) -> tuple[str, ...]:
    """Return the drawn items that were not answered right; an unanswered one is not right."""
    return tuple(name for name in drawn if answers.get(name) != activity.item(name).right)


def is_passed(activity: LearningActivity, *, drawn: int, wrong: int) -> bool:
    """Return whether an attempt with so many wrong of so many drawn is a pass."""
    return drawn > 0 and (drawn - wrong) * 100 >= activity.pass_percent * drawn


def activity_wrongs(activity: LearningActivity) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Yield where an example of `activity` is not what follows from its file, with a sentence."""
    known = {item.id for item in activity.items}
    for index, example in enumerate(activity.examples):
        if strangers := set(example.answers or {}) - known:
            yield ("examples", index), f"example “{example.name}”: there is no item {', '.join(sorted(strangers))}"
            continue
        got = _outcome(activity, example)
        if got != example.expect:
            yield ("examples", index), f"example “{example.name}”: it is {got}, not {example.expect}"


def _outcome(activity: LearningActivity, example: ActivityExample) -> str:
    if example.answers is not None:
        drawn = tuple(example.answers)
        wrong = wrong_items(activity, drawn, example.answers)
        return "passed" if is_passed(activity, drawn=len(drawn), wrong=len(wrong)) else "failed"
    holds = is_claim(
        example.claim or Decimal(0),
        maximum=activity.maximum("participation") or Decimal(0),
        minutes_taken=example.minutes or 0,
        minutes=activity.minutes,
    )
    return "accepted" if holds else "refused"
