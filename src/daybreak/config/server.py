"""Serve the pages: one ASGI process for pages and event streams, and beside it one worker for queue and seals, kept
running.
"""

import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

import click

from daybreak.config.database import close_connections, kept_alive
from daybreak.config.environment import CannotGoOn, installation
from daybreak.config.keeper import GRACE_SECONDS, kept_running


def serve(*, address: str, port: int, greeting: str) -> None:
    """Serve until Ctrl-C or SIGTERM, then stop the worker; raise CannotGoOn for a busy port."""
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    check_port(address, port)
    server = Granian(
        "daybreak.config.asgi:application",
        address=address,
        port=port,
        interface=Interfaces.ASGI,
        workers=1,
        websockets=False,
        log_level=LogLevels.error,
        log_dictconfig={"loggers": {"_granian": {}}},  # to the house's own handler, as every other line
        workers_kill_timeout=GRACE_SECONDS,
    )
    server.on_startup(lambda: click.echo(greeting))
    close_connections()  # the server's process is forked from this one and must not share sockets with it
    _end_forks_with_this_process()
    with kept_alive(installation()), kept_running("worker", [sys.executable, "-m", "daybreak.config.worker"]):
        server.serve()


def _end_forks_with_this_process() -> None:
    """Let the forked server end when this process is killed outright: nothing is left on the port."""
    lifeline, held_here = os.pipe()

    def wait() -> None:
        os.read(lifeline, 1)
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(GRACE_SECONDS)
        os._exit(1)

    def in_the_fork() -> None:
        os.close(held_here)
        threading.Thread(target=wait, daemon=True).start()

    os.register_at_fork(after_in_child=in_the_fork)


def check_port(address: str, port: int) -> None:
    """Raise CannotGoOn when nobody can listen there."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError as fault:
            raise CannotGoOn(
                f"Port {port} on {address} is in use or not allowed. Stop the other program, or "
                "set DAYBREAK_PORT to another port."
            ) from fault


@contextmanager
def stopping_on_signals() -> Iterator[None]:
    """Let SIGTERM end the block like Ctrl-C does, so that everything that was started is stopped."""

    def end(number: int, frame: FrameType | None) -> None:
        raise SystemExit(128 + number)

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
