"""The freeze: one consistent read of what the rooms publish, copied to Parquet without a name, a date or a
key of the house.

It connects as a role that has no grant on any table and sees only the schema `published`. Rows stream from
COPY through a pipe into memory, some people at a time, get their random keys there, and only then touch the disk; what
ties a random key to a person is gone when their portion is written.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import psycopg
import pyarrow as pa
from django.conf import settings
from django.db import connections

from daybreak.register.anchors import anchors_of
from daybreak.register.counting import COUNTED, count_sessions, counts_of
from daybreak.register.description import Table
from daybreak.register.manifest import FrozenFile, Used
from daybreak.register.portions import in_memory, portions_of
from daybreak.register.pseudonyms import random_beginnings
from daybreak.register.refining import in_order, used_definitions, withheld
from daybreak.register.refusals import CannotRead, MixedSites
from daybreak.register.staging import ask_by_index, staged_sites
from daybreak.register.tables import TABLES
from daybreak.register.writing import SiteFiles

Progress = Callable[[int, int, str], None]
OF_PEOPLE = tuple(table for table in TABLES if table.of_people)


@dataclass(slots=True)
class Frozen:
    """What a freeze wrote into a folder; `anchors` is in none of its files."""

    synthetic: bool
    sites: tuple[str, ...]
    files: dict[str, FrozenFile] = field(default_factory=dict)
    definitions: set[Used] = field(default_factory=set)
    withheld: Counter[str] = field(default_factory=Counter)
    anchors: list[pa.Table] = field(default_factory=list)

    def take(self, memory: duckdb.DuckDBPyConnection, table: Table, files: SiteFiles) -> None:
        """Write what memory holds of a table, and note what was used and withheld."""
        files.add(table, in_order(memory, table))
        self.definitions |= used_definitions(memory, table)
        self.withheld.update(withheld(memory, table))


def freeze_into(folder: Path, *, synthetic: bool | None, progress: Progress) -> Frozen:
    """Copy every described table of all consenting people into Parquet below `folder`, partitioned by site.

    `synthetic` chooses which kind of site is frozen; None takes the only kind there is. `progress(done, of, site)`
    counts people. Raises MixedSites where there are both kinds, and CannotRead where the role of the freeze cannot
    read what the rooms publish.
    """
    with one_consistent_read() as source:
        frozen = _chosen(source, synthetic)
        sites = staged_sites(source, frozen.sites)
        ask_by_index(source)
        done, of = 0, sum(sites["consenting"].to_pylist())
        progress(done, of, "")
        beginnings = random_beginnings()
        for site in frozen.sites:
            for taken in _freeze_site(source, site, sites, frozen, folder, beginnings):
                done += taken
                progress(done, of, site)
    return frozen


def _freeze_site(
    source: psycopg.Cursor, site: str, sites: pa.Table, frozen: Frozen, folder: Path, beginnings: Iterator[str]
) -> Iterator[int]:
    """Write the files of a site; yield of how many people each portion was."""
    with counts_of(site, sites) as counted, SiteFiles(folder, site, TABLES) as files:
        for portion in portions_of(source, site, beginnings):
            with in_memory(source, portion, OF_PEOPLE) as memory:
                for table in OF_PEOPLE:
                    frozen.take(memory, table, files)
                frozen.anchors.append(anchors_of(memory))
                count_sessions(counted, memory)
            yield len(portion.people)
        for table in COUNTED:
            frozen.take(counted, table, files)
    frozen.files |= files.described()


@contextmanager
def one_consistent_read() -> Iterator[psycopg.Cursor]:
    """Hold one REPEATABLE READ, READ ONLY transaction open as the role of the freeze. Raises CannotRead."""
    if "freeze" not in connections:
        raise CannotRead("The freeze needs the address of its own role: set DATABASE_FREEZE_URL.")
    given = connections["freeze"].get_connection_params()
    address = {name: given[name] for name in ("dbname", "user", "password", "host", "port") if given.get(name)}
    address |= settings.DATABASES["freeze"]["OPTIONS"]
    try:
        with psycopg.connect(**address) as connection:
            connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            connection.read_only = True
            yield connection.cursor()
    except (psycopg.OperationalError, psycopg.ProgrammingError) as fault:
        raise CannotRead(f"The published data could not be read: {str(fault).strip().splitlines()[0]}") from fault


def _chosen(source: psycopg.Cursor, synthetic: bool | None) -> Frozen:
    source.execute("SELECT site, synthetic FROM published.people_sites ORDER BY site")
    kinds = dict(source.fetchall())
    if synthetic is None and len(set(kinds.values())) > 1:
        raise MixedSites(
            "This house has synthetic and real sites, and a snapshot never mixes them. Say which to freeze: "
            "synthetic or real."
        )
    wanted = all(kinds.values()) if synthetic is None else synthetic
    return Frozen(synthetic=wanted, sites=tuple(site for site, kind in kinds.items() if kind == wanted))
