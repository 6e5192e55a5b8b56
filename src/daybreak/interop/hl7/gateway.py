"""The gateway: monitors connect, send messages one after another, and hear of each once it is durable."""

import asyncio
import contextlib
import gc
import logging
import socket
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from time import monotonic

from django.db import DatabaseError, InterfaceError, OperationalError, connection, connections

from daybreak.interop.hl7.clinic import clinic_of
from daybreak.interop.hl7.frames import Frame, Frames, NotFramed
from daybreak.interop.hl7.intake import Account, database_lost, no_clinic, refused, take_in, take_in_all
from daybreak.kernel.moments import now
from daybreak.kernel.refusal import Refusal
from daybreak.kernel.scope import Scope, scoped
from daybreak.ledger.public import Disk
from daybreak.people.public import Site
from daybreak.treat.public import bedside

MOST_PEERS = 500
HALF_MESSAGE_SECONDS, UNFRAMED_SECONDS = 30.0, 3.0
"""How long the rest of a message is waited for, and the frame of what came without one, before its peer is answered."""
MOST_WAITING, MOST_TOGETHER = 1_000, 100
"""Messages that wait to be stored, before connections have to; and those that are stored in one step."""
_CHUNK = 65_536
log = logging.getLogger("daybreak.gateway")
_Waiting = tuple[Frame, "asyncio.Future[bytes]"]
_Stored = tuple[float, list[_Waiting], list[Account]]


