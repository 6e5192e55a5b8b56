"""R3: acts that wait on devices. Three devices and two nurses at one chair, by the outbox of the pages under node,
against the server's own view: clocks up to 48 hours wrong and set anew, lost requests, lost answers, replays out of
order, full storage, changes of nurse, pages opened anew. Every act is applied exactly once or waits for a person,
exactly once; all devices end equal; and what is stored is a story that a pump can have, in the order in which it
happened.

The pump of a schedule is one; in three of ten schedules a nurse tells what her own page believes even where it is
wrong. The control gives each sending a new key.
"""

from collections import Counter
from collections.abc import Iterator
from time import monotonic
from typing import TYPE_CHECKING

from bench.figure import Figure, control
from bench.offline.judged import Judge
from bench.place import installed

if TYPE_CHECKING:
    from tests.world.people import World

# Schedules, those of the control, and the seconds after which no more are begun: what a busy machine does not finish is
# said by the count.
SIZES = {"quick": (150, 20, 110), "full": (10_000, 200, 12 * 3600)}
PORTION = 10
NONE_OF = ("lost", "doubled", "misplaced", "in another's name", "out of order", "impossible", "unequal")


def measure(size: str) -> Iterator[Figure]:
    """Yield the counts, and the doubles of the control."""
    schedules, controls, seconds = SIZES[size]
    with installed(durable=False):
        from tests.world.people import make_world

        judge = judge_of_a_running_infusion(make_world())
        found = played(judge, schedules, seconds)
        yield from figures(found)
        unkeyed = played(judge, controls, seconds / 4, without_keys=True)
    how = f"acts stored twice in {unkeyed['schedules']} of the same schedules when each sending makes a new key"
    yield control(bar="R3", part="control no client keys", value=unkeyed["doubled"] + unkeyed["lost"], how=how)


def played(judge: Judge, schedules: int, seconds: float, *, without_keys: bool = False) -> Counter[str]:
    """Play the schedules from seed 1 on, portion by portion while time is left, and return what was found in all."""
    found, ends = Counter[str](), monotonic() + seconds
    for first in range(1, schedules + 1, PORTION):
        if first > 1 and monotonic() > ends:
            break
        found += judge.play(range(first, min(first + PORTION, schedules + 1)), without_keys=without_keys)
    return found


def figures(found: Counter[str]) -> Iterator[Figure]:
    """Yield a figure for each thing that must never happen."""
    how = f"{found['acts']:,} acts in {found['schedules']:,} schedules, sent {found['sent']:,} times, seeds from 1"
    for part in NONE_OF:
        yield Figure(bar="R3", part=part, value=found[part], bound=0, better="lower", how=how)
    part, share = "left to a person", found["left to a person without need"]
    how = f"acts that wait although no nurse was wrong and no clock was set; {found['waiting']} wait in all"
    yield Figure(bar="R3", part=part, value=share, bound=0, better="lower", how=how)


def judge_of_a_running_infusion(world: "World") -> Judge:
    """Return the judge of a session that has started, with a nurse and a clinician."""
    from tests.rooms.treat.stage import planned

    stage = planned(world, hours_ago=2)
    stage.started()
    nurses = [world.staff["dawn", role] for role in ("nurse", "clinician")]
    return Judge(stage.session, stage.look().started_at, nurses)
