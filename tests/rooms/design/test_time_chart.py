"""Values over time: no extreme is lost, names do not lie on each other, and a chart that cannot be is refused."""

import re
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from daybreak.design.figures.time_chart import MOST_POINTS, thinned
from daybreak.design.public import Flow, Rule, Span, Trace, time_chart

START = datetime(2027, 1, 12, 10, tzinfo=UTC)


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def drawn(**more: object) -> str:
    usual = {"starts": START, "ends": at(40), "zone": "Europe/Berlin", "traces": [], "alt": "A <chart>"}
    return time_chart(**(usual | more))


def test_of_many_points_the_lowest_and_the_highest_stay():
    points = [(at(n / 60), 100 + n % 7) for n in range(7200)]
    points[3001] = (points[3001][0], 41.0)
    points[5002] = (points[5002][0], 222.0)
    kept = thinned(points)
    assert len(kept) <= MOST_POINTS
    assert {41.0, 222.0} <= {value for _at, value in kept}
    assert kept == sorted(kept)
    assert thinned(points[:10]) == points[:10]


def test_names_of_traces_that_end_together_stand_apart_and_keep_their_marks():
    traces = [Trace(f"Sign {n}", ((at(0), 80.0), (at(40), 80.0 + n / 10))) for n in range(4)]
    svg = drawn(traces=traces)
    heights = sorted(float(y) for y in re.findall(r'<text x="822" y="([\d.]+)"[^>]*>Sign', svg))
    assert len(heights) == 4
    assert all(below - above >= 18 for above, below in pairwise(heights))
    assert len(set(re.findall(r'stroke-dasharray="([\d ]+|none)"', svg))) == 4


def test_it_has_the_clock_of_the_place_the_words_of_the_pause_and_what_was_given():
    svg = drawn(
        spans=[Span(at(10), at(15), "paused")],
        rules=[Rule("at most 180", 180.0)],
        flow=Flow("35 mg given", ((at(0), 0.0), (at(40), 35.0))),
    )
    for said in ("11:00", "paused", "at most 180", "35 mg given", "A &lt;chart&gt;"):
        assert said in svg, said
    assert "#" not in re.sub(r"http://\S+", "", svg), "no colour of its own: it follows light, dark and print"


@pytest.mark.parametrize("wrong", [{"ends": START}, {"traces": [Trace("x", ())] * 5}])
def test_what_cannot_be_drawn_is_refused(wrong):
    with pytest.raises(ValueError, match="at most four"):
        drawn(**wrong)
