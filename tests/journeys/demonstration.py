"""The demonstration, started by the command that a newcomer types, and stopped the way an operating system stops it."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

from tests.journeys.installation import Installation

MINUTES_TO_MAKE = 15
SECONDS_TO_STOP = 30


class Demonstration(Installation):
    """`daybreak demo` with a home and a port of its own."""

    words: tuple[str, ...] = ("demo",)

    def __init__(self, home: Path) -> None:
        self.port = free_port()
        super().__init__(home, DAYBREAK_PORT=str(self.port))
        self.address = f"http://127.0.0.1:{self.port}"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> float:
        """Start it, wait until it answers, and return how many seconds that took."""
        began = time.monotonic()
        with (self.home / "said.txt").open("ab") as said:
            command = [Path(sys.executable).with_name("daybreak"), *self.words]
            self.process = subprocess.Popen(
                command, env=self.environment, stdout=said, stderr=said, start_new_session=True
            )
        while not self.health():
            assert self.process.poll() is None, self.said()
            assert time.monotonic() - began < MINUTES_TO_MAKE * 60, self.said()
            time.sleep(0.1)
        return time.monotonic() - began

    def stop(self) -> int:
        """Send SIGTERM and return the exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(SECONDS_TO_STOP)

    def health(self) -> dict:
        """Return what /healthz says; nothing while nobody answers."""
        asked = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            asked.request("GET", "/healthz")
            return json.load(asked.getresponse())
        except (http.client.HTTPException, OSError):
            return {}
        finally:
            asked.close()

    def said(self) -> str:
        """Return what it printed."""
        return (self.home / "said.txt").read_text(errors="replace")[-4000:]

    def processes(self) -> list[str]:
        """Return the processes that were started for this home and still run, database and worker among them."""
        return [words for _, words in self.running_processes()]

    def running_processes(self) -> list[tuple[int, str]]:
        """Return them with their ids."""
        marks = (str(self.home).encode(), f"DAYBREAK_HOME={self.home}".encode())
        found = [(int(folder.name), _runs_for(folder, marks)) for folder in Path("/proc").glob("[0-9]*")]
        return [(pid, words) for pid, words in found if words]


def _runs_for(folder: Path, marks: tuple[bytes, bytes]) -> str:
    """Return the command of a process if its words or its environment name the home; a zombie has neither."""
    try:
        words, environment = (folder / "cmdline").read_bytes(), (folder / "environ").read_bytes()
    except OSError:
        return ""
    found = marks[0] in words or marks[1] in environment.split(b"\0")
    return words.replace(b"\0", b" ").decode(errors="replace") if found and int(folder.name) != os.getpid() else ""


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
