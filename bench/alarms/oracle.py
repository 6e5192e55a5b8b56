"""An oracle of the alarms, written on its own: it shares no code with the rules and none of their form.

The rules look back at each reading: which limits does it breach, did the one before, when was the last call? The
oracle goes forward instead. Each limit is a machine of three states, quiet, calling and seen, pushed on by
acknowledgements and readings. Values are whole thousandths, and a limit is the whole numbers beyond a low or a high
mark; a change from the baseline becomes a mark once, before the first reading.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from bench.alarms.readings import DOSE_SECONDS, Infusion

QUIET, CALLING, SEEN = range(3)
NEVER = 1 << 40


@dataclass(frozen=True, slots=True)
class Mark:
    """A limit of one stage: at most `low`, or at least `high`, in thousandths."""

    name: str
    low: int
    high: int
    again_after: int

    def outside(self, value: int) -> bool:
        """Whether a value lies beyond it."""
        return value <= self.low or value >= self.high


@dataclass(slots=True)
class Machine:
    """What became of the calls of one limit so far."""

    state: int = QUIET
    seen_at: int = NEVER


def marks(stage: "Stage", baseline: dict[str, int]) -> dict[str, list[Mark]]:
    """Return the marks of a stage by their sign; a change from a baseline that nobody took has none."""
    found: dict[str, list[Mark]] = {}
    for name, sign, test, bound in stage.limits:
        low, high, first = -NEVER, NEVER, baseline.get(sign)
        if test in ("rise_above", "fall_above") and first is None:
            continue
        if test == "above":
            high = bound + 1
        elif test == "at_least":
            high = bound
        elif test == "below":
            low = bound - 1
        elif test == "at_most":
            low = bound
        elif test == "rise_above":
            high = first + bound + 1
        else:
            low = first - bound - 1
        found.setdefault(sign, []).append(Mark(name, low, high, stage.every_seconds.get(sign, NEVER)))
    return found


@dataclass(frozen=True, slots=True)
class Stage:
    """The limits of one stage as a table: id, sign, test, bound in thousandths; and how often each sign is read."""

    limits: tuple[tuple[str, str, str, int], ...]
    every_seconds: dict[str, int]


def calls(infusion: Infusion, during: Stage, after: Stage) -> Iterator[tuple[int, str, str]]:
    """Yield every call of an infusion: second, sign, limit."""
    by_stage = marks(during, infusion.baseline), marks(after, infusion.baseline)
    machines: dict[str, Machine] = {}
    last: dict[str, int] = {}
    acknowledgements: dict[str, int] = {}
    for second, sign, value in infusion.readings:
        for name in [name for name, moment in acknowledgements.items() if moment <= second]:
            machines[name].state, machines[name].seen_at = SEEN, acknowledgements.pop(name)
        before, last[sign] = last.get(sign), value
        if second < 0:
            continue
        for mark in by_stage[second >= DOSE_SECONDS].get(sign, ()):
            if not mark.outside(value):
                continue
            machine = machines.setdefault(mark.name, Machine())
            if machine.state == CALLING:
                continue
            came_back = before is None or not mark.outside(before)
            if machine.state == SEEN and not came_back and second - machine.seen_at < mark.again_after:
                continue
            machine.state = CALLING
            acknowledgements[mark.name] = second + infusion.wait(second, mark.name)
            yield second, sign, mark.name
