"""PostgreSQL refuses to run as root: who runs it then, and where its files lie so that they can reach them."""

import hashlib
import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from daybreak.config.environment import CannotGoOn

ELSEWHERE = Path("/var/lib/daybreak")
ANYBODY_MAY_PASS = 0o001


@dataclass(frozen=True, slots=True)
class Runner:
    """How PostgreSQL's programs are called: where they and the data lie, behind which command, as which user."""

    data: Path
    bin: Path
    prefix: tuple[str, ...] = ()
    user: dict[str, object] = field(default_factory=dict)

    def own(self, folder: Path) -> None:
        """Give a folder to the user who runs PostgreSQL."""
        if self.user:
            os.chown(folder, int(str(self.user["user"])), int(str(self.user["group"])))


def runner(data: Path, programs: Path) -> Runner:
    """Return who runs the cluster in `data`: oneself, and for root a user namespace or else the user nobody.

    An existing data folder decides between the two. Raises CannotGoOn where nobody can be given a folder.
    """
    if os.geteuid() != 0:
        return Runner(data, programs)
    nobody = pwd.getpwnam("nobody")
    namespace = ("unshare", "--user", f"--map-user={nobody.pw_uid}", f"--map-group={nobody.pw_gid}")
    theirs = data.exists() and data.stat().st_uid == nobody.pw_uid
    if not theirs and shutil.which("unshare") and _succeeds([*namespace, "true"]):
        return Runner(data, programs, prefix=namespace)
    try:
        user: dict[str, object] = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
        return Runner(_data_within_reach(data), _programs_within_reach(data, programs), user=user)
    except OSError as fault:
        raise CannotGoOn(
            f"PostgreSQL cannot run as root, and {fault.filename} cannot be made for it ({fault.strerror}). "
            "Run this as another user, or set DAYBREAK_HOME to a folder that every user can reach."
        ) from fault


def _data_within_reach(data: Path) -> Path:
    """Return the data folder where nobody can reach it: in its place, or behind a link."""
    home = data.parent
    if data.is_symlink():
        return data.resolve()
    if _within_reach(home.parent):
        home.chmod(home.stat().st_mode | ANYBODY_MAY_PASS)
        return data
    elsewhere = _elsewhere(data) / data.name
    data.symlink_to(elsewhere)
    return elsewhere


def _programs_within_reach(data: Path, programs: Path) -> Path:
    """Return PostgreSQL's programs where nobody can reach them: in their place, or a copy of the wheel's files."""
    if _within_reach(programs):
        return programs
    package = programs.parents[1]
    folder = _elsewhere(data)
    copied = folder / programs.relative_to(package.parent)
    if not (copied / "postgres").exists() or _size_and_time(copied / "postgres") != _size_and_time(
        programs / "postgres"
    ):
        for part in (package, package.with_suffix(".libs")):  # the programs load their libraries from beside them
            shutil.rmtree(folder / part.name, ignore_errors=True)
            shutil.copytree(part, folder / part.name, symlinks=True)
    return copied


def _size_and_time(file: Path) -> tuple[int, float]:
    return file.stat().st_size, file.stat().st_mtime


def _elsewhere(data: Path) -> Path:
    """Return a folder of this installation's own that every user can pass through."""
    name = hashlib.sha256(str(data.parent / data.name).encode()).hexdigest()[:16]
    folder = ELSEWHERE / name
    for each in (ELSEWHERE, folder):
        each.mkdir(parents=True, exist_ok=True, mode=0o711)
        each.chmod(0o711)
    return folder


def _within_reach(folder: Path) -> bool:
    return all(each.stat().st_mode & ANYBODY_MAY_PASS for each in (folder, *folder.parents))


def _succeeds(command: list[str]) -> bool:
    return subprocess.run(command, stderr=subprocess.DEVNULL, check=False).returncode == 0
