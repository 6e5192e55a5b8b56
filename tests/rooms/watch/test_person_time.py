"""Adverse events per person-time: by hand at each boundary, and as R counts a register row by row."""

from typing import Any

import pytest

from daybreak.stats.public import rate
from daybreak.watch.counts import ANY_EVENT, SERIOUS_EVENT, PersonTime, TimedCounts
from daybreak.watch.disclosure import IN_TIME, TERMS_IN_TIME, _hidden_in_time
from daybreak.watch.reductions.harm import harm
from daybreak.watch.reductions.person_time import observed, person_time, person_time_by_sessions
from daybreak.watch.rules import harm_figure
from tests.rooms.watch.test_numbers import DAY, Rows, invented, tables_of
from tests.stats.pins import pinned

PINS = pinned("person_time")
YEAR = 365.25 * DAY
WHO = {"site": "dawn", "person": "p"}


def rows_of(**given: list[dict[str, Any]]) -> Rows:
    """Return rows of one person with a session of 40 minutes at minute 0; `given` adds to them."""
    rows = invented(1, people=0)
    rows["session"].append({**WHO, "session": "s", "course": "c", "minute": 0, "ended_minute": 40})
    for name, more in given.items():
        rows[name] += [{**WHO, "key": f"{name}{at}", **row} for at, row in enumerate(more)]
    return rows


def pinned_rows() -> Rows:
    rows = invented(1, people=0)
    return rows | PINS["rows"]


SPANS = (
    ("a session alone is as long as it took", {}, (0, 41)),
    ("a questionnaire was heard later", {"score": [{"minute": 9 * DAY}]}, (0, 9 * DAY + 1)),
    ("a check was", {"check": [{"minute": 90 * DAY}]}, (0, 90 * DAY + 1)),
    ("a task was", {"cognition": [{"minute": 3 * DAY}]}, (0, 3 * DAY + 1)),
    ("an event was", {"event": [{"minute": 5 * DAY}]}, (0, 5 * DAY + 1)),
    ("what was before the first session is not", {"score": [{"minute": -9 * DAY}]}, (0, 41)),
    ("it ended before that", {"score": [{"minute": 9 * DAY}], "end": [{"minute": 4 * DAY}]}, (0, 5 * DAY)),
    ("it ended long after anything was heard", {"end": [{"minute": 400 * DAY}]}, (0, 41)),
    ("it ended on a day that nobody knows", {"score": [{"minute": 9 * DAY}], "end": [{"minute": None}]}, (0, 9 * DAY + 1)),
    ("it ended on the day of the session, a date", {"end": [{"minute": -540}]}, (0, 41)),
    ("it ended before it began", {"end": [{"minute": -20 * DAY}]}, (0, 0)),
)  # fmt: skip


@pytest.mark.parametrize(("given", "span"), [each[1:] for each in SPANS], ids=[each[0] for each in SPANS])
def test_from_when_to_when_somebody_was_observed(given: dict[str, Any], span: tuple[int, int]) -> None:
    (found,) = observed(tables_of(rows_of(**given))).to_pyarrow().to_pylist()

    assert (found["begins"], found["until"]) == span


def test_an_event_counts_in_a_session_or_not_while_somebody_was_observed() -> None:
    told = {"term": "nausea", "serious": False}
    rows = rows_of(
        event=[
            {**told, "minute": -1}, {**told, "minute": 0, "session": "s"}, {**told, "minute": 4 * DAY, "serious": True},
            {**told, "minute": 5 * DAY - 1, "term": "headache"}, {**told, "minute": 5 * DAY},
        ],
        end=[{"minute": 4 * DAY}],
    )  # fmt: skip
    rows["event"].append({"site": "dawn", "person": "untreated", "key": "u", "minute": 3, **told})
    found = person_time(tables_of(rows))

    assert (found.people, found.years) == (1, pytest.approx(5 * DAY / YEAR))
    assert [(each.kind, each.events, each.people) for each in found.kinds] == [
        (ANY_EVENT, 3, 1), (SERIOUS_EVENT, 1, 1), ("nausea", 2, 1), ("headache", 1, 1),
    ]  # fmt: skip
    assert {each.kind: each.apart for each in found.kinds} == {
        ANY_EVENT: 1, SERIOUS_EVENT: 1, "nausea": 1, "headache": 1,
    }  # fmt: skip


