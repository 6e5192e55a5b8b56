"""The trials whose figures stand on the monitor's page: run by one command, kept in a file, never typed."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from typing import Any

from daybreak.rulebook.public import Surveillance
from daybreak.watch.surveillance.trial import tried

FILE = Path(__file__).parent / "standing.json"
TRIALS = (("batch", 2.0), ("batch", 4.0), ("monitoring", 3.0), ("bladder", 5.0), ("dose", 1.5), ("dose", 3.0))
RUNS, SEED = 300, 1


def run_standing(surveillance: Surveillance) -> Iterator[dict[str, Any]]:
    """Yield each standing trial's answer with the command that repeats it."""
    for harm, size in TRIALS:
        found = tried(surveillance, harm, size=size, runs=RUNS, seed=SEED)
        command = f"daybreak watch trial --harm {harm} --size {size:g} --runs {RUNS} --seed {SEED} --json"
        yield {"command": command, "fingerprint": surveillance.fingerprint, **asdict(found)}


def as_file(answers: list[dict[str, Any]]) -> str:
    """Return the text of the file."""
    return json.dumps({"version": 1, "trials": answers}, indent=1, ensure_ascii=False) + "\n"


@lru_cache(maxsize=1)
def standing() -> tuple[Mapping[str, Any], ...]:
    """Return the answers that were kept."""
    return tuple(json.loads(FILE.read_text(encoding="utf-8"))["trials"])
