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


def test_a_changed_row_is_named_within_its_batch(house):
    with house.superuser() as sql:
        (key,) = sql.execute("SELECT key::text FROM people_patient ORDER BY key OFFSET 2 LIMIT 1").fetchone()
        sql.execute("UPDATE people_patient SET birth_year = 1981 WHERE key = %s", [key])
    found = house.ask("audit", "verify", code=1)["findings"]
    assert [each["place"].split(", row ")[1:] for each in found] == [[f"north/{key}"]]
    with house.superuser() as sql:
        sql.execute("UPDATE people_patient SET birth_year = 1980 WHERE key = %s", [key])


LATER = "ALTER TABLE people_patient ADD COLUMN shoe_size int"
AS_JSON = """
UPDATE ledger_entry e SET columns = NULL, places = NULL, digest = (
    SELECT sha256(string_agg(ledger_row_digest(to_jsonb(t)), ''::bytea ORDER BY ledger_row_digest(to_jsonb(t))))
    FROM people_patient t WHERE t.batch = e.batch
) WHERE relation = 'people_patient'
"""


def test_a_column_that_came_later_breaks_no_digest_until_it_is_filled(house):
    with house.superuser() as sql:
        sql.execute(LATER)
    assert findings(house, code=0) == []
    with house.superuser() as sql:
        sql.execute("UPDATE people_patient SET shoe_size = 39")
    assert [table for table, _ in findings(house)] == ["people_patient"] * 5
    with house.superuser() as sql:
        sql.execute("ALTER TABLE people_patient DROP COLUMN shoe_size")


def test_entries_from_before_columns_were_named_are_read_as_they_were_written(house):
    with house.superuser() as sql:
        sql.execute("CREATE TABLE kept_entry AS TABLE ledger_entry; SET timezone = 'UTC'")
        sql.execute(AS_JSON)
    assert {table for table, _ in findings(house)} == {"ledger_entry"}, "only the seals of the rewritten entries say so"
    with house.superuser() as sql:
        sql.execute("UPDATE people_patient SET sex = 'male' WHERE birth_year = 1980")
    assert "people_patient" in {table for table, _ in findings(house)}
    with house.superuser() as sql:
        sql.execute(
            "UPDATE people_patient SET sex = 'female'; TRUNCATE ledger_entry; INSERT INTO ledger_entry TABLE kept_entry"
        )
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


def test_tables_of_another_version_are_one_sentence(house):
    with house.superuser() as sql:
        sql.execute("ALTER TABLE people_patient RENAME TO people_patient_elsewhere")
    try:
        said = house.run("audit", "verify", code=2)
    finally:
        with house.superuser() as sql:
            sql.execute("ALTER TABLE people_patient_elsewhere RENAME TO people_patient")
    assert said.stderr == "The database's tables are not up to date. Run “daybreak migrate” first.\n"
