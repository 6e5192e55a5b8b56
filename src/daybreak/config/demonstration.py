"""Make the demonstration, its clinics side by side in processes of their own, with a progress bar."""

import multiprocessing
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime
from queue import Empty
from typing import Any

import click

from daybreak.kernel.moments import now

PROCESSES = 2
_told: Any = None


def make() -> None:
    """Make everything. An interruption leaves an unfinished demonstration, which the next start throws away."""
    from daybreak.demo.public import CLINICS, PATIENTS_PER_CLINIC, freeze, open_sites

    at = now()
    open_sites(at=at)
    total = len(CLINICS) * PATIENTS_PER_CLINIC
    with click.progressbar(length=total, label=f"Making {total} synthetic patients") as bar:
        for _ in _played(range(len(CLINICS)), at):
            bar.update(1)
        bar.update(total - bar.pos)
    freeze(at=at)


def _played(clinics: range, at: datetime) -> Iterator[None]:
    spawn = multiprocessing.get_context("spawn")
    told: Any = spawn.Queue()
    with ProcessPoolExecutor(PROCESSES, mp_context=spawn, initializer=_begin, initargs=(told,)) as pool:
        playing = [pool.submit(_play, number, at) for number in clinics]
        while not all(each.done() for each in playing):
            try:
                yield told.get(timeout=0.2)
            except Empty:
                continue
        for each in playing:
            each.result()


def _begin(told: Any) -> None:
    """Prepare a process that plays: Django, and the queue on which it tells of each patient."""
    global _told
    import django

    django.setup()
    _told = told


def _play(number: int, at: datetime) -> None:
    from daybreak.config.events import deliver
    from daybreak.demo.public import play_clinic

    play_clinic(number, at=at, deliver=deliver, played=lambda: _told.put(None))
