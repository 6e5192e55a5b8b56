"""A published review in words: what it took, how it pooled, what it found, and why it cannot come out exactly."""

from collections.abc import Iterator

from daybreak.rulebook.published_review import PublishedReview, ReviewTarget
from daybreak.rulebook.rules_in_words import Chapter, Rule, capital, read_as, titles_of
from daybreak.rulebook.words import words_of

_MARKS = {"read": "read at the source", "unverified": "not checked at its source"}
_CROSSOVER = {
    "first_period": "the first period only",
    "parallel": "both conditions as if they were two groups",
    "paired": "paired",
    "not_read": "how was not read",
}
_METHODS = {
    "FE": "fixed, inverse variance",
    "MH": "fixed, Mantel–Haenszel",
    "PETO": "fixed, Peto",
    "DL": "random, DerSimonian–Laird",
    "PM": "random, Paule–Mandel",
    "REML": "random, REML",
    "random": "random effects; with which estimator was not read",
}
_MEASURES = {"OR": "odds ratio", "RR": "risk ratio", "RD": "risk difference", "MD": "difference", "SMD": "Hedges' g"}
_WINDOWS = {"day": "after a day", "week": "after a week", "month": "after some weeks"}


def review_chapters(review: PublishedReview) -> list[Chapter]:
    """Return the review as chapters."""
    titles = titles_of(review)
    found = [
        Rule(each.id, capital(f"{read_as(each.kind)} {_WINDOWS[each.window]}"), _target(each), note=_note(each, titles))
        for each in review.targets
    ]
    return [Chapter("The review", list(_review(review))), Chapter("What it found", found)]


def effect_in_words(target: ReviewTarget) -> str:
    """Return a published effect, such as “odds ratio 3.94 (1.54 to 10.10)”."""
    interval = "" if target.lower is None or target.upper is None else f" ({target.lower} to {target.upper})"
    return f"{_MEASURES[target.measure]} {target.estimate}{interval}"


def _review(review: PublishedReview) -> Iterator[Rule]:
    people = f", {review.people} people" if review.people else ""
    yield Rule("trials", "What it took", f"{review.trials} trials{people}; published by {review.until}.")
    how = f"Crossovers: {_CROSSOVER[review.crossover]}. Pooled: {_METHODS[review.method]}."
    yield Rule("method", "How it pooled", how)
    taken = (
        ", ".join(review.included) if review.included else "its list was not read: those here that fit its own words"
    )
    yield Rule("included", "Which trials are taken here", f"{capital(taken)}.")
    yield Rule("cannot", "Why it cannot come out exactly", review.cannot)


def _target(target: ReviewTarget) -> str:
    trials = f"; {words_of(target.trials)} trials" if target.trials else ""
    people = f", {target.people} people" if target.people else ""
    return f"{capital(effect_in_words(target))}{trials}{people}."


def _note(target: ReviewTarget, titles: dict[str, str]) -> str:
    source = titles.get(target.reference, target.reference)
    return " ".join(part for part in (target.note, f"{source}; {_MARKS.get(target.mark, target.mark)}.") if part)
