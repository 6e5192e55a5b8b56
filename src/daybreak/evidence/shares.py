"""The people of each trial who had an outcome, arm by arm, for a page that stands other people beside them."""

from dataclasses import dataclass
from typing import cast

from daybreak.evidence.definitions import trials
from daybreak.evidence.rules.comparing import Choices, Kind, Side, compare


@dataclass(frozen=True, slots=True)
class TrialShare:
    """How many of a trial's people had the outcome, with the drug and with the control, as (events, total)."""

    title: str
    population: str
    scale: str
    treated: tuple[int, int]
    control: tuple[int, int]
    is_provisional: bool


def shares_of(kind: str, window: str, control: str = "placebo") -> list[TrialShare]:
    """Return the shares of an outcome in a window of time, the oldest trial first; only numbers that may be pooled."""
    found, _left_out = compare(trials(), Choices(kind=cast("Kind", kind), window=window, control=control))
    return [
        TrialShare(
            title=each.label,
            population=each.trial.population,
            scale=each.outcome.scale,
            treated=_counts(each.treated),
            control=_counts(each.control),
            is_provisional=each.is_provisional,
        )
        for each in found
        if each.treated and each.control
    ]


def _counts(side: Side) -> tuple[int, int]:
    return side.events or 0, side.total
