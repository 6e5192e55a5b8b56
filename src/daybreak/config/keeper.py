"""Keeps a process running beside this one: started again when it ends by itself, and stopped at the end."""

import logging
import signal
import subprocess
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

GRACE_SECONDS = 5
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0
SETTLED_AFTER = 60.0
log = logging.getLogger(__name__)


@contextmanager
def kept_running(name: str, command: Sequence[str]) -> Iterator[None]:
    """Keep `command` running for the block. Each time it ends by itself one line is logged, and it begins again.

    The pause before doubles from one second to a minute while it does not live for a minute. The process can tell
    that this one was killed from the end of its standard input.
    """
    keeper = _Keeper(name, command)
    keeper.start()
    try:
        yield
    finally:
        keeper.stop()


class _Keeper:
    """One process at a time, and the thread that waits for its end."""

    def __init__(self, name: str, command: Sequence[str]) -> None:
        self.name, self.command = name, command
        self.stopping = threading.Event()
        self.turn = threading.Lock()
        self.process = self._begun()
        self.waiter = threading.Thread(target=self._keep, daemon=True)

    def start(self) -> None:
        self.waiter.start()

    def stop(self) -> None:
        with self.turn:
            self.stopping.set()
        self.process.terminate()
        try:
            self.process.wait(GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
        self.waiter.join()

    def _begun(self) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(self.command, stdin=subprocess.PIPE, start_new_session=True)

    def _keep(self) -> None:
        pause = None
        while True:
            begun = time.monotonic()
            ended = self.process.wait()
            if self.process.stdin:
                self.process.stdin.close()
            if self.stopping.is_set():
                return
            pause = pause_after(time.monotonic() - begun, before=pause)
            log.warning("The %s ended (%s). It is started again in %d s.", self.name, _how(ended), pause)
            if self.stopping.wait(pause):
                return
            with self.turn:
                if self.stopping.is_set():
                    return
                self.process = self._begun()


def pause_after(lived: float, *, before: float | None) -> float:
    """Return the seconds to wait once the process has lived for `lived` seconds; `before` is the pause before it."""
    if before is None or lived >= SETTLED_AFTER:
        return FIRST_PAUSE
    return min(2 * before, LONGEST_PAUSE)


def _how(ended: int) -> str:
    return f"signal {signal.Signals(-ended).name}" if ended < 0 else f"exit code {ended}"
