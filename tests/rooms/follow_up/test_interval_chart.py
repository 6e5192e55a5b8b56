"""The course drawn beside the advice: every mark at its place, cut-offs from the definition, and a table."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from types import SimpleNamespace

import pytest
from django.urls import reverse

from daybreak.follow_up.web.interval_chart import BOTTOM, TOP, chart
from daybreak.kernel.keys import new_key
from daybreak.kernel.scope import scoped
from daybreak.measure.public import library, record_answers
from daybreak.rulebook.public import DatedScore, course_so_far
from tests.rooms.follow_up.phone import after_a_session, answers

FIRST = datetime(2026, 3, 2, 9, tzinfo=UTC)
DAY = timedelta(days=1)


def drawn(*scores, given=(0,), upcoming=None, until=400, zone="Europe/Berlin"):
    """The chart of scores (day, value) and sessions (days since the first), with what is planned."""
    sessions = [FIRST + day * DAY for day in given]
    told = [DatedScore(Decimal(value), FIRST + day * DAY) for day, value in scores]
    so_far = course_so_far(library().outcome_measures(), scores=told, sessions=sessions, at=FIRST + until * DAY)
    held = tuple(
        SimpleNamespace(started_at=at, number=n, dose_mg=Decimal(40) if n > 1 else None)
        for n, at in enumerate(sessions, start=1)
    )
    coming = SimpleNamespace(planned_for=FIRST + upcoming * DAY) if upcoming else None
    return chart(SimpleNamespace(so_far=so_far, given=held, upcoming=coming), zone)


def test_each_score_is_called_what_the_outcome_function_calls_it():
    found = drawn((-1, 18), (1, 9), (8, 10), (15, 4))
    assert [each.kind for each in found.wide.scores] == ["neither", "response", "neither", "remission"]
    assert [(row.day, row.value, row.stands) for row in found.rows][1:] == [
        ("2", "9", "response"),
        ("9", "10", "neither"),
        ("16", "4", "remission"),
    ]
    assert "went from 18 to 4 over 1 session: remission" in found.alt


def test_the_cut_offs_stand_at_their_height_and_come_from_the_definition():
    found = drawn((-1, 18), (1, 9))
    words = {each.words: each.y for each in found.wide.cut_offs}
    assert set(words) == {"response: at most 9", "remission: below 5"}
    assert words["response: at most 9"] == next(each.y for each in found.wide.scores if each.words == "9")
    assert {reference for _t, _s, reference in found.sources} == {
        measure.rule.reference
        for measure in library().outcome_measures()
        if measure.rule.kind in ("response", "remission")
    }


def test_without_a_baseline_no_response_is_drawn():
    found = drawn((1, 9), (8, 4))
    assert [each.words for each in found.wide.cut_offs] == ["remission: below 5"]
    assert [each.kind for each in found.wide.scores] == ["neither", "remission"]


def test_a_time_without_answers_is_a_gap():
    assert len(drawn((-1, 18), (1, 9), (8, 9)).wide.runs) == 1
    found = drawn((-1, 18), (1, 9), (200, 9), (201, 9))
    assert [len(run.split()) for run in found.wide.runs] == [2, 2]


@pytest.mark.parametrize("which", ["wide", "narrow"])
def test_sessions_carry_their_dose_and_the_days_to_the_next(which):
    found = getattr(drawn((-1, 18), (1, 9), given=(0, 7, 21), upcoming=42), which)
    assert [(each.kind, each.words) for each in found.sessions] == [
        ("given", "–"),
        ("given", "40"),
        ("given", "40"),
        ("planned", ""),
    ]
    assert [each.words for each in found.intervals] == ["7", "14", "21"]
    inside = [*found.scores, *found.sessions, *found.ticks]
    assert all(found.left <= each.x <= found.right for each in inside)
    assert all(TOP <= each.y <= BOTTOM for each in found.scores)
    places = [each.x for each in found.ticks]
    assert all(b - a > 20 for a, b in pairwise(places)), "no two ticks on top of each other"


def test_nothing_is_drawn_before_there_is_something():
    assert drawn((-1, 18), given=()) is None
    assert drawn(given=(0,)) is None


@pytest.mark.django_db
def test_the_page_draws_the_course_beside_the_advice_with_a_table(world, as_role):
    stage = after_a_session(world)
    with scoped(world.scope("clinician")) as scope:
        for at, said in ((world.now - 2 * DAY, answers(2)), (world.now, answers(0))):
            record_answers(
                scope,
                key=new_key(),
                patient=stage.patient,
                instrument="phq9",
                answers=said,
                answered_at=at,
                by="patient",
            )
    page = as_role("clinician").get(reverse("follow_up:interval", kwargs={"site": "dawn", "patient": stage.patient}))
    shown = page.content.decode()
    assert 'class="course-chart"' in shown
    assert shown.count('role="img" aria-label="PHQ-9') == 2, "one for each width, each says the finding"
    assert "The same in numbers" in shown
    assert shown.index("course-drawn") > shown.index('id="advised"')
