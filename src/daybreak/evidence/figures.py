"""A figure of the pooled trials for another room's page: in words, or drawn with its table."""

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, cast

from daybreak.evidence.definitions import trials
from daybreak.evidence.rules.comparing import Choices, Kind, compare

FEWEST_FOR_KNAPP_HARTUNG = 4
"""With fewer trials its interval says nothing in a sentence; the page of the pooled trials offers both."""

if TYPE_CHECKING:
    from daybreak.evidence.rules.synthesis import Synthesis
    from daybreak.evidence.web.pooling import Picture


@dataclass(frozen=True, slots=True)
class Forest:
    """A forest plot, the question that it answers, and what was done, in words."""

    question: str
    picture: "Picture"
    method: tuple[str, ...]


def forest_of(kind: str, window: str, control: str, measure: str) -> Forest:
    """Return the forest plot for an outcome in a window of time against a control; raise NotPooled."""
    from daybreak.evidence.web.pooling import pictures  # here, because arrays and drawing take a second to load
    from daybreak.evidence.web.wording import method_words, question_words

    choices, found = _together(kind, window, control, measure)
    said = method_words(found.asked, choices, found.effects)
    return Forest(question_words(choices), pictures(found)[0], tuple(said))


def pooled_words_of(kind: str, window: str, control: str, measure: str) -> str:
    """Return the same as words, such as “Odds ratio 2.85 (1.14 … 7.15) in 3 trials”; raise NotPooled."""
    from daybreak.evidence.web.wording import finding

    return finding(_together(kind, window, control, measure)[1])


def _together(kind: str, window: str, control: str, measure: str) -> "tuple[Choices, Synthesis]":
    return _computed(kind, window, control, measure, tuple(each.fingerprint for each in trials()))


@lru_cache(maxsize=32)
def _computed(
    kind: str, window: str, control: str, measure: str, _trials: tuple[str, ...]
) -> "tuple[Choices, Synthesis]":
    """Compute once for each set of trials."""
    from daybreak.evidence.rules.synthesis import Asked, synthesise
    from daybreak.stats.public import Measure, Method

    choices = Choices(kind=cast("Kind", kind), window=window, control=control)
    comparisons, _left_out = compare(trials(), choices)
    interval = "hk" if len(comparisons) >= FEWEST_FOR_KNAPP_HARTUNG else "wald"
    return choices, synthesise(comparisons, Asked(measure=Measure(measure), method=Method.REML, interval=interval))
