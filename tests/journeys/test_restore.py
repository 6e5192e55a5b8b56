"""The audit goes on after a dump and restore into another cluster, whose transaction ids begin anew."""

import shutil
import subprocess
from pathlib import Path

import psycopg
import pytest

from daybreak.config.cluster import address, binaries
from tests.journeys.installation import Installation

PLACE = ("--time-zone", "Europe/Berlin", "--synthetic")
ADMIT = (
    "INSERT INTO people_patient (site, key, content_hash, registered_at, sex, birth_year, origin) SELECT 'north', "
    "gen_random_uuid(), '', now(), 'female', 1980, 'test' FROM generate_series(1, 3)"
)


@pytest.fixture(scope="module")
def old(tmp_path_factory):
    """Return an installation whose cluster has counted thousands of transactions; some entries are not sealed yet."""
    made = Installation(tmp_path_factory.mktemp("old"))
    made.migrate()
    with made.running():
        made.run("site", "add", "north", "--name", "North", *PLACE)
        with owner(made) as sql:
            for _ in range(5000):
                sql.execute("SELECT pg_current_xact_id()")
            sql.execute(ADMIT)
        assert made.ask("audit", "verify")["sound"]
        with owner(made) as sql:
            sql.execute(ADMIT)
        yield made


def owner(house: Installation) -> psycopg.Connection:
    return psycopg.connect(address(house.home / "postgres", "postgres"), autocommit=True)


def moved(old: Installation, home: Path) -> Installation:
    """Dump the database and restore it in the cluster of a new home, with the keys."""
    new = Installation(home)
    dump = home / "dump"
    from_, to = address(old.home / "postgres", "postgres"), address(home / "postgres", "postgres", "postgres")
    subprocess.run([binaries() / "pg_dump", "-Fc", "-d", from_, "-f", dump], check=True)
    afresh = ("--create", "--clean", "--if-exists", "--exit-on-error")
    subprocess.run([binaries() / "pg_restore", *afresh, "-d", to, dump], check=True)
    shutil.copytree(old.home / "keys", new.home / "keys")
    return new


def test_seals_go_on_in_another_cluster_and_wait_for_late_transactions(old, tmp_path):
    before = xact(old)
    with Installation(tmp_path).running():
        new = moved(old, tmp_path)
        assert xact(new) < before, "the new cluster counts from the beginning"
        new.run("migrate")
        with owner(new) as late, owner(new) as soon:
            late.autocommit = False
            late.execute(ADMIT)
            soon.execute(ADMIT)
            waiting = new.ask("audit", "verify")
            assert waiting["sound"]
            assert waiting["unsealed"] >= 1, "what follows an open transaction is not sealed yet"
            late.commit()
        new.run("site", "add", "south", "--name", "South", *PLACE)
        report = new.ask("audit", "verify")
        assert report["sound"]
        assert report["unsealed"] == 0
        assert report["seals"] > waiting["seals"] > old.ask("audit", "verify")["seals"] - 1
        with new.superuser() as sql:
            sql.execute("UPDATE ledger_entry SET actor = 'x' WHERE id = (SELECT max(id) FROM ledger_entry)")
        assert not new.ask("audit", "verify", code=1)["sound"]


def test_what_was_changed_before_the_dump_is_found_after_the_restore(old, tmp_path):
    one = "(SELECT min(key::text)::uuid FROM people_patient)"
    with old.superuser() as sql:
        sql.execute(f"UPDATE people_patient SET birth_year = 1981 WHERE key = {one}")
    try:
        with Installation(tmp_path).running():
            new = moved(old, tmp_path)
            found = new.ask("audit", "verify", code=1)["findings"]
    finally:
        with old.superuser() as sql:
            sql.execute(f"UPDATE people_patient SET birth_year = 1980 WHERE key = {one}")
    assert [finding["table"] for finding in found] == ["people_patient"]


def xact(house: Installation) -> int:
    with owner(house) as sql:
        return int(sql.execute("SELECT pg_snapshot_xmax(pg_current_snapshot())::text").fetchone()[0])
