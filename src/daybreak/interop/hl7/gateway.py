"""The gateway: monitors connect, send messages one after another, and hear of each once it is durable."""

import asyncio
import contextlib
import logging
import socket
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from django.db import DatabaseError, InterfaceError, connection

from daybreak.interop.hl7.clinic import clinic_of
from daybreak.interop.hl7.frames import Frame, Frames, NotFramed
from daybreak.interop.hl7.intake import Account, database_lost, no_clinic, take_in
from daybreak.kernel.moments import now
from daybreak.kernel.scope import Scope, scoped
from daybreak.people.public import Site

MOST_PEERS = 500
HALF_MESSAGE_SECONDS = 30.0
_CHUNK = 65_536
log = logging.getLogger("daybreak.gateway")


@dataclass
class Gateway:
    """Serves the clinics given. `counts` says what became of everything that arrived since the start."""

    sites: Sequence[Site]
    workers: int = 4
    counts: Counter[str] = field(default_factory=Counter)
    _unknown: set[str] = field(default_factory=set)
    _peers: set[asyncio.Task[None]] = field(default_factory=set)

    async def serve(self, *, address: str, port: int, ready: Callable[[int], None], stop: asyncio.Event) -> None:
        """Listen until `stop` is set; then take no new message, and finish those that arrived whole.

        `ready` is told the port (0 chooses a free one). Raises OSError where nobody can listen there.
        """
        self._pool = ThreadPoolExecutor(self.workers, thread_name_prefix="gateway")
        server = await asyncio.start_server(self._peer, address, port)
        try:
            ready(server.sockets[0].getsockname()[1])
            await stop.wait()
        finally:
            server.close()
            for peer in list(self._peers):
                peer.cancel()
            await asyncio.gather(*self._peers, return_exceptions=True)
            self._pool.shutdown()

    async def _peer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is None or len(self._peers) >= MOST_PEERS:
            writer.close()
            return
        self._peers.add(task)
        try:
            _keep_alive(writer)
            await self._talk(reader, writer)
        except (ConnectionError, NotFramed, asyncio.CancelledError):
            pass
        finally:
            self._peers.discard(task)
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        frames = Frames()
        while True:
            try:
                patience = HALF_MESSAGE_SECONDS if frames.in_a_message else None
                data = await asyncio.wait_for(reader.read(_CHUNK), patience)
            except (TimeoutError, ConnectionError):
                data = b""
            for frame in frames.feed(data) if data else frames.close():
                if frame.content.strip() or not frame.fault:
                    writer.write(await asyncio.shield(self._take(frame)))
                    await writer.drain()
            if not data:
                return

    async def _take(self, frame: Frame) -> bytes:
        account = await asyncio.get_running_loop().run_in_executor(self._pool, self._store, frame)
        self.counts.update(account.counts)
        for name in sorted(account.unknown - self._unknown)[:100]:
            log.info("not read here: %s", name)
        self._unknown |= account.unknown
        return account.answer

    def _store(self, frame: Frame) -> Account:
        try:
            site = clinic_of(frame, self.sites, at=now())
            if site is None:
                return Account(no_clinic(frame, at=now()), Counter(refused_messages=1))
            with scoped(Scope(site=site.code, actor=None, purpose="HL7 gateway")) as scope:
                return take_in(scope, frame, site=site, at=now())
        except (DatabaseError, InterfaceError) as fault:
            log.warning("not stored: %s", type(fault).__name__)
            return Account(database_lost(frame, at=now()), Counter(not_stored=1))
        finally:
            connection.close()


def _keep_alive(writer: asyncio.StreamWriter) -> None:
    """Let a monitor that was switched off be noticed."""
    peer = writer.get_extra_info("socket")
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for option, value in (("TCP_KEEPIDLE", 30), ("TCP_KEEPINTVL", 10), ("TCP_KEEPCNT", 3)):
        if hasattr(socket, option):
            peer.setsockopt(socket.IPPROTO_TCP, getattr(socket, option), value)
