"""What a freeze takes, and what it never takes."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import duckdb
import psycopg
import pytest

from daybreak.config.cluster import address
from daybreak.config.environment import installation
from daybreak.kernel.keys import new_key
from daybreak.register.actions import create_snapshot
from daybreak.register.calendar import CALENDAR
from daybreak.register.engine import frozen_tables
from daybreak.register.freeze import MixedSites, one_consistent_read
from daybreak.register.queries import dataset, manifest_of
from daybreak.register.tables import TABLES
from tests.rooms.register.house import House

LOOKS_LIKE_A_DATE = re.compile(r"\d{4}-\d{2}-\d{2}|\d{2}:\d{2}")


@pytest.fixture(scope="module")
def people(house: House) -> dict[str, UUID]:
    """Four people: two in the register, one who never consented, one who withdrew."""
    start = house.now - timedelta(days=40, minutes=7)
    found = {
        "ana": house.person("dawn", given="Ana", family="Zwicky"),
        "bo": house.person("dusk", given="Bo", family="Quist"),
        "silent": house.person("dawn", consents=False, given="Sil", family="Ent"),
        "gone": house.person("dusk", withdrawn=True, given="Go", family="Ne"),
    }
    for name, site in (("ana", "dawn"), ("bo", "dusk"), ("silent", "dawn"), ("gone", "dusk")):
        key = found[name]
        course = house.course(key, site, opened_at=start - timedelta(days=1))
        first = house.session(key, course, site, number=1, started_at=start)
        house.session(key, course, site, number=2, started_at=None)
        house.score(key, 18, site, at=start - timedelta(hours=25))
        house.score(key, 6, site, at=start + timedelta(days=1))
        house.event(key, first, site, term="nausea", at=start + timedelta(minutes=20))
    return found


def values(folder: Path) -> Iterator[object]:
    """Yield every value of every file of a snapshot."""
    for file in sorted(folder.rglob("*.parquet")):
        for row in duckdb.execute("SELECT * FROM read_parquet(?)", [str(file)]).fetchall():
            yield from row


def column(table: object, name: str) -> list:
    return table[name].to_pyarrow().to_pylist()


def count(table: object) -> int:
    return table.count().to_pyarrow().as_py()


def test_an_empty_house_gives_an_honest_empty_snapshot(house: House, folder: Path) -> None:
    made = create_snapshot(actor=None, at=house.now)

    assert made.rows["person"] == 0
    assert count(dataset(made.id).tables["session"]) == 0


def test_only_people_whose_consent_stands_are_frozen(house: House, people: dict[str, UUID]) -> None:
    made = create_snapshot(actor=None, at=house.now)

    assert made.rows == {
        "site": 3,
        "person": 2,
        "course": 2,
        "session": 4,
        "score": 4,
        "event": 2,
        "reading": 0,
        "vital_sign": 0,
        "dose": 0,
        "treatment_trial": 0,
        "end": 0,
        "consent": 2,
        "credential": 0,
        "quality": 0,
        "check": 0,
        "cognition": 0,
        "medicine": 0,
        "calendar": 6,
    }
    sites = dataset(made.id).tables["site"].order_by("site").to_pyarrow().to_pylist()
    assert [(row["site"], row["registered"], row["consenting"]) for row in sites] == [
        ("centre", 0, 0),
        ("dawn", 2, 1),
        ("dusk", 2, 1),
    ]


def test_times_are_offsets_from_the_first_session(house: House, people: dict[str, UUID]) -> None:
    tables = dataset(create_snapshot(actor=None, at=house.now).id).tables

    assert sorted(column(tables["score"], "minute")) == [-1500, -1500, 1440, 1440]
    assert sorted(column(tables["score"], "day")) == [-2, -2, 1, 1]
    assert set(column(tables["event"], "minute")) == {20}
    assert set(column(tables["session"].filter(tables["session"].number == 2), "minute")) == {None}


def test_no_value_is_a_key_a_name_or_a_date_of_the_database(
    house: House, people: dict[str, UUID], folder: Path
) -> None:
    made = create_snapshot(actor=None, at=house.now)
    keys = {
        str(key) for (key,) in house.sql("SELECT key FROM people_patient UNION SELECT key FROM stand_in.treat_sessions")
    }
    keys |= {
        str(key) for (key,) in house.sql("SELECT key FROM stand_in.treat_courses UNION SELECT key FROM people_account")
    }
    forbidden = keys | {key.replace("-", "") for key in keys} | {"Ana", "Zwicky", "Bo", "Quist", "1984-05-06", "1984"}

    seen = {str(value) for value in values(folder / made.id)}

    assert seen, "nothing was frozen"
    assert not seen & forbidden
    assert not [value for value in seen if LOOKS_LIKE_A_DATE.search(value)]


def test_the_calendar_counts_sessions_of_consenting_people_by_week_and_names_nobody(
    house: House, people: dict[str, UUID]
) -> None:
    rows = dataset(create_snapshot(actor=None, at=house.now).id).tables["calendar"].to_pyarrow().to_pylist()

    started = house.now - timedelta(days=40, minutes=7)
    week = (started - datetime(2000, 1, 3, tzinfo=UTC)) // timedelta(weeks=1)
    assert {row["week"] for row in rows} == {week}
    assert {(row["position"], row["route"]) for row in rows} == {("first", None)}
    assert sorted((row["site"], row["counted"], row["term"], row["sessions"]) for row in rows) == sorted(
        (site, counted, term, 1)
        for site in ("dawn", "dusk")
        for counted, term in (("all", None), ("any_event", None), ("term", "nausea"))
    )


def test_each_reading_is_frozen_with_its_session_and_minute(house: House, people: dict[str, UUID]) -> None:
    [(session, start)] = house.sql(
        "SELECT key, started_at FROM stand_in.treat_sessions WHERE patient_key = %s AND number = 1", people["ana"]
    )
    for minute, value, device in ((-5, 118, True), (0, 121, True), (20, 142.5, False)):
        house.add(
            "treat_vital_signs", site="dawn", patient_key=people["ana"], session_key=session, sign="systolic_pressure",
            value=value, unit="mm[Hg]", from_device=device, measured_at=start + timedelta(minutes=minute),
        )  # fmt: skip
    house.add(
        "treat_vital_signs", site="dusk", patient_key=people["gone"], session_key=session, sign="pulse", value=60,
        unit="/min", from_device=True, measured_at=start,
    )  # fmt: skip
    tables = dataset(create_snapshot(actor=None, at=house.now).id).tables
    house.sql("DELETE FROM stand_in.treat_vital_signs")

    rows = tables["vital_sign"].to_pyarrow().to_pylist()
    assert [(row["minute"], row["value"], row["from_device"]) for row in rows] == [
        (-5, 118.0, True), (0, 121.0, True), (20, 142.5, False)
    ]  # fmt: skip
    first = tables["session"].filter(tables["session"].number == 1)
    assert {(row["person"], row["session"]) for row in rows} <= {
        (row["person"], row["session"]) for row in first.to_pyarrow().to_pylist()
    }


def test_what_was_tried_before_is_frozen_with_the_definition_that_judged_it(
    house: House, people: dict[str, UUID]
) -> None:
    common = {"site": "dawn", "patient_key": people["ana"]}
    day = (house.now - timedelta(days=40, minutes=7)).date() - timedelta(days=300)
    house.add(
        "screen_treatment_trials", **common, key=new_key(), kind="antidepressant", drug="sertraline", dose_mg=100, weeks=8,
        outcome="no response", adequate=True, adequacy_by="definition", definition="athf", version=1,
        fingerprint="a" * 64, present_episode=True, augmented=False, said_by="records", started_on=day,
    )  # fmt: skip
    house.add(
        "screen_treatment_trials", **common, key=new_key(), kind="electroconvulsive", placement="bilateral", treatments=8,
        outcome="partial response",
    )  # fmt: skip
    made = create_snapshot(actor=None, at=house.now)
    house.sql("DELETE FROM stand_in.screen_treatment_trials")

    drug, series = dataset(made.id).tables["treatment_trial"].to_pyarrow().to_pylist()
    assert (drug["drug"], drug["dose_mg"], drug["weeks"], drug["adequate"]) == ("sertraline", 100, 8, True)
    assert drug["started_day"] in (-301, -300)
    assert drug["optimised"] is None, "what nobody knows is not no"
    assert (series["placement"], series["treatments"], series["drug"]) == ("bilateral", 8, None)
    assert [(u.id, u.version) for u in manifest_of(made.id).definitions if u.kind == "adequacy"] == [("athf", 1)]


def test_two_freezes_share_no_key(house: House, people: dict[str, UUID]) -> None:
    one, other = (dataset(create_snapshot(actor=None, at=house.now).id).tables for _ in range(2))

    for table, name in (
        ("person", "person"),
        ("session", "session"),
        ("course", "course"),
        ("score", "key"),
        ("event", "key"),
    ):
        assert column(one[table], name)
        assert not set(column(one[table], name)) & set(column(other[table], name))


def test_facts_of_one_person_stay_together(house: House, people: dict[str, UUID]) -> None:
    tables = dataset(create_snapshot(actor=None, at=house.now).id).tables
    session, event = tables["session"], tables["event"]

    assert count(session.join(tables["course"], ["course", "person", "site"])) == 4
    assert count(event.join(session, ["session", "person", "site"])) == 2


def test_an_age_of_ninety_or_more_is_one_group(house: House, people: dict[str, UUID]) -> None:
    house.sql(
        "ALTER TABLE people_patient DISABLE TRIGGER USER"
    )  # the database refuses edits; this one is the test's own
    house.sql("UPDATE people_patient SET birth_year = 1921 WHERE key = %s", people["ana"])
    ages = column(dataset(create_snapshot(actor=None, at=house.now).id).tables["person"], "age")

    assert max(ages) == 90


def test_what_reads_like_free_text_is_withheld_and_counted(house: House, people: dict[str, UUID]) -> None:
    house.score(people["ana"], 5, at=house.now, name="Ana said she feels better")
    made = create_snapshot(actor=None, at=house.now)
    house.sql("DELETE FROM stand_in.measure_scores WHERE name <> 'total'")

    assert manifest_of(made.id).withheld == {"score.name": 1}
    assert set(column(dataset(made.id).tables["score"], "name")) == {"total", None}


class Reading:
    """The freeze's own connection, whose refusal reaches the test as PostgreSQL said it."""

    def __enter__(self) -> psycopg.Cursor:
        self._held = one_consistent_read()
        return self._held.__enter__()

    def __exit__(self, *_: object) -> None:
        self._held.__exit__(None, None, None)


