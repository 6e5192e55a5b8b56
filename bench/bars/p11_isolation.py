"""P11: what row-level security costs. Every query of the application's pages, under the policies and without them.

One clinic of the demonstration is played, its pages are opened in every role, and what they ask of the database is
kept. The rows are then copied, to other patients and to other sites. On that database each kept query runs, prepared
when it is asked again as on the application's connections, as the application's role, under the policies, and as the
tables' owner, whom no policy binds: the query's own WHERE names the site, and both must give the same rows. Runs are
interleaved, and a query is judged by the fastest of its runs on either side.
"""

from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

import psycopg

from bench.asked import Asked, asked_by_pages
from bench.figure import Figure
from bench.multiplied import SUPERUSER, multiply
from bench.place import installed

BOUND = 1.05
SIZES = {"quick": (10, 4, 60), "full": (60, 12, 300)}  # copies of each patient, other sites, runs of each query
ROLES = {"daybreak_app": "", "daybreak_owner": " "}  # and what tells the statement of one from that of the other


def measure(size: str) -> Iterator[Figure]:
    """Yield the cost for all queries together, and for the query that pays most."""
    copies, sites, runs = SIZES[size]
    with installed(durable=False) as home:
        asked = _asked_in_a_clinic()
        rows = multiply(home, copies=copies, sites=sites)
        took = [_fastest(home, query, runs) for query in asked]
    how = f"{len(asked)} queries of the pages, {rows:,} rows at {sites + 1} sites, fastest of {runs} interleaved runs"
    guarded, plain = (sum(side) for side in zip(*took, strict=True))
    yield _figure("all queries", guarded / plain, f"with policies / explicit WHERE only; {how}")
    worst, (guarded, plain) = max(enumerate(took), key=lambda each: each[1][0] / each[1][1])
    table = asked[worst].text.split("FROM", 1)[1].split()[0].strip('"')
    yield _figure("worst query", guarded / plain, f"the same; a query of {table}: {guarded * 1e3:.2f} ms")


def _figure(part: str, value: float, how: str) -> Figure:
    return Figure(bar="P11", part=part, value=value, bound=BOUND, better="lower", how=how)


def _asked_in_a_clinic() -> list[Asked]:
    from daybreak.config.events import deliver
    from daybreak.demo.cast import CENTRE, CLINICS, STAFF
    from daybreak.demo.public import open_sites, play_clinic
    from daybreak.kernel.moments import now

    at = now()
    open_sites(at=at)
    play_clinic(0, at=at, deliver=deliver, played=lambda: None)
    places = (CLINICS[0].code, CENTRE.code)
    return asked_by_pages({(site, role): name for site, role, name in STAFF if site in places})


def _fastest(home: Path, query: Asked, runs: int) -> tuple[float, ...]:
    """Return the seconds of the fastest run of each role. Both ask through one process of the database, each with a
    statement of its own, since two processes differ by more than a policy costs.
    """
    from daybreak.config.postgres.base import tell

    took: dict[str, list[float]] = {role: [] for role in ROLES}
    rows: dict[str, list[object]] = {}
    with _connection(home) as connection, connection.cursor() as cursor:
        tell(cursor, query.scope)
        for turn in range(runs):
            for role, blank in ROLES.items() if turn % 2 else reversed(ROLES.items()):
                cursor.execute(f"SET ROLE {role}")
                began = perf_counter()
                rows[role] = cursor.execute(query.text + blank, query.values).fetchall()
                took[role].append(perf_counter() - began)
    if len({tuple(sorted(map(repr, found))) for found in rows.values()}) > 1:
        raise RuntimeError(f"Without policies other rows were found, so there is no explicit WHERE: {query.text}")
    return tuple(min(took[role]) for role in ROLES)


def _connection(home: Path) -> psycopg.Connection:
    """Connect as somebody who may take both roles, and prepare what is asked again as the application does."""
    from django.conf import settings

    from daybreak.config.cluster import address

    prepared_after = settings.DATABASES["default"]["OPTIONS"]["prepare_threshold"]
    there = address(home / "postgres", SUPERUSER)
    return psycopg.connect(there, autocommit=True, prepare_threshold=prepared_after)
