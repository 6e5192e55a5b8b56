"""A freeze by the portion gives what a freeze of everybody at once gives."""

from datetime import timedelta
from pathlib import Path

import duckdb
import pytest

from daybreak.register.actions import create_snapshot
from daybreak.register.calendar import CALENDAR
from daybreak.register.description import Taken
from daybreak.register.folders import Dataset
from daybreak.register.queries import dataset
from daybreak.register.tables import TABLES
from tests.rooms.register.house import House

KEYS = (Taken.PERSON, Taken.KEY, Taken.KEY_OF)


@pytest.fixture(scope="module")
def crowd(house: House) -> House:
    """Six people at one clinic and two at the other, who differ in what happened to them."""
    for place, site in enumerate(("dawn",) * 6 + ("dusk",) * 2):
        person = house.person(site)
        start = house.now - timedelta(days=100 + place, minutes=place)
        course = house.course(person, site, opened_at=start - timedelta(days=1))
        for number in range(1, place + 2):
            at = start + timedelta(days=3 * number)
            session = house.session(person, course, site, number=number, started_at=at)
            house.score(person, place + number, site, at=at - timedelta(hours=1))
            house.event(person, session, site, term="nausea", at=at + timedelta(minutes=place))
            house.add(
                "treat_readings", site=site, patient_key=person, session_key=session, sign="pulse", unit="/min",
                readings=3, baseline=60 + place, lowest=50 + number, highest=90,
            )  # fmt: skip
    return house


def frozen(house: House, monkeypatch: pytest.MonkeyPatch, most: int) -> Dataset:
    monkeypatch.setattr("daybreak.register.portions.MOST", most)
    return dataset(create_snapshot(actor=None, at=house.now).id)


def told(found: Dataset) -> dict[str, list[str]]:
    """Return the rows of every table without their random keys; in place of a session its number and its minute."""
    sessions = {row["session"]: row for row in found.tables["session"].to_pyarrow().to_pylist()}
    rows = {}
    for table in TABLES:
        made = []
        for row in found.tables[table.name].to_pyarrow().to_pylist():
            of = sessions.get(row.get("session"), {})
            assert of.get("person") in (None, row.get("person")), "a row refers to the session of somebody else"
            plain = {c.name: row[c.name] for c in table.columns if c.taken not in KEYS}
            made.append(repr((plain, of.get("number"), of.get("minute"))))
        rows[table.name] = sorted(made)
    return rows


@pytest.mark.parametrize("most", [1, 2, 5])
def test_portions_give_what_one_read_of_everybody_gives(
    crowd: House, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    together, apart = (frozen(crowd, monkeypatch, size) for size in (1_000, most))

    assert told(apart) == told(together)
    assert apart.manifest.rows()["reading"] == 36
    assert apart.manifest.definitions == together.manifest.definitions
    assert told(together)[CALENDAR.name], "sessions were counted"


def test_every_file_is_sorted_and_no_key_is_there_twice(
    crowd: House, monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    made = frozen(crowd, monkeypatch, 1).manifest

    for table in (each for each in TABLES if each.of_people):
        for path in (folder / made.id / table.name).rglob("*.parquet"):
            by = ", ".join(table.sorted_by)
            rows = duckdb.sql(f"SELECT {by} FROM read_parquet('{path}', hive_partitioning = false)")
            assert rows.fetchall() == rows.order(by).fetchall(), f"{path} is not sorted by {by}"
        for column in (each for each in table.columns if each.taken is Taken.KEY):
            keys = duckdb.sql(
                f"SELECT {column.name} FROM read_parquet('{folder / made.id / table.name}/*/*.parquet')"
            ).fetchall()
            assert len(keys) == len(set(keys))
    assert made.rows()["session"] == 36


def test_keys_of_two_portions_begin_differently(crowd: House, monkeypatch: pytest.MonkeyPatch) -> None:
    people = frozen(crowd, monkeypatch, 1).tables["person"].to_pyarrow()["person"].to_pylist()

    assert len({key[:3] for key in people}) == len(people) == 8
    assert {len(key) for key in people} == {12}