def test_the_role_of_the_freeze_reads_no_name_and_no_table(house: House) -> None:
    for table in (
        "identity_particulars",
        "identity_personkey",
        "people_patient",
        "people_account",
        "treat_session",
    ):
        with Reading() as cursor, pytest.raises(psycopg.errors.InsufficientPrivilege):
            cursor.execute(f"TABLE public.{table}")


def test_the_freeze_reads_in_one_transaction_that_cannot_write(house: House) -> None:
    with Reading() as cursor:
        cursor.execute(
            "SELECT current_setting('transaction_isolation'), current_setting('transaction_read_only'), current_user"
        )
        assert cursor.fetchone() == ("repeatable read", "on", "daybreak_freeze")


def test_synthetic_and_real_sites_are_never_mixed(house: House, people: dict[str, UUID]) -> None:
    house.sql(
        "INSERT INTO people_site (code, name, kind, synthetic, time_zone, crisis_line, telephone, emergency_line, hours,"
        " opened_at) SELECT 'real', 'Real', kind, false, time_zone, '', '', '', '', opened_at FROM people_site LIMIT 1"
    )
    try:
        with pytest.raises(MixedSites, match="synthetic or real"):
            create_snapshot(actor=None, at=house.now)
        assert create_snapshot(actor=None, at=house.now, synthetic=True).rows["person"] == 2
        real = create_snapshot(actor=None, at=house.now, synthetic=False)
        assert (real.synthetic, real.rows["person"], real.rows["site"]) == (False, 0, 1)
    finally:
        house.sql("DELETE FROM people_site WHERE code = 'real'")


