"""R1: readings and steps of the infusion that were acknowledged are there, once each, whatever was killed.

Devices send over HTTP and monitors over HL7, nurses pause and resume, and a nurse types into the page of a browser, all
at once, in running infusions; each repeats what was not acknowledged and writes down outside what was, or what the
page said it keeps. Meanwhile the server with its worker, the database, the gateway and the browser are killed with
SIGKILL at random, and the page begins without a network. Server, gateway and browser are started again; the database
must be started by them. At the end everything in that ledger is looked for in the database. The control lets the
database acknowledge before it has written (synchronous_commit = off, and a lazy writer): a kill must then lose
something.
"""

import os
import random
import signal
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from subprocess import DEVNULL, Popen
from typing import TYPE_CHECKING

import psycopg

from bench.figure import Figure, control
from bench.infusions import Chair, running
from bench.place import installed
from bench.senders import Device, Ledger, Monitor, Nurse, Sender, Told
from bench.window import Window, pressures_in

if TYPE_CHECKING:
    from daybreak.config.cluster import Cluster

SIZES = {"quick": (8, 15.0), "full": (200, 1800.0)}  # kills, and seconds that the page has no network for
KILLED = ("server", "database", "gateway", "browser")  # each as often, in a random order
CHAIRS = 4  # and one more, for the browser
SEED = 20270112
BETWEEN_SECONDS = (1.0, 3.0)
CONTROL_TRIES = 10
MOST_TOLD = 20  # of what is lost and doubled, a line each


def measure(size: str) -> Iterator[Figure]:
    """Yield how many acknowledged readings were lost and doubled, and what the control lost."""
    from tests.journeys.demonstration import free_port

    with installed() as home:
        house = House(home, free_port(), free_port(), running(CHAIRS + 1))
        try:
            kills, offline = SIZES[size]
            ledger, killed = house.under_fire(kills, random.Random(SEED), offline)
            lost, doubled = compared(house.stored(), ledger.acknowledged)
            how = (
                f"{len(ledger.acknowledged):,} acknowledged in {ledger.attempts:,} attempts, {kills} kills "
                f"({', '.join(f'{n} {what}' for what, n in sorted(killed.items()))}), "
                f"the page {offline:.0f} s without a network, seed {SEED}"
            )
            yield Figure(bar="R1", part="lost", value=lost, bound=0, better="lower", how=how)
            yield Figure(bar="R1", part="duplicated", value=doubled, bound=0, better="lower", how=how)
            missing, tries = house.control()
            how = f"lost of what was acknowledged with synchronous_commit = off, database killed {tries} times"
            yield control(bar="R1", part="control synchronous_commit=off", value=missing, how=how)
        finally:
            house.close()


def compared(stored: list[Told], acknowledged: list[Told]) -> tuple[int, int]:
    """Return how many acknowledged readings are not there, and how many are there more than once."""
    there = Counter(stored)
    lost, doubled = [told for told in acknowledged if not there[told]], [told for told, n in there.items() if n > 1]
    for what, found in (("lost", lost), ("doubled", doubled)):
        for told in found[:MOST_TOLD]:
            print(what, *told, there[told], file=sys.stderr)
    return len(lost), sum(there[told] - 1 for told in doubled)


