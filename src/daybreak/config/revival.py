"""Keeps the embedded database running beside a long-lived process: killed, it is started again, a bounded number of
times.
"""

import fcntl
import logging
import os
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from daybreak.config.cluster import Cluster
from daybreak.config.environment import CannotGoOn

LOOK_SECONDS = 0.5
MOST_STARTS, WITHIN_SECONDS = 20, 600.0
PATIENCE_SECONDS = 60.0
log = logging.getLogger(__name__)


@contextmanager
def kept_alive(cluster: Cluster) -> Iterator[None]:
    """Look after the cluster's server for the block: where it died it is started again, and a line is logged.

    Server, gateway and others may all look after one cluster; a lock lets one of them start it. After MOST_STARTS
    starts within WITHIN_SECONDS it is left alone, since something is wrong that a start does not mend.
    """
    stop = threading.Event()
    watcher = threading.Thread(target=_look_after, args=(cluster, stop), daemon=True)
    watcher.start()
    try:
        yield
    finally:
        stop.set()
        watcher.join()


def _look_after(cluster: Cluster, stop: threading.Event) -> None:
    starts: deque[float] = deque(maxlen=MOST_STARTS)
    while not stop.wait(LOOK_SECONDS):
        if cluster.has_process():
            continue
        if len(starts) == MOST_STARTS and time.monotonic() - starts[0] < WITHIN_SECONDS:
            log.error("The database ended again and is left alone. Look at %s.", cluster.data / "server.log")
            return
        starts.append(time.monotonic())
        if fault := _revived(cluster, stop):
            log.error("The database ended and could not be started: %s", fault)


def _revived(cluster: Cluster, stop: threading.Event) -> str:
    """Start the server unless somebody else did; return why it could not be started, or nothing."""
    lock = os.open(cluster.named.parent / "postgres.revived", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if cluster.is_running():
            return ""
        began, until = time.monotonic(), time.monotonic() + PATIENCE_SECONDS
        while not cluster.is_running():  # a start that was told to have failed may have been one all the same
            try:
                cluster.start()
            except CannotGoOn as fault:  # the processes of the killed one still hold its memory
                if time.monotonic() > until or stop.wait(LOOK_SECONDS):
                    return str(fault)
        log.warning("The database had ended and runs again after %.1f s.", time.monotonic() - began)
        return ""
    finally:
        os.close(lock)
