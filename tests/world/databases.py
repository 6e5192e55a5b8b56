"""Databases of the tests: one is migrated and guarded, once, and every other is a copy of it."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from django.db import connections

from daybreak.config.cluster import DATABASE, Cluster, address
from daybreak.config.database import bring_up_to_date
from daybreak.config.environment import installation

MIGRATED = "migrated"
ALIASES = ("default", "owner", "freeze")


def make_the_database() -> None:
    """Make the database that the settings name, empty and guarded. A kept folder's is thrown away."""
    with _superuser() as server:
        known = server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [MIGRATED]).fetchone()
    if not known:
        Cluster(installation().cluster).prepare(MIGRATED)
    with _pointed_at(MIGRATED):
        bring_up_to_date()
    _copy_migrated(DATABASE)


@contextmanager
def a_database(name: str) -> Iterator[None]:
    """Make an empty, guarded database and point this process at it for the block: what is committed there, other
    tests do not see.
    """
    _copy_migrated(name)
    with _pointed_at(name):
        yield


def _copy_migrated(name: str) -> None:
    with _superuser() as server:
        server.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        server.execute(f"CREATE DATABASE {name} TEMPLATE {MIGRATED} OWNER daybreak_owner")
        server.execute(f"REVOKE ALL ON DATABASE {name} FROM PUBLIC")
        server.execute(f"GRANT CONNECT ON DATABASE {name} TO daybreak_app, daybreak_freeze")


def _superuser() -> psycopg.Connection:
    return psycopg.connect(address(installation().cluster, "postgres", "postgres"), autocommit=True)


@contextmanager
def _pointed_at(name: str) -> Iterator[None]:
    before = {alias: _point(alias, name) for alias in ALIASES}
    try:
        yield
    finally:
        for alias, database in before.items():
            _point(alias, database)


def _point(alias: str, database: str) -> str:
    before = connections[alias].settings_dict["NAME"]
    connections[alias].close()
    if alias == "default":
        connections[alias].close_pool()
    connections[alias].settings_dict["NAME"] = database
    return before
