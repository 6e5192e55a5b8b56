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


def make() -> None:
    """Make everything. An interruption leaves an unfinished demonstration, which the next start throws away."""
    from daybreak.demo.public import CLINICS, PATIENTS_PER_CLINIC, freeze, open_sites

    at = now()
    open_sites(at=at)
    total = len(CLINICS) * PATIENTS_PER_CLINIC
    with click.progressbar(length=total, label=f"Making {total} synthetic patients") as bar:
        for _ in _played(range(len(CLINICS)), at):
            bar.update(1)
    freeze(at=at)


def _played(clinics: range, at: datetime) -> Iterator[None]:
    spawn = multiprocessing.get_context("spawn")
    with spawn.Manager() as manager, ProcessPoolExecutor(PROCESSES, mp_context=spawn) as pool:
        told: Any = manager.Queue()
        playing = [pool.submit(_play, number, at, told) for number in clinics]
        while not all(each.done() for each in playing):
            try:
                yield told.get(timeout=0.2)
            except Empty:
                continue
        for each in playing:
            each.result()
        while not told.empty():
            yield told.get()


def _play(number: int, at: datetime, told: Any) -> None:
    import django

    django.setup()
    from daybreak.config.events import deliver
    from daybreak.demo.public import play_clinic

    play_clinic(number, at=at, deliver=deliver, played=lambda: told.put(None))