def test_a_freeze_that_fails_leaves_nothing(house: House, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("daybreak.register.actions._reach_the_disk", full)
    before = house.sql("SELECT count(*) FROM register_snapshot")

    with pytest.raises(Exception, match="No space left"):
        create_snapshot(actor=None, at=house.now)

    assert [path.name for path in folder.iterdir()] == [".lock"]
    assert house.sql("SELECT count(*) FROM register_snapshot") == before


def test_a_column_described_later_is_empty_in_an_older_snapshot(tmp_path: Path) -> None:
    event = next(table for table in TABLES if table.name == "event")
    old = tmp_path / "rows.parquet"
    duckdb.execute(f"COPY (SELECT 'dawn' AS site, 'p' AS person, 'nausea' AS term) TO '{old}' (FORMAT parquet)")

    table = frozen_tables({"event": [old]}, [event])["event"]

    assert column(table, "term") == ["nausea"]
    assert column(table, "grade") == [None]
    assert set(table.columns) == {each.name for each in event.columns}


@pytest.mark.django_db
def test_the_rooms_publish_every_column_that_is_described() -> None:
    with psycopg.connect(address(installation().cluster, "daybreak_freeze")) as connection:
        for table in (each for each in TABLES if each is not CALENDAR):  # which is counted, and tested above
            found = {column.name for column in connection.execute(f"TABLE published.{table.view} LIMIT 0").description}
            wanted = {column.source for column in table.columns if column.source}
            wanted |= {
                name for defined in table.defined for name in (defined.name, defined.version, defined.fingerprint)
            }
            assert wanted <= found, f"{table.view} lacks {wanted - found}"


def test_every_described_table_names_each_column_once() -> None:
    for table in TABLES:
        names = [column.name for column in table.columns]
        assert len(names) == len(set(names))
        assert set(table.sorted_by) <= set(names)
