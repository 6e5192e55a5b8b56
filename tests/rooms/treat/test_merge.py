"""When was it, and in which order? Tables of cases."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from daybreak.treat.rules.clock import Clocks, when
from daybreak.treat.rules.merge import Told, fitting, replaceable
from daybreak.treat.rules.steps import Step

AT = datetime(2026, 3, 1, 14, 0, tzinfo=UTC)
NOW_MS = round(AT.timestamp() * 1000)
HOUR = 3_600_000
A, B = UUID(int=1), UUID(int=2)


def clocks(ago: float, *, skew: int = 0, opened: str = "one") -> Clocks:
    """What a device showed `ago` hours before AT."""
    return Clocks(NOW_MS - round(ago * HOUR) + skew, 9 * HOUR - round(ago * HOUR), opened)


@pytest.mark.parametrize(
    ("done", "believed_ago", "sent", "certain"),
    [
        (clocks(1), 1, clocks(0), True),
        (clocks(1, skew=48 * HOUR), 1, clocks(0, skew=48 * HOUR), True),
        (clocks(1, skew=-48 * HOUR), 1, clocks(0, skew=-48 * HOUR, opened="two"), True),
        (clocks(1), 1, clocks(0, skew=48 * HOUR), True),  # set after the act, on the same page
        (clocks(1, skew=48 * HOUR), 49, clocks(0, skew=48 * HOUR), True),  # believed before it was set
        (clocks(1), 1, clocks(0, skew=48 * HOUR, opened="two"), False),  # set, and the page opened anew
        (clocks(1, skew=3 * HOUR), 4, clocks(0, opened="two"), False),
    ],
)
def test_a_moment_is_certain_where_two_ways_to_reckon_it_agree(done, believed_ago, sent, certain):
    found = when(done, believed_ms=NOW_MS - believed_ago * HOUR, sent=sent, at=AT)
    assert found.certain is certain
    if found.certain:
        assert found.at == AT - timedelta(hours=1)
        assert found.ahead == timedelta(milliseconds=done.wall_ms - NOW_MS + HOUR)


def test_nothing_is_done_in_the_future():
    soon = when(clocks(-0.0005), believed_ms=NOW_MS + 1800, sent=clocks(0), at=AT)
    assert (soon.at, soon.certain) == (AT, True)
    assert when(clocks(-1), believed_ms=NOW_MS + HOUR, sent=clocks(0), at=AT).certain is False


def told(step: str, minute: float, device: UUID | None = None) -> Told:
    return Told(UUID(int=int(minute * 1000) + 7), Step(step), AT + timedelta(minutes=minute), device)


BEGUN = [told(step, n) for n, step in enumerate(["checked_in", "weighed", "ready", "timed_out", "started"])]


@pytest.mark.parametrize(
    ("there", "late", "fits"),
    [
        ([], [("paused", 10)], 1),
        ([("completed", 30)], [("paused", 10)], 0),
        ([("completed", 30)], [("paused", 10), ("resumed", 20)], 2),
        ([("completed", 30)], [("paused", 10), ("resumed", 20), ("paused", 25)], 2),
        ([("completed", 30)], [("paused", 35)], 0),
        ([("paused", 12)], [("paused", 10)], 0),
        ([("paused", 12)], [("resumed", 10)], 0),
        ([("paused", 12)], [("resumed", 14)], 1),
        ([], [("paused", 10), ("paused", 11), ("resumed", 14)], 0),  # which of the two was it?
        ([("paused", 20)], [("paused", 10), ("resumed", 15), ("resumed", 25)], 3),
        ([("rate_changed", 10)], [("rate_changed", 10.05)], 0),  # three seconds apart: which came last?
        ([("rate_changed", 10)], [("rate_changed", 10.1)], 1),
        ([("paused", 10)], [("resumed", 10.05)], 1),  # close, but only one order is possible
    ],
)
def test_late_steps_fit_where_one_story_is_possible(there, late, fits):
    standing = [*BEGUN, *(told(step, minute, B) for step, minute in there)]
    assert len(fitting(standing, [told(step, minute, A) for step, minute in late])) == fits


def test_a_person_may_put_a_late_step_in_the_place_of_what_it_contradicts():
    theirs = told("paused", 12, B)
    assert replaceable([*BEGUN, theirs], told("paused", 10, A)) == [theirs.key]
    assert replaceable([*BEGUN, theirs], told("resumed", 10, A)) == []
