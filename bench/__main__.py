"""`python -m bench` and `python -m bench faults`: run the bars, print each figure beside its bar, and write them all.

Each bar runs in a process of its own, so that none finds another's settings, connections or memory.
"""

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from bench.figure import Figure

HERE = Path(__file__).resolve().parent
RESULTS = {"bench": HERE / "results.json", "faults": HERE / "faults.json"}
LETTERS = {"bench": "P", "faults": "RF"}
SIZES = ("quick", "full")
ONE = re.compile(r"(?P<bar>[prf][0-9]+)_[a-z_]+\.py")


class CannotRun(Exception):
    """What was asked for cannot be run; the sentence says what to do."""


def bars(which: str) -> dict[str, str]:
    """Return the modules of the bars of `make bench` or of `make faults` by their names, P2 before P10."""
    found = [
        (match["bar"].upper(), path.stem) for path in HERE.glob("bars/*.py") if (match := ONE.fullmatch(path.name))
    ]
    return dict(sorted((pair for pair in found if pair[0][0] in LETTERS[which]), key=_place))


def _place(pair: tuple[str, str]) -> tuple[int, int]:
    """R1 before R2, R2 before R10, and R before F."""
    letter, number = pair[0][0], int(pair[0][1:])
    return "PRF".index(letter), number


def chosen(which: str, only: str) -> dict[str, str]:
    """Return the bars that `only` names, separated by commas; all of them when it is empty. Raises CannotRun."""
    there = bars(which)
    wanted = [name.upper() for name in only.replace(",", " ").split()] or list(there)
    if missing := [name for name in wanted if name not in there]:
        raise CannotRun(
            f"There is no {', '.join(missing)} in “make {which}”; there is {', '.join(there) or 'none yet'}."
        )
    return {name: there[name] for name in wanted}


def measured(module: str, size: str) -> Iterator[Figure]:
    """Run one bar and yield its figures as it tells them. Raises CannotRun when it does not come to its end."""
    command = [sys.executable, "-W", "error", "-m", "bench.one", module, size]
    with subprocess.Popen(command, cwd=HERE.parent, stdout=subprocess.PIPE, text=True) as running:
        yield from (Figure(**json.loads(line)) for line in running.stdout)
    if running.returncode:
        raise CannotRun(f"{module} did not come to its end (exit code {running.returncode}).")


def run(which: str, only: str, size: str) -> bool:
    """Run the bars, print and write what they measured, and return whether every figure reaches its bar."""
    figures: list[Figure] = []
    faults: list[str] = []
    for name, module in chosen(which, only).items():
        began, before = time.monotonic(), len(figures)
        try:
            for figure in measured(module, size):
                print(figure.sentence(), flush=True)
                figures.append(figure)
            if len(figures) == before:
                raise CannotRun(f"{module} measured nothing.")
        except CannotRun as fault:
            faults.append(str(fault))
            print(f"{name:<4} {fault}", flush=True)
        print(f"     {name} took {time.monotonic() - began:.0f} s ({size})", flush=True)
    RESULTS[which].write_text(json.dumps([figure.row() for figure in figures], indent=1, ensure_ascii=False) + "\n")
    missed = [figure for figure in figures if not figure.holds]
    print(f"{len(figures)} figures, {len(missed)} missed. They are in {RESULTS[which].relative_to(HERE.parent)}.")
    return not missed and not faults


def main() -> int:
    """Return the exit code: 0 when every bar is reached, 1 when one is missed, 2 when the question was wrong."""
    which, only, size = (sys.argv[1:] or ["bench"])[0], os.environ.get("ONLY", ""), os.environ.get("SIZE") or "quick"
    try:
        if size not in SIZES:
            raise CannotRun(f"SIZE is “{size}”; it is one of {', '.join(SIZES)}.")
        return 0 if run(which, only, size) else 1
    except CannotRun as fault:
        print(fault, file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
