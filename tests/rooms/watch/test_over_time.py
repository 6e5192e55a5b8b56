"""Harm over time and sites beside one another: by hand, and where it was planted."""

import numpy as np
import pytest

from daybreak.stats.public import sequential_probability_ratio
from daybreak.watch.definitions import measure_of, measures, surveillance
from daybreak.watch.reductions.calendar import calendar_counts
from daybreak.watch.reductions.outcome import outcome_counts, outcomes_by_mix
from daybreak.watch.surveillance.charts import by_chance, charts, signals
from daybreak.watch.surveillance.funnels import INSIDE, OUTSIDE, funnel, harm_funnel
from tests.rooms.watch.registers import register
from tests.rooms.watch.test_numbers import invented, tables_of

ANY = 0


def rows(*counted: tuple[str, int, str, str, str | None, int]) -> dict[str, list[dict[str, object]]]:
    found = invented(1, people=2)
    names = ("site", "week", "position", "counted", "term", "sessions")
    found["calendar"] = [dict(zip(names, row, strict=True)) | {"route": "iv"} for row in counted]
    return found


def test_the_calendar_is_counted_by_site_week_and_stratum() -> None:
    tables = tables_of(
        rows(
            ("dawn", 10, "first", "all", None, 3),
            ("dawn", 12, "later", "all", None, 5),
            ("dusk", 11, "first", "all", None, 2),
            ("dawn", 12, "later", "any_event", None, 2),
            ("dawn", 12, "later", "term", "nausea", 1),
        )
    )

    counts = calendar_counts(tables)

    assert (counts.sites, counts.first_week, counts.weeks) == (("dawn", "dusk"), 10, 3)
    assert counts.strata == (("first", "iv"), ("later", "iv"))
    assert counts.of("all").sum(axis=2).tolist() == [[3, 0, 5], [0, 2, 0]]
    assert counts.of("any_event")[0, 2].tolist() == [0, 2]
    assert counts.of("term:nausea").sum() == 1
    assert counts.of("term:vomiting").sum() == 0


def test_a_snapshot_without_a_calendar_says_so() -> None:
    assert calendar_counts(tables_of(rows())) is None


def test_a_site_alone_is_compared_with_nobody() -> None:
    found = charts(register(sites=1), surveillance())

    assert found[ANY].sites == ()
    assert signals(found) == tuple(each for each in signals(found) if each.site is None)


def test_walds_path_is_the_published_one_at_the_end_of_each_week() -> None:
    counts = register(per_week=5, weeks=30)
    chart = charts(counts, surveillance())[ANY].sites[0]
    held, seen = counts.of("all")[1:].sum(axis=(0, 1)), counts.of("any_event")[1:].sum(axis=(0, 1))
    risks = (seen + 0.5) / (held + 1)

    assert chart.sessions == (5,) * 30
    assert chart.expected == pytest.approx([float(risks @ counts.of("all")[0, 0])] * 30)
    assert (chart.elsewhere_events, chart.elsewhere_sessions) == (int(seen.sum()), int(held.sum()))
    events, order = [], []
    for week in range(30):
        for stratum in (0, 1):
            n, hit = int(counts.of("all")[0, week, stratum]), int(counts.of("any_event")[0, week, stratum])
            events += [0] * (n - hit) + [1] * hit
            order += [risks[stratum]] * n
    worse, _ = sequential_probability_ratio(events, order, odds_ratio=2)
    assert chart.ratio == pytest.approx(worse.path[4::5])


def test_a_harm_that_was_planted_is_found_where_and_when_it_began() -> None:
    found = signals(charts(register(worse=4.0), surveillance()))

    cusum = [each for each in found if each.test == "cusum"]
    assert {each.site for each in cusum} == {"site2"}
    assert 1300 + 52 <= cusum[0].week <= 1300 + 60
    assert cusum[0].observed > cusum[0].expected
    assert cusum[0].key == "cusum/any_event/site2"


def test_a_signal_tells_of_the_weeks_in_which_it_rose_and_always_of_more_than_expected() -> None:
    counts = register(worse=4.0)
    every = charts(counts, surveillance())
    risen = next(each for each in signals(every) if each.test == "cusum")
    chart = next(each for each in every[ANY].sites if each.site == risen.site)

    start, end = risen.since - chart.first_week, risen.week - chart.first_week
    assert min(chart.cusum[start : end + 1]) > 0
    assert start == 0 or chart.cusum[start - 1] == 0
    assert risen.observed == counts.of("any_event")[2, start : end + 1].sum() < sum(chart.events)
    found = [each for seed in range(20) for each in signals(charts(register(seed=seed, sites=10), surveillance()))]
    assert found
    assert [each for each in found if each.observed <= each.expected] == []


def test_as_many_signals_come_by_chance_as_is_said() -> None:
    registers = [charts(register(seed=seed, sites=10, weeks=156), surveillance()) for seed in range(40)]

    came = sum(len(signals(each)) for each in registers)
    said = sum(by_chance(each, surveillance().sureness) for each in registers)

    assert 0.7 * said < came < 1.1 * said


def test_where_nothing_is_wrong_nothing_is_called() -> None:
    assert signals(charts(register(worse=1.0), surveillance())) == ()


def test_the_register_is_compared_with_its_own_past() -> None:
    counts = register(sites=2, worse=1.0)
    counts.counted["any_event"][:, 60:] *= 2

    found = signals(charts(counts, surveillance()))

    assert any(each.test == "rates" and each.site is None and each.week >= 1360 for each in found)
    assert charts(register(weeks=20), surveillance())[ANY].rates is None, "the past is too short"


def test_a_funnel_adjusts_for_the_mix_and_says_on_which_side_a_site_lies() -> None:
    same_rates = {"hard": [(40, 100), (1, 10)], "easy": [(4, 10), (10, 100)]}
    found = funnel(same_rates, surveillance().sureness)

    assert found.share == pytest.approx(55 / 220)
    assert [point.adjusted for point in found.points] == pytest.approx([found.share] * 2)
    assert {point.place for point in found.points} == {INSIDE}
    worse = funnel({**same_rates, "bad": [(90, 100), (9, 10)]}, surveillance().sureness)
    assert {point.site: point.place for point in worse.points}["bad"] == OUTSIDE
    assert list(np.diff([limit.outer[1] for limit in worse.limits[5:]]) <= 1e-9).count(False) == 0


def test_a_funnel_of_nobody_is_none() -> None:
    assert funnel({}, surveillance().sureness) is None
    assert funnel({"one": [(0, 0)]}, surveillance().sureness) is None
    assert funnel({"one": [(0, 5)], "two": [(0, 7)]}, surveillance().sureness) is None


def test_outcomes_by_mix_add_up_to_the_outcome() -> None:
    measure, tables = measure_of("response", measures()), tables_of(invented(2, people=200))
    window = measure.windows[0]

    mixed = outcomes_by_mix(tables, measure, window, [10, 15, 20], within_days=28)
    (whole,) = outcome_counts(tables, measure, [window], within_days=28)

    cells = [cell for site in mixed.values() for cell in site]
    assert (sum(met for met, _ in cells), sum(of for _, of in cells)) == (whole.met, whole.assessed)
    assert all(site[0] == (0, 0) for site in mixed.values()), "without a baseline there is no response"


def test_the_funnel_of_harm_counts_what_the_chart_counts() -> None:
    counts = register(worse=3.0)
    found = harm_funnel(counts, surveillance().watched[0], surveillance().sureness)

    assert [(p.met, p.total) for p in found.points] == [
        (int(counts.of("any_event")[at].sum()), int(counts.of("all")[at].sum())) for at in range(3)
    ]
