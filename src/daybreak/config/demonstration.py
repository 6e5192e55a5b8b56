"""Make the demonstration, its clinics side by side in processes of their own, with a progress bar."""

import os
import selectors
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import click
import psycopg
from django.db import DatabaseError

from daybreak.config.database import close_connections
from daybreak.config.environment import CannotGoOn
from daybreak.kernel.moments import now

PROCESSES = 2
Deliver = Callable[..., None]


def make() -> None:
    """Make everything. An interruption leaves an unfinished demonstration, which the next start throws away."""
    from daybreak.demo.public import CLINICS, PATIENTS_PER_CLINIC, freeze, open_sites

    at = now()
    open_sites(at=at)
    total = len(CLINICS) * PATIENTS_PER_CLINIC
    with click.progressbar(length=total, label=f"Making {total} synthetic patients") as bar:
        for played in _played(range(len(CLINICS)), at):
            bar.update(played)
    freeze(at=now())


@dataclass(slots=True)
class Player:
    """A process that plays whole clinics; each byte that it tells is one patient."""

    pid: int
    told: int
    ended_well: bool | None = None

    def wait(self) -> bool:
        """Wait for the end of the process and return whether it ended well."""
        if self.ended_well is None:
            self.ended_well = os.waitpid(self.pid, 0)[1] == 0
        return self.ended_well

    def end(self) -> None:
        """End the process if it still plays."""
        if self.ended_well is None:
            os.kill(self.pid, signal.SIGTERM)
            self.wait()
        os.close(self.told)


def _played(clinics: Sequence[int], at: datetime) -> Iterator[int]:
    """Play the clinics and yield how many patients were played since; raise CannotGoOn when a process fails."""
    from daybreak.config import events  # loaded here, once, for every player

    close_connections()  # the players are forked from this process and must not share sockets with it
    playing = [_begun(events.deliver, at, clinics[first::PROCESSES]) for first in range(PROCESSES)]
    try:
        yield from _told(playing)
        ended_well = [each.wait() for each in playing]
        if not all(ended_well):
            raise CannotGoOn("The demonstration could not be made; what went wrong stands above.")
    finally:
        for each in playing:
            each.end()


def _begun(deliver: Deliver, at: datetime, share: Sequence[int]) -> Player:
    """Fork a player: it has all modules in memory already, where a new program would load them again."""
    listens, tells = os.pipe()
    sys.stdout.flush()
    if pid := os.fork():
        os.close(tells)
        return Player(pid, listens)
    status = 1
    try:
        os.setsid()  # Ctrl-C reaches the first process, which then ends this one
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        os.close(listens)
        _play(deliver, at, share, tells)
        status = 0
    except (DatabaseError, psycopg.Error, OSError) as fault:
        said = str(fault).strip().splitlines()[0]
        print(f"The database stopped answering, or the disk is full: {said}", file=sys.stderr, flush=True)
    except Exception:
        sys.excepthook(*sys.exc_info())
    finally:
        os._exit(status)  # a fork does not go back into what its parent was doing


def _play(deliver: Deliver, at: datetime, share: Sequence[int], tells: int) -> None:
    from daybreak.demo.public import play_clinic

    for number in share:
        play_clinic(number, at=at, deliver=deliver, played=lambda: os.write(tells, b"."))
    close_connections()


def _told(playing: Sequence[Player]) -> Iterator[int]:
    """Yield how many patients were played, as the players tell it."""
    with selectors.DefaultSelector() as waiting:
        for each in playing:
            waiting.register(each.told, selectors.EVENT_READ)
        while waiting.get_map():
            for key, _ in waiting.select():
                said = os.read(key.fd, 4096)
                if not said:
                    waiting.unregister(key.fd)
                yield len(said)
