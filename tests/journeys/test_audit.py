"""`daybreak audit verify` finds what a superuser does behind the application's back, and nothing when nobody did."""

import pytest

from tests.journeys.installation import Installation


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    """Return an installation with two sites and one patient, its database held running."""
    made = Installation(tmp_path_factory.mktemp("audit"))
    made.migrate()
    with made.running():
        made.run(
            "site",
            "add",
            "north",
            "--name",
            "North",
            "--time-zone",
            "Europe/Berlin",
            "--synthetic",
            "--lead-email",
            "l@n.example",
        )
        made.run("site", "add", "south", "--name", "South", "--time-zone", "Europe/London", "--synthetic")
        with made.superuser() as sql:
            sql.execute("SET session_replication_role = origin")
            sql.execute("SELECT set_config('app.purpose', 'a test', false)")
            sql.execute(
                "INSERT INTO people_patient (site, key, content_hash, registered_at, sex, birth_year, origin) SELECT 'north', "
                "gen_random_uuid(), '', now(), 'female', 1980, 'test' FROM generate_series(1, 5)"
            )
        yield made


def findings(house, code=1):
    return [(f["table"], f["what"]) for f in house.ask("audit", "verify", code=code)["findings"]]


def test_an_untouched_house_is_sound(house):
    report = house.ask("audit", "verify")
    assert report["sound"]
    assert report["seals"] >= 1
    assert report["entries"] >= 4


TAMPERINGS = {
    "a changed row": (
        "UPDATE people_patient SET sex = 'male' WHERE key = (SELECT min(key::text)::uuid FROM people_patient)",
        "UPDATE people_patient SET sex = 'female'",
        "changed",
    ),
    "an inserted row": (
        "INSERT INTO people_patient (site, key, content_hash, batch, recorded_at, registered_at, sex, origin) VALUES "
        "('north', '00000000-0000-7000-8000-000000000001', '', 1, now(), now(), 'male', 'attack')",
        "DELETE FROM people_patient WHERE origin = 'attack'",
        "inserted",
    ),
    "a removed row": (
        "CREATE TABLE kept AS SELECT * FROM people_patient ORDER BY key LIMIT 1; DELETE FROM people_patient WHERE key IN (SELECT key FROM kept)",
        "INSERT INTO people_patient SELECT * FROM kept; DROP TABLE kept",
        "removed",
    ),
    "a changed site": (
        "UPDATE people_site SET synthetic = false WHERE code = 'north'",
        "UPDATE people_site SET synthetic = true WHERE code = 'north'",
        "changed",
    ),
    "a changed audit entry": (
        "UPDATE ledger_entry SET actor = 'somebody else' WHERE id = (SELECT max(id) FROM ledger_entry WHERE relation = 'people_patient')",
        "UPDATE ledger_entry SET actor = '' WHERE actor = 'somebody else'",
        "changed",
    ),
    "a trigger switched off": (
        "ALTER TABLE people_patient DISABLE TRIGGER refuse_change",
        "ALTER TABLE people_patient ENABLE TRIGGER refuse_change",
        "switched off",
    ),
}


@pytest.mark.parametrize("name", TAMPERINGS)
def test_what_is_done_behind_its_back_is_found_and_nothing_else(house, name):
    tamper, undo, verb = TAMPERINGS[name]
    columns = "SELECT string_agg(column_name, ', ') FROM information_schema.columns WHERE table_name = 'people_patient'"
    with house.superuser() as sql:
        assert sql.execute(columns).fetchone()[0]
        sql.execute(tamper)
    found = findings(house)
    assert any(verb in what for _, what in found), found
    with house.superuser() as sql:
        sql.execute(undo)
    assert findings(house, code=0) == []


def test_rewritten_history_is_found_by_a_checkpoint_from_elsewhere_only(house, tmp_path):
    house.run("audit", "checkpoint", "--into", str(tmp_path / "safe"))
    with house.superuser() as sql:
        sql.execute("CREATE TABLE old_entry AS TABLE ledger_entry; CREATE TABLE old_seal AS TABLE ledger_seal")
        sql.execute("UPDATE ledger_entry SET purpose = 'rewritten'; DELETE FROM ledger_seal")
        sql.execute("SELECT ledger_seal_committed()")
    assert findings(house, code=0) == [], (
        "without a checkpoint from elsewhere an adversary is not seen, as the command says"
    )
    found = [
        what
        for _, what in [
            (f["table"], f["what"])
            for f in house.ask("audit", "verify", "--checkpoints", str(tmp_path / "safe"), code=1)["findings"]
        ]
    ]
    assert any("rewritten" in what or "does not" in what for what in found)
