"""The live chart misses no reading, however long its transaction takes."""

from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import UUID

import psycopg
import pytest

from daybreak.config.cluster import address
from daybreak.config.environment import installation
from daybreak.kernel.keys import new_key
from daybreak.kernel.scope import Scope, scoped
from daybreak.treat.queries.arrivals import readings_arrived_after

SITE, SESSION = "tide", new_key()
MEASURED = datetime(2026, 3, 2, 15, tzinfo=UTC)


@pytest.fixture
def connections() -> Iterator[tuple[psycopg.Connection, psycopg.Connection]]:
    """Two connections that commit for themselves, past the guards; what they wrote is removed again."""
    where = address(installation().cluster, "postgres")
    with psycopg.connect(where) as one, psycopg.connect(where) as other:
        for each in (one, other):
            each.execute("SET session_replication_role = replica")
            each.commit()
        yield one, other
        one.rollback()
        other.execute("DELETE FROM treat_reading WHERE site = %s", [SITE])
        other.commit()


def store(connection: psycopg.Connection, *, batch: int) -> UUID:
    key = new_key()
    connection.execute(
        "INSERT INTO treat_reading (site, key, content_hash, batch, recorded_at, patient_key, session_key, sign, value, "
        "unit, measured_at) VALUES (%s, %s, '', %s, now(), %s, %s, 'heart_rate', 72, '/min', %s)",
        [SITE, key, batch, new_key(), SESSION, MEASURED],
    )
    return key


@pytest.mark.django_db
def test_a_reading_whose_transaction_ends_late_arrives_after_a_quicker_one_with_a_higher_number(connections):
    slow, quick = connections
    late = store(slow, batch=1)
    early = store(quick, batch=2)
    quick.commit()

    with scoped(Scope(SITE, None, "a test")) as scope:
        first = readings_arrived_after(scope, SESSION, after=0)
        slow.commit()
        second = readings_arrived_after(scope, SESSION, after=first.after)
        third = readings_arrived_after(scope, SESSION, after=second.after)

    assert [row.key for row in first.readings] == [early]
    assert late in {row.key for row in second.readings}
    assert third.readings == []
