"""The checks of data quality: the counts of many rows are those of the rulebook's rule on each, site by site."""

import json
import random
from pathlib import Path

import ibis
import pyarrow as pa
import pytest
from click.testing import CliRunner

from daybreak.config.commands.quality_ import command
from daybreak.kernel.moments import now
from daybreak.register.engine import held, schema
from daybreak.register.quality.counting import Counts, NotDescribed, counted, judged
from daybreak.register.quality.needs import Needs, needs_of
from daybreak.register.quality.standing import median_of_others, standings
from daybreak.register.synthetic.keeping import keep_beside
from daybreak.register.synthetic.recipe import recipe
from daybreak.register.tables import TABLES
from daybreak.rulebook.public import Beside, Library, Quality, QualityCheck, shipped_folder, well_of

LIBRARY = Library.load(shipped_folder())
QUALITY = LIBRARY.quality("house")
NEEDS = needs_of(QUALITY, LIBRARY)
SITES = ("dawn", "dusk", "noon")


def tables_of(rows: dict[str, list[dict]]) -> dict[str, object]:
    """Return described tables that hold these rows; what a row does not name is empty."""
    connection = ibis.duckdb.connect()
    found = {}
    for described in TABLES:
        named = [{c.name: row.get(c.name) for c in described.columns} for row in rows.get(described.name, [])]
        found[described.name] = held(
            connection, described, pa.Table.from_pylist(named, schema(described.columns).to_pyarrow())
        )
    return found


def some_rows(rng: random.Random) -> dict[str, list[dict]]:
    """Return rows at random, around every boundary and with holes."""

    def maybe(*values: object) -> object:
        return rng.choice([None, *values, *values])

    rows: dict[str, list[dict]] = {name: [] for name in ("person", "session", "score", "reading", "quality", "event")}
    for number in range(120):
        site, person = rng.choice(SITES), f"p{number}"
        rows["person"].append({"site": site, "person": person, "sex": maybe("female"), "age": maybe(0, 90)})
        for visit in range(rng.randint(0, 3)):
            here = {"site": site, "person": person, "session": f"{person}s{visit}"}
            start = maybe(1440 * visit)
            rows["session"].append(
                here
                | {"state": rng.choice(["discharged", "planned"]), "route": maybe("oral"), "dose_mg": maybe(35.0, -1.0)}
                | {
                    "minute": start,
                    "ended_minute": maybe(1440 * visit, 1440 * visit - 1, 99999),
                    "weight_kg": maybe(71.0),
                }
            )
            for sign, unit in (("systolic_pressure", "mm[Hg]"), ("heart_rate", "/min"), ("own_sign", "1")):
                if rng.random() < 0.7:
                    values = {name: maybe(10.0, 120.0, 299.0, 301.0) for name in ("baseline", "lowest", "highest")}
                    rows["reading"].append(here | {"sign": sign, "unit": unit} | values)
            if rng.random() < 0.7:
                asked = rng.randint(0, 9)
                rows["quality"].append(here | {"asked": asked, "in_time": rng.randint(0, asked)})
        for _ in range(rng.randint(0, 4)):
            minute = rng.choice([-20161, -20160, 0, 1, 5760, 7200, 14399, 14400, 14401, 17279, 17280, 90000])
            rows["score"].append(
                {"site": site, "person": person, "instrument": rng.choice(["phq9", "phq9", "madrs"]), "minute": minute}
                | {"instrument_version": 1, "name": "total", "value": maybe(0.0, 27.0, 28.0, -1.0)}
            )
        began = maybe(5)
        rows["event"].append({"site": site, "person": person, "minute": began, "ended_minute": maybe(5, 4, 6)})
    return rows


def beside(check: QualityCheck, needs: Needs) -> Beside:
    """Return what the rule needs, from the same definitions."""

    def bounds(row: dict) -> tuple[float, float] | None:
        if check.bounds == "facts":
            return needs.signs.get((row["sign"], row["unit"]))
        return needs.scores.get((row["instrument"], row["instrument_version"], row["name"]))

    return Beside(
        bounds,
        needs.within(check) if check.measure else (0, 0),
        lambda row: (row["instrument"], row["name"]) == ("phq9", "total"),
    )


@pytest.mark.parametrize("seed", range(5))
def test_the_counts_are_those_of_the_rule_on_each_row(seed: int) -> None:
    rows = some_rows(random.Random(seed))
    found = counted(tables_of(rows), QUALITY, NEEDS)
    for check in QUALITY.checks:
        if check.kind == "fits":
            continue
        for site in SITES:
            mine = {name: [row for row in each if row["site"] == site] for name, each in rows.items()}
            well, of = well_of(check, mine, beside(check, NEEDS))
            got = found[check.id].get(site, Counts(0, 0, 0))
            assert (got.well, got.of) == (well, of), (check.id, site)
            assert of, f"nothing was tried of {check.id} at {site}"


