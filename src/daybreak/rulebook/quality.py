"""The form of the quality checks: what the register asks of the data of a site, and what is enough.

A check looks at one frozen table, as the register describes it. Its kind is one of a closed list; bounds are those that
instruments and vocabularies of facts already hold, so that no number of the clinic stands here.
"""

from typing import Annotated, Literal

from pydantic import Field, StrictInt, model_validator

from daybreak.rulebook.form import Definition, Form, Number, Sentence, Sourced, Value, Word, demand

Dimension = Literal["completeness", "plausibility", "conformance", "timeliness"]
DIMENSIONS: tuple[Dimension, ...] = ("completeness", "plausibility", "conformance", "timeliness")
Count = Annotated[StrictInt, Field(ge=0)]
_COLUMNS = {"filled": (1, 9), "in_order": (2, 2), "counted": (2, 2), "within_bounds": (1, 9)}
_OTHER, _BOUNDS, _MEASURE = ("has_row",), ("within_bounds",), ("scored_before", "scored_after")


class OtherRow(Form):
    """A row of another table that a row has beside it: of the same `by`, and where `only` says so."""

    table: Word
    by: Literal["person", "session"]
    only: dict[Word, str] = Field(default_factory=dict)


class QualityCheck(Sourced):
    """One thing that is asked of each row of a `table`, of those in which `where_filled` are there and `only` holds.

    `filled`: every one of `columns` is there. `has_row`: so is a row of `other`. `fits`: every value is as the register
    describes it. `within_bounds`: each of `columns` that is there lies within the `bounds` of its instrument or of the
    vocabulary of facts; rows for which there are none are not counted. `in_order`: the first of two `columns` is not
    after the second. `counted`: the first of two `columns` counts what is well, the second all; here they are counted
    instead of rows. `scored_before`: whoever was treated has a score of the `measure` within its baseline's days before
    the first session. `scored_after`: whoever has a score after the end of the measure's `window`, counted from the
    last session, also has one in it.
    """

    id: Word
    dimension: Dimension
    title: Sentence
    fails: Sentence
    to_do: Sentence
    severity: Literal["important", "minor"]
    enough_percent: Annotated[Number, Field(gt=0, le=100)]
    kind: Literal["filled", "has_row", "fits", "within_bounds", "in_order", "counted", "scored_before", "scored_after"]
    table: Word
    columns: tuple[Word, ...] = ()
    where_filled: tuple[Word, ...] = ()
    only: dict[Word, str] = Field(default_factory=dict)
    other: OtherRow | None = None
    bounds: Literal["instrument", "facts"] | None = None
    measure: Word | None = None
    window: Word | None = None

    @model_validator(mode="after")
    def _whole(self) -> "QualityCheck":
        least, most = _COLUMNS.get(self.kind, (0, 0))
        demand(least <= len(self.columns) <= most, f"{self.kind} takes {_so_many(least, most)}")
        demand((self.other is not None) == (self.kind in _OTHER), "“other”, and only with has_row, names a row")
        demand((self.bounds is not None) == (self.kind in _BOUNDS), "“bounds” goes with within_bounds alone")
        demand((self.measure is not None) == (self.kind in _MEASURE), "scored_before and scored_after take a measure")
        demand((self.window is not None) == (self.kind == "scored_after"), "scored_after alone takes a window")
        demand(self.kind not in _MEASURE or self.table == "person", f"{self.kind} asks of each row of person")
        return self


def _so_many(least: int, most: int) -> str:
    if not most:
        return "no columns"
    return f"{least} columns" if least == most else "columns"


class QualityExample(Form):
    """Rows by table, and how many of how many are well by one check. `bounds` stand for those of every row, `within`
    for the days or the hours of the measure.
    """

    name: Sentence
    check: Word
    rows: dict[Word, tuple[dict[Word, Value], ...]]
    bounds: tuple[Number, Number] | None = None
    within: tuple[Number, Number] | None = None
    well: Count
    of: Count


class Quality(Definition):
    """What the register asks of the data of every site."""

    answer_within_days: Annotated[StrictInt, Field(ge=1)]
    checks: tuple[QualityCheck, ...] = Field(min_length=1)
    examples: tuple[QualityExample, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _holds_together(self) -> "Quality":
        ids = [check.id for check in self.checks]
        demand(len(set(ids)) == len(ids), "each check has an id of its own")
        strangers = sorted({each.check for each in self.examples} - set(ids))
        demand(not strangers, f"no check is called {', '.join(strangers)}")
        tried = {each.check for each in self.examples}
        untried = [check.id for check in self.checks if check.kind != "fits" and check.id not in tried]
        demand(not untried, f"no example tries {', '.join(untried)}")
        return self

    def check(self, name: str) -> QualityCheck | None:
        """Return the check of that id."""
        return next((check for check in self.checks if check.id == name), None)
