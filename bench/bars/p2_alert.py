"""P2: how long an alarm takes from a monitor to whoever listens, under the load of a whole house.

Four hundred monitors, each with a connection of its own, send one message of five values a second to the gateway, over
MLLP and in real time; they are spread over the second. Audit, seals and everything else is on. Each value that a
session's limits call for is planted once. Time runs from the moment at which its message was meant to be sent, however
late it went, until the listener has the alarm in its hands. At the same time and to the same listener a bare NOTIFY is
sent ten times a second, from the moment it was meant to be sent: its 99th percentile is the reference.

Then, under the same load, a nurse's browser: until an alarm is painted and sounded there, beside a page that asks the
server for the open alarms once a second.
"""

import json
import multiprocessing as mp
import os
import select
import socket
import sys
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from multiprocessing.queues import Queue
from pathlib import Path
from subprocess import DEVNULL, Popen
from uuid import UUID, uuid4

import psycopg

from bench.figure import Figure
from bench.infusions import SITE, Chair, running
from bench.painted import Seen, acknowledging, delays, watching
from bench.place import installed

BOUND = 3.0
PAINTED_BOUND = 1 / 20
# Sessions under way, seconds of sending, and how many alarms more are looked at in a browser.
SIZES = {"quick": (20, 30, 10), "full": (100, 120, 40)}
APART, ACKNOWLEDGED_AFTER = 3, 1.8  # seconds between these alarms, and until a nurse acknowledges one
MONITORS = 400
VALUES = {
    "systolic_pressure": 124,
    "diastolic_pressure": 78,
    "heart_rate": 72,
    "oxygen_saturation": 98,
    "respiratory_rate": 14,
}
PLANTED = {"systolic_pressure": 190, "diastolic_pressure": 115, "oxygen_saturation": 85}
CODES = {
    "systolic_pressure": ("150021", "266016"),
    "diastolic_pressure": ("150022", "266016"),
    "heart_rate": ("147842", "264864"),
    "oxygen_saturation": ("150456", "262688"),
    "respiratory_rate": ("151562", "264864"),
}
WARM_UP = 3  # seconds without a planted value
BARE = "daybreak_bare"
Heard = dict[str, float]


@dataclass(frozen=True, slots=True)
class Plan:
    """When everything is sent, and by whom: for each monitor its place and the signs it plants, by the second."""

    port: int
    begins: float
    seconds: int
    monitors: tuple[tuple[str, dict[int, str]], ...]


def measure(size: str) -> Iterator[Figure]:
    """Yield the ratio of the 99th percentiles, and how many alarms were not heard."""

    sessions, seconds, looked_at = SIZES[size]
    with installed() as home:
        chairs = running(sessions + looked_at)
        places = _register(chairs)
        hall, watched = chairs[:sessions], chairs[sessions:]
        with _serving("gateway", "hl7", "--site", SITE) as port:
            plan = _plan(port, _planted(places, hall, seconds), seconds)
            heard, bare, late = _played(home, plan)
            expected, took = _alarms(home, hall, heard)
            yield from _figures(expected, took, bare, late)
            with _serving("serve") as web, watching(f"http://127.0.0.1:{web}", watched[0]) as seen:
                seconds = WARM_UP + APART * looked_at
                with acknowledging(after=ACKNOWLEDGED_AFTER):
                    _played(home, _plan(port, _one_by_one(places, watched), seconds))
            yield _figure_of_a_browser(home, watched, seen[0])


@contextmanager
def _serving(*words: str) -> Iterator[int]:
    """Hold a program of the house that listens, and give its port."""
    from tests.journeys.demonstration import free_port

    port = free_port()
    where = ["--port", str(port)] if words[0] == "gateway" else []
    program = Popen(
        [sys.executable, "-m", "daybreak", *words, *where],
        env={**os.environ, "DAYBREAK_PORT": str(port)},
        stdout=DEVNULL,
    )
    try:
        _wait_for(port)
        yield port
    finally:
        program.terminate()
        program.wait(30)


def _plan(port: int, monitors: tuple[tuple[str, dict[int, str]], ...], seconds: int) -> Plan:
    return Plan(port, time.time() + 10, seconds, monitors)


def _figures(expected: int, took: list[float], bare: list[float], late: list[float]) -> Iterator[Figure]:
    missing, reference = expected - len(took), _p99(bare)
    how = (
        f"p99 {_p99(took) * 1e3:.1f} ms of {len(took)} alarms (median {_quantile(took, 0.5) * 1e3:.1f} ms) / p99 "
        f"{reference * 1e3:.1f} ms of {len(bare)} bare NOTIFYs beside them; {MONITORS} monitors, "
        f"messages acknowledged after {_quantile(late, 0.5) * 1e3:.1f} ms at the median, load {os.getloadavg()[0]:.0f}"
    )
    yield Figure(bar="P2", part="alert", value=_p99(took) / reference, bound=BOUND, better="lower", how=how)
    how = f"alarms not heard of {expected} that were called for"
    yield Figure(bar="P2", part="missing", value=missing, bound=0, better="lower", how=how)


