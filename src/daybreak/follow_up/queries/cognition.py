"""The runs of the short open tasks, with what was measured."""

from collections import defaultdict
from dataclasses import dataclass
from uuid import UUID

from daybreak.follow_up.models import TaskRun
from daybreak.follow_up.rules.cognition import CHOICE, SIMPLE, TASKS, ReactionTime, Run, Trial, reaction_time, unbroken
from daybreak.kernel.scope import Scope
from daybreak.ledger.public import Read, rows


@dataclass(frozen=True, slots=True)
class Measured:
    """A run with its result: a reaction time for the two reaction tasks, else how many were right of how many."""

    run: TaskRun
    time: ReactionTime | None
    right: int
    of: int
    breaks: bool


def measured_runs(scope: Scope, patient: UUID) -> dict[str, list[Measured]]:
    """Return the runs of each task, the earliest first; `breaks` marks the first run of a new series."""
    found: dict[str, list[TaskRun]] = defaultdict(list)
    for row in rows(Read(TaskRun, {"site": scope.site, "patient_key": patient}, by=("done_at", "key"))):
        found[row.task].append(row)
    return {task: _measured(found[task]) for task in TASKS if task in found}


def _measured(runs: list[TaskRun]) -> list[Measured]:
    by_moment = {row.done_at: row for row in runs}
    series = unbroken([Run(row.task, row.version, row.device, row.done_at, None) for row in runs])
    return [
        _one(by_moment[run.at], breaks=n > 0 and place == 0)
        for n, each in enumerate(series)
        for place, run in enumerate(each)
    ]


def _one(row: TaskRun, *, breaks: bool) -> Measured:
    right = sum(each.get("right") is True for each in row.trials)
    time = None
    if row.task in (SIMPLE, CHOICE):
        trials = [Trial(_ms(each.get("ms")), each.get("right") is True) for each in row.trials]
        time = reaction_time(trials, frame_ms=float(row.frame_ms))
    return Measured(row, time, right, len(row.trials), breaks)


def _ms(said: object) -> float | None:
    return float(said) if isinstance(said, int | float) and not isinstance(said, bool) else None
