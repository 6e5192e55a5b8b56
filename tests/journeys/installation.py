"""An installation of its own, driven from outside: commands as processes, and the database's superuser behind their
back.
"""

import json
import os
import subprocess
import sys
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import psycopg

from daybreak.config.cluster import address, using


class Installation:
    """A home folder and the commands that work on it."""

    def __init__(self, home: Path, **environment: str) -> None:
        self.home = home
        self.environment = {**os.environ, "DAYBREAK_HOME": str(home), **environment}

    def migrate(self) -> None:
        """Bring the empty home to where `daybreak migrate` leaves one, by copying one that it made."""
        made = _migrated()
        if (made / "postgres").is_symlink():  # its files lie elsewhere, where PostgreSQL's user reaches them
            self.run("migrate")
        else:
            subprocess.run(["cp", "-a", f"{made}/.", self.home], check=True)

    def run(self, *words: str, code: int = 0, timeout: int = 120) -> subprocess.CompletedProcess:
        """Run `daybreak …` and demand its exit code."""
        done = subprocess.run(
            [sys.executable, "-m", "daybreak", *words],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )
        assert done.returncode == code, (words, done.returncode, done.stdout[-2000:], done.stderr[-3000:])
        assert "Traceback" not in done.stderr, done.stderr
        return done

    def run_python(self, source: str) -> None:
        """Run a few lines against the rooms' own doors, with the database reachable."""
        words = ["from daybreak.config.database import reachable", "with reachable():", *_indented(source)]
        environment = {**self.environment, "DJANGO_SETTINGS_MODULE": "daybreak.config.settings"}
        subprocess.run([sys.executable, "-c", "\n".join(words)], env=environment, check=True, timeout=120)

    def ask(self, *words: str, code: int = 0) -> dict:
        """Run a command with --json and return what it says."""
        return json.loads(self.run(*words, "--json", code=code).stdout)

    @contextmanager
    def running(self):
        """Hold the database running between commands."""
        with using(self.home / "postgres"):
            yield

    @contextmanager
    def superuser(self):
        """A connection that may do anything and leaves no trace: triggers and foreign keys are off."""
        with psycopg.connect(address(self.home / "postgres", "postgres"), autocommit=True) as connection:
            connection.execute("SET session_replication_role = replica")
            yield connection


def _indented(source: str) -> list[str]:
    return [f"    {line}" for line in source.strip().splitlines()]


@cache
def _migrated() -> Path:
    """Return the home that `daybreak migrate` made for all journeys of this run."""
    home = Path(os.environ["DAYBREAK_HOME"], "migrated")
    home.mkdir(exist_ok=True)
    Installation(home).run("migrate")
    return home
