"""What is stored column by column is what would have been stored row by row."""

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from django.db import DataError, IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from daybreak.kernel.keys import new_key
from daybreak.kernel.scope import scoped
from daybreak.ledger.columns import content_hashes
from daybreak.ledger.public import TrayItem, record, record_columns
from daybreak.ledger.record import content_hash
from daybreak.treat.public import Reading
from tests.rooms.treat.stage import planned

MOMENT = datetime(2026, 3, 2, 15, 4, 5, 678, UTC)
zones = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
row = st.tuples(
    st.uuids(),
    st.text(max_size=12),
    st.decimals(-99_999, 99_999, places=3),
    st.text(max_size=8),
    st.datetimes(datetime(1, 1, 3), datetime(9999, 12, 29), timezones=zones),  # noqa: DTZ001
    st.none() | st.uuids(),
)
NAMES = ("key", "sign", "value", "unit", "measured_at", "device_key")


@given(st.lists(row, min_size=1, max_size=5), st.uuids(), st.uuids())
def test_a_row_told_in_columns_has_the_hash_that_it_has_alone(rows, patient, session):
    same = {"site": "dawn", "patient_key": patient, "session_key": session}
    columns = dict(zip(NAMES, zip(*rows, strict=True), strict=True))
    alone = [content_hash(Reading(**same, **dict(zip(NAMES, each, strict=True)))) for each in rows]
    assert content_hashes(Reading, same=same, columns=columns) == alone


def told(stage, keys, **more):
    columns = {
        "key": keys,
        "sign": [f"heart_rate{n % 2}" for n in range(len(keys))],
        "value": [Decimal(60 + n) for n in range(len(keys))],
        "unit": ["/min"] * len(keys),
        "measured_at": [MOMENT + timedelta(seconds=n) for n in range(len(keys))],
    }
    same = {"site": stage.site, "patient_key": stage.patient, "session_key": stage.session}
    return record_columns(Reading, same=same, columns={**columns, **more})


@pytest.mark.django_db
def test_what_is_sent_again_is_the_same_in_columns_and_in_rows_and_what_differs_waits(world):
    stage, keys = planned(world), [new_key() for _ in range(4)]
    with scoped(stage.scope()):
        assert told(stage, keys[:3]).new == set(keys[:3])
        again = told(stage, keys)
        assert (again.new, again.same) == ({keys[3]}, set(keys[:3]))
        assert record(list(Reading.objects.filter(key__in=keys))).same == set(keys)
        other = told(stage, keys, value=[Decimal(60), Decimal("61.5"), Decimal(62), Decimal(63)])
        assert (other.different, other.same) == ({keys[1]}, {keys[0], keys[2], keys[3]})
        assert [item.content["value"] for item in TrayItem.objects.filter(about_key=keys[1])] == ["61.5"]


@pytest.mark.django_db
def test_one_key_twice_in_one_telling_is_stored_once(world):
    stage, key = planned(world), new_key()
    with scoped(stage.scope()):
        found = told(stage, [key, key])
        assert (found.new, found.different) == ({key}, {key})
        assert Reading.objects.filter(key=key).count() == 1


@pytest.mark.django_db
def test_letters_arrive_as_they_were_sent(world):
    stage, keys = planned(world), [new_key() for _ in range(5)]
    odd = ['a"b', "a\\nb", "{}%s", "zwölf\n\t", "null"]
    with scoped(stage.scope()):
        told(stage, keys, unit=odd)
        assert [Reading.objects.get(site=stage.site, key=key).unit for key in keys] == odd


@pytest.mark.django_db
def test_what_does_not_fit_or_points_nowhere_is_refused_whole(world):
    stage, keys = planned(world), [new_key() for _ in range(2)]
    with scoped(stage.scope()):
        with pytest.raises(DataError), transaction.atomic():
            told(stage, keys, unit=["/min", "x" * 21])
        for strange in ("patient_key", "session_key", "device_key"):
            with pytest.raises(IntegrityError, match="not there"), transaction.atomic():
                told(stage, keys, **{strange: [getattr(stage, strange[:-4], new_key()), new_key()]})
        assert not Reading.objects.filter(key__in=keys).exists()