def _figure_of_a_browser(home: Path, chairs: list[Chair], seen: Seen) -> Figure:
    sessions = {chair.session for chair in chairs}
    raised = [(str(key), at) for key, session, _, at in _raised(home) if session in sessions]
    painted, sounded, polled = delays(seen, raised)
    how = (
        f"the later of painted (p99 {_p99(painted) * 1e3:.0f} ms, median {_quantile(painted, 0.5) * 1e3:.0f}) and "
        f"sounded (p99 {_p99(sounded) * 1e3:.0f} ms, median {_quantile(sounded, 0.5) * 1e3:.0f}) / p99 "
        f"{_p99(polled) * 1e3:.0f} ms of a page that asks once a second; {len(raised)} alarms, a browser"
    )
    value = max(_p99(painted), _p99(sounded)) / _p99(polled)
    return Figure(bar="P2", part="painted", value=value, bound=PAINTED_BOUND, better="lower", how=how)


def _register(chairs: list[Chair]) -> list[tuple[Chair, str]]:
    """Register the monitors, the same number in each chair; return their places."""
    from daybreak.kernel.keys import new_key
    from daybreak.kernel.moments import now
    from daybreak.kernel.scope import Scope, scoped
    from daybreak.treat import public as treat

    places = [(chairs[number % len(chairs)], f"bed {number}") for number in range(MONITORS)]
    with scoped(Scope(SITE, None, "a bar")) as scope:
        for chair, place in places:
            treat.register_monitor(
                scope, key=new_key(), name=place, location=place, chair=chair.name, model="monitor_ieee11073", at=now()
            )
    return places


def _planted(
    places: list[tuple[Chair, str]], chairs: list[Chair], seconds: int
) -> tuple[tuple[str, dict[int, str]], ...]:
    """Give the planted values of each of these chairs to different monitors of it, spread over the seconds."""
    seen: dict[str, int] = {}
    found = []
    for number, (chair, place) in enumerate(places):
        nth = seen[chair.name] = seen.get(chair.name, -1) + 1
        signs = tuple(PLANTED) if chair in chairs else ()
        second = WARM_UP + (number * 7 + nth) % (seconds - WARM_UP)
        found.append((place, {second: signs[nth]} if nth < len(signs) else {}))
    return tuple(found)


def _one_by_one(places: list[tuple[Chair, str]], chairs: list[Chair]) -> tuple[tuple[str, dict[int, str]], ...]:
    """Give each of these chairs one planted value, one after the other, each from another of its monitors: they send in
    other parts of the second, so that the page that asks once a second waits for every part of one.
    """
    monitors = {each.name: [place for chair, place in places if chair.name == each.name] for each in chairs}
    when = {there[number * 7 % len(there)]: WARM_UP + APART * number for number, there in enumerate(monitors.values())}
    return tuple((place, {when[place]: "oxygen_saturation"} if place in when else {}) for _, place in places)


def _played(home: Path, plan: Plan) -> tuple[Heard, list[float], list[float]]:
    """Send, listen and notify at once, each in a process of its own; return what was heard when."""
    from daybreak.config.cluster import address

    context = mp.get_context("spawn")
    there = address(home / "postgres", "daybreak_app")
    told: Queue = context.Queue()
    work = [(_listen, (there, plan)), (_notify, (there, plan)), (_send, (plan,))]
    running = [context.Process(target=target, args=(told, *given)) for target, given in work]
    for each in running:
        each.start()
    found = dict(told.get(timeout=plan.seconds + 300) for _ in running)
    for each in running:
        each.join()
    heard, bare = found["_listen"]
    return heard, bare, found["_send"]


def _listen(told: Queue, there: str, plan: Plan) -> None:
    heard: Heard = {}
    bare: list[float] = []
    with psycopg.connect(there, autocommit=True) as connection:
        connection.execute(f"LISTEN daybreak_alarm; LISTEN {BARE}")
        ends = plan.begins + plan.seconds + 60
        while (left := ends - time.time()) > 0:
            for each in connection.notifies(timeout=min(left, 1), stop_after=1):
                at = time.time()
                if each.channel == BARE:
                    if float(each.payload) < 0:
                        ends = min(ends, at + 10)
                    else:
                        bare.append(at - float(each.payload))
                elif alarm := json.loads(each.payload).get("alarm"):
                    heard.setdefault(alarm, at)
    told.put(("_listen", (heard, bare)))


def _notify(told: Queue, there: str, plan: Plan) -> None:
    with psycopg.connect(there, autocommit=True) as connection:
        for number in range(plan.seconds * 10):
            due = plan.begins + number / 10
            time.sleep(max(0, due - time.time()))
            connection.execute("SELECT pg_notify(%s, %s)", [BARE, repr(due)])
        connection.execute("SELECT pg_notify(%s, '-1')", [BARE])
    told.put(("_notify", None))


