"""What a bar is measured against: a bare scan by DuckDB, or R in the same run; and the machine's load beside it."""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

import duckdb

THREADS = 2
SCRIPTS = Path(__file__).resolve().parent / "r"


class NoR(Exception):
    """R or one of its packages is not here, so a bar against it was not measured."""


def scan(sql: str) -> float:
    """Return how many seconds a bare scan takes, from an empty engine."""
    began = perf_counter()
    with duckdb.connect() as connection:
        connection.execute(f"SET threads = {THREADS}")
        connection.execute(sql).fetchall()
    return perf_counter() - began


def taken(work: Callable[[], object]) -> float:
    """Return how many seconds some work takes."""
    began = perf_counter()
    work()
    return perf_counter() - began


def in_r(script: str, *words: object) -> list[float]:
    """Return the numbers that a script of R tells, one a line. Raises NoR, loudly, where R is not here."""
    program = shutil.which("Rscript")
    if program is None:
        raise NoR("*** R IS NOT HERE: THIS BAR WAS NOT MEASURED. validation/README.md says what to install. ***")
    done = subprocess.run(
        [program, str(SCRIPTS / f"{script}.R"), *map(str, words)], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise NoR(f"*** R could not run {script}, SO THIS BAR WAS NOT MEASURED: {done.stderr.strip()[-300:]} ***")
    return [float(line) for line in done.stdout.split()]


def load() -> str:
    """Return how busy the machine is: a ratio taken beside others' work is worth less."""
    return f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
