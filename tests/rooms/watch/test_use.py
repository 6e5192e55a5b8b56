"""Use over time: the calendar and the strips of exposure, from rows by hand, and what a site may see of all sites."""

from pathlib import Path

import ibis
import numpy as np
import pyarrow as pa
import pytest

from daybreak.design.figures.rendering import drawn
from daybreak.kernel.moments import now
from daybreak.register.folders import Dataset, dataset_in
from daybreak.register.synthetic.keeping import keep_beside
from daybreak.register.synthetic.recipe import recipe
from daybreak.watch.reductions.strips import Strip, exposure_strips
from daybreak.watch.surveillance.counts import ALL, CalendarCounts
from daybreak.watch.use import Use, of_dataset
from daybreak.watch.web.use import use_figures

DAY = 1440


@pytest.fixture(scope="module")
def frozen(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """A cohort of a few hundred people."""
    place = tmp_path_factory.mktemp("cohorts")
    return dataset_in(keep_beside(place, recipe(persons=400, seed=5), at=now(), progress=lambda *_: None))


def sessions(held: dict[str, list[int]]) -> dict[str, object]:
    """Return a table of sessions on the days given for each person, of 50 mg each, at the site of the first letter."""
    rows = [
        {"person": who, "site": who[0], "minute": day * DAY, "dose_mg": 50.0}
        for who, days in held.items()
        for day in days
    ]
    return {"session": ibis.memtable(pa.Table.from_pylist(rows))}


def test_strips_are_of_enough_people_in_the_order_of_their_sessions() -> None:
    held = {f"a{at:02}": [0] for at in range(12)} | {f"b{at:02}": [0, 29, 400] for at in range(13)}

    low, high = exposure_strips(sessions(held), fewest_people=11, days=28, periods=3)

    assert (low.people, low.fewest) == (13, 1), "25 people in two strips"
    assert (high.people, high.fewest, high.total_mg) == (12, 3, 12 * 150)
    assert [high.sessions(at) for at in range(3)] == [12, 12, 12], "what is later counts in the last"
    assert low.cells[0]["a"] == (12, 12)
    assert low.held_by(1) == 1
    assert low.held_by(0, "b") == 1


def test_there_is_no_strip_of_fewer_people() -> None:
    held = {f"a{at:02}": [0, 1] for at in range(10)}

    assert exposure_strips(sessions(held), fewest_people=11, days=28, periods=3) == ()


def test_every_session_of_a_cohort_is_in_both_figures(frozen: Dataset) -> None:
    found = of_dataset(frozen, None)
    calendar, strips = use_figures(found, None)

    begun = frozen.tables["session"].filter(frozen.tables["session"].minute.notnull())
    every = int(begun.count().to_pyarrow().as_py())
    assert sum(row[1] for row in calendar.rows) == every
    assert sum(sum(row[3:]) for row in strips.rows) == every
    assert sum(row[1] for row in strips.rows) == int(begun.person.nunique().to_pyarrow().as_py())
    assert all(row[1] >= 11 for row in strips.rows)
    for figure in (calendar, strips):
        assert all(len(row) == len(figure.heads) for row in figure.rows)
        for narrow in (False, True):
            assert drawn(figure.chart(narrow=narrow)).startswith("<svg")


def test_a_site_sees_its_own_and_no_small_group_of_others(frozen: Dataset) -> None:
    site = frozen.manifest.sites[0]

    assert not any(figure.instead for figure in use_figures(of_dataset(frozen, site), None))
    for figure in use_figures(of_dataset(frozen, None), site):
        assert figure.instead
        assert figure.rows == ()
        assert figure.chart is None


@pytest.mark.parametrize(
    ("others", "shown"), [(11, True), (10, False), (0, True)], ids=["eleven others", "ten others", "none in that week"]
)
def test_weeks_of_all_sites_are_shown_where_others_are_enough(others: int, shown: bool) -> None:
    held = np.array([[[20.0], [12.0]], [[30.0], [float(others)]]])
    calendar = CalendarCounts(("mine", "other"), 1100, (("first", ""),), (2, 2, 1), {ALL: held})

    figure = use_figures(Use(calendar, (), 28, 26), "mine")[0]

    assert bool(figure.instead) is not shown


@pytest.mark.parametrize(("others", "shown"), [(11, True), (10, False), (0, True)])
def test_strips_of_all_sites_are_shown_where_others_are_enough(others: int, shown: bool) -> None:
    cells = {0: {"mine": (30, 15), "other": (2 * others, others)} if others else {"mine": (30, 15)}}

    figure = use_figures(Use(None, (Strip(15 + others, 1, 100.0, cells),), 28, 26), "mine")[1]

    assert bool(figure.instead) is not shown


def test_no_key_of_a_person_is_in_a_figure(frozen: Dataset, tmp_path: Path) -> None:
    keys = frozen.tables["person"].person.to_pyarrow().to_pylist()
    said = "".join(drawn(figure.chart()) + str(figure.rows) for figure in use_figures(of_dataset(frozen, None), None))

    assert not [key for key in keys if key in said]
