"""Which rows are behind a question, at the clinic that made them.

A row of a snapshot cannot be traced to a person, and must not be. So the clinic finds its rows anew when it looks: one
site is frozen into memory by the same description, judged by the same check, and only here, before the random keys are
dropped, each is turned back into the clinic's own key. Nothing of it is stored or leaves the site. What was corrected
since is not there any more.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from daybreak.kernel.scope import Scope
from daybreak.register.quality.queries import needed
from daybreak.register.quality.values import ValueAsked, holding
from daybreak.rulebook.public import QualityCheck

if TYPE_CHECKING:
    import duckdb

    from daybreak.register.description import Table


@dataclass(frozen=True, slots=True)
class Behind:
    """A person of the clinic, how many are not well there, and the session that it is about with its start, if it is
    about one.
    """

    patient: UUID
    session: UUID | None
    started_at: datetime | None
    failing: int


def rows_behind(scope: Scope, about: QualityCheck | ValueAsked) -> list[Behind]:
    """Return what of the scope's own site is not well by a check now, or holds a value. Raises the register's
    CannotRead.
    """
    import ibis  # here: the engine takes a second to load

    from daybreak.register.quality.counting import judged

    wanted = tables_for(about)
    with site_in_memory(scope.site, wanted) as memory:
        engine = ibis.duckdb.from_connection(memory)
        tables = {table.name: engine.table(f"final_{table.name}") for table in wanted}
        if isinstance(about, ValueAsked):
            rows = holding(tables[about.table], about).mutate(well=0, of=1)
        else:
            rows = judged(tables, about, needed())
        rows = rows.filter(rows.well < rows.of)
        by = ["person", "session"] if "session" in rows.columns else ["person"]
        found = rows.group_by(by).agg(failing=(rows.of - rows.well).sum()).to_pyarrow().to_pylist()
        people = _own_keys(memory, "person", "patient_key")
        sessions = _own_keys(memory, "session", "key") if "session" in by else {}
        started = _starts(memory) if "session" in by else {}
    behind = [
        Behind(people[row["person"]], sessions.get(row.get("session")), started.get(row.get("session")), row["failing"])
        for row in found
    ]
    return sorted(behind, key=lambda each: (-each.failing, str(each.patient), str(each.session)))


@contextmanager
def site_in_memory(site: str, tables: "Sequence[Table]") -> "Iterator[duckdb.DuckDBPyConnection]":
    """Hold one site's tables as a freeze would take them, with the site's own keys beside the random ones; nothing of
    it is left afterwards. Raises the register's CannotRead.
    """
    from daybreak.register.freeze import one_consistent_read
    from daybreak.register.portions import everybody, in_memory
    from daybreak.register.staging import ask_by_index

    with one_consistent_read() as source:
        ask_by_index(source)
        with in_memory(source, everybody(source, site), tables) as memory:
            yield memory


def tables_for(about: QualityCheck | ValueAsked) -> list["Table"]:
    """Return the tables that a check looks at, or a value stands in, with those that their rows refer to, in the order
    of the freeze.
    """
    from daybreak.register.tables import PEOPLE, TABLES, table

    names = {PEOPLE.name, about.table}
    if not isinstance(about, ValueAsked):
        names |= {about.other.table} if about.other else set()
        names |= {"session", "score"} if about.measure else set()
    grown: set[str] = set()
    while grown != names:
        grown = set(names)
        names |= {column.refers for name in grown for column in table(name).columns if column.refers}
    return [each for each in TABLES if each.name in names]


def _own_keys(memory: "duckdb.DuckDBPyConnection", table: str, key: str) -> dict[str, UUID]:
    """Return the clinic's own keys by the random ones of this look."""
    rows = memory.execute(f"SELECT token, {key} FROM raw_{table}").fetchall()  # noqa: S608 - our own names
    return {token: UUID(str(own)) for token, own in rows}


def _starts(memory: "duckdb.DuckDBPyConnection") -> dict[str, datetime]:
    """Return when each session was started, by the random keys of this look."""
    rows = memory.execute("SELECT token, started_at FROM raw_session WHERE started_at IS NOT NULL").fetchall()
    return {token: datetime.fromtimestamp(seconds, UTC) for token, seconds in rows}
