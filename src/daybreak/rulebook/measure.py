"""The form of an outcome measure.

Response, remission, first observed relapse, and when scores count for them.
"""

from typing import Annotated, Literal

from pydantic import Field, StrictInt, model_validator

from daybreak.rulebook.form import Definition, Form, Number, Sentence, Sourced, Word


class Rule(Sourced):
    """What is computed. Response: a fall from baseline of at least so many per cent. Remission: a score
    below or at most a number.

    First observed relapse: among responders, the first later score whose fall from baseline is below
    `response_fall_percent`.
    """

    kind: Literal["response", "remission", "first_observed_relapse"]
    response_fall_percent: Annotated[Number, Field(gt=0, le=100)] | None = None
    below: Number | None = None
    at_most: Number | None = None

    @model_validator(mode="after")
    def _whole(self) -> "Rule":
        cut_offs = (self.below is not None) + (self.at_most is not None)
        remission = self.kind == "remission"
        if cut_offs != int(remission) or (self.response_fall_percent is None) != remission:
            raise ValueError("remission takes below or at_most; response and relapse take response_fall_percent")
        return self


class Window(Sourced):
    """Days after an anchor in which a score counts, half-open.

    From `from_hour` up to, not including, `to_hour`.
    """

    id: Word
    title: Sentence
    from_hour: StrictInt
    to_hour: StrictInt
    around_hour: StrictInt

    @model_validator(mode="after")
    def _whole(self) -> "Window":
        if not self.from_hour <= self.around_hour < self.to_hour:
            raise ValueError("a window runs from from_hour to to_hour, with around_hour inside")
        return self


class Baseline(Sourced):
    """The baseline is the last score at most so many days before the first session, and never one after it
    began.
    """

    within_days: Annotated[StrictInt, Field(ge=1)]


class MeasureExample(Form):
    """Scores by hours since the first session (the last one at or before 0 is the baseline), and what
    follows.

    `answer` is met, not_met or unknown for response and remission at `window`; for relapse: relapsed,
    not_observed, no_response or unknown, and `between` gives the hours of the last score in response
    and of the relapse.
    """

    name: Sentence
    hours: tuple[StrictInt, ...]
    scores: tuple[Number, ...]
    window: str = ""
    answer: Literal["met", "not_met", "unknown", "relapsed", "not_observed", "no_response"]
    between: tuple[StrictInt, ...] = ()


class Measure(Definition):
    """An outcome on one score of one instrument."""

    instrument: Word
    score: Word
    rule: Rule
    baseline: Baseline
    windows: tuple[Window, ...] = ()
    examples: tuple[MeasureExample, ...] = Field(min_length=1)

    def window(self, window_id: str) -> Window:
        """Return the window `window_id`."""
        return next(window for window in self.windows if window.id == window_id)
