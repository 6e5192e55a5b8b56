"""What the three privacy profiles let out of a frozen house: every cell of every file is looked at."""

import csv
import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pytest
from click.testing import CliRunner
from django.conf import settings as configured
from django.test import override_settings
from hypothesis import given, settings
from hypothesis import strategies as st

from daybreak.config.commands.snapshot_ import command
from daybreak.kernel.classification import Class
from daybreak.register.actions import create_snapshot
from daybreak.register.anchors import NoDates, keep_anchors, read_anchors
from daybreak.register.description import Taken
from daybreak.register.folders import Dataset
from daybreak.register.queries import dataset
from daybreak.register.releasing.columns import NotAProfile, misfits, released_tables
from daybreak.register.releasing.package import NoSuchTable, write_release
from daybreak.register.releasing.profiles import NAMES, NoSuchProfile, profile_named, profiles
from daybreak.register.releasing.trying import NeedsApproval, try_profile
from daybreak.register.tables import TABLES
from daybreak.rulebook.public import told_age
from tests.rooms.register.house import House

SEED = b"k" * 32
DATE = re.compile(r"\b(19|20)\d\d-\d\d(-\d\d)?|\b\d{1,2}[./]\d{1,2}[./]\d{2,4}\b")
KEY = re.compile(r"[0-9a-z]{12}")


@pytest.fixture(scope="module")
def filled(house: House) -> House:
    """Sixteen people at two sites, some of them old, with sessions, scores and an event."""
    for number in range(16):
        site = ("dawn", "dusk")[number % 2]
        key = house.person(site, born=house.now.date().replace(year=house.now.year - 30 - 4 * number, day=1))
        started = house.now - timedelta(days=400 + 7 * number, minutes=13 * number)
        course = house.course(key, site, opened_at=started - timedelta(days=3))
        for turn in range(3):
            at = started + timedelta(days=3 * turn)
            session = house.session(key, course, site, number=turn + 1, started_at=at)
            house.score(key, 20 - turn, site, at=at + timedelta(days=1, hours=2))
        house.event(key, session, site, term="nausea", at=at)
    return house


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("snapshots")


@pytest.fixture(scope="module")
def frozen(filled: House, home: Path) -> Iterator[Dataset]:
    with override_settings(DAYBREAK_SNAPSHOTS=home):
        yield dataset(create_snapshot(actor=None, at=filled.now).id)


def release(frozen: Dataset, name: str, folder: Path, home: Path, **more: object) -> dict[str, list[dict[str, str]]]:
    profile = profile_named(name)
    anchors = read_anchors(home, frozen.manifest.id, seed=_seed()) if profile.times != "days" else None
    write_release(frozen, profile, folder, at=datetime(2026, 5, 1, tzinfo=UTC), anchors=anchors, **more)
    return rows_in(folder)


def rows_in(folder: Path) -> dict[str, list[dict[str, str]]]:
    found = {}
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            found[path.stem] = list(csv.DictReader(file))
    return {name: rows for name, rows in found.items() if name != "dictionary"}


def _seed() -> bytes:
    return configured.DAYBREAK_SIGNING_KEY


def test_safe_harbor_has_no_date_no_site_and_no_text_in_any_cell(
    filled: House, frozen: Dataset, home: Path, tmp_path: Path
) -> None:
    told = release(frozen, "safe_harbor", tmp_path / "out", home)

    sites = set(frozen.manifest.sites)
    words = {(t.name, c.name) for t in TABLES for c in t.columns if c.taken is Taken.WORD}
    for table, rows in told.items():
        for row in rows:
            for column, cell in row.items():
                assert column not in ("site", "week", "minute", "ended_minute"), (table, column)
                assert not DATE.search(cell), (table, column, cell)
                assert cell not in sites, (table, column, cell)
                assert (table, column) in words or re.fullmatch(
                    r"-?\d+(\.\d+)?|true|false|[0-9a-z]{12}||first session|registration", cell
                ), (table, column, cell)
    everything = b"".join(path.read_bytes() for path in (tmp_path / "out").iterdir())
    assert frozen.manifest.id.encode() not in everything, "the snapshot's name tells the day on which it was frozen"
    assert not re.search(rb"20\d\d-\d\d-\d\d", everything)
    assert len(told["person"]) == 16
    assert len(told["session"]) == 48
    assert {row["age"] for row in told["person"] if int(row["age"]) > 86} <= {"90"}


