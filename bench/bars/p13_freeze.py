"""P13: what a freeze costs. People with ten sessions each are loaded by COPY into a real database and frozen as
`daybreak snapshot create` does it, beside one bare COPY TO of the same rows: the same columns of the same people out of
each published view, read and thrown away. Turn by turn, in one run; and the peak of the memory at two sizes.
"""

from collections.abc import Iterator
from pathlib import Path

from bench.crowd import SESSIONS, load
from bench.figure import Figure
from bench.place import installed
from bench.reference import load as busy
from bench.reference import taken

SIZES = {"quick": ((1_000, 4_000), 2), "full": ((10_000, 100_000), 2)}
BOUND, FLAT = 5.0, 1.2


def measure(size: str) -> Iterator[Figure]:
    """Yield the ratio at each size, and how much more memory the larger one takes."""
    people, turns = SIZES[size]
    peaks: list[int] = []
    with installed(durable=False) as home:
        for before, many in zip((0, *people), people, strict=False):
            load(home, first=before + 1, last=many)
            both = [(taken(_freeze), _peak(), taken(_bare)) for _ in range(turns)]
            peaks.append(max(peak for _, peak, _ in both))
            frozen, bare = min(each[0] for each in both), min(each[2] for each in both)
            how = f"freeze {frozen:.1f} s / COPY TO of the same rows {bare:.1f} s, {many * SESSIONS:,} sessions,"
            how = f"{how} fastest of {turns} turns, {busy()}"
            yield Figure(bar="P13", part=f"{many:,} people", value=frozen / bare, bound=BOUND, better="lower", how=how)
    how = f"peak of the memory: {peaks[1]} MB for {people[1]:,} people / {peaks[0]} MB for {people[0]:,}"
    yield Figure(bar="P13", part="memory", value=peaks[1] / peaks[0], bound=FLAT, better="lower", how=how)


def _freeze() -> None:
    """Freeze as the command does; the peak of this process is counted from here."""
    from daybreak.kernel.moments import now
    from daybreak.kernel.scope import Scope, scoped
    from daybreak.register.public import create_snapshot

    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    with scoped(Scope(site="", actor=None, purpose="snapshot, for a bar")):
        create_snapshot(actor=None, at=now())


def _peak() -> int:
    """Return the most memory that this process held, in MB."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) // 1024


def _bare() -> None:
    from psycopg import sql

    from daybreak.register.freeze import OF_PEOPLE, one_consistent_read
    from daybreak.register.staging import CONSENTING, copying

    with one_consistent_read() as source:
        for table in OF_PEOPLE:
            with source.copy(copying(table, sql.SQL("(site, patient_key) IN ({})").format(CONSENTING))) as rows:
                for _ in rows:
                    pass
