"""Raw scores reduced by an expression and in one pass: the same people, times and events."""

import ibis
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from daybreak.register.reductions.event_tables import event_tables
from daybreak.register.reductions.first_relapse import Cutoffs, first_relapse, relapse_tables_in_order

CUTOFFS = Cutoffs(remission=9, relapse=15)


def scores_of(seed, people=200):
    chance = np.random.default_rng(seed)
    visits = chance.integers(1, 9, people)
    person = np.repeat(np.arange(people, dtype=np.int32), visits)
    day = np.concatenate([np.sort(chance.choice(60, many, replace=False)) for many in visits]).astype(np.int16)
    return pa.table({"person": person, "day": day, "score": chance.integers(0, 28, len(person)).astype(np.int8)})


@pytest.mark.parametrize("rows_in_a_group", [7, 64, 10_000])
@pytest.mark.parametrize("seed", range(5))
def test_one_pass_over_a_sorted_file_is_the_expression(tmp_path, seed, rows_in_a_group):
    table, arms = scores_of(seed), np.arange(200) % 3
    pq.write_table(table, tmp_path / "scores.parquet", row_group_size=rows_in_a_group)
    ends = first_relapse(ibis.memtable(table), CUTOFFS)
    expected = event_tables(ends.mutate(arm=ends.person % 3), by=("arm",))

    found = relapse_tables_in_order(tmp_path / "scores.parquet", arms, 3, CUTOFFS)

    for arm in range(3):
        for column in ("times", "at_risk", "events"):
            assert getattr(found[arm], column).tolist() == getattr(expected[(arm,)], column).tolist()


def test_a_relapse_counts_after_remission_only():
    rows = [(0, 0, 20), (0, 5, 8), (0, 9, 12), (0, 12, 16), (1, 0, 9), (2, 3, 5), (2, 4, 7), (3, 1, 25), (3, 8, 26)]
    table = pa.table(dict(zip(("person", "day", "score"), zip(*rows, strict=True), strict=True)))

    found = first_relapse(ibis.memtable(table), CUTOFFS).order_by("person").to_pyarrow().to_pylist()

    assert found == [{"person": 0, "time": 7, "event": 1}, {"person": 2, "time": 1, "event": 0}]
