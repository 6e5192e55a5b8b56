"""The small form of F1: a few patients for a year, without a fault; and without escalation, with some."""

import random

import pytest

from bench.following.verdict import judged
from bench.following.year import Year

pytestmark = pytest.mark.django_db


def test_a_year_of_random_behaviour_leaves_no_fault(world):
    year = Year(world, "dawn", random.Random(7)).play(3)
    assert +judged(year) == {}
    assert len(year.outside.stored) > 10
    assert year.outside.calling