def test_a_row_fits_where_each_of_its_values_is_as_described() -> None:
    whole = {"site": "dawn", "person": "a", "sex": "female", "age": 90, "counted_from": "registration"}
    wrong = [{"sex": None}, {"sex": "f"}, {"age": 91}, {"age": -1}]
    tables = tables_of({"person": [whole, *(whole | {"site": "dusk"} | each for each in wrong)]})
    check = QUALITY.check("people_fit")
    found = judged(tables, check, NEEDS).group_by("site").agg(well=lambda t: t.well.sum()).to_pyarrow().to_pylist()
    assert {row["site"]: row["well"] for row in found} == {"dawn": 1, "dusk": 0}


def test_a_column_described_after_the_freeze_is_not_asked() -> None:
    whole = {"site": "dawn", "person": "a", "sex": "female", "age": 30}  # no snapshot of then said counted_from
    assert counted(tables_of({"person": [whole]}), QUALITY, NEEDS)["people_fit"] == {"dawn": Counts(1, 1, 1)}


def test_a_check_of_what_is_not_described_is_refused_in_a_sentence() -> None:
    check = QUALITY.check("weight_recorded").model_copy(update={"columns": ("shoe_size",)})
    with pytest.raises(NotDescribed, match=r"“session\.shoe_size”: the register does not describe that"):
        judged(tables_of({}), check, NEEDS)


def test_every_shipped_check_looks_at_what_is_described() -> None:
    for check in QUALITY.checks:
        judged(tables_of({}), check, NEEDS)


@pytest.mark.parametrize(("well", "enough"), [(97, False), (98, True), (100, True)])
def test_enough_is_what_the_definition_says_to_the_row(well: int, enough: bool) -> None:
    found = {"dose_recorded": {"dawn": Counts(well, 100, 30)}}
    earlier = {"dose_recorded": {"dawn": Counts(90, 100, 30)}}
    first = standings(QUALITY, found, "dawn", earlier=earlier)[0]
    assert (first.enough, first.change, first.failing) == (enough, well - 90, 100 - well)
    assert all(not each.asked and each.enough for each in standings(QUALITY, found, "dawn")[1:])


def test_the_other_clinics_are_told_as_a_rounded_median_of_enough_of_them() -> None:
    clinics = {code: Counts(well, 100, people) for code, well, people in (("a", 71, 11), ("b", 83, 11), ("c", 99, 11))}
    assert median_of_others(clinics | {"own": Counts(1, 100, 40)}, "own") == 85
    assert median_of_others(clinics, "a") is None, "two others would tell of each other"
    small = clinics | {"c": Counts(99, 100, 10), "own": Counts(1, 100, 40)}
    assert median_of_others(small, "own") is None, "ten people are a small group"


def test_the_command_finds_the_site_that_monitors_poorly(tmp_path: Path) -> None:
    folder = keep_beside(tmp_path, recipe(persons=1500, seed=3), at=now(), progress=lambda *_: None)
    told = json.loads(CliRunner().invoke(command, ["run", str(folder), "--json"], catch_exceptions=False).stdout)
    late = {row["site"] for row in told["rows"] if row["check"] == "readings_in_time" and not row["enough"]}
    assert late == {"synthetic-005"}
    row = next(each for each in told["rows"] if each["check"] == "dose_recorded")
    assert row["lower"] <= row["share"] == row["numerator"] / row["denominator"] <= row["upper"]
    alone = json.loads(CliRunner().invoke(command, ["run", str(folder), "--site", "synthetic-005", "--json"]).stdout)[
        "rows"
    ]
    assert alone == [row for row in told["rows"] if row["site"] == "synthetic-005"]
    refused = CliRunner().invoke(command, ["run", str(folder), "--site", "nowhere"])
    assert "no site “nowhere”" in str(refused.exception)


def test_a_definition_that_does_not_hold_together_is_refused() -> None:
    whole = QUALITY.model_dump(exclude={"fingerprint"})
    wrongs = {
        "columns": {"columns": []},
        "“bounds” goes with": {"bounds": "facts"},
        "take a measure": {"measure": "phq9_response"},
    }
    for said, change in wrongs.items():
        checks = [dict(whole["checks"][0]) | change, *whole["checks"][1:]]
        with pytest.raises(ValueError, match=said):
            Quality.model_validate(whole | {"checks": checks})
    with pytest.raises(ValueError, match="no example tries dose_recorded"):
        Quality.model_validate(whole | {"examples": whole["examples"][1:]})
