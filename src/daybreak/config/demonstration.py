"""Make the demonstration, its clinics side by side in processes of their own, with a progress bar."""

import os
import selectors
import subprocess
import sys
from collections.abc import Iterator, Sequence
from datetime import datetime

import click
import psycopg
from django.db import DatabaseError

from daybreak.config.environment import CannotGoOn
from daybreak.kernel.moments import now

PROCESSES = 2


def make() -> None:
    """Make everything. An interruption leaves an unfinished demonstration, which the next start throws away."""
    from daybreak.demo.public import CLINICS, PATIENTS_PER_CLINIC, freeze, open_sites

    at = now()
    open_sites(at=at)
    total = len(CLINICS) * PATIENTS_PER_CLINIC
    with click.progressbar(length=total, label=f"Making {total} synthetic patients") as bar:
        for played in _played(range(len(CLINICS)), at):
            bar.update(played)
    freeze(at=at)


def _played(clinics: Sequence[int], at: datetime) -> Iterator[int]:
    """Play the clinics and yield how many patients were played since; raise CannotGoOn when a process fails."""
    shares = [clinics[first::PROCESSES] for first in range(PROCESSES)]
    command = [sys.executable, "-m", "daybreak.config.demonstration", at.isoformat()]
    playing = [  # in sessions of their own: Ctrl-C reaches this process, which then ends them
        subprocess.Popen([*command, *map(str, share)], stdout=subprocess.PIPE, start_new_session=True)
        for share in shares
    ]
    try:
        yield from _told(playing)
        if any(each.wait() for each in playing):
            raise CannotGoOn("The demonstration could not be made; what went wrong stands above.")
    finally:
        for each in playing:
            each.terminate()
            each.wait()


def _told(playing: "list[subprocess.Popen[bytes]]") -> Iterator[int]:
    """Yield the lines that arrive; each line is one patient."""
    with selectors.DefaultSelector() as waiting:
        for each in playing:
            waiting.register(each.stdout.fileno(), selectors.EVENT_READ)
        while waiting.get_map():
            for key, _ in waiting.select():
                said = os.read(key.fd, 4096)
                if not said:
                    waiting.unregister(key.fd)
                yield said.count(b"\n")


def play(at: datetime, clinics: Sequence[int]) -> None:
    """Play whole clinics in this process, and tell of each patient by a line."""
    import django

    django.setup()
    from daybreak.config.events import deliver
    from daybreak.demo.public import play_clinic

    for number in clinics:
        play_clinic(number, at=at, deliver=deliver, played=lambda: print(flush=True))


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "daybreak.config.settings")
    try:
        play(datetime.fromisoformat(sys.argv[1]), [int(number) for number in sys.argv[2:]])
    except (DatabaseError, psycopg.Error, OSError) as fault:
        sys.exit(f"The database stopped answering, or the disk is full: {str(fault).strip().splitlines()[0]}")