def test_who_turns_90_while_told_of_is_in_the_oldest_group(
    filled: House, frozen: Dataset, home: Path, tmp_path: Path
) -> None:
    told = release(frozen, "safe_harbor", tmp_path / "out", home)
    profile = profile_named("safe_harbor")

    last: dict[str, int] = {}
    for rows in told.values():
        for row in rows:
            for column, cell in row.items():
                if column.endswith("day") and cell:
                    last[row["person"]] = max(last.get(row["person"], -(10**6)), int(cell))
    ages = frozen.tables["person"].age.to_pyarrow().to_pylist()
    assert sorted(int(row["age"]) for row in told["person"]) == sorted(
        told_age(profile, age=age, last_day=10) for age in ages
    ), "each of the sixteen is told of for ten days at most"
    assert max(last.values()) <= 10


def test_a_limited_data_set_has_the_true_dates_and_sites(
    filled: House, frozen: Dataset, home: Path, tmp_path: Path
) -> None:
    told = release(frozen, "limited", tmp_path / "out", home)

    started = filled.sql("SELECT started_at FROM stand_in.treat_sessions")
    assert {row["at"] for row in told["session"]} == {f"{at:%Y-%m-%dT%H:%MZ}" for (at,) in _in_utc(started)}
    assert {row["date"] for row in told["session"]} == {f"{at:%Y-%m-%d}" for (at,) in _in_utc(started)}
    assert {row["site"] for row in told["session"]} == {"dawn", "dusk"}


def test_an_expert_s_rows_keep_what_lies_between_and_lose_when(
    filled: House, frozen: Dataset, home: Path, tmp_path: Path
) -> None:
    told = release(frozen, "expert", tmp_path / "out", home)
    true = release(frozen, "limited", tmp_path / "true", home)
    again = release(frozen, "expert", tmp_path / "again", home)

    assert _spans(told) == _spans(true) == _spans(again)
    assert {row["at"] for row in told["session"]}.isdisjoint(row["at"] for row in true["session"])
    assert {row["at"] for row in told["session"]}.isdisjoint(row["at"] for row in again["session"])
    firsts = {who: min(at) for who, at in _moments(told).items()}
    assert len({f"{at:%m%d}" for at in firsts.values()}) > 8, "each person is moved by a length of time of their own"
    assert not {"dawn", "dusk"} & {cell for rows in told.values() for row in rows for cell in row.values()}
    assert len({row["site"] for row in told["person"]}) == 2
    assert "calendar" not in told
    assert "site" not in told


@pytest.mark.parametrize("name", NAMES)
def test_two_releases_share_no_key_and_no_order(
    filled: House, frozen: Dataset, home: Path, tmp_path: Path, name: str
) -> None:
    first, second = (release(frozen, name, tmp_path / each, home) for each in ("a", "b"))

    keys = [
        {row[column] for table, rows in told.items() for row in rows for column in row if _is_key(table, column)}
        for told in (first, second)
    ]
    assert keys[0].isdisjoint(keys[1])
    assert all(KEY.fullmatch(key) for key in keys[0] if key)
    ages = [[row["age"] for row in told["person"]] for told in (first, second)]
    assert sorted(ages[0]) == sorted(ages[1])
    assert ages[0] != ages[1], "people stand in another order"
    for told in (first, second):
        people, sessions = {r["person"] for r in told["person"]}, {r["session"]: r["person"] for r in told["session"]}
        assert all(row["person"] in people for rows in told.values() for row in rows if "person" in row)
        assert all(sessions[row["session"]] == row["person"] for row in told["event"] if row["session"])


def test_what_nobody_has_named_stays(filled: House, frozen: Dataset, home: Path, tmp_path: Path) -> None:
    narrow = profile_named("safe_harbor").model_copy(update={"tables": {"person": ("person", "sex")}})
    write_release(frozen, narrow, tmp_path / "out", at=filled.now)

    assert list(rows_in(tmp_path / "out")) == ["person"]
    assert set(rows_in(tmp_path / "out")["person"][0]) == {"person", "sex"}


def test_the_manifest_counts_and_digests_every_file(filled: House, frozen: Dataset, home: Path, tmp_path: Path) -> None:
    release(frozen, "safe_harbor", tmp_path / "out", home, wanted=("event",))

    said = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))
    there = {path.name for path in (tmp_path / "out").iterdir()} - {"manifest.json"}
    assert (
        set(said["files"])
        == there
        == {"person.csv", "event.csv", "dictionary.csv", "dictionary.html", "dictionary.pdf", "READ-ME-FIRST.txt"}
    )
    for name, file in said["files"].items():
        assert hashlib.sha256((tmp_path / "out" / name).read_bytes()).hexdigest() == file["sha256"]
    assert said["files"]["event.csv"]["rows"] == 16
    with pytest.raises(NoSuchTable, match="did you mean “event”"):
        release(frozen, "safe_harbor", tmp_path / "other", home, wanted=("evnt",))


