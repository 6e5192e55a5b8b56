"""The form of who is told of a serious adverse event, and by when. A site's own definition has the site's code as its
id; else “house” holds.
"""

from collections.abc import Collection
from typing import Literal, get_args

from pydantic import Field, model_validator

from daybreak.rulebook.bedside import Priority
from daybreak.rulebook.form import Definition, Form, Sentence, Sourced, Word, demand
from daybreak.rulebook.gate import Whole

Criterion = Literal[
    "death", "life_threatening", "hospital_stay", "lasting_disability", "birth_defect", "important_medical_event"
]
CRITERIA: tuple[Criterion, ...] = get_args(Criterion)


class Notice(Sourced):
    """Somebody is told within so many hours of the moment at which the site recorded that the event is serious.

    `of` names the criteria for which this holds; `to` whom, in words that stand on the task.
    """

    id: Word
    to: Sentence
    of: tuple[Criterion, ...] = Field(min_length=1)
    within_hours: Whole
    priority: Priority


class ReportingExample(Form):
    """An event with its criteria, and the notices that it owes with their hours."""

    name: Sentence
    criteria: tuple[Criterion, ...]
    owed: dict[Word, int]


class Reporting(Definition):
    """Who is told of a serious adverse event, and by when, at a site."""

    notices: tuple[Notice, ...] = Field(min_length=1)
    examples: tuple[ReportingExample, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _whole(self) -> "Reporting":
        ids = [notice.id for notice in self.notices]
        demand(len(set(ids)) == len(ids), "each notice has an id of its own")
        left = sorted(set(CRITERIA) - {criterion for notice in self.notices for criterion in notice.of})
        demand(not left, f"somebody is told whatever makes an event serious: no notice is “of” {', '.join(left)}")
        return self


def owed(reporting: Reporting, criteria: Collection[str]) -> tuple[Notice, ...]:
    """Return the notices that an event with these criteria owes; none where it has none."""
    return tuple(notice for notice in reporting.notices if set(notice.of) & set(criteria))
