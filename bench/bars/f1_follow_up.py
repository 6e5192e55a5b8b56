"""F1: a year of follow-up of patients who behave at random. Each due item is asked once, each answer stored once, each
call for somebody is closed or still ringing, and the outcome function agrees with an independent one on every patient.

Simulated time; sessions, listeners, answers (late, twice, from two phones), tasks and escalation through the product's
own actions and database. What ought to be is written down outside (bench/following). The controls take a protection
away and must show a loss.
"""

import random
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal

from bench.figure import Figure, control
from bench.following.courses import courses, disagreement
from bench.following.year import Year, judged
from bench.place import installed

SEED = 20_261_129
SIZES = {"quick": (6, 10_000), "full": (10_000, 1_000_000)}  # patients through the application, courses by the rules
AT_ONCE = 50  # patients of one played year: their events come in the order of time
FAULTS = {
    "asked twice": "due items with more than one invitation",
    "not asked": "items that ought to have come open and did not",
    "asked in vain": "invitations that came open and ought not to",
    "lost": "acknowledged answers that are neither stored nor in the tray",
    "stored twice": "stored answers that nobody acknowledged",
    "stored wrong": "stored answers that differ from what was sent",
    "nobody called": "answers that call for somebody, without a task",
    "silent": "tasks past their time that nobody took and that do not ring",
    "outcome": "patients on whom the outcome function and the oracle differ",
}


def measure(size: str) -> Iterator[Figure]:
    """Yield each kind of fault, the outcome function over random courses, and the controls."""
    patients, made = SIZES[size]
    with installed(durable=False):
        from daybreak.measure.public import library
        from tests.world.people import make_world

        world, found, stored, calls = make_world(), Counter(), 0, 0
        for part in range(0, patients, AT_ONCE):
            site = ("dawn", "dusk")[part // AT_ONCE % 2]
            year = Year(world, site, random.Random(SEED + part)).play(min(AT_ONCE, patients - part))
            found += judged(year)
            stored, calls = stored + len(year.outside.stored), calls + len(year.outside.calling)
        how = f"{patients:,} patients, a year, {stored:,} answers stored, {calls:,} that call for somebody; seed {SEED}"
        for name, what in FAULTS.items():
            yield Figure(bar="F1", part=name, value=found[name], bound=0, better="lower", how=f"{what}: {how}")
        measures = {measure.rule.kind: measure for measure in library().outcome_measures()}
        differ = sum(bool(disagreement(measures, each)) for each in courses(random.Random(SEED), made))
        how = f"random courses on which the outcome function and the oracle differ, of {made:,}"
        yield Figure(bar="F1", part="difference", value=differ, bound=0, better="lower", how=how)
        yield from _controls(world, measures)


def _controls(world, measures) -> Iterator[Figure]:
    """The same year without escalation, and the outcome function with a number that is one off."""
    mute = judged(Year(world, "centre", random.Random(SEED), escalates=False).play(4))
    yield control(bar="F1", part="control escalation", value=mute["silent"], how="nobody passes on what nobody takes")
    rule = measures["response"].rule.model_copy(update={"response_fall_percent": Decimal(51)})
    off = measures | {"response": measures["response"].model_copy(update={"rule": rule})}
    differ = sum(bool(disagreement(measures, each, told=off)) for each in courses(random.Random(SEED), 2000))
    yield control(bar="F1", part="control cut-off", value=differ, how="a response that is one per cent off")
