"""The invented cohort: the same from the same seed, as described, calibrated, and said to be synthetic everywhere."""

from pathlib import Path

import duckdb
import numpy as np
import pyarrow.parquet as pq
import pytest

from daybreak.kernel.moments import now
from daybreak.register.actions import RealHouse, create_cohort
from daybreak.register.description import Taken
from daybreak.register.folders import dataset_in, verify_folder
from daybreak.register.manifest import read_manifest
from daybreak.register.new_folders import FolderInTheWay
from daybreak.register.queries import dataset, verify
from daybreak.register.synthetic import making
from daybreak.register.synthetic.calibration import calibration
from daybreak.register.synthetic.columns import arrow, keys
from daybreak.register.synthetic.keeping import keep_beside
from daybreak.register.synthetic.recipe import EFFECTS, NotARecipe, Recipe, recipe
from daybreak.register.tables import TABLES, table
from tests.rooms.register.house import House

PERSONS = 4000
# What no cohort holds, and why, stands in docs/how-to/make-a-large-cohort.md.
LEFT_EMPTY = {"dose", "treatment_trial", "vital_sign"}
SMALL = 300


def silent(done: int, of: int, what: str) -> None:
    """Say nothing."""


def made(parent: Path, wanted: Recipe) -> Path:
    return keep_beside(parent, wanted, at=now(), progress=silent)


