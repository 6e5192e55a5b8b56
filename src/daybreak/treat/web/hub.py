"""One LISTEN connection for the process, and everyone who waits for what it hears."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from math import inf
from typing import Any

import psycopg

from daybreak.ledger.public import address_beside
from daybreak.treat.actions.alarms import CHANNEL

QUEUE = 200
WAIT_SECONDS = 1.0
# The watch sends a tick about once a second through the path that alarms take; without one for this long it is dead.
DEAF_AFTER_SECONDS = 4.0
_KEEP_ALIVE = {"keepalives_idle": 5, "keepalives_interval": 2, "keepalives_count": 2, "connect_timeout": 5}


class Hub:
    """Hears the alarms of every site and hands each to the listeners of its site. `hears` says whether the connection
    stands, and whether what is told through it arrives.
    """

    def __init__(self) -> None:
        self.stands = False
        self._heard_at = -inf
        self._listeners: dict[asyncio.Queue[dict[str, Any]], str] = {}
        self._task: asyncio.Task[None] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    @property
    def hears(self) -> bool:
        """Whether an alarm that is raised now would be heard."""
        return self.stands and time.monotonic() - self._heard_at < DEAF_AFTER_SECONDS

    @asynccontextmanager
    async def listening(self, site: str) -> AsyncIterator[asyncio.Queue[dict[str, Any]]]:
        """Give a queue of the site's alarms for the block. A listener that does not keep up loses its place: it must
        ask anew.
        """
        queue: asyncio.Queue[dict[str, Any]] = asyncio.Queue(maxsize=QUEUE)
        self._ensure()
        self._listeners[queue] = site
        try:
            yield queue
        finally:
            self._listeners.pop(queue, None)
            if not self._listeners and self._task is not None:
                self._task.cancel()
                self._task, self.stands = None, False

    def _ensure(self) -> None:
        loop = asyncio.get_running_loop()
        if self._task is None or self._task.done() or self._loop is not loop:
            self._loop, self._task = loop, loop.create_task(self._run())

    async def _run(self) -> None:
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(
                    **_KEEP_ALIVE, **address_beside(), autocommit=True
                ) as connection:
                    await connection.execute(f"LISTEN {CHANNEL}")
                    self.stands, self._heard_at = True, time.monotonic()
                    await self._listen(connection)
            except (psycopg.Error, OSError):
                pass
            self.stands = False
            await asyncio.sleep(WAIT_SECONDS)

    async def _listen(self, connection: psycopg.AsyncConnection[Any]) -> None:
        """Hand on what is told until nothing comes, though ticks must: then the connection only looks alive."""
        while time.monotonic() - self._heard_at < 2 * DEAF_AFTER_SECONDS:
            async for notice in connection.notifies(timeout=DEAF_AFTER_SECONDS):
                self._heard_at = time.monotonic()
                self._tell(json.loads(notice.payload))

    def _tell(self, message: dict[str, Any]) -> None:
        for queue, site in list(self._listeners.items()):
            if message.get("site") == site and not queue.full():
                queue.put_nowait(message)


hub = Hub()
