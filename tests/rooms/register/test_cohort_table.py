"""The table of a cohort: equal to the rulebook's decision on each person, and to what was published."""

import json
import random
from collections import Counter
from pathlib import Path

import ibis
import pyarrow as pa
import pytest
from click.testing import CliRunner

from daybreak.config.commands.cohort_ import command
from daybreak.kernel.moments import now
from daybreak.register.engine import held, schema
from daybreak.register.estimates.cohort import NoSuchPlace, cohort_table
from daybreak.register.folders import Dataset, dataset_in
from daybreak.register.manifest import read_manifest
from daybreak.register.reductions.cohort import cohort_counts
from daybreak.register.synthetic.keeping import keep_beside
from daybreak.register.synthetic.recipe import recipe
from daybreak.register.tables import TABLES
from daybreak.rulebook.public import Cohort, Library, member, shipped_folder

PERSONS = 6000
# At 6,000 people a share has a standard error of about 0.008 and the curve one of 0.012; three of each.
SHARE_WITHIN, CURVE_WITHIN = 0.025, 0.036


@pytest.fixture(scope="module")
def orka() -> Cohort:
    return Library.load(shipped_folder()).cohort("orka1_induction")


@pytest.fixture(scope="module")
def frozen(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """A synthetic cohort as a dataset."""
    return dataset_in(folder(tmp_path_factory.mktemp("cohorts")))


def folder(parent: Path, persons: int = PERSONS) -> Path:
    return keep_beside(parent, recipe(persons=persons, seed=11), at=now(), progress=lambda *_: None)


def deviant(found: Dataset) -> list[str]:
    said = found.manifest.recipe
    return [*said["does_worse"], *said["monitors_poorly"]]


def tables_of(rows: dict[str, list[dict]]) -> dict[str, object]:
    """Return described tables that hold these rows; what a row does not name is empty."""
    connection = ibis.duckdb.connect()
    found = {}
    for described in TABLES:
        named = [
            {column.name: row.get(column.name) for column in described.columns} for row in rows.get(described.name, [])
        ]
        table = pa.Table.from_pylist(named, schema(described.columns).to_pyarrow())
        found[described.name] = held(connection, described, table)
    return found


def people(count: int, seed: int) -> dict[str, dict]:
    """Return people at random around every boundary: sessions, routes and scores in minutes."""
    rng = random.Random(seed)
    found = {}
    for person in range(count):
        gap = rng.choice([1440, 1920, 2880, 4320, 5760])
        sessions = [number * gap for number in range(rng.randint(0, 10))]
        last = sessions[-1] if sessions else 0
        days = [*(-rng.randint(-1, 16) for _ in range(2)), *(rng.randint(12, 34) for _ in range(2)), *range(40, 90, 9)]
        scores = [
            (day * 1440 + (last if day > 0 else 0), float(rng.choice([0, 4, 5, 9, 10, 18, 19])))
            for day in days
            if rng.random() < 0.7
        ]
        found[f"p{person:04d}"] = {
            "sessions": sessions,
            "routes": [rng.choice(["intravenous", "intravenous", "intravenous", "oral"])],
            "scores": list(dict(scores).items()),
        }
    return found


def frozen_rows(told: dict[str, dict]) -> dict[str, list[dict]]:
    """Return the people's rows of the tables session and score."""
    return {
        "session": [
            {"person": person, "course": f"c{person}", "session": f"{person}{number}", "minute": minute, "route": said["routes"][0]}
            for person, said in told.items()
            for number, minute in enumerate(said["sessions"])
        ],
        "score": [
            {"person": person, "instrument": "phq9", "name": "total", "minute": minute, "value": value}
            for person, said in told.items()
            for minute, value in said["scores"]
        ],
    }  # fmt: skip


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_reduction_counts_what_the_rulebook_decides_of_each_person(orka: Cohort, seed: int) -> None:
    told = people(400, seed)
    decided = [member(orka, **said) for said in told.values() if said["sessions"]]

    found = cohort_counts(tables_of(frozen_rows(told)), orka)

    assert found.analysed > 30
    assert found.left_out == {why: count for why, count in Counter(each.because for each in decided).items() if why}
    assert found.met == {
        line.id: sum(each.met.get(line.id, False) for each in decided)
        for line in orka.lines
        if line.kind != "still_well"
    }
    ends = Counter((each.well_for_days, each.relapsed) for each in decided if each.well_for_days is not None)
    assert found.in_response == sum(ends.values())
    assert {(time, event) for time, event in zip(found.course.times, found.course.events, strict=True) if event} == {
        (float(day), float(sum(n for (d, relapsed), n in ends.items() if d == day and relapsed)))
        for day, relapsed in ends
        if relapsed
    }


def test_the_published_table_is_reproduced(orka: Cohort, frozen: Dataset) -> None:
    """ORKA-1: 53.6 % response, 28.9 % remission, about 80 % and 60 % of responders well at 4 and 8 weeks."""
    answer = cohort_table(frozen, orka, leave_out=deviant(frozen)).values

    assert answer["n"] > PERSONS / 2
    for line in answer["lines"]:
        within = CURVE_WITHIN if line["kind"] == "still_well" else SHARE_WITHIN
        assert line["estimate"] == pytest.approx(line["published"]["value"], abs=within), line["id"]
        assert line["lower"] < line["estimate"] < line["upper"]
        assert 0 < line["numerator"] < line["denominator"]


def test_the_site_that_does_worse_is_seen_to(orka: Cohort, frozen: Dataset) -> None:
    worse = frozen.manifest.recipe["does_worse"]
    others = [site for site in frozen.manifest.sites if site not in worse]

    here, elsewhere = (
        cohort_table(frozen, orka, leave_out=out).values["lines"][0]["estimate"] for out in (others, worse)
    )
    assert here < elsewhere - 0.08


def test_a_cohort_that_selects_nobody_is_answered(orka: Cohort, frozen: Dataset) -> None:
    none = orka.model_copy(update={"induction": orka.induction.model_copy(update={"routes": ("oral",)})})
    answer = cohort_table(frozen, none)

    assert answer.values["n"] == 0
    assert answer.values["left_out"] == {"other_route": PERSONS}
    assert {line["denominator"] for line in answer.values["lines"]} == {0}
    assert {line[key] for line in answer.values["lines"] for key in ("estimate", "lower", "upper")} == {None}
    assert any("selects nobody" in note for note in answer.notes)


def test_a_snapshot_without_anybody_is_answered(orka: Cohort, frozen: Dataset) -> None:
    answer = cohort_table(Dataset(frozen.manifest, tables_of({})), orka)

    assert answer.values["n"] == answer.values["treated"] == 0
    assert any("Nobody in this snapshot was treated" in note for note in answer.notes)


def test_nobody_is_said_to_be_well_on_a_day_that_nobody_reached(orka: Cohort, frozen: Dataset) -> None:
    person = {
        "sessions": [0, 4320, 8640, 12960],
        "routes": ["intravenous"],
        "scores": [(-60, 18.0), (40000, 5.0), (60000, 5.0)],
    }
    answer = cohort_table(Dataset(frozen.manifest, tables_of(frozen_rows({"p1": person}))), orka)

    assert [line["estimate"] for line in answer.values["lines"]] == [1.0, 0.0, 0.0, None, None]


def test_a_site_that_is_not_there_is_refused(orka: Cohort, frozen: Dataset) -> None:
    with pytest.raises(NoSuchPlace, match="nowhere"):
        cohort_table(frozen, orka, leave_out=["nowhere"])


def test_the_command_answers_from_a_folder(tmp_path: Path) -> None:
    made = folder(tmp_path, persons=500)
    result = CliRunner().invoke(command, ["run", "orka1_induction", "--snapshot", str(made), "--json"])

    assert result.exit_code == 0, result.output
    answer = json.loads(result.stdout)
    assert answer["snapshot"] == {
        "id": made.name,
        "fingerprint": read_manifest(made)[0].fingerprint,
        "synthetic": True,
    }
    assert {"id", "numerator", "denominator", "estimate", "lower", "upper"} <= answer["lines"][0].keys()
    assert any("synthetic" in note for note in answer["notes"])
