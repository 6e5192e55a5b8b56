"""R4: a dead path to alarms is itself an alarm within ten seconds, on another device of the team if not on this one.

Faults of seven kinds strike devices of a team at random moments: the network cut, the page put out of sight or frozen,
its sound blocked, its clock moved, the server's listener dropped, the database gone. Beats, rounds of the watch and
alarms are the application's own, on an accelerated clock; what a page says of itself is said by its own module. A fault
counts as called when another device hears of it, or, where no other one can, when the page itself calls. The control
takes the watch away.
"""

import random
from collections import defaultdict
from collections.abc import Iterator

from bench.alarms.faults import ENDS, KINDS, SECOND, play, team
from bench.figure import Figure, control
from bench.place import installed

SEED = 20_260_502
FAULTS = {"quick": 1000, "full": 5000}
AT_ONCE = 125
WITHIN_SECONDS = 10.0


def measure(size: str) -> Iterator[Figure]:
    """Yield the faults that nobody heard of in time, the slowest of the others, and the control."""
    with installed(durable=False):
        from tests.rooms.treat.stage import planned, turn_alarms_on
        from tests.world.people import make_world

        world, rng = make_world(), random.Random(SEED)
        turn_alarms_on(world)
        stage = planned(world).started()
        stage.read()
        delays: dict[str, list[float | None]] = defaultdict(list)
        start = stage.now
        for _ in range(FAULTS[size] // AT_ONCE):
            devices = team(rng, AT_ONCE)
            play(stage, devices, start=start)
            for device in devices:
                delays[device.kind].append(device.delay())
            start += 2 * ENDS * SECOND
            _forget(stage)
        yield from _figures(delays)
        devices = team(rng, 2 * len(KINDS))
        play(stage, devices, start=start, watched=False)
        unheard = sum(device.delay() is None for device in devices)
        yield control(bar="R4", part="control", value=unheard, how=f"of {len(devices)} faults, without the watch")


def _forget(stage) -> None:
    """The devices of one run leave before the next."""
    from daybreak.kernel.scope import scoped
    from daybreak.treat.models import Presence

    with scoped(stage.scope()) as scope:
        Presence.objects.filter(site=scope.site).delete()


def _figures(delays: dict[str, list[float | None]]) -> Iterator[Figure]:
    every = [each for found in delays.values() for each in found]
    late = sum(each is None or each > WITHIN_SECONDS for each in every)
    how = f"of {len(every)} faults of {len(delays)} kinds, no alarm within {WITHIN_SECONDS:.0f} s"
    yield Figure(bar="R4", part="unalarmed", value=late, bound=0, better="lower", how=how)
    for kind, found in delays.items():
        slowest = max((each for each in found if each is not None), default=float("nan"))
        how = f"seconds to the slowest alarm of {len(found)} faults"
        yield Figure(bar="R4", part=kind, value=round(slowest, 1), bound=WITHIN_SECONDS, better="lower", how=how)
