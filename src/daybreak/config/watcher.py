"""The watch over the alert path, on a thread of each process that serves pages.

Several processes may run it: a round that finds another one at work at a site leaves it alone.
"""

import logging
import threading
import time
from datetime import datetime

ROUND_SECONDS = 1.0
# A page beats every two seconds. After the watch itself was away, or its clock jumped, each page gets this long to
# beat to it before its silence means anything.
SETTLING_SECONDS = 8.0
AWAY_SECONDS = 4.0


class Settled:
    """Whether rounds have come regularly for long enough to judge the silence of others, by two clocks."""

    def __init__(self, *, at: datetime, ticks: float) -> None:
        self._since, self._at, self._ticks = ticks, at, ticks

    def after(self, *, at: datetime, ticks: float) -> bool:
        """Note a round at the moment `at`, and at `ticks` seconds of the clock that nobody sets; say whether."""
        passed, shown = ticks - self._ticks, (at - self._at).total_seconds()
        if passed > AWAY_SECONDS or abs(shown - passed) > AWAY_SECONDS:
            self._since = ticks
        self._at, self._ticks = at, ticks
        return ticks - self._since >= SETTLING_SECONDS


def start_watching() -> threading.Thread:
    """Start the watch; it ends with the process."""
    thread = threading.Thread(target=_watch, name="watch over the alert path", daemon=True)
    thread.start()
    return thread


def _watch() -> None:
    from django.db import Error, close_old_connections

    from daybreak.kernel.moments import now
    from daybreak.kernel.refusal import Refusal
    from daybreak.treat.public import watch_everywhere

    settled = Settled(at=now(), ticks=time.monotonic())
    while True:
        try:
            at = now()
            watch_everywhere(at=at, judge_pages=settled.after(at=at, ticks=time.monotonic()))
        except (Error, OSError, Refusal) as fault:
            logging.getLogger(__name__).warning("The watch will try again: %s", type(fault).__name__)
        finally:
            close_old_connections()
        time.sleep(ROUND_SECONDS)