@pytest.fixture(scope="module")
def cohort(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cohort of a few thousand people."""
    return made(tmp_path_factory.mktemp("cohorts"), recipe(persons=PERSONS, seed=7))


@pytest.fixture
def ask(cohort: Path) -> object:
    """Ask a question in SQL of the tables of the cohort."""
    return asking(cohort)


def asking(cohort: Path) -> object:
    connection = duckdb.connect()
    for each in TABLES:
        files = f"{cohort}/{each.name}/*/rows.parquet"
        connection.execute(f"CREATE VIEW \"{each.name}\" AS FROM read_parquet('{files}', hive_partitioning = false)")
    return lambda question: connection.execute(question).fetchall()


def digests(folder: Path) -> dict[str, str]:
    return {path: file.sha256 for path, file in read_manifest(folder)[0].files.items()}


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(tmp_path: Path) -> None:
    one = made(tmp_path / "one", recipe(persons=SMALL, seed=1))
    same = made(tmp_path / "two", recipe(persons=SMALL, seed=1))
    other = made(tmp_path / "two", recipe(persons=SMALL, seed=2))

    assert one.name == same.name != other.name
    assert digests(one) == digests(same)
    assert not set(digests(one).values()) & set(digests(other).values()) - {
        file.sha256 for file in read_manifest(one)[0].files.values() if not file.rows
    }


def test_a_cohort_is_written_in_pieces_of_a_fixed_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(making, "PIECE", 20)
    folder = made(tmp_path, recipe(persons=SMALL, seed=1))

    person = next(iter(sorted((folder / "person").rglob("*.parquet"))))
    assert pq.ParquetFile(person).num_row_groups > 1
    assert dataset_in(folder).tables["person"].person.nunique().to_pyarrow().as_py() == SMALL


@pytest.mark.parametrize("described", TABLES, ids=lambda each: each.name)
def test_every_table_holds_what_its_description_says(cohort: Path, ask: object, described: object) -> None:
    name = f'"{described.name}"'
    made_rows = ask(f"SELECT count(*) FROM {name}")[0][0]
    assert (made_rows == 0) == (described.name in LEFT_EMPTY), "nothing was made"
    for column in described.columns:
        values = f"FROM {name} WHERE {column.name}"
        if not column.may_be_empty:
            assert ask(f"SELECT count(*) {values} IS NULL") == [(0,)], column.name
        if column.values:
            allowed = ", ".join(f"'{value}'" for value in column.values)
            assert ask(f"SELECT count(*) {values} NOT IN ({allowed})") == [(0,)], column.name
        if column.at_least is not None:
            assert ask(f"SELECT count(*) {values} < {column.at_least}") == [(0,)], column.name
        if column.at_most is not None:
            assert ask(f"SELECT count(*) {values} > {column.at_most}") == [(0,)], column.name
        if column.refers and column.refers != described.name:
            there = f'(SELECT {column.name} FROM "{column.refers}")'
            assert ask(f"SELECT count(*) {values} NOT IN {there}") == [(0,)], column.name


@pytest.mark.parametrize("described", TABLES, ids=lambda each: each.name)
def test_rows_are_sorted_as_described_and_keys_stand_once(cohort: Path, ask: object, described: object) -> None:
    for path in (cohort / described.name).rglob("*.parquet"):
        rows = pq.read_table(path).select(list(described.sorted_by)).to_pylist()
        order = [tuple(row.values()) for row in rows]
        assert order == sorted(order), path
    for key in (column.name for column in described.columns if column.taken is Taken.KEY):
        assert ask(f'SELECT count(*) - count(DISTINCT {key}) FROM "{described.name}"') == [(0,)]


def test_it_says_everywhere_that_it_is_synthetic(cohort: Path) -> None:
    manifest, _ = read_manifest(cohort)

    assert manifest.synthetic
    assert manifest.recipe is not None
    assert all(site.startswith("synthetic-") for site in manifest.sites)
    for path in manifest.files:
        assert pq.read_metadata(cohort / path).metadata[b"synthetic"] == b"true"


def test_what_is_verified_is_found_changed(tmp_path: Path) -> None:
    folder = made(tmp_path, recipe(persons=SMALL, seed=1))
    assert verify_folder(folder).intact

    path = next(iter(read_manifest(folder)[0].files))
    with (folder / path).open("ab") as file:
        file.write(b"x")
    assert [(problem.path, problem.what) for problem in verify_folder(folder).problems] == [(path, "changed")]


def test_pressure_rises_as_published_and_severe_hypertension_is_as_rare(ask: object, cohort: Path) -> None:
    """Yale: +16.0 (SD 11.2) and +11.0 (SD 8.45) mmHg at the peak; severe in 0.98 % of sessions. The deviant site that
    monitors poorly is left out. Tolerances: 0.6 mmHg, and for the share 0.4 percentage points at this size.
    """
    published = calibration().published
    poor = read_manifest(cohort)[0].recipe["monitors_poorly"][0]
    rises = {
        sign: (mean, sd)
        for sign, mean, sd in ask(
            f"SELECT sign, avg(highest - baseline), stddev(highest - baseline) FROM reading WHERE site <> '{poor}' GROUP BY 1"
        )
    }
    severe = ask(
        "SELECT avg(severe::int) FROM (SELECT bool_or((sign = 'systolic_pressure' AND highest >= 180) OR"
        f" (sign = 'diastolic_pressure' AND highest >= 110)) AS severe FROM reading WHERE site <> '{poor}' GROUP BY session)"
    )[0][0]

    assert rises["systolic_pressure"] == pytest.approx((published.systolic_rise, published.systolic_rise_sd), abs=0.6)
    assert rises["diastolic_pressure"] == pytest.approx(
        (published.diastolic_rise, published.diastolic_rise_sd), abs=0.6
    )
    assert severe == pytest.approx(published.severe_hypertension, abs=0.004)


def test_those_who_do_not_respond_leave_more_often(ask: object) -> None:
    rows = ask(
        "SELECT 2 * v.value <= b.value, avg((e.person IS NOT NULL)::int) FROM"
        " (SELECT person, arg_max(value, minute) AS value FROM score WHERE name = 'total' AND minute <= 0 GROUP BY 1) b"
        " JOIN (SELECT person, arg_max(value, minute) AS value FROM score WHERE name = 'total' AND minute < 60 * 1440"
        ' GROUP BY 1) v USING (person) LEFT JOIN "end" e USING (person) GROUP BY 1 ORDER BY 1'
    )
    (_, without), (_, with_response) = rows
    assert without > with_response + 0.1


def test_the_site_that_monitors_poorly_reads_little_and_reports_little(cohort: Path, ask: object) -> None:
    poor = read_manifest(cohort)[0].recipe["monitors_poorly"][0]

    unread = dict(ask(f"SELECT site = '{poor}', avg((highest IS NULL)::int) FROM reading GROUP BY 1"))
    assert unread[True] > 0.3
    assert unread[False] == 0
    reported = dict(
        ask(
            "SELECT s.site = '" + poor + "', sum(e.n) / count(*) FROM session s LEFT JOIN"
            " (SELECT session, count(*) AS n FROM event GROUP BY 1) e USING (session) GROUP BY 1"
        )
    )
    assert reported[True] < 0.5 * reported[False]


def slope_of_bladder(folder: Path) -> float:
    rows = asking(folder)(
        "SELECT (SELECT count(*) FROM session x WHERE x.person = s.person AND x.minute <= s.minute + 30), s.value"
        " FROM score s WHERE s.name = 'bladder'"
    )
    sessions, points = np.array(rows, dtype=float).T
    return float(np.polyfit(sessions, points, 1)[0])


def test_effects_are_switched_off(tmp_path: Path, cohort: Path) -> None:
    without = made(tmp_path, recipe(persons=PERSONS, seed=7, effects=set(EFFECTS) - {"bladder"}))

    assert slope_of_bladder(cohort) == pytest.approx(calibration().model.bladder_points_per_session, abs=0.03)
    assert slope_of_bladder(without) == pytest.approx(0, abs=0.03)


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"persons": 99, "seed": 1}, "between 100 and 10,000,000"),
        ({"persons": 10_000_001, "seed": 1}, "between 100 and 10,000,000"),
        ({"persons": 1000, "seed": -1}, "0 or above"),
        ({"persons": 1000, "seed": 1, "effects": ["luck"]}, "no effect “luck”"),
    ],
)
def test_what_cannot_be_made_is_refused(asked: dict, sentence: str) -> None:
    with pytest.raises(NotARecipe, match=sentence):
        recipe(**asked)


def test_a_folder_that_is_there_stays(tmp_path: Path) -> None:
    wanted = recipe(persons=SMALL, seed=3)
    made(tmp_path, wanted)
    with pytest.raises(FolderInTheWay):
        made(tmp_path, wanted)
    assert [path.name for path in tmp_path.iterdir()] == [wanted.id]


def test_a_cohort_that_fails_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("daybreak.register.synthetic.making.digest_of", full)
    with pytest.raises(OSError, match="No space"):
        made(tmp_path, recipe(persons=SMALL, seed=3))
    assert list(tmp_path.iterdir()) == []


def test_keys_rise_with_what_they_are_made_from() -> None:
    found = keys(np.array([0, 1, 31, 32, 10_000_000 * 1024])).to_pylist()

    assert found[:2] == ["s00000000000", "s00000000001"]
    assert found == sorted(found)
    assert {len(key) for key in found} == {12}


def test_columns_that_are_not_described_are_an_error() -> None:
    with pytest.raises(ValueError, match="colour"):
        arrow(table("person"), {"colour": np.array([1])})


def test_it_becomes_a_snapshot_of_a_synthetic_house_once(house: House, folder: Path) -> None:
    wanted = recipe(persons=SMALL, seed=5)
    found, is_new = create_cohort(wanted, actor=None, at=house.now)
    again, is_new_again = create_cohort(wanted, actor=None, at=house.now)

    assert (found.id, found.synthetic, is_new) == (wanted.id, True, True)
    assert (again.id, is_new_again) == (wanted.id, False)
    assert verify(found.id).intact
    assert dataset(found.id).tables["person"].count().to_pyarrow().as_py() == SMALL


def test_invented_people_never_stand_beside_real_ones(house: House) -> None:
    house.sql(
        "INSERT INTO people_site (code, name, kind, synthetic, time_zone, crisis_line, telephone, emergency_line, hours,"
        " opened_at) SELECT 'real', 'Real', kind, false, time_zone, '', '', '', '', opened_at FROM people_site LIMIT 1"
    )
    try:
        with pytest.raises(RealHouse, match="--out"):
            create_cohort(recipe(persons=SMALL, seed=6), actor=None, at=house.now)
    finally:
        house.sql("DELETE FROM people_site WHERE code = 'real'")
