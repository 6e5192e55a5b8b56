"""Short open tasks of cognition: what was measured, how sure it is, and where a series breaks.

Exploratory: how reliable these tasks are is not known yet. They never gate anything.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from math import comb

SIMPLE, CHOICE, SYMBOLS, RECALL = "simple_reaction", "choice_reaction", "digit_symbol", "delayed_recall"
TASKS = (SIMPLE, CHOICE, SYMBOLS, RECALL)
VERSION = 2  # 2: the words to learn are drawn anew each time
# How many trials each task has, practice first; the house's own choice, stored with the version of the tasks.
PLAN = {
    SIMPLE: {"practice": 3, "trials": 20},
    CHOICE: {"practice": 4, "trials": 24},
    SYMBOLS: {"practice": 3, "seconds": 90},
    RECALL: {"words": 8, "learn_seconds": 2},
}
FASTEST_MS, SLOWEST_MS = 100.0, 3000.0  # faster is a guess, slower a lapse of attention: both counted, not averaged
_BROWSERS_NUMBER = re.compile(r"(?<=^Chrome) \d+|(?<=^Firefox) \d+|(?<=^Safari) \d+|(?<=^Edg) \d+")
FEWEST = 8  # right answers below which no time is told


@dataclass(frozen=True, slots=True)
class Trial:
    """One trial: milliseconds from the frame that showed it to the answer (None: no answer, or before it was shown),
    and whether it was right.
    """

    ms: float | None
    right: bool


@dataclass(frozen=True, slots=True)
class ReactionTime:
    """The median of the right answers in ms, corrected for the display, with an interval of at least 95 % for it; and
    what was left out: guesses, lapses, wrong answers. The median is None below eight right answers.
    """

    median_ms: float | None
    low_ms: float | None
    high_ms: float | None
    counted: int
    guesses: int
    lapses: int
    wrong: int


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a task on one device, as far as a series needs to know."""

    task: str
    version: int
    device: str
    at: datetime
    result: float | None


def reaction_time(trials: Sequence[Trial], *, frame_ms: float) -> ReactionTime:
    """Estimate a reaction time from trials without practice.

    A stimulus that is drawn for a frame appears half a frame later on average (`frame_ms` as measured on the device),
    so that half a frame is taken off. The interval is that of order statistics: it assumes nothing of the times' shape.
    """
    answered = [trial.ms for trial in trials if trial.ms is not None and trial.right]
    times = sorted(ms - frame_ms / 2 for ms in answered if FASTEST_MS <= ms <= SLOWEST_MS)
    left_out = (
        sum(trial.ms is None or trial.ms < FASTEST_MS for trial in trials if trial.right or trial.ms is None),
        sum(trial.ms is not None and trial.ms > SLOWEST_MS and trial.right for trial in trials),
        sum(not trial.right and trial.ms is not None for trial in trials),
    )
    if len(times) < FEWEST:
        return ReactionTime(None, None, None, len(times), *left_out)
    low, high = _interval(len(times))
    middle = (times[(len(times) - 1) // 2] + times[len(times) // 2]) / 2
    return ReactionTime(middle, times[low], times[high], len(times), *left_out)


def _interval(count: int, level: float = 0.95) -> tuple[int, int]:
    """Return the places of the two order statistics between which the true median lies with at least `level`."""
    tail, place = 0.0, 0
    while place < count // 2 and 2 * (tail + comb(count, place) * 0.5**count) <= 1 - level:
        tail += comb(count, place) * 0.5**count
        place += 1
    place = max(place - 1, 0)
    return place, count - 1 - place


def kind_of_device(told: str) -> str:
    """Return a device without the number of its browser: a browser that renewed itself is no other device."""
    return _BROWSERS_NUMBER.sub("", told)


def unbroken(runs: Sequence[Run]) -> list[list[Run]]:
    """Return the runs of one task, the earliest first, in series that no change of device or version breaks: across
    such a change times are not compared.
    """
    ordered = sorted(runs, key=lambda run: run.at)
    series = [ordered[:1]] if ordered else []
    for before, run in pairwise(ordered):
        if (kind_of_device(before.device), before.version) == (kind_of_device(run.device), run.version):
            series[-1].append(run)
        else:
            series.append([run])
    return series