def test_without_anybody_there_is_no_rate_and_without_an_event_there_is_one_of_nought() -> None:
    nobody, quiet = harm(tables_of(invented(1, people=0))), harm(tables_of(rows_of(score=[{"minute": 365 * DAY}])))

    assert [(kind, each.value) for kind, each in harm_figure(nobody).per_year] == [
        (ANY_EVENT, None),
        (SERIOUS_EVENT, None),
    ]
    (_, found), _ = harm_figure(quiet).per_year
    assert (found.value, found.lower, round(found.upper, 2)) == (0.0, 0.0, 3.69)


def test_it_is_what_r_counts_row_by_row() -> None:
    harmed = harm(tables_of(pinned_rows()))
    found, rates = harmed.in_time, dict(harm_figure(harmed).per_year)

    assert (found.people, found.any_event.apart) == (PINS["people"], PINS["apart"])
    assert {each.kind for each in found.kinds} == set(PINS["kinds"])
    for each in found.kinds:
        is_so(found, each, PINS["kinds"][each.kind])
        assert rates[each.kind].lower == pytest.approx(PINS["kinds"][each.kind]["lower"], rel=1e-9)


def test_by_sessions_so_far_it_is_what_r_counts_and_adds_up() -> None:
    tables = tables_of(pinned_rows())
    bands, whole = person_time_by_sessions(tables, PINS["edges"]), person_time(tables)

    for band, pin in zip(bands, PINS["bands"], strict=True):
        is_so(band, band.any_event, pin)
    assert sum(band.years for band in bands) == pytest.approx(whole.years)
    assert sum(band.any_event.events for band in bands) == whole.any_event.events


def is_so(held: PersonTime, each: TimedCounts, pin: dict[str, float]) -> None:
    assert (each.events, each.people) == (pin["events"], pin["people"])
    assert (held.years, each.effect) == pytest.approx((pin["years"], pin["effect"]), rel=1e-9)
    wide, plain = rate(each.events, held.years, effect=each.effect), rate(each.events, held.years)
    assert (wide.lower, wide.upper) == pytest.approx((pin["lower"], pin["upper"]), rel=1e-9)
    assert (plain.lower, plain.upper) == pytest.approx((pin["plain_lower"], pin["plain_upper"]), rel=1e-9)


def timed(*kinds: tuple[int, int]) -> PersonTime:
    """Return counts of 100 people: with any event, a serious one, nausea and headache, and those `apart`."""
    names = (ANY_EVENT, SERIOUS_EVENT, "nausea", "headache")
    return PersonTime(
        100,
        50.0,
        tuple(TimedCounts(n, 2 * people, people, apart) for n, (people, apart) in zip(names, kinds, strict=True)),
    )


OWN = PersonTime(20, 9.0, ())
HIDDEN = (
    ("many of each", timed((60, 0), (0, 0), (40, 0), (30, 0)), set()),
    ("few serious ones", timed((60, 0), (3, 0), (40, 0), (30, 0)), {f"{IN_TIME}/{SERIOUS_EVENT}"}),
    ("few of one term could be subtracted", timed((60, 0), (0, 0), (55, 0), (5, 0)), {TERMS_IN_TIME}),
    ("few with any", timed((9, 0), (0, 0), (0, 0), (0, 0)), {IN_TIME}),
    ("few in whom time and sessions differ", timed((60, 4), (0, 0), (40, 0), (30, 0)), {IN_TIME}),
    ("enough in whom they differ", timed((60, 12), (0, 0), (40, 12), (30, 0)), set()),
)


@pytest.mark.parametrize(("whole", "hidden"), [each[1:] for each in HIDDEN], ids=[each[0] for each in HIDDEN])
def test_few_people_are_not_told_nor_what_would_give_them_away(whole: PersonTime, hidden: set[str]) -> None:
    assert set(_hidden_in_time(whole, OWN)) == hidden
