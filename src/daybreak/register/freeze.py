"""The freeze: one consistent read of what the rooms publish, copied to Parquet without a name, a date or a
key of the house.

It connects as a role that has no grant on any table and sees only the schema `published`. Rows stream from
COPY through a pipe into memory, get their random keys there, and only then touch the disk; what ties a random
key to a person is gone when the function returns.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pyarrow as pa
from django.conf import settings
from django.db import connections

from daybreak.register.anchors import anchors_of
from daybreak.register.engine import scratch
from daybreak.register.manifest import FrozenFile, Used
from daybreak.register.refining import refine, used_definitions, withheld, write
from daybreak.register.refusals import CannotRead, MixedSites
from daybreak.register.staging import stage
from daybreak.register.tables import TABLES

Progress = Callable[[int, int, str], None]


@dataclass(slots=True)
class Frozen:
    """What a freeze wrote into a folder; `anchors` is in none of its files."""

    synthetic: bool
    sites: tuple[str, ...]
    files: dict[str, FrozenFile] = field(default_factory=dict)
    definitions: set[Used] = field(default_factory=set)
    withheld: dict[str, int] = field(default_factory=dict)
    anchors: pa.Table | None = None


def freeze_into(folder: Path, *, synthetic: bool | None, progress: Progress) -> Frozen:
    """Copy every described table of all consenting people into Parquet below `folder`, partitioned by site.

    `synthetic` chooses which kind of site is frozen; None takes the only kind there is. Raises MixedSites
    where there are both, and CannotRead where the role of the freeze cannot read what the rooms publish.
    """
    with one_consistent_read() as source, scratch() as memory:
        frozen = _chosen(source, synthetic)
        for done, table in enumerate(TABLES):
            progress(done, len(TABLES), table.name)
            stage(source, memory, table, frozen.sites)
            refine(memory, table)
            frozen.definitions |= used_definitions(memory, table)
            frozen.withheld |= withheld(memory, table)
            for site in frozen.sites:
                path, file = write(memory, table, site, folder)
                frozen.files[path] = file
        frozen.anchors = anchors_of(memory)
        progress(len(TABLES), len(TABLES), "")
    return frozen


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
