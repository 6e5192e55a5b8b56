"""A database that is killed under what uses it is started again, without help and not for ever."""

import logging
import os
import signal
import time

import psycopg

from daybreak.config import revival
from daybreak.config.cluster import Cluster
from daybreak.config.revival import kept_alive


def killed(cluster):
    """Kill the server's first process; return its number."""
    pid = int((cluster.data / "postmaster.pid").read_text().split("\n", 1)[0])
    os.kill(pid, signal.SIGKILL)
    return pid


def until(so, *, seconds=120):
    """Wait until it is so."""
    end = time.monotonic() + seconds
    while not so():
        assert time.monotonic() < end, "not within two minutes"
        time.sleep(0.1)


def answers(cluster):
    try:
        with psycopg.connect(cluster.url("daybreak_app")) as connection:
            return connection.execute("SELECT 1").fetchone() == (1,)
    except psycopg.OperationalError:
        return False


def test_a_killed_database_is_started_again_and_is_left_alone_when_that_never_ends(tmp_path, caplog, monkeypatch):
    """Either of two that look after it may start it, so fast that the other never sees it dead: each counts its own."""
    monkeypatch.setattr(revival, "MOST_STARTS", 2)
    cluster = Cluster(tmp_path / "home" / "postgres")
    cluster.start()
    kills = 0

    def given_up():
        return caplog.text.count("left alone") == 2

    try:
        with caplog.at_level(logging.WARNING, logger=revival.__name__), kept_alive(cluster), kept_alive(cluster):
            while not given_up():
                assert kills < 2 * revival.MOST_STARTS + 1, "it is started again for ever"
                gone = killed(cluster)
                kills += 1
                until(lambda nth=kills: caplog.text.count("runs again") >= nth or given_up())
                if not given_up():
                    assert answers(cluster)
                    assert int((cluster.data / "postmaster.pid").read_text().split("\n", 1)[0]) != gone
    finally:
        cluster.stop()
    assert kills > revival.MOST_STARTS


def test_without_it_a_killed_database_stays_dead(tmp_path):
    """The control."""
    cluster = Cluster(tmp_path / "home" / "postgres")
    cluster.start()
    killed(cluster)
    time.sleep(3 * revival.LOOK_SECONDS)
    assert not cluster.has_process()
