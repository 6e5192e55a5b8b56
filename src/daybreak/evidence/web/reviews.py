"""Published reviews on a page: what each found, beside what the trials here give by its method."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from daybreak.evidence.rules.comparing import Choices
from daybreak.evidence.rules.reproducing import Tried, is_taken, try_again
from daybreak.evidence.rules.synthesis import Asked
from daybreak.evidence.web.wording import KINDS, WINDOWS, pooled_words, shown
from daybreak.rulebook.public import PublishedReview, PublishedTrial, ReviewTarget, effect_in_words
from daybreak.stats.public import Pooled


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One effect: what it is, as published, as found here, how near, and the address of the choices that were taken."""

    what: str
    published: str
    here: str
    near: str
    verified: bool
    query: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One review: how many of its trials are here, and its effects."""

    review: PublishedReview
    trials: str
    lines: list[Line]


def cards(reviews: Sequence[PublishedReview], trials: Sequence[PublishedTrial]) -> list[Card]:
    """Return a card for each review."""
    return [_card(review, trials) for review in reviews]


def _card(review: PublishedReview, trials: Sequence[PublishedTrial]) -> Card:
    fitting = sum(is_taken(review, each) for each in trials)
    here = ngettext("%(n)d trial here fits", "%(n)d trials here fit", fitting) % {"n": fitting}
    said = _("It took %(n)d trials; %(here)s.") % {"n": review.trials, "here": here}
    return Card(review=review, trials=said, lines=[_line(each) for each in try_again(review, trials)])


def _line(tried: Tried) -> Line:
    target, found = tried.target, tried.found
    here = tried.because
    if found:
        k = found.pooled.k
        here = pooled_words(found.pooled, found.asked.measure) + " · "
        here += ngettext("%(k)d trial with numbers", "%(k)d trials with numbers", k) % {"k": k}
    trials = target.trials
    counted = " · " + ngettext("%(k)d trial", "%(k)d trials", trials) % {"k": trials} if trials else ""
    return Line(
        what=f"{KINDS[target.kind]} {WINDOWS[target.window]}",
        published=effect_in_words(target) + counted,
        here=here,
        near=_near(target, found.pooled, tried.asked) if found else "",
        verified=target.mark == "read",
        query=urlencode(_query(tried.choices, tried.asked)),
    )


def _near(target: ReviewTarget, pooled: Pooled, asked: Asked) -> str:
    """Return in words how near the effect found here comes; intervals that overlap are no proof of sameness."""
    low, middle, high = (shown(each, asked.measure) for each in (pooled.lower, pooled.estimate, pooled.upper))
    if target.lower is not None and target.upper is not None and float(target.lower) <= middle <= float(target.upper):
        return _("Inside the published interval.")
    if low <= float(target.estimate) <= high:
        return _("The published effect lies inside the interval here.")
    return _("Not near: another set of trials, or other numbers.")


def _query(choices: Choices, asked: Asked) -> dict[str, str]:
    return {
        "kind": choices.kind,
        "window": choices.window,
        "drug": choices.drug,
        "control": choices.control,
        "crossover": choices.crossover,
        "measure": str(asked.measure),
        "method": str(asked.method),
        "interval": asked.interval,
    }
