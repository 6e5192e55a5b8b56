"""The demonstration's plots come from the seed alone."""

from collections import Counter
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from daybreak.demo.plot import ITEMS, PATIENTS_PER_CLINIC, items_of, plots

TODAY = date(2026, 11, 21)


def test_the_same_seed_gives_the_same_people():
    assert plots(0, today=TODAY) == plots(0, today=TODAY)
    assert plots(0, today=TODAY) != plots(1, today=TODAY)


def test_a_clinic_has_its_patients_at_every_stage():
    for clinic in range(4):
        stages = Counter(plot.stage for plot in plots(clinic, today=TODAY))
        assert stages.total() == PATIENTS_PER_CLINIC
        assert len(stages) == 7


@given(st.integers(0, 27), st.integers(0, 10**6), st.booleans())
def test_answers_add_up_to_the_total_that_the_plot_wants(total, seed, hopeless):
    answers = items_of(total, seed, hopeless=hopeless)
    assert set(answers) == set(ITEMS)
    assert sum(answers.values()) == total
    assert all(0 <= value <= 3 for value in answers.values())
