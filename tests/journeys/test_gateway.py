"""Monitors and the gateway as processes: what is acknowledged is stored, and nothing is left at the end."""

import json
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.journeys.demonstration import SECONDS_TO_STOP, free_port
from tests.journeys.installation import Installation

ASSESSED = """
from datetime import date, timedelta
from daybreak.kernel.keys import new_key
from daybreak.kernel.moments import now
from daybreak.kernel.scope import Scope, scoped
from daybreak.treat.public import record_assessment, register_monitor
with scoped(Scope("north", None, "a test")) as scope:
    record_assessment(scope, key=new_key(), conclusion="alarms on", reference="a test", decided_on=date.today(),
                      review_on=date.today() + timedelta(days=9), at=now())
    register_monitor(scope, key=new_key(), name="Monitor", location="Chair 1", chair="Chair 1",
                     model="monitor_ieee11073", at=now())
"""


@pytest.fixture(scope="module")
def house(tmp_path_factory) -> Iterator[Installation]:
    made = Installation(tmp_path_factory.mktemp("gateway"))
    made.migrate()
    with made.running():
        made.run("site", "add", "north", "--name", "North", "--time-zone", "Europe/Berlin", "--synthetic")
        yield made


@contextmanager
def gateway(house: Installation) -> Iterator[tuple[int, dict]]:
    """Run the gateway on a free port; after the block the second value holds what it counted."""
    port, counted = free_port(), {}
    words = [sys.executable, "-m", "daybreak", "gateway", "hl7", "--port", str(port), "--json"]
    process = subprocess.Popen(words, env=house.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert "listens on" in process.stderr.readline()
    try:
        yield port, counted
        process.send_signal(signal.SIGTERM)
        said, log = process.communicate(timeout=SECONDS_TO_STOP)
        assert process.returncode == 0
        counted.update(json.loads(said), log=log)
    finally:
        process.kill()
        process.communicate()


def test_the_gateway_is_off_until_the_site_is_assessed_then_keeps_every_message(house):
    play = ("gateway", "simulate", "--chairs", "2", "--rate", "5", "--seconds", "2", "--no-artefacts", "--json")
    with gateway(house) as (port, counted):
        said = json.loads(house.run(*play, "--port", str(port)).stdout)
        assert (said["sent"], said["refused"], said["taken"]) == (20, 20, 0)
    assert counted["refused_messages"] == 20
    house.run_python(ASSESSED)
    with gateway(house) as (port, counted):
        said = json.loads(house.run(*play, "--port", str(port)).stdout)
        assert (said["sent"], said["taken"], said["not_answered"]) == (20, 20, 0)
    assert (counted["messages"], counted["tray"], counted["stored"]) == (20, 20 * 6, 0)
    with house.superuser() as connection:
        kept = connection.execute("SELECT count(*), count(DISTINCT about_key) FROM ledger_trayitem").fetchone()
    assert kept == (120, 120)


def test_a_simulator_that_finds_nobody_says_so(house):
    done = house.run("gateway", "simulate", "--port", str(free_port()), code=2)
    assert "Start the gateway first" in done.stderr


@pytest.mark.parametrize("goes_on_waiting", [False, True], ids=["that ends", "that waits for an answer"])
def test_what_stands_in_no_frame_is_answered_where_it_can_be_and_told_without_its_content(house, goes_on_waiting):
    answers = []
    with gateway(house) as (port, counted):
        for sent in (b"MSH|^~\\&|M||G|C|||ORU^R01|K7|P|2.6\rPID|||1||Doe^Jane\r", b"GET /Jane HTTP/1.1\r\n\r\n"):
            with socket.create_connection(("127.0.0.1", port), timeout=6) as peer:
                peer.sendall(sent)
                if not goes_on_waiting:
                    peer.shutdown(socket.SHUT_WR)
                answers.append(peer.makefile("rb").read())
    assert re.match(rb"\x0bMSH.*\rMSA\|A[ER]\|K7\|", answers[0], re.DOTALL)
    assert answers[1] == b""
    assert counted["not_framed"] == 2
    assert counted["log"].count("127.0.0.1 sent") == 2
    assert "Jane" not in counted["log"]


ON_DISK = """
from concurrent.futures import ThreadPoolExecutor
from time import monotonic
from django.db import connection, connections
from daybreak.kernel.keys import new_key
from daybreak.kernel.moments import now
from daybreak.kernel.scope import Scope, scoped
from daybreak.ledger.public import Disk, commit_before_disk, one_step
from daybreak.people.public import admit_patient

def asked(question):
    with connection.cursor() as cursor:
        cursor.execute(question)
        return cursor.fetchone()[0]

def store():
    began = monotonic()
    with scoped(Scope("north", None, "a test")) as scope, one_step():
        commit_before_disk()
        admit_patient(scope, key=new_key(), sex="female", birth_year=1984, origin="desk", synthetic=True, at=now())
    return began, asked("SELECT pg_current_wal_insert_lsn()")

def is_there(end):
    return asked(f"SELECT pg_current_wal_flush_lsn() >= '{end}'::pg_lsn")

disk = Disk()
with ThreadPoolExecutor(1) as other:
    ask = lambda began: other.submit(disk.has_all, began).result()
    assert not ask(store()[0]), "nobody saw that the database stood while this was stored"
    waited = 0
    for _ in range(50):
        began, end = store()
        waited += not is_there(end)
        assert ask(began) and is_there(end)
    assert waited, "every step waited for the disk by itself"
    began, _ = store()
    asked("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND usename = current_user")
    assert not ask(began), "the connection was lost"
    assert not ask(began), "the connection is another one: the database may have fallen between"
    assert ask(store()[0])
    other.submit(connections.close_all).result()
"""


def test_what_is_said_to_be_on_disk_is_there_and_a_database_that_may_have_forgotten_is_not_believed(house):
    house.run_python(ON_DISK)
