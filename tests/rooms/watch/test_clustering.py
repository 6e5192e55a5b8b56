"""Sessions of one person are no independent ones, and a site far apart does not make the others look bad."""

import numpy as np
import pytest

from daybreak.watch.definitions import surveillance
from daybreak.watch.reductions.clustering import design_effects
from daybreak.watch.reductions.harm import harm
from daybreak.watch.rules import harm_figure
from daybreak.watch.surveillance.charts import charts
from daybreak.watch.surveillance.funnels import INSIDE, OUTSIDE, funnel
from daybreak.watch.surveillance.reference import FEWEST_SITES, reference
from daybreak.watch.surveillance.trial import tried
from tests.rooms.watch.registers import register
from tests.rooms.watch.test_numbers import Rows, invented, tables_of

ANY = surveillance().watched[0]


def two_kinds_of_people(*, alike: bool) -> Rows:
    """Ten people with six later sessions each, half of them with an event: in all sessions of half of the people, or in
    half of the sessions of everybody.
    """
    rows = invented(1, people=0)
    for number in range(10):
        who = {"site": "dawn", "person": f"p{number}"}
        for nth in range(6):
            key = f"s{number}-{nth}"
            rows["session"].append({**who, "session": key, "course": f"c{number}", "minute": nth * 1440})
            if (nth + number) % 2 if alike else number % 2:
                rows["event"].append({**who, "key": f"e{key}", "session": key, "term": "nausea", "grade": 1})
    return rows


def test_the_design_effect_is_that_of_whole_people() -> None:
    apart, alike = (design_effects(tables_of(two_kinds_of_people(alike=a)), (ANY,)) for a in (False, True))

    assert apart[ANY.id] == pytest.approx(6), "six sessions that are all alike are worth one"
    assert alike[ANY.id] == 1


def test_the_interval_of_sessions_with_an_event_is_that_of_as_many_people() -> None:
    found = harm_figure(harm(tables_of(two_kinds_of_people(alike=False))))

    assert (found.counts.effect, found.counts.terms[0].effect) == pytest.approx((6, 6))
    assert (found.any_event.events, found.any_event.denominator) == (30, 60)
    assert found.any_event.lower == pytest.approx(0.2366, abs=1e-3), "Wilson's interval of 5 in 10"
    assert found.per_session.upper > 0.9


def test_a_chart_moves_by_what_the_sessions_are_worth() -> None:
    counts = register()
    plain = charts(counts, surveillance())[0].sites[0]
    clustered = charts(counts, surveillance(), {"any_event": 2.0})[0].sites[0]

    assert np.diff(clustered.ratio) == pytest.approx(np.diff(plain.ratio) / 2)
    assert clustered.expected == plain.expected


def test_a_site_far_apart_says_nothing_of_the_others() -> None:
    seen = np.array([[100.0], [104], [96], [101], [99], [10]])
    held = np.full((6, 1), 1000.0)
    found = reference(seen, held, surveillance().sureness, effect=1.0)

    assert found.apart.tolist() == [False] * 5 + [True]
    assert found.risks[0, 0] == pytest.approx(0.1, abs=0.001), "the site that reports little is left out"
    assert found.risks[5, 0] == pytest.approx(0.1, abs=0.001)
    few = reference(seen[-FEWEST_SITES + 1 :], held[1 - FEWEST_SITES :], surveillance().sureness, effect=1.0)
    assert not few.apart.any(), "of four sites nobody can say which stands apart"


def test_the_limits_of_a_funnel_are_widened_by_people_and_by_the_spread_of_sites() -> None:
    sites = {f"s{n}": [(met, 400)] for n, met in enumerate((80, 95, 65, 88, 72, 100, 60))}
    plain = funnel(sites, surveillance().sureness)
    alike = {f"s{n}": [(met, 400)] for n, met in enumerate((80, 82, 78, 81, 79, 80, 80))}
    one, four = (funnel(alike, surveillance().sureness, effect=effect) for effect in (1.0, 4.0))

    assert plain.spread > 0
    assert {point.place for point in plain.points} == {INSIDE}, "sites that all differ are no outliers"
    wide, narrow = (found.limits[-1].outer[1] - found.share for found in (four, one))
    assert wide == pytest.approx(2 * narrow, rel=0.1), "four sessions worth one: limits twice as wide"
    far = funnel({**sites, "far": [(300, 400)]}, surveillance().sureness)
    assert far.left_out == ("far",)
    assert {p.site for p in far.points if p.place == OUTSIDE} == {"far"}
    assert far.share == pytest.approx(plain.share), "it does not move the middle"


def test_false_alarms_come_as_seldom_as_stated_though_sessions_hang_together() -> None:
    found = tried(surveillance(), "batch", size=4, runs=150, seed=11)

    assert found.false_alarms_per_year <= found.nominal
    assert found.as_independent > 1.5 * found.nominal, "the control: counted as independent, they come too often"
    assert found.detection.power > 0.9