@dataclass
class House:
    """The processes that are killed, and how each is started again."""

    home: Path
    port: int
    gateway_port: int
    chairs: list[Chair]
    processes: dict[str, Popen[bytes]] = field(default_factory=dict)
    window: Window | None = None

    @property
    def cluster(self) -> "Cluster":
        """The database's cluster."""
        from daybreak.config.cluster import Cluster

        return Cluster(self.home / "postgres")

    def start(self, what: str) -> None:
        """Start a program. The database is started by whoever needs it, the browser by its nurse."""
        if what in ("database", "browser"):
            return
        words = {"server": ["serve"], "gateway": ["gateway", "hl7", "--port", str(self.gateway_port)]}[what]
        self.processes[what] = Popen(
            [sys.executable, "-m", "daybreak", *words],
            env={**os.environ, "DAYBREAK_PORT": str(self.port)},
            stdout=DEVNULL,
            stderr=DEVNULL,
            start_new_session=True,
        )

    def kill(self, what: str) -> None:
        """Kill a program with everything it started, or the database's first process."""
        if what == "database":
            pid = int((self.cluster.data / "postmaster.pid").read_text().split("\n", 1)[0])
            os.kill(pid, signal.SIGKILL)
            return
        process = self.processes.pop(what)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def under_fire(self, kills: int, chance: random.Random, offline: float) -> tuple[Ledger, Counter[str]]:
        """Let everybody send while things are killed; return what was acknowledged, and what was killed how often."""
        self.start("server")
        self.start("gateway")
        ledger, stop, killed = Ledger(), threading.Event(), Counter[str]()
        *chairs, calm = self.chairs  # whoever pauses without end would have the page load itself anew without end
        senders = [kind(chair, port, ledger, stop) for chair in chairs for kind, port in self._ways()]
        senders.append(Device(calm, self.port, ledger, stop, pause=1.0))
        window = self.window = Window(calm, self.port, ledger, stop, offline=offline)
        for sender in (*senders, window):
            sender.start()
        self._wait_for(senders, window)
        for what in chance.sample(KILLED, kills, counts=[kills // len(KILLED)] * len(KILLED)):
            time.sleep(chance.uniform(*BETWEEN_SECONDS))
            window.kill() if what == "browser" else self.kill(what)
            killed[what] += 1
            self.start(what)
            self._wait_for(senders, window)
        stop.set()
        window.join(offline + 600)
        if window.is_alive() or window.fault:
            raise RuntimeError("The page never said that all of it is on the server.") from window.fault
        for sender in senders:
            sender.join(240)
            if sender.is_alive():
                raise RuntimeError(f"{sender.chair.name} was not acknowledged within four minutes after the last kill.")
        return ledger, killed

    def control(self) -> tuple[int, int]:
        """Let the database acknowledge before it writes, and kill it right after an acknowledgement until it loses."""
        with self._superuser() as connection:
            connection.execute("ALTER ROLE daybreak_app SET synchronous_commit = off")
            connection.execute("ALTER SYSTEM SET wal_writer_delay = '10s'")
            connection.execute("SELECT pg_reload_conf()")
        self.kill("server")
        self.start("server")
        for tries in range(1, CONTROL_TRIES + 1):
            ledger, stop = Ledger(), threading.Event()
            senders = [Device(chair, self.port, ledger, stop, pause=0) for chair in self.chairs]
            for sender in senders:
                sender.start()
            self._wait_for(senders)
            time.sleep(0.3)
            stop.set()
            self.kill("database")
            known = list(ledger.acknowledged)
            for sender in senders:
                sender.join(240)
            if lost := compared(self.stored(), known)[0]:
                return lost, tries
        return 0, CONTROL_TRIES

    def stored(self) -> list[Told]:
        """Return every reading that a device sent, what was typed, and every pause and resume, as the ledger has it."""
        with self._superuser() as connection:
            rows = connection.execute(
                "SELECT session_key::text, sign, measured_at, trim_scale(value)::text FROM treat_reading "
                "WHERE device_key IS NOT NULL"
            ).fetchall()
            typed = connection.execute(
                "SELECT s.session_key::text, trim_scale(s.value)::text, trim_scale(d.value)::text FROM treat_reading s "
                "JOIN treat_reading d USING (site, session_key, measured_at) WHERE s.sign = 'systolic_pressure' "
                "AND d.sign = 'diastolic_pressure' AND s.device_key IS NULL AND d.device_key IS NULL"
            ).fetchall()
            steps: list[Told] = connection.execute(
                "SELECT session_key::text, step, '', key::text FROM treat_sessionstep "
                "WHERE step IN ('paused', 'resumed')"
            ).fetchall()
        readings = [(session, sign, moment.isoformat(), value) for session, sign, moment, value in rows]
        return readings + pressures_in(typed) + steps

    def close(self) -> None:
        """End what still runs."""
        for what in list(self.processes):
            self.kill(what)
        if self.window is not None:
            self.window.give_up()

    def _ways(self) -> list[tuple[type[Device | Monitor | Nurse], int]]:
        return [(Device, self.port), (Monitor, self.gateway_port), (Nurse, self.port)]

    def _wait_for(self, senders: Sequence[Sender], window: Window | None = None, seconds: float = 240) -> None:
        """Wait until something of each way of sending was acknowledged: everything runs again."""
        everybody = [*senders, *filter(None, [window])]
        since = {id(each): each.number for each in everybody}
        until = time.monotonic() + seconds
        for kind in {type(each) for each in everybody}:
            while not any(each.number > since[id(each)] + 1 for each in everybody if type(each) is kind):
                if time.monotonic() > until or (window and window.fault):
                    raise RuntimeError(
                        f"No {kind.__name__.lower()} was acknowledged within {seconds:.0f} s of a kill."
                    ) from (window and (window.fault or window.hindered))
                time.sleep(0.05)

    def _superuser(self) -> "psycopg.Connection":
        from daybreak.config.cluster import address

        return psycopg.connect(address(self.home / "postgres", "postgres"), autocommit=True)
