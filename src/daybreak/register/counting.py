"""What is counted of a site at the freeze, without a person in it: its row, and its calendar."""

from collections.abc import Iterator
from contextlib import contextmanager

import duckdb
import pyarrow as pa

from daybreak.register.calendar import CALENDAR, FIRST_MONDAY
from daybreak.register.engine import scratch
from daybreak.register.refining import refine
from daybreak.register.tables import SITES

COUNTED = (SITES, CALENDAR)


@contextmanager
def counts_of(site: str, sites: pa.Table) -> Iterator[duckdb.DuckDBPyConnection]:
    """Hold the counted tables of a site in memory: its row of `sites`, and a calendar that is still empty."""
    with scratch() as counted:
        counted.register("sites", sites)
        counted.execute("CREATE TABLE raw_site AS FROM sites WHERE site = ?", [site])
        counted.execute(_EMPTY)
        for table in COUNTED:
            refine(counted, table)
        yield counted


def count_sessions(counted: duckdb.DuckDBPyConnection, memory: duckdb.DuckDBPyConnection) -> None:
    """Add the sessions of a portion in `memory` to the calendar. Each person is in one portion, so counts add up."""
    counted.register("more", memory.execute(_OF_PORTION, {"monday": FIRST_MONDAY}).to_arrow_table())
    counted.execute(_ADDED)
    counted.unregister("more")


_EMPTY = """
    CREATE TABLE raw_calendar (
        site VARCHAR, week BIGINT, position VARCHAR, route VARCHAR, counted VARCHAR, term VARCHAR, sessions BIGINT
    )
"""
_OF_PORTION = """
    WITH placed AS (
        SELECT site, key, route, floor((started_at - epoch($monday::TIMESTAMP)) / 604800)::BIGINT AS week,
               row_number() OVER (PARTITION BY site, patient_key ORDER BY started_at, key) AS place
        FROM raw_session WHERE started_at IS NOT NULL
    ), told AS (
        SELECT site, key, 'all' AS counted, NULL::VARCHAR AS term FROM placed
        UNION ALL SELECT site, session_key, 'watched', NULL FROM raw_quality
        UNION ALL SELECT site, session_key, 'mostly_missed', NULL FROM raw_quality WHERE missed > in_time + late
        UNION ALL SELECT site, session_key, 'any_event', NULL FROM raw_event
        UNION ALL SELECT site, session_key, 'severe_event', NULL FROM raw_event WHERE grade >= 3
        UNION ALL SELECT site, session_key, 'serious_event', NULL FROM raw_event WHERE serious
        UNION ALL SELECT site, session_key, 'term', term FROM raw_event
    )
    SELECT placed.site, week,
           CASE WHEN place = 1 THEN 'first' WHEN place <= 6 THEN 'second to sixth' ELSE 'later' END AS position,
           route, counted, term, count(DISTINCT placed.key) AS sessions
    FROM placed JOIN told ON told.site = placed.site AND told.key = placed.key
    GROUP BY ALL
"""
_ADDED = """
    CREATE OR REPLACE TABLE raw_calendar AS
    SELECT * REPLACE (sum(sessions)::BIGINT AS sessions) FROM (FROM raw_calendar UNION ALL FROM more) GROUP BY ALL
"""
