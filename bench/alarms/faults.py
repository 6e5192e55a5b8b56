"""A team whose devices beat on a clock of its own, and faults that are injected into its path to alarms.

The beats, the rounds of the watch and the alarms are the application's own, in its database; only the clock is ours, so
that twenty seconds pass in one. What a page says of itself is said by the page's own module, run by node.
"""

import json
import random
import subprocess
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from bench.alarms.tongues import NODE
from daybreak.kernel.keys import new_key
from daybreak.kernel.scope import Scope, scoped

KINDS = (
    "network cut",
    "tab asleep",
    "tab frozen",
    "sound blocked",
    "clock jumped",
    "listener dropped",
    "database down",
)
# Where the database is gone nobody can raise anything: every page calls for itself.
BY_ITSELF_ONLY = "database down"
BEAT, TICK, STREAM_BEAT, DEAF_AFTER = 2.0, 1.0, 2.0, 4.0
ENDS = 24.0
PATH = Path(__file__).with_name("path.ts")
SECOND = timedelta(seconds=1)


@dataclass(slots=True)
class Device:
    """A device of the team, what happens to it and when, in seconds, and when others and it itself called."""

    kind: str
    at: float
    phase: float
    jump: float
    device: UUID = field(default_factory=new_key)
    page: UUID = field(default_factory=new_key)
    told_others: float | None = None
    told_itself: float | None = None

    def delay(self) -> float | None:
        """Return the seconds from the fault to the first alarm that somebody hears; None where there is none."""
        heard = self.told_itself if self.kind == BY_ITSELF_ONLY else self.told_others
        return None if heard is None else heard - self.at


def team(rng: random.Random, count: int) -> list[Device]:
    """Return devices with a fault each, of every kind in turn, at random moments."""
    return [
        Device(
            KINDS[place % len(KINDS)], round(rng.uniform(6, 12), 1), round(rng.uniform(0, BEAT), 1),
            rng.choice((-1, 1)) * rng.choice((6, 30, 3600, 172_800)),
        )
        for place in range(count)
    ]  # fmt: skip


def play(stage, devices: list[Device], *, start: datetime, watched: bool = True) -> None:
    """Let the clock run over the devices; without `watched` the watch judges nobody, as a control."""
    ear = Ear(stage)
    for tenth in range(int(ENDS * 10)):
        now = tenth / 10
        for device in devices:
            struck_now = device.kind == "tab asleep" and tenth == round(device.at * 10)
            if struck_now or (tenth - round(device.phase * 10)) % round(BEAT * 10) == 0:
                _beat(stage, device, start, now)
        if tenth % int(TICK * 10) == 0:
            _round(stage, ear, devices, start, now, watched)
    _themselves(devices)


def _beat(stage, device: Device, start: datetime, now: float) -> None:
    from daybreak.treat import public as treat

    struck = now >= device.at
    if struck and device.kind in ("network cut", "database down", "tab frozen"):
        return
    at = start + now * SECOND
    with scoped(stage.scope()) as scope:
        treat.beat(
            scope, page=device.page, device=device.device, session=stage.session,
            visible=not (struck and device.kind == "tab asleep"), sound=not (struck and device.kind == "sound blocked"),
            hears=not (struck and device.kind == "listener dropped"), heard=0,
            device_at=at + (device.jump * SECOND if struck and device.kind == "clock jumped" else 0 * SECOND), at=at,
        )  # fmt: skip


class Ear:
    """A healthy device of the team: it hears what the stream of its site would tell it."""

    def __init__(self, stage) -> None:
        from daybreak.treat.queries.alarms import newest_number

        self.stage, self.heard = stage, set[UUID]()
        with scoped(stage.scope()) as scope:
            self.number = newest_number(scope)

    def listen(self) -> None:
        """Take in what was told since the last time."""
        from daybreak.treat.web.live import _told

        while told := _told(self.stage.scope(), self.number):
            self.number = told[-1]["number"]
            self.heard |= {UUID(each["about"]) for each in told if each["kind"] == "path"}


def _round(stage, ear: Ear, devices: list[Device], start: datetime, now: float, watched: bool) -> None:
    """A round of the watch, and what a healthy device of the team hears of it."""
    from daybreak.treat import public as treat

    with scoped(Scope(stage.site, None, "a round")) as scope:
        treat.watch_over(scope, at=start + now * SECOND, judge_pages=watched)
    ear.listen()
    for device in devices:
        # A device whose database is gone stands for an installation whose database is gone: its watch is dead too.
        if device.told_others is None and device.device in ear.heard and device.kind != BY_ITSELF_ONLY:
            device.told_others = now


def _themselves(devices: list[Device]) -> None:
    sent = "".join(json.dumps(_happened(device)) + "\n" for device in devices)
    told = subprocess.run(
        [str(NODE), "--disable-warning=ExperimentalWarning", str(PATH)],
        input=sent, capture_output=True, text=True, check=True, timeout=120,
    )  # fmt: skip
    for device, line in zip(devices, told.stdout.splitlines(), strict=True):
        called = json.loads(line)
        device.told_itself = None if called is None else called / 1000


def _happened(device: Device) -> dict[str, object]:
    """Return what reaches the page itself."""
    cut = device.kind == "network cut"
    dead = device.kind in ("database down", "listener dropped")
    last_tick = device.at // TICK * TICK
    events: list[tuple[int, str, bool]] = []
    moment = device.phase
    while moment < ENDS:
        if not (cut and moment >= device.at):
            hears = not (dead and moment >= device.at and moment - last_tick >= DEAF_AFTER)
            events.append((round(moment * 1000), "beat", hears))
            if not (device.kind == "database down" and moment >= device.at):
                events.append((round(moment * 1000), "answer", True))
        moment += STREAM_BEAT
    if device.kind == "sound blocked":
        events.append((round(device.at * 1000), "sound", False))
    frozen = [round(device.at * 1000), round((device.at + 9) * 1000)] if device.kind == "tab frozen" else None
    jump = [round(device.at * 1000), round(device.jump * 1000)] if device.kind == "clock jumped" else None
    return {
        "ends": round(ENDS * 1000), "events": sorted(events), "frozen": frozen, "jump": jump,
        "since": round(device.at * 1000),
    }  # fmt: skip
