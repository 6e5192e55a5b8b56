"""The form of an outcome measure.

Response, remission, first observed relapse, sustained response, worsening, and when scores count for them.
"""

from typing import Annotated, Literal

from pydantic import Field, StrictBool, StrictInt, model_validator

from daybreak.rulebook.form import Definition, Form, Number, Sentence, Sourced, Word, demand
from daybreak.rulebook.gate import Whole


class Rule(Sourced):
    """What is computed. Response: a fall from baseline of at least so many per cent. Remission: a score
    below or at most a number.

    First observed relapse: among responders, the first later score whose fall from baseline is below
    `response_fall_percent`. Sustained response: scores in response over at least `for_days`, no two neighbours further
    apart than `gap_days`. Worsening: a rise (or a fall, where less is worse) of at least so many points, `against`
    the baseline or the first score there is; with `asks_review`, somebody reviews it before the next order.
    """

    kind: Literal["response", "remission", "first_observed_relapse", "sustained_response", "worsening"]
    response_fall_percent: Annotated[Number, Field(gt=0, le=100)] | None = None
    below: Number | None = None
    at_most: Number | None = None
    for_days: Whole | None = None
    gap_days: Whole | None = None
    rise_at_least: Annotated[Number, Field(gt=0)] | None = None
    fall_at_least: Annotated[Number, Field(gt=0)] | None = None
    against: Literal["baseline", "first"] | None = None
    asks_review: StrictBool = False

    @model_validator(mode="after")
    def _whole(self) -> "Rule":
        cut_offs = (self.below is not None) + (self.at_most is not None)
        moves = (self.rise_at_least is not None) + (self.fall_at_least is not None)
        falls, sustained, worse = (self.kind == kind for kind in ("remission", "sustained_response", "worsening"))
        demand(cut_offs == int(falls), "remission, and nothing else, takes below or at_most")
        demand(
            (self.response_fall_percent is None) == (falls or worse),
            "response, relapse and sustained response take response_fall_percent",
        )
        demand(
            (self.for_days is not None) == (self.gap_days is not None) == sustained,
            "sustained response, and nothing else, takes for_days and gap_days",
        )
        demand(moves == int(worse), "worsening, and nothing else, takes rise_at_least or fall_at_least")
        demand((self.against is not None) == worse, "worsening, and nothing else, says against what")
        demand(worse or not self.asks_review, "only worsening asks for a review")
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


class Latest(Sourced):
    """How many days a score says something about now; an older one leaves the answer unknown."""

    within_days: Annotated[StrictInt, Field(ge=1)]


class MeasureExample(Form):
    """Scores by hours since the first session (the last one at or before 0 is the baseline), and what
    follows.

    `answer` is met, not_met or unknown: in `window` after the session that `after_session_at` names, or, without a
    window, `at_hour` (else at the last score). For relapse: relapsed, not_observed, no_response or unknown, and
    `between` gives the hours of the last score in response and of the relapse. `sessions` are the hours of all
    sessions.
    """

    name: Sentence
    hours: tuple[StrictInt, ...]
    scores: tuple[Number, ...]
    window: str = ""
    sessions: tuple[StrictInt, ...] = (0,)
    after_session_at: StrictInt = 0
    at_hour: StrictInt | None = None
    answer: Literal["met", "not_met", "unknown", "relapsed", "not_observed", "no_response"]
    between: tuple[StrictInt, ...] = ()


class Measure(Definition):
    """An outcome on one score of one instrument."""

    instrument: Word
    score: Word
    rule: Rule
    baseline: Baseline
    latest: Latest | None = None
    windows: tuple[Window, ...] = ()
    examples: tuple[MeasureExample, ...] = Field(min_length=1)

    def window(self, window_id: str) -> Window:
        """Return the window `window_id`."""
        return next(window for window in self.windows if window.id == window_id)