def _send(told: Queue, plan: Plan) -> None:
    told.put(("_send", _Hall(plan).played()))


class _Hall:
    """All monitors, each with a connection. One thread sends to the moment, the other reads what is answered."""

    def __init__(self, plan: Plan) -> None:
        self._dues: list[deque[float]] = [deque() for _ in plan.monitors]
        self._waiting: list[deque[bytes]] = [deque() for _ in plan.monitors]
        self._lines = [socket.create_connection(("127.0.0.1", plan.port)) for _ in plan.monitors]
        self._turn = threading.Lock()
        self._late: list[float] = []
        share = 1 / len(plan.monitors)
        self._plan = [
            (due := plan.begins + second + number * share, number, _message(place, due, planted.get(second)))
            for second in range(plan.seconds)
            for number, (place, planted) in enumerate(plan.monitors)
        ]

    def played(self) -> list[float]:
        """Send every message when it is due, or as soon as the one before it was acknowledged; return how long after it
        was due each was.
        """
        reader = threading.Thread(target=self._read)
        reader.start()
        for due, number, message in self._plan:
            time.sleep(max(0, due - time.time()))
            with self._turn:
                self._dues[number].append(due)
                if len(self._dues[number]) > 1:
                    self._waiting[number].append(message)
                else:
                    self._lines[number].sendall(message)
        reader.join()
        for line in self._lines:
            line.close()
        return self._late

    def _read(self) -> None:
        lines = {line.fileno(): number for number, line in enumerate(self._lines)}
        there = select.epoll()
        for each in lines:
            there.register(each, select.EPOLLIN)
        while len(self._late) < len(self._plan):
            for each, _ in there.poll():
                number = lines[each]
                answer = self._lines[number].recv(65_536)
                if b"MSA|AA" not in answer or b"ERR|" in answer or not answer.endswith(b"\x1c\r"):
                    raise RuntimeError(f"A message was not taken: {answer!r}")
                with self._turn:
                    self._late.append(time.time() - self._dues[number].popleft())
                    if self._waiting[number]:
                        self._lines[number].sendall(self._waiting[number].popleft())


def _message(place: str, due: float, planted: str | None) -> bytes:
    when = datetime.fromtimestamp(due, UTC).strftime("%Y%m%d%H%M%S.%f%z")
    lines = [
        f"MSH|^~\\&|M||||{when}||ORU^R01^ORU_R01|{uuid4().hex[:20]}|P|2.6|||NE|AL||UNICODE UTF-8",
        f"PV1||I|{place}",
        f"OBR|1|||X|||{when}",
    ]
    for number, (sign, usual) in enumerate(VALUES.items(), start=1):
        code, unit = CODES[sign]
        value = PLANTED[sign] if sign == planted else usual
        lines.append(f"OBX|{number}|NM|{code}^x^MDC|1|{value}|{unit}^x^MDC|||||F|||{when}")
    return b"\x0b" + "\r".join(lines).encode() + b"\r\x1c\r"


def _alarms(home: Path, chairs: list[Chair], heard: Heard) -> tuple[int, list[float]]:
    """Return how many alarms were called for, and how long each that was heard took, in seconds."""
    sessions = {chair.session for chair in chairs}
    rows = [row for row in _raised(home) if row[1] in sessions]
    expected = {(session, limit) for session in sessions for limit in _limits_beyond()}
    called = {(session, limit) for _, session, limit, _ in rows}
    if called - expected:
        raise RuntimeError(f"An alarm that nothing calls for: {sorted(map(str, called - expected))[0]}")
    took = [heard[str(key)] - at.timestamp() for key, _, _, at in rows if str(key) in heard]
    return len(expected), took


def _raised(home: Path) -> list[tuple[UUID, UUID, str, datetime]]:
    """Return every alarm of a limit: its key, session and limit, and when its value was measured."""
    from daybreak.config.cluster import address

    with psycopg.connect(address(home / "postgres", "postgres")) as connection:
        return connection.execute(
            "SELECT a.key, a.session_key, a.limit_id, r.measured_at FROM treat_alarm a "
            "JOIN treat_reading r ON r.site = a.site AND r.key = a.reading_key WHERE a.kind = 'limit'"
        ).fetchall()


def _limits_beyond() -> set[str]:
    """Return the limits of the protocol that the planted values are beyond."""
    from daybreak.measure.public import library
    from daybreak.rulebook.public import Reading, breaches
    from tests.rooms.treat.stage import BASELINE, PROTOCOL

    limits = library().protocol(PROTOCOL).during.limits
    usual = {sign: Reading(sign, value, unit) for sign, (value, unit) in BASELINE.items()}
    told = [Reading(sign, Decimal(value), BASELINE[sign][1]) for sign, value in PLANTED.items()]
    return {breach.limit.id for each in told for breach in breaches(limits, usual, each)}


def _wait_for(port: int) -> None:
    for _ in range(600):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("The gateway does not listen.")


def _p99(values: list[float]) -> float:
    return _quantile(values, 0.99)


def _quantile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else float("inf")
