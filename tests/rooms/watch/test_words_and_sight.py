"""What is said at the top of the monitor, and what a site may see of others."""

import pytest

from daybreak.watch.definitions import surveillance
from daybreak.watch.disclosure import expectation_may_be_shown, funnel_may_be_shown, points_shown
from daybreak.watch.signal_words import answer, signal_words
from daybreak.watch.surveillance.charts import charts, signals
from daybreak.watch.surveillance.counts import CalendarCounts
from daybreak.watch.surveillance.funnels import funnel, harm_funnel
from daybreak.watch.surveillance.overview import OverTime
from daybreak.watch.web.over_time import kind_figures
from tests.rooms.watch.registers import register

NAMES = {"site0": "North", "site1": "South", "site2": "West"}
MANY = {"site0": 50, "site1": 50, "site2": 50}


def found_of(counts: CalendarCounts | None, treated: dict[str, int] = MANY) -> OverTime:
    watched = surveillance()
    every = charts(counts, watched) if counts else ()
    return OverTime(
        snapshot="20260101-abcdef",
        fingerprint="f" * 64,
        frozen_at="2026-01-01T00:00:00+00:00",
        synthetic=True,
        surveillance=watched,
        last_week=counts.first_week + counts.weeks - 1 if counts else None,
        kinds=every,
        funnels={"any_event": harm_funnel(counts, watched.watched[0], watched.sureness) if counts else None},
        signals=signals(every),
        treated=treated,
    )


def test_nothing_wrong_is_said_with_what_cannot_be_seen_yet() -> None:
    said = answer(found_of(register()), [], site=None)

    assert (said.kind, said.title) == ("success", "Nothing has reached its limit at any site.")
    assert "6 kinds of harm are watched at 3 sites" in said.text
    assert "a serious adverse event" in said.text, "what is too rare to be seen is named"


def test_a_signal_is_said_first() -> None:
    found = found_of(register(worse=4.0))

    said = answer(found, found.signals, site=None)

    assert said.kind == "warn"
    assert "signals wait for a decision of the safety board" in said.title
    assert signal_words(found.signals[-1], NAMES).startswith("West: more sessions with an adverse event than expected")


def test_signals_that_were_decided_on_are_not_forgotten() -> None:
    said = answer(found_of(register(worse=4.0)), [], site=None)

    assert said.title == "Nothing new: every signal has been decided on."


def test_without_a_calendar_nothing_is_claimed() -> None:
    said = answer(found_of(None), [], site=None)

    assert said.kind == "info"
    assert "cannot say whether anything is wrong" in said.title


@pytest.mark.parametrize(("others", "shown"), [(10, False), (11, True)])
def test_a_site_sees_what_is_expected_only_from_enough_people_elsewhere(others: int, shown: bool) -> None:
    found = found_of(register())
    chart = found.kinds[0].sites[0]

    assert expectation_may_be_shown(chart, {"site0": 90, "site1": others, "site2": 0}, "site0") is shown
    assert expectation_may_be_shown(chart, {"site0": 1}, None), "the centre sees every number"


def test_a_rare_event_elsewhere_is_not_told_to_a_site() -> None:
    serious = found_of(register()).kind("severe_event")

    assert expectation_may_be_shown(serious.sites[0], MANY, "site0")
    few = register()
    few.counted["severe_event"][1, 3, 0] = 1
    assert not expectation_may_be_shown(found_of(few).kind("severe_event").sites[0], MANY, "site0")


def test_a_funnel_shows_a_site_itself_and_others_that_are_large_enough() -> None:
    made = funnel({"site0": [(3, 9)], "site1": [(30, 60)], "site2": [(5, 60)]}, surveillance().sureness)

    assert [p.site for p in points_shown(made, MANY, "site0")] == ["site0", "site1"]
    assert len(points_shown(made, MANY, None)) == 3
    assert funnel_may_be_shown(made, MANY, "site0")
    assert not funnel_may_be_shown(made, {"site0": 90, "site1": 5, "site2": 5}, "site0")


def test_other_sites_are_not_named_to_a_site() -> None:
    found = found_of(register())
    own = kind_figures(found, found.kinds[0], of=None, own="site0", names=NAMES)
    centre = kind_figures(found, found.kinds[0], of=None, own=None, names=NAMES)

    told = [str(cell) for figure in own for row in figure.rows for cell in row]
    told += [figure.title + figure.subtitle + (figure.drawing if not figure.instead else "") for figure in own]
    assert any("North" in text for text in told)
    assert not any("South" in text or "West" in text for text in told)
    assert any("West" in str(cell) for figure in centre for row in figure.rows for cell in row)
    assert "rates" not in [figure.name for figure in own], "a path of all sites would tell their weeks"
