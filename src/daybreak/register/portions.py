"""The people of a site by random portions, each held in memory with all that is frozen of them.

A portion is what a freeze holds at a time, so its memory does not grow with the register. Who is in which portion is
chance. The keys of a portion begin alike, and portions come in the order of these beginnings: written one after
another they give a file that is sorted by person (docs/decisions/frozen-in-portions.md).
"""

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice

import duckdb
import psycopg

from daybreak.register.description import Table
from daybreak.register.engine import scratch
from daybreak.register.refining import count_from_first_session, give_keys, refine
from daybreak.register.staging import Portion, consenting_people, stage
from daybreak.register.tables import PEOPLE, SESSIONS

# How many people are held at a time.
MOST = 1_000


def portions_of(source: psycopg.Cursor, site: str, beginnings: Iterator[str]) -> Iterator[Portion]:
    """Yield the people of a site whose consent to the registry stands, at most MOST at a time. `beginnings` yields
    those of the keys, each once in a freeze.
    """
    people = consenting_people(source, site)
    secrets.SystemRandom().shuffle(people)
    groups = [people[start : start + MOST] for start in range(0, len(people), MOST)]
    for beginning, group in zip(sorted(islice(beginnings, len(groups))), groups, strict=True):
        yield Portion(site, group, beginning)


def everybody(source: psycopg.Cursor, site: str) -> Portion:
    """Return the people of a site whose consent to the registry stands as one portion, for a look at one site."""
    return Portion(site, consenting_people(source, site), "")


@contextmanager
def in_memory(source: psycopg.Cursor, portion: Portion, tables: Sequence[Table]) -> Iterator[duckdb.DuckDBPyConnection]:
    """Hold tables of a portion in memory for the block: `raw_<table>` as it was read, `final_<table>` as it is frozen.

    People and sessions are read in any case, since times are counted from a person's first session.
    """
    with scratch() as memory:
        staged = (PEOPLE, SESSIONS, *(table for table in tables if table not in (PEOPLE, SESSIONS)))
        for table in staged:
            stage(source, memory, table, portion)
            give_keys(memory, table, portion.beginning)
        count_from_first_session(memory)
        for table in tables:
            refine(memory, table)
        yield memory