def test_every_profile_fits_the_description_and_names_no_part_of_a_name() -> None:
    for profile in profiles():
        assert list(misfits(profile)) == []
        for each in released_tables(profile):
            assert all(column.frozen.classification is not Class.IDENTITY for column in each.columns)
    assert len(profile_named("safe-harbor").identifiers) == 18
    with pytest.raises(NoSuchProfile):
        profile_named("open")


@pytest.mark.parametrize(
    ("tables", "said"),
    [
        ({"persons": ("person",)}, "did you mean “person”"),
        ({"person": ("person", "gae")}, "did you mean “age”"),
        ({"session": ("person", "minute")}, "finer than a day"),
        ({"calendar": ("week",)}, "the calendar's time"),
        ({"site": ("kind", "registered")}, "would tell the site"),
    ],
)
def test_a_profile_that_does_not_fit_is_refused(tables: dict[str, tuple[str, ...]], said: str) -> None:
    wrong = profile_named("safe_harbor").model_copy(update={"tables": {"person": ("person",), **tables}})
    with pytest.raises(NotAProfile, match=said):
        released_tables(wrong)


@settings(max_examples=200, deadline=None)
@given(age=st.integers(0, 90), last_day=st.integers(-500, 9000), name=st.sampled_from(NAMES))
def test_no_told_age_and_day_make_somebody_older_than_89(age: int, last_day: int, name: str) -> None:
    told = told_age(profile_named(name), age=age, last_day=last_day)
    assert told == 90 or told + max(last_day, 0) / 365.2425 < 90


def test_rows_of_real_people_need_an_approval(filled: House, frozen: Dataset, home: Path, tmp_path: Path) -> None:
    real = Dataset(replace(frozen.manifest, synthetic=False), frozen.tables)
    with pytest.raises(NeedsApproval):
        try_profile(real, profile_named("safe_harbor"), tmp_path / "out", at=filled.now, home=home, seed=_seed())
    assert not (tmp_path / "out").exists()


def test_moments_are_sealed_for_one_snapshot_and_one_house(tmp_path: Path) -> None:
    moments = pa.table({"person": ["a"], "anchor": [1_700_000_000]})
    path = keep_anchors(tmp_path, "one", [moments], seed=SEED)

    assert read_anchors(tmp_path, "one", seed=SEED) == moments
    assert b"person" not in path.read_bytes()
    for other, seed in (("two", SEED), ("one", b"x" * 32)):
        path.with_name("two").write_bytes(path.read_bytes())
        with pytest.raises(NoDates, match="were changed"):
            read_anchors(tmp_path, other, seed=seed)
    with pytest.raises(NoDates, match="only the profile Safe Harbor"):
        read_anchors(tmp_path, "none", seed=SEED)


def test_the_command_says_what_cannot_be_made(filled: House, frozen: Dataset, home: Path, tmp_path: Path) -> None:
    run = CliRunner().invoke(
        command, ["export", str(home / frozen.manifest.id), "--profile", "safe-harbor", "--out", str(tmp_path / "out")]
    )
    assert run.exit_code == 0, run.output
    assert (tmp_path / "out" / "READ-ME-FIRST.txt").read_text(encoding="utf-8").startswith("Safe Harbor")
    run = CliRunner().invoke(
        command, ["export", str(home / frozen.manifest.id), "--profile", "limited", "--out", str(tmp_path / "no")]
    )
    assert "lies outside its house" in str(run.exception)
    assert not (tmp_path / "no").exists()


def _is_key(table: str, column: str) -> bool:
    described = next(each for each in TABLES if each.name == table)
    return any(c.name == column and c.taken in (Taken.PERSON, Taken.KEY, Taken.KEY_OF) for c in described.columns)


def _moments(told: dict[str, list[dict[str, str]]]) -> dict[str, list[datetime]]:
    found: dict[str, list[datetime]] = {}
    for table in ("session", "score"):
        for row in told[table]:
            found.setdefault(row["person"], []).append(datetime.fromisoformat(row["at"]))
    return found


def _spans(told: dict[str, list[dict[str, str]]]) -> list[list[float]]:
    """Return for each person what lies between each moment and the first."""
    return sorted(sorted((at - min(moments)).total_seconds() for at in moments) for moments in _moments(told).values())


def _in_utc(rows: list[tuple]) -> list[tuple[datetime]]:
    return [(at.astimezone(UTC),) for (at,) in rows]
