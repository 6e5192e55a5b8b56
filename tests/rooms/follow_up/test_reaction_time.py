"""Reaction times against a simulation whose truth is known: right on average, and as sure as is said."""

import random
from datetime import UTC, datetime, timedelta
from statistics import mean, median

import pytest

from daybreak.follow_up.rules.cognition import Run, Trial, reaction_time, unbroken

START = datetime(2026, 3, 1, tzinfo=UTC)


def person(draw, *, mean_ms, spread_ms, tail_ms):
    """A reaction time of the ex-Gaussian shape that real ones have."""
    return draw.gauss(mean_ms, spread_ms) + draw.expovariate(1 / tail_ms)


def truth(**shape):
    draw = random.Random(1)
    return median(person(draw, **shape) for _ in range(400_000))


@pytest.mark.parametrize("frame_ms", [1000 / 144, 1000 / 60, 1000 / 30])
@pytest.mark.parametrize("shape", [{"mean_ms": 230, "spread_ms": 25, "tail_ms": 60}])
def test_the_median_is_right_on_average_and_the_interval_holds_it_as_often_as_is_said(frame_ms, shape):
    draw, true, timer_ms = random.Random(5), truth(**shape), 1.0
    errors, held, widths = [], 0, []
    for _ in range(2000):
        shown = [person(draw, **shape) + draw.uniform(0, frame_ms) for _ in range(20)]
        told = reaction_time([Trial(ms // timer_ms * timer_ms, right=True) for ms in shown], frame_ms=frame_ms)
        errors.append(told.median_ms - true)
        held += told.low_ms <= true <= told.high_ms
        widths.append(told.high_ms - told.low_ms)
    assert abs(mean(errors)) < 4, "less than a quarter of a usual frame"
    assert held / 2000 >= 0.95
    assert mean(widths) < 90


def test_without_the_correction_a_slow_display_would_look_like_a_slow_person():
    draw, frame_ms = random.Random(5), 1000 / 30
    shape = {"mean_ms": 230, "spread_ms": 25, "tail_ms": 60}
    shown = [Trial(person(draw, **shape) + draw.uniform(0, frame_ms), right=True) for _ in range(900)]
    true = truth(**shape)
    assert abs(reaction_time(shown, frame_ms=frame_ms).median_ms - true) < 8
    assert reaction_time(shown, frame_ms=0).median_ms - true > 8


def test_guesses_lapses_and_wrong_answers_are_counted_and_left_out():
    right = [Trial(ms, right=True) for ms in (300, 310, 320, 330, 340, 350, 360, 370)]
    odd = [Trial(None, right=False), Trial(40, right=True), Trial(5000, right=True), Trial(280, right=False)]
    told = reaction_time([*right, *odd], frame_ms=0)
    assert (told.median_ms, told.counted, told.guesses, told.lapses, told.wrong) == (335, 8, 2, 1, 1)
    assert reaction_time(right[1:], frame_ms=0).median_ms is None, "too few to tell"
    assert reaction_time([], frame_ms=0).median_ms is None


def test_a_series_breaks_where_the_device_or_the_version_changes():
    def run(day, device, version=1):
        return Run("simple_reaction", version, device, START + timedelta(days=day), 300.0)

    runs = [run(3, "b"), run(0, "a"), run(1, "a"), run(4, "b", version=2), run(5, "a")]
    assert [[each.at.day for each in series] for series in unbroken(runs)] == [[1, 2], [4], [5], [6]]
    assert unbroken([]) == []
