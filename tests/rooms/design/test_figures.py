"""Figures: the same numbers give the same bytes, gaps stay gaps, colours follow the page."""

import datetime
import re
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

import pytest

from daybreak.design.figures.forest import Effect, forest
from daybreak.design.figures.funnel import Dot, funnel_chart
from daybreak.design.figures.line_axis import SESSIONS
from daybreak.design.figures.ticks import ticks
from daybreak.design.public import (
    Band,
    Curve,
    Line,
    Proportion,
    Score,
    SessionMark,
    Svg,
    drawn,
    exported_png,
    kaplan_meier,
    kaplan_meier_chart,
    patient_line,
    proportions,
)

BEGIN = datetime.datetime(2026, 1, 5, 9, tzinfo=datetime.UTC)
CURVE = Curve(
    label="All",
    times=(0, 10, 20),
    share=(1.0, 0.8, 0.5),
    lower=(1.0, 0.6, 0.3),
    upper=(1.0, 0.9, 0.7),
    censored=(12,),
    at_risk=((0, 40), (20, 11)),
)
ROWS = [Proportion(label="Response", words="24 of 58", share=0.41, lower=0.3, upper=0.54)]


def _day(days: float) -> datetime.datetime:
    return BEGIN + datetime.timedelta(days=days)


LINE = Line(
    scale="PHQ-9",
    maximum=27,
    zone="Europe/Berlin",
    starts=_day(0),
    ends=_day(100),
    gap_days=30,
    bands=(Band(lower=0, upper=4, label="minimal"),),
    scores=tuple(Score(at=_day(days), value=20, words=f"day {days}") for days in (0, 30, 61, 70)),
    sessions=(
        SessionMark(at=_day(2), dose_mg=Decimal("20"), words="20 mg"),
        SessionMark(at=_day(40), dose_mg=Decimal("40"), words="40 mg"),
        SessionMark(at=_day(80), dose_mg=None, words="planned"),
    ),
)


def _survival() -> Svg:
    return kaplan_meier([CURVE], title="A title", alt="A finding", time_label="Days", share_label="Well")


def _shares() -> Svg:
    return proportions(ROWS, title="A title", alt="A finding", share_label="Share")


def _line() -> Svg:
    return patient_line(LINE, title="A title", alt="A finding")


@pytest.mark.parametrize("draw", [_survival, _shares, _line])
def test_the_same_numbers_give_the_same_bytes(draw: object) -> None:
    assert draw() == draw()


@pytest.mark.parametrize("draw", [_survival, _shares, _line])
def test_a_drawing_has_a_name_a_finding_and_the_colours_of_the_page(draw: object) -> None:
    drawing = draw()

    assert ">A title</title>" in drawing
    assert ">A finding</desc>" in drawing
    assert "var(--blue)" in drawing
    assert not re.search(r'(?:fill|stroke)="#|style="', drawing)


def test_an_export_keeps_colours_of_its_own() -> None:
    chart = kaplan_meier_chart([CURVE], time_label="Days", share_label="Well")

    assert "#2b5d8a" in drawn(chart)
    assert "var(" not in drawn(chart)
    assert exported_png(chart).startswith(b"\x89PNG")


def test_the_numbers_at_risk_stand_under_the_curve() -> None:
    assert re.search(r">40<.*>11<", _survival())


def test_a_row_that_is_too_small_is_named_but_not_drawn() -> None:
    rows = [*ROWS, Proportion(label="South Lake", words="fewer than 11")]

    drawing = proportions(rows, title="A title", alt="A finding", share_label="Share")

    assert "fewer than 11" in drawing
    assert drawing.count('fill="var(--blue)"') == _shares().count('fill="var(--blue)"') == 1


def test_words_from_people_are_escaped() -> None:
    line = replace(LINE, scores=(Score(at=_day(1), value=3, words="<script>"),))

    assert "<script>" not in patient_line(line, title="<b>", alt="&")


def test_no_line_crosses_a_gap() -> None:
    curves = re.findall(r'<polyline data-points="([^"]*)"', _line())

    assert [len(curve.split()) for curve in curves] == [2, 2]
    assert "31 days not measured" in _line()


def test_a_gap_of_exactly_the_given_days_is_none() -> None:
    line = replace(LINE, scores=LINE.scores[:2])

    assert "not measured" not in patient_line(line, title="A title", alt="A finding")


def test_the_area_of_an_infusion_is_its_dose() -> None:
    radii = [float(r) for r in re.findall(r'r="([\d.]+)" fill="var\(--dawn\)"', _line())]

    assert (radii[1] / radii[0]) ** 2 == pytest.approx(2, rel=0.02)


def test_a_planned_infusion_is_an_open_ring() -> None:
    planned = re.search(r'data-words="planned".*?</g>', _line())

    assert f'data-y="{SESSIONS}"' in planned.group()
    assert 'fill="var(--panel)" stroke="var(--dawn)"' in planned.group()


def test_a_line_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(ValueError, match="ends after"):
        patient_line(replace(LINE, ends=LINE.starts), title="A title", alt="A finding")


@pytest.mark.parametrize("days", [1, 10, 100, 1000, 20000])
def test_ticks_have_room_at_every_zoom(days: int) -> None:
    found = ticks(BEGIN, _day(days), "Europe/Berlin", 900)

    for factor, least in ((0.22, 30), (1, 40), (4, 40), (64, 40)):
        places = [
            (tick.at - BEGIN) / datetime.timedelta(days=days) * 900 * factor for tick in found if tick.factor <= factor
        ]
        assert all(later - earlier > least for earlier, later in pairwise(places))


def test_ticks_are_at_midnight_of_the_site_through_a_change_of_clocks() -> None:
    start = datetime.datetime(2026, 3, 27, tzinfo=datetime.UTC)

    found = ticks(start, start + datetime.timedelta(days=5), "Europe/Berlin", 900)

    assert {tick.at.hour for tick in found if tick.factor == 1} == {0}


def test_the_names_in_a_funnel_do_not_lie_on_each_other() -> None:
    dots = [Dot(label=f"Trial {n}", estimate=2 + n / 10, standard_error=1 + n / 100) for n in range(3)]
    dots.append(Dot(label="A small one", estimate=9, standard_error=2))
    drawn = funnel_chart(dots, centre=2, effect_label="Effect", error_label="Error").to_dict()
    heights = [each["error"] for each in drawn["layer"][-1]["data"]["values"]]

    assert heights[0] == 1
    assert all(below - above > 0.05 for above, below in pairwise(heights))


@pytest.mark.parametrize("label", ["Zarate 2006", "up to and with Singh 2016, twice or three times a week"])
def test_the_numbers_of_a_forest_plot_begin_where_the_longest_name_has_ended(label):
    numbers = "108 of 195 and 70 of 170"
    row = Effect(label=label, numbers=numbers, words="1 (0 … 2)", estimate=1, lower=0.5, upper=2, weight=100)
    drawn_ = str(forest([row], [], title="t", alt="a", is_ratio=True, favours=("", "")))
    at = {words: float(x) for x, words in re.findall(r'<text x="([\d.]+)"[^>]*>([^<]*)</text>', drawn_)}
    letter = 7  # a letter of Public Sans at the size of the rows

    assert at[label] + letter * len(label) < at[numbers]
    assert at[numbers] + letter * len(numbers) < float(
        re.search(r'M([\d.]+) 0V[\d.]+" stroke="var\(--edge', drawn_)[1]
    ), "and the plot after them"
