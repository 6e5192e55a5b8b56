"""A published review's numbers stand as they were published: a slip of the pen is found."""

import pytest

from daybreak.rulebook.public import check
from tests.definitions.shipped import library

GOOD = """
id = "made_up"
version = 1
status = "draft"
title = "Made up"
licence = "Ours"
year = 2020
trials = 3
until = 2019
crossover = "parallel"
method = "DL"
cannot = "Nobody made it."
provenance = { references = [{ id = "own", title = "Invented" }], authored_by = "A", checked_by = "B", next_review = 2027-01-01 }
targets = [
  { id = "response", kind = "response", window = "day", measure = "OR", estimate = 2.00, lower = 1.00, upper = 4.00, mark = "read", reference = "own" },
]
"""


def test_every_shipped_review_was_read_or_says_that_it_was_not():
    marks = {target.mark for each in library().active("reviews") for target in each.targets}

    assert marks == {"read", "unverified"}


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("", "", None),
        ("estimate = 2.00", "estimate = 2.20", "2.20 is not in the middle of its interval"),
        ("lower = 1.00", "lower = 2.50", "the estimate lies inside its interval"),
        (", upper = 4.00", "", "an interval has both its ends"),
        ('measure = "OR"', 'measure = "SMD"', "a score takes MD or SMD"),
        ("until = 2019", "until = 2021", "cannot take trials that came after it"),
        ('reference = "own"', 'reference = "won"', "won"),
    ],
)
def test_a_slip_is_found(tmp_path, old, new, says):
    path = tmp_path / "reviews" / "made_up" / "1.toml"
    path.parent.mkdir(parents=True)
    path.write_text(GOOD.replace(old, new, 1) if old else GOOD, encoding="utf-8")

    errors = " ".join(str(each) for each in check(tmp_path).errors)

    assert (says in errors) if says else errors == ""
