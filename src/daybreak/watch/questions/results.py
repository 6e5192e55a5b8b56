"""What an answer is made of. Shares and differences lie between -1 and 1; what could not be worked out is None."""

from dataclasses import dataclass
from typing import Any

from daybreak.rulebook.public import QuestionVerdict, Reason
from daybreak.stats.public import Curve, Effect


@dataclass(frozen=True, slots=True)
class Interval:
    """A number with its 95 per cent interval, where there is one."""

    value: float
    lower: float | None
    upper: float | None

    @property
    def points(self) -> float | None:
        """Return how wide the interval is, in percentage points."""
        return None if self.lower is None or self.upper is None else 100 * (self.upper - self.lower)

    @property
    def holds_nothing(self) -> bool:
        """Return whether the interval has no difference in it."""
        return self.lower is not None and self.upper is not None and self.lower <= 0 <= self.upper


@dataclass(frozen=True, slots=True)
class Tried:
    """A sensitivity analysis: the same number with one choice made otherwise; None where it cannot be worked out."""

    analysis: str
    line: str | None
    found: Interval | None


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two groups: people, how many have the outcome, how many do not, how many nobody knows; the sites they
    are at; and the weighted share with the people that the weights leave.
    """

    title: str
    people: int
    with_outcome: int
    without: int
    missing: int
    sites: int
    share: Interval | None
    effective: float | None


@dataclass(frozen=True, slots=True)
class Alike:
    """How far the groups lie apart in one level of a confounder, in standard deviations, before and after weighting."""

    variable: str
    level: str
    before: float
    after: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two groups beside one another. `difference` is of shares, group less compared; `e_values` are of the ratio and of
    its interval. People without a counterpart, in neither group or without a recorded exposure are in no number above.
    `places` are the six counts of each site, from which follows what may be shown to whom; they stay in the house.
    """

    group: Side
    compared: Side
    eligible: int
    neither: int
    unrecorded: int
    no_counterpart: int
    left_out: dict[str, int]
    difference: Interval | None
    ratio: Interval | None
    e_values: tuple[float, float] | None
    alike: tuple[Alike, ...]
    control: Interval | None
    tried: tuple[Tried, ...]
    by_site: bool
    places: dict[str, tuple[int, ...]]

    @property
    def largest(self) -> float | None:
        """Return the largest difference that is left after weighting."""
        return max((abs(each.after) for each in self.alike), default=None)


@dataclass(frozen=True, slots=True)
class Lasting:
    """A curve: of so many responders, how many lost it by the day, were well beyond it, or were never seen again."""

    day: int
    responders: int
    unseen: int
    lost: int
    beyond: int
    curve: Curve | None
    main: Interval | None
    tried: tuple[Tried, ...]
    places: dict[str, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Answer:
    """What one snapshot says to one question, with the verdict and every reason for it."""

    question: str
    version: int
    definition: str
    snapshot: str
    fingerprint: str
    frozen_at: str
    synthetic: bool
    verdict: QuestionVerdict
    reasons: tuple[Reason, ...]
    unrecorded: str
    comparison: Comparison | None = None
    lasting: Lasting | None = None

    @property
    def main(self) -> Interval | None:
        """Return the number that the question asks for."""
        if self.comparison is not None:
            return self.comparison.difference
        return self.lasting.main if self.lasting is not None else None


def interval(effect: Effect | None) -> Interval | None:
    """Return an effect as an interval."""
    return None if effect is None else Interval(effect.value, effect.lower, effect.upper)


def plain(value: Any) -> Any:
    """Return dataclasses, tuples and mappings as JSON takes them; a number that is not finite is null."""
    if hasattr(value, "__dataclass_fields__"):
        return {name: plain(getattr(value, name)) for name in value.__dataclass_fields__ if name != "places"}
    if isinstance(value, dict):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    if isinstance(value, float):
        return value if -float("inf") < value < float("inf") else None
    return value
