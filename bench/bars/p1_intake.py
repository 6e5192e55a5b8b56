"""P1: what it costs to take readings in as they must be: replay-safe, placed, judged, audited and hash-chained.

Devices of several chairs send as much as one may send at once, and `record_readings` stores it as it does for the
interface: every reading is checked, placed in its session, hashed, stored once under its key, noted in the audit,
judged against the limits of the protocol, and sealed. The reference is COPY of the same rows, with every column, in
the same portions, into a table of the same form that has the same two indexes and nothing else. Turns alternate, each
portion is one transaction with its own wait for the disk, and the figure is the median of the turns' ratios. What a
device repeats is then sent again: nothing may be stored twice.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from statistics import median
from threading import Thread
from time import perf_counter
from typing import TYPE_CHECKING

import psycopg

from bench.figure import Figure
from bench.infusions import SITE, Chair, running
from bench.place import installed

if TYPE_CHECKING:
    from daybreak.treat.public import NewReading, Sender

BOUND = 0.5
SIZES = {"quick": (10_000, 5), "full": (100_000, 7)}  # readings of a turn, turns
PORTION = 1_000  # the most readings that a device may send at once
CHAIRS = 4
WRITERS = 2
SIGNS = (("heart_rate", "/min", 60, 40), ("oxygen_saturation", "%", 94, 6))

Portion = tuple[Chair, "Sender", "list[NewReading]"]


def measure(size: str) -> Iterator[Figure]:
    """Yield the share of COPY's speed that is reached, and how many readings a retry stored again."""
    count, turns = SIZES[size]
    with installed() as home:
        chairs = running(CHAIRS)
        senders = _senders()
        _make_bare(home)
        took: dict[str, list[float]] = {"copied": [], "taken in": []}
        for turn in range(turns + 1):
            portions = _portions(chairs, senders, count)
            ways = [("copied", _copies(home, portions)), ("taken in", _takes_in(portions))]
            for name, work in ways if turn % 2 else reversed(ways):
                seconds = _timed(work)
                if turn:  # the first turn warms both
                    took[name].append(seconds)
        stored = _count(home)
        _timed(_takes_in(portions))
        again = _count(home) - stored
    if stored != (turns + 1) * count + len(chairs) * _TYPED:
        raise RuntimeError(f"{stored} readings are there after {turns + 1} turns of {count}.")
    ratio = median(copied / taken for copied, taken in zip(took["copied"], took["taken in"], strict=True))
    how = (
        f"share of COPY's speed, {WRITERS} connections on either side, {turns} turns of {count:,} readings; "
        f"{count / min(took['taken in']):,.0f} against {count / min(took['copied']):,.0f} readings a second at best"
    )
    yield Figure(bar="P1", part=f"{count:.0e}".replace("e+0", "e"), value=ratio, bound=BOUND, better="higher", how=how)
    how = f"readings stored again when {count:,} were sent again"
    yield Figure(bar="P1", part="duplicated", value=again, bound=0, better="lower", how=how)


_TYPED = 5  # each chair's readings before the start


def _senders() -> "dict[str, Sender]":
    from daybreak.kernel.scope import Scope, scoped
    from daybreak.treat.public import devices

    with scoped(Scope(SITE, None, "a bar")) as scope:
        return {each.chair: each for each in devices(scope) if not each.location}


def _portions(chairs: list[Chair], senders: "dict[str, Sender]", count: int) -> list[Portion]:
    """Return fresh readings of the last minutes, portion by portion; all within their limits, as nearly all are."""
    from daybreak.kernel.keys import new_key
    from daybreak.kernel.moments import now
    from daybreak.treat.public import NewReading

    at, made = now(), []
    for number in range(count // PORTION):
        chair, readings = chairs[number % len(chairs)], []
        for nth in range(PORTION):
            sign, unit, low, span = SIGNS[nth % len(SIGNS)]
            moment = at - timedelta(milliseconds=500 * (nth // len(SIGNS)) + number)
            readings.append(NewReading(new_key(), sign, Decimal(low + nth % span), unit, moment))
        made.append((chair, senders[chair.name], readings))
    return made


Work = Callable[[int], None]
"""One writer's share of the work, by its number."""


def _timed(work: Work) -> float:
    """Return the seconds that all writers need; what was stored is sealed within them."""
    from daybreak.ledger.checkpoint import seal_committed

    writers = [Thread(target=work, args=(number,)) for number in range(WRITERS)]
    began = perf_counter()
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    seal_committed()
    return perf_counter() - began


def _takes_in(portions: list[Portion]) -> Work:
    from django.db import connection

    from daybreak.kernel.moments import now
    from daybreak.kernel.scope import Scope, scoped
    from daybreak.treat.public import record_readings

    def work(number: int) -> None:
        for _, sender, readings in portions[number::WRITERS]:
            with scoped(Scope(SITE, None, f"readings of device {sender.key}")) as scope:
                refused = [each for each in record_readings(scope, readings, at=now(), device=sender) if each.reason]
            if refused:
                raise RuntimeError(f"A reading was refused: {refused[0].reason}")
        connection.close()

    return work


_COLUMNS = (
    "site, key, corrects, content_hash, patient_key, session_key, sign, value, unit, measured_at, device_key, mark, "
    "reason, batch, recorded_at, recorded_by"
)


def _copies(home: Path, portions: list[Portion]) -> Work:
    from daybreak.config.cluster import address

    rows = [
        [
            (SITE, each.key, None, bytes(32), chair.patient, chair.session, each.sign, each.value, each.unit,
             each.measured_at, sender.key, "", "", number, each.measured_at, None)
            for each in readings
        ]
        for number, (chair, sender, readings) in enumerate(portions)
    ]  # fmt: skip

    def work(number: int) -> None:
        with psycopg.connect(address(home / "postgres", "postgres")) as connection:
            for portion in rows[number::WRITERS]:
                with connection.cursor().copy(f"COPY bare_reading ({_COLUMNS}) FROM STDIN") as copy:
                    for row in portion:
                        copy.write_row(row)
                connection.commit()

    return work


def _make_bare(home: Path) -> None:
    with _superuser(home) as connection:
        connection.execute("CREATE TABLE bare_reading (LIKE treat_reading)")
        connection.execute("ALTER TABLE bare_reading ADD PRIMARY KEY (site, key)")
        connection.execute("CREATE INDEX ON bare_reading (site, session_key, measured_at)")


def _count(home: Path) -> int:
    with _superuser(home) as connection:
        return connection.execute("SELECT count(*) FROM treat_reading").fetchone()[0]


def _superuser(home: Path) -> psycopg.Connection:
    from daybreak.config.cluster import address

    return psycopg.connect(address(home / "postgres", "postgres"), autocommit=True)