@dataclass
class Gateway:
    """Serves the clinics given. `counts` says what became of everything that arrived since the start."""

    sites: Sequence[Site]
    counts: Counter[str] = field(default_factory=Counter)
    _unknown: set[str] = field(default_factory=set)
    _peers: set[asyncio.Task[None]] = field(default_factory=set)
    _disk: Disk = field(default_factory=Disk)

    async def serve(self, *, address: str, port: int, ready: Callable[[int], None], stop: asyncio.Event) -> None:
        """Listen until `stop` is set; then take no new message, and finish those that arrived whole.

        `ready` is told the port (0 chooses a free one). Raises OSError where nobody can listen there.
        """
        self._waiting: asyncio.Queue[_Waiting] = asyncio.Queue(MOST_WAITING)
        self._stored: asyncio.Queue[_Stored] = asyncio.Queue()
        # One thread stores: a second would take turns with it at Python's lock, and an alarm would wait for both. The
        # other waits for the disk and does nothing else.
        storing, flushing = (ThreadPoolExecutor(1, thread_name_prefix=name) for name in ("store", "disk"))
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(storing, self._look_ahead)
        await loop.run_in_executor(flushing, self._disk.has_all, monotonic())
        gc.freeze()  # what was loaded until here stays, and is not gone through while an alarm waits
        tasks = [
            asyncio.create_task(self._take_together(storing)),
            asyncio.create_task(self._answer_together(flushing)),
        ]
        server = await asyncio.start_server(self._peer, address, port)
        try:
            ready(server.sockets[0].getsockname()[1])
            await stop.wait()
        finally:
            server.close()
            for peer in list(self._peers):
                peer.cancel()
            await asyncio.gather(*self._peers, return_exceptions=True)
            await self._waiting.join()
            for task in tasks:
                task.cancel()
            for thread in (storing, flushing):
                thread.submit(connections.close_all)
                thread.shutdown()

    async def _peer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is None or len(self._peers) >= MOST_PEERS:
            log.warning("%s is not listened to: %d connections are open", _address(writer), len(self._peers))
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
        try:
            await self._listen(frames, reader, writer)
        finally:
            if frames.strays:
                self.counts["not_framed"] += 1
                log.warning(
                    "%s sent %d bytes outside of any frame and is closed: is it a monitor, and set to MLLP?",
                    _address(writer),
                    frames.strays,
                )

    async def _listen(self, frames: Frames, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            try:
                data = await asyncio.wait_for(reader.read(_CHUNK), _patience(frames))
            except (TimeoutError, ConnectionError):
                data = b""
            for frame in frames.feed(data) if data else frames.close():
                if frame.content.strip() or not frame.fault:
                    writer.write(await self._take(frame))
                    await writer.drain()
            if not data:
                return

    async def _take(self, frame: Frame) -> bytes:
        """Return the answer to a frame, once it may be sent. A frame that waits is stored even if its peer goes."""
        answer: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        await self._waiting.put((frame, answer))
        return await asyncio.shield(answer)

    def _told(self, account: Account) -> bytes:
        """Count what became of a frame, and return the answer to it."""
        self.counts.update(account.counts)
        for name in sorted(account.unknown - self._unknown)[:100]:
            log.info("not read here: %s", name)
        self._unknown |= account.unknown
        return account.answer

    async def _take_together(self, thread: ThreadPoolExecutor) -> None:
        """Store what waits from all connections in one go, again and again: the more waits, the more goes at once.

        The thread keeps its connection to the database from one go to the next, for as long as it answers.
        """
        loop = asyncio.get_running_loop()
        while True:
            together = [await self._waiting.get()]
            while len(together) < MOST_TOGETHER and not self._waiting.empty():
                together.append(self._waiting.get_nowait())
            began = monotonic()
            try:
                accounts = await loop.run_in_executor(thread, self._store, [frame for frame, _ in together])
                self._stored.put_nowait((began, together, accounts))
            except Exception as fault:  # the edge: whoever waits hears of it, and the others go on
                for _, answer in together:
                    answer.set_exception(fault)
                    self._waiting.task_done()

    async def _answer_together(self, thread: ThreadPoolExecutor) -> None:
        """Answer what was stored once it is on disk, whatever was stored until then together. The next go is stored
        meanwhile, so no alarm waits for the disk.
        """
        loop = asyncio.get_running_loop()
        while True:
            stored = [await self._stored.get()]
            while not self._stored.empty():
                stored.append(self._stored.get_nowait())
            is_on_disk = await loop.run_in_executor(thread, self._disk.has_all, stored[0][0])
            if not is_on_disk:
                log.warning("not known to be on disk, so it is to be sent again: %d portions", len(stored))
            for _, together, accounts in stored:
                for (frame, answer), account in zip(together, accounts, strict=True):
                    answer.set_result(self._told(account if is_on_disk else _not_stored(frame, now())))
                    self._waiting.task_done()

    def _look_ahead(self) -> None:
        """Look up what the first messages would wait for, on the connection that the thread keeps."""
        try:
            for site in self.sites:
                with scoped(_scope(site)) as scope:
                    bedside(scope).look_ahead(now())
        except (OperationalError, InterfaceError) as fault:
            log.warning("not looked ahead: %s", type(fault).__name__)
            connection.close()

    def _store(self, frames: list[Frame]) -> list[Account]:
        at = now()
        try:
            found = [(frame, clinic_of(frame, self.sites, at=at)) for frame in frames]
            by_site: dict[str, list[Frame]] = defaultdict(list)
            for frame, site in found:
                if site is not None:
                    by_site[site.code].append(frame)
            sites = {site.code: site for site in self.sites}
            accounts = {code: iter(of_site(sites[code], each, at)) for code, each in by_site.items()}
            return [
                next(accounts[site.code]) if site else Account(no_clinic(frame, at=at), Counter(refused_messages=1))
                for frame, site in found
            ]
        except (OperationalError, InterfaceError) as fault:
            log.warning("not stored: %s", type(fault).__name__)
            connection.close()
            return [_not_stored(frame, at) for frame in frames]
        except BaseException:
            connection.close()
            raise


def of_site(site: Site, frames: list[Frame], at: datetime) -> list[Account]:
    """Take the frames of a site in together; where one of them spoils that, each alone."""
    with scoped(_scope(site)) as scope:
        try:
            return take_in_all(scope, frames, site=site, at=at)
        except (Refusal, DatabaseError) as fault:
            if isinstance(fault, OperationalError | InterfaceError):
                raise
        return [_alone(scope, site, frame, at) for frame in frames]


def _scope(site: Site) -> Scope:
    return Scope(site=site.code, actor=None, purpose="HL7 gateway")


def _alone(scope: Scope, site: Site, frame: Frame, at: datetime) -> Account:
    try:
        return take_in(scope, frame, site=site, at=at)
    except Refusal as fault:
        return Account(refused(frame, str(fault), at=at), Counter(refused_messages=1))
    except DatabaseError as fault:
        if isinstance(fault, OperationalError | InterfaceError):
            raise
        log.warning("not stored: %s", type(fault).__name__)
        return _not_stored(frame, at)


def _not_stored(frame: Frame, at: datetime) -> Account:
    return Account(database_lost(frame, at=at), Counter(not_stored=1))


def _patience(frames: Frames) -> float | None:
    """Return the seconds after which a silent peer is given up; None for one that has said all it began to say."""
    if frames.in_a_message:
        return HALF_MESSAGE_SECONDS
    return UNFRAMED_SECONDS if frames.has_strayed else None


def _address(writer: asyncio.StreamWriter) -> str:
    return (writer.get_extra_info("peername") or ("?",))[0]


def _keep_alive(writer: asyncio.StreamWriter) -> None:
    """Let a monitor that was switched off be noticed."""
    peer = writer.get_extra_info("socket")
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for option, value in (("TCP_KEEPIDLE", 30), ("TCP_KEEPINTVL", 10), ("TCP_KEEPCNT", 3)):
        if hasattr(socket, option):
            peer.setsockopt(socket.IPPROTO_TCP, getattr(socket, option), value)
