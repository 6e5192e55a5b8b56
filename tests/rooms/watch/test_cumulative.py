"""Harm against cumulative exposure, by hand: nobody counts as much exposed before having been so."""

from types import SimpleNamespace

import pytest

from daybreak.watch.cumulative import of_dataset
from daybreak.watch.definitions import surveillance, worsenings
from daybreak.watch.reductions.cumulative import PRESSURE, labels
from daybreak.watch.web.cumulative import cumulative_figures
from tests.rooms.watch.test_numbers import DAY, Rows, invented, tables_of

YEAR = 365.25


def one_person(checks: list[tuple[int, str, float]], sessions: int = 12) -> Rows:
    """Return the rows of somebody with a session on each day from 0, and with checks: day, what, value."""
    rows, who = invented(1, people=0), {"site": "dawn", "person": "p"}
    for nth in range(sessions):
        rows["session"].append({**who, "session": f"s{nth:02}", "course": "c", "minute": nth * DAY, "route": "iv"})
        for sign, highest in (("systolic_pressure", 181.0 if nth == 8 else 150.0), ("diastolic_pressure", 90.0)):
            if nth != 11:
                reading = {"session": f"s{nth:02}", "sign": sign, "unit": "mm[Hg]", "highest": highest}
                rows["reading"].append({**who, **reading})
    for day, checked, value in checks:
        check = {"key": f"k{day}{checked}", "checked": checked, "value": value, "minute": day * DAY - 30}
        rows["check"].append({**who, **check})
    return rows


def found_of(*rows: Rows):
    every: Rows = {name: [row for each in rows for row in each[name]] for name in rows[0]}
    frozen = SimpleNamespace(
        tables=tables_of(every),
        manifest=SimpleNamespace(id="20260101-abcdef", fingerprint="f" * 64, created_at="2026-01-01", synthetic=True),
    )
    return of_dataset(frozen, None, surveillance(), worsenings())


def test_time_counts_under_what_had_been_given_before_it_began() -> None:
    found = found_of(one_person([(0, "bladder", 1), (8, "bladder", 1), (20, "bladder", 4), (30, "bladder", 9)]))
    bladder = next(each for each in found.checks if each.checked == "bladder")

    early, later = bladder.bands[0].counts, bladder.bands[1].counts
    assert early.years * YEAR == pytest.approx(8), "from no session until the check after eight, though eight were held"
    assert (early.worse, early.people) == (0, 1)
    assert later.years * YEAR == pytest.approx(12), "after eight sessions, until it was worse; not beyond"
    assert (later.worse, later.people) == (1, 1)
    assert bladder.bands[1].per_year.value == pytest.approx(YEAR / 12)
    assert [band.counts.people for band in bladder.bands[2:]] == [0, 0]


def test_a_fall_of_the_moca_is_worse_and_a_rise_is_not() -> None:
    fallen, risen = (one_person([(0, "moca", 27), (9, "moca", value)]) for value in (24, 30))

    told = [next(each for each in found_of(rows).checks if each.checked == "moca") for rows in (fallen, risen)]
    assert [sum(band.counts.worse for band in each.bands) for each in told] == [1, 0]


def test_severe_pressure_is_of_sessions_in_which_it_was_read() -> None:
    pressure = next(each for each in found_of(one_person([])).sessions if each.kind == PRESSURE)

    assert [(band.first, band.last) for band in pressure.bands] == labels(surveillance().exposure)
    assert [(b.counts.seen, b.counts.sessions) for b in pressure.bands[:2]] == [(0, 6), (1, 5)]


def test_cognition_is_exploratory_and_has_no_rate() -> None:
    found = found_of(one_person([(0, "cognition", 10), (9, "cognition", 7)]))
    figures = {figure.name: figure for figure in cumulative_figures(found, None)}

    assert "rate-cognition" not in figures
    assert (
        "Exploratory: no number says what would be worse, and nothing depends on it."
        in figures["change-cognition"].subtitle
    )


def test_few_people_are_not_told_to_a_site() -> None:
    found = found_of(one_person([(0, "bladder", 1), (8, "bladder", 3)]))

    assert all(figure.instead for figure in cumulative_figures(found, found))
    shown = [figure for figure in cumulative_figures(found, None) if not figure.instead]
    assert "session-severe-pressure" in [figure.name for figure in shown]
    assert all("<svg" in figure.drawing for figure in shown)
