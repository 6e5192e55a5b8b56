"""A worker that dies is started again, and /healthz says how it is."""

import os
import signal
import time

import pytest
from django.db import connection
from django.test import Client

from daybreak.config import health
from daybreak.config.health import worker_state
from daybreak.config.keeper import pause_after
from tests.journeys.demonstration import Demonstration

SECONDS_TO_COME_BACK = 60


class Served(Demonstration):
    """`daybreak serve` for one synthetic site."""

    words = ("serve",)

    def worker(self) -> int | None:
        """Return the process id of its worker."""
        return next((pid for pid, words in self.running_processes() if "daybreak.config.worker" in words), None)

    def wait_for(self, what, seconds=SECONDS_TO_COME_BACK):
        """Return what `what()` says once it says something."""
        until = time.monotonic() + seconds
        while not (found := what()):
            assert time.monotonic() < until, (self.health(), self.said())
            time.sleep(0.1)
        return found


@pytest.fixture
def house(tmp_path):
    made = Served(tmp_path)
    made.migrate()
    with made.running():
        made.run("site", "add", "north", "--name", "North", "--time-zone", "Europe/Berlin", "--synthetic")
        made.start()
        yield made
        made.process.kill()
        made.process.wait()


def test_a_killed_worker_is_started_again_and_nothing_is_left_at_the_end(house):
    house.wait_for(lambda: house.health().get("worker") == "alive")
    killed = house.worker()
    os.kill(killed, signal.SIGKILL)
    house.wait_for(lambda: house.worker() not in (None, killed))
    house.wait_for(lambda: house.health()["worker"] == "alive" and house.health()["worker_beat_seconds"] < 10)
    assert house.said().count("The worker ended (signal SIGKILL). It is started again in 1 s.") == 1
    assert house.stop() == 0
    assert house.worker() is None


def test_a_killed_server_leaves_neither_pages_nor_worker_behind(house):
    house.wait_for(house.worker)
    house.process.kill()
    house.wait_for(lambda: house.worker() is None)
    house.wait_for(lambda: not house.health())


def test_pauses_double_to_a_minute_and_begin_anew_after_a_minute_of_life():
    pause, pauses = None, []
    for lived in (0.1, 1, 1, 1, 1, 1, 59.9, 1, 60, 1):
        pause = pause_after(lived, before=pause)
        pauses.append(pause)
    assert pauses == [1, 2, 4, 8, 16, 32, 60, 60, 1, 2]


@pytest.mark.parametrize(
    ("beat", "up", "state"),
    [
        (0.0, 5, "alive"),
        (30.0, 999, "alive"),
        (30.1, 31, "late"),
        (30.1, 30, "starting"),
        (None, 1, "starting"),
        (None, 31, "late"),
    ],
)
def test_the_worker_is_late_half_a_minute_after_its_last_beat(beat, up, state):
    assert worker_state(beat, up=up) == state


@pytest.mark.django_db
def test_a_late_worker_is_degraded_and_the_pages_stay(world, monkeypatch):
    monkeypatch.setattr(health, "LOADED", time.monotonic() - 100)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_workers")
        cursor.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '90 seconds')")
    answer = Client().get("/healthz")
    said = answer.json()
    assert (answer.status_code, said["status"], said["worker"], said["synthetic"]) == (200, "degraded", "late", True)
    assert 90 <= said["worker_beat_seconds"] < 100
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = now()")
    assert Client().get("/healthz").json()["status"] == "ok"
