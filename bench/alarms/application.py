"""Infusions through the application itself: readings stored, alarms raised and acknowledged in its database."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from bench.alarms.oracle import calls
from bench.alarms.readings import DOSE_SECONDS, Infusion, infusions
from bench.alarms.tongues import stages_of
from bench.figure import Figure
from daybreak.kernel.keys import new_key
from daybreak.kernel.scope import Scope, scoped

SECOND = timedelta(seconds=1)
EVERY = 60


def through_the_application(seed: int, count: int) -> Iterator[Figure]:
    """Yield what the application missed, what it raised for nothing, and what nobody was told of."""
    from tests.rooms.treat.stage import planned, turn_alarms_on
    from tests.world.people import make_world

    world = make_world()
    turn_alarms_on(world)
    missed = spurious = unanswered = raised = 0
    for number, infusion in zip(range(count), _slow(seed), strict=False):
        stage = planned(world, chair=f"chair {number}")
        true, found, forgotten = _played(stage, infusion)
        missed += len(true - found)
        spurious += len(found - true)
        unanswered += forgotten
        raised += len(found)
    how = f"the application's own alarms in its database, {count} infusions, {raised} alarms"
    yield Figure(bar="R5", part="application missed", value=missed, bound=0, better="lower", how=how)
    yield Figure(bar="R5", part="application spurious", value=spurious, bound=0, better="lower", how=how)
    how = "alarms that nobody acknowledged and that were not passed on either"
    yield Figure(bar="R5", part="unanswered", value=unanswered, bound=0, better="lower", how=how)


def _slow(seed: int) -> Iterator[Infusion]:
    return (each for each in infusions(seed, 10_000_000) if each.readings[5][0] - each.readings[0][0] >= EVERY // 2)


def _played(stage, infusion: Infusion) -> tuple[set, set, int]:
    from daybreak.treat import public as treat
    from tests.rooms.treat.stage import BASELINE

    stage.prepared()
    stage.now += 10 * 60 * SECOND
    start = stage.now
    waiting: dict[int, list] = {}
    stored: list[tuple[int, str, int]] = []
    known: set = set()
    for second in range(-60, infusion.readings[-1][0] + 1):
        stage.now = start + second * SECOND
        if second == 0:
            stage.now = start - SECOND
            with scoped(stage.scope("clinician")) as scope:
                treat.start(scope, key=new_key(), session=stage.session, at=start)
        if second == DOSE_SECONDS:
            stage.step(treat.complete, minutes=0)
        for alarm in waiting.pop(second, []):
            with scoped(stage.scope()) as scope:
                treat.acknowledge(scope, key=new_key(), alarm=alarm, act="measured_again", at=start + second * SECOND)
        batch = [each for each in infusion.readings if each[0] == second]
        if not batch:
            continue
        new = [
            treat.NewReading(
                new_key(), sign, Decimal(value) / 1000, BASELINE[sign][1], start + second * SECOND, stage.session
            )
            for _, sign, value in batch
        ]
        with scoped(stage.scope()) as scope:
            outcomes = treat.record_readings(scope, new, at=start + second * SECOND)
            stored += [each for each, outcome in zip(batch, outcomes, strict=True) if outcome.answer == "stored"]
            for each in treat.alarms_of(scope, stage.session):
                if each.alarm.key not in known:
                    known.add(each.alarm.key)
                    due = second + infusion.wait(second, each.alarm.limit_id)
                    waiting.setdefault(max(due, second + 1), []).append(each.alarm.key)
    return _judged(stage, replace(infusion, readings=stored), start)


def _judged(stage, infusion: Infusion, start) -> tuple[set, set, int]:
    from daybreak.treat import public as treat

    before = {sign: value for second, sign, value in infusion.readings if second < 0}
    late = replace(infusion, baseline=before, waits=[max(each, 1) for each in infusion.waits])
    during, after = stages_of(stage.look().protocol)
    true = set(calls(late, during, after))
    at = start + 3 * 3600 * SECOND
    with scoped(Scope(stage.site, None, "a round")) as scope:
        treat.watch_over(scope, at=at)
    with scoped(stage.scope()) as scope:
        alarms = [each for each in treat.alarms_of(scope, stage.session) if each.alarm.kind == "limit"]
        moments = {row.key: row.measured_at for row in treat.readings_of(scope, stage.session)}
    found = {
        (round((moments[each.alarm.reading_key] - start) / SECOND), each.alarm.sign, each.alarm.limit_id)
        for each in alarms
    }
    return true, found, sum(each.is_open and each.level == 0 for each in alarms)
