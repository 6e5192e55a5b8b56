"""A published review is tried again with the trials that are here, and says how near that comes."""

from math import exp, log, sqrt

import pytest

from daybreak.evidence.rules.reproducing import is_taken, try_again
from daybreak.rulebook.public import PublishedReview, PublishedTrial
from tests.definitions.shipped import library

TRIALS = sorted(
    (each for each in library().active("trials") if isinstance(each, PublishedTrial)), key=lambda each: each.year
)
REVIEWS = {each.id: each for each in library().active("reviews") if isinstance(each, PublishedReview)}


def by_name(review, target):
    return next(each for each in try_again(REVIEWS[review], TRIALS) if each.target.id == target)


@pytest.mark.parametrize("review", REVIEWS)
def test_every_effect_is_pooled_or_says_why_not(review):
    tried = try_again(REVIEWS[review], TRIALS)

    assert [each.target for each in tried] == list(REVIEWS[review].targets)
    assert all((each.found is None) == bool(each.because) for each in tried)


def test_a_review_takes_no_trial_that_came_after_it_nor_people_whom_it_left_out():
    taken = {each.id for each in TRIALS if is_taken(REVIEWS["dean_2021"], each)}

    assert "murrough_2013" in taken
    assert "lii_2023" not in taken
    assert "diazgranados_2010" not in taken


def test_a_list_that_was_read_stands_before_every_rule():
    listed = REVIEWS["dean_2021"].model_copy(update={"included": ("lii_2023",), "without": ()})

    assert [each.id for each in TRIALS if is_taken(listed, each)] == ["lii_2023"]


def test_the_pooled_ratio_is_that_of_dersimonian_and_laird_by_hand():
    tried = by_name("newport_2015", "response_day")
    sides = [(each.comparison.treated, each.comparison.control) for each in tried.found.effects]
    cells = [(t.events, t.total - t.events, c.events, c.total - c.events) for t, c in sides]
    cells = [[n + 0.5 for n in row] if 0 in row else row for row in cells]
    y = [log(a * d / (b * c)) for a, b, c, d in cells]
    v = [sum(1 / n for n in row) for row in cells]
    w = [1 / each for each in v]
    middle = sum(a * b for a, b in zip(w, y, strict=True)) / sum(w)
    q = sum(a * (b - middle) ** 2 for a, b in zip(w, y, strict=True))
    tau2 = max(0, (q - len(y) + 1) / (sum(w) - sum(a * a for a in w) / sum(w)))
    w = [1 / (each + tau2) for each in v]
    middle = sum(a * b for a, b in zip(w, y, strict=True)) / sum(w)

    assert exp(tried.found.pooled.estimate) == pytest.approx(exp(middle))
    assert tried.found.pooled.upper == pytest.approx(middle + 1.959963984540054 / sqrt(sum(w)))


@pytest.mark.django_db
def test_the_page_shows_each_review_beside_what_is_found_here_and_marks_what_is_unverified(as_role):
    said = as_role("analyst").get("/at/dawn/evidence/reviews/").content.decode()

    for review in REVIEWS.values():
        assert review.title in said
    assert "odds ratio 9.87 (4.37 to 22.29) · 7 trials" in said
    assert "(unverified)" in said
    assert as_role("educator", "dusk").get("/at/dawn/evidence/reviews/").status_code == 404
