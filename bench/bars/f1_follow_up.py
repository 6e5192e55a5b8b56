"""F1: a year of follow-up of patients who behave at random. Each due item is asked once, each answer stored once, each
call for somebody is closed or still ringing, and the outcome function agrees with an independent one on every patient.

Simulated time; sessions, listeners, answers (late, twice, from two phones), tasks and escalation through the product's
own actions and database. What ought to be is written down outside (bench/following). The controls take a protection
away and must show a loss.
"""

import gc
import multiprocessing
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from decimal import Decimal

from bench.figure import Figure, control
from bench.following.courses import courses, disagreement
from bench.following.verdict import how_they_stand, judged
from bench.following.year import Year
from bench.place import installed

SEED = 20_261_129
SIZES = {"quick": (8, 10_000), "full": (10_000, 1_000_000)}  # patients through the application, courses by the rules
CLINICS = ("dawn", "dusk")  # each is played in a process of its own
FAULTS = {
    "asked twice": "due items with more than one invitation",
    "not asked": "items that ought to have come open and did not",
    "asked in vain": "invitations that came open and ought not to",
    "lost": "acknowledged answers that are neither stored nor in the tray",
    "stored twice": "stored answers that nobody acknowledged",
    "stored wrong": "stored answers that differ from what was sent",
    "nobody called": "answers that call for somebody, without a task",
    "silent": "tasks past their time that nobody took and that do not ring",
    "outcome": "patients and moments at which the outcome function and the oracle differ",
}


def measure(size: str) -> Iterator[Figure]:
    """Yield each kind of fault, the outcome function over random courses, and the controls."""
    patients, made = SIZES[size]
    with installed(durable=False):
        from daybreak.measure.public import library
        from tests.world.people import make_world

        world = make_world()
        found, stands = _played(patients // len(CLINICS))
        how = _told(patients, stands)
        for name, what in FAULTS.items():
            yield Figure(bar="F1", part=name, value=found[name], bound=0, better="lower", how=f"{what}: {how}")
        measures = {measure.rule.kind: measure for measure in library().outcome_measures()}
        differ = sum(bool(disagreement(measures, each)) for each in courses(random.Random(SEED), made))
        how = f"random courses on which the outcome function and the oracle differ, of {made:,}"
        yield Figure(bar="F1", part="difference", value=differ, bound=0, better="lower", how=how)
        yield from _controls(world, measures)


def _told(patients: int, stands: Counter) -> str:
    words = {name: f"{count:,}" for name, count in stands.items()}
    said = "{stored} answers stored, {second} kept for a person, {calling} that call for somebody; {tasks} tasks:"
    stand = "{closed} closed, {taken} taken, {ringing} ringing, {in time} in time"
    told = f"{said} {stand}".format_map({**dict.fromkeys(("second", "taken", "ringing", "in time"), "0"), **words})
    return f"{patients:,} patients, a year, {told}; seed {SEED}"


def _played(patients: int) -> tuple[Counter, Counter]:
    """Play a year with so many patients at each clinic, side by side; return the faults, and how all of it stands."""
    found, stands = Counter(), Counter()
    with ProcessPoolExecutor(len(CLINICS), multiprocessing.get_context("spawn")) as pool:
        for faults, counts in pool.map(play_and_judge, CLINICS, range(SEED, SEED + len(CLINICS)), [patients] * 2):
            found += faults
            stands += counts
    return found, stands


def play_and_judge(site: str, seed: int, patients: int) -> tuple[Counter, Counter]:
    """Play a year at one clinic in this process; return its faults, and the counts that the sentence tells."""
    import django

    django.setup()
    from tests.world.people import the_world

    gc.set_threshold(100_000, 50, 100)  # patients live to the end of the year
    began, processor = time.monotonic(), time.process_time()
    year = Year(the_world(), site, random.Random(seed)).play(patients)
    faults, outside = judged(year), year.outside
    counts = Counter(stored=len(outside.stored), second=len(outside.second), calling=len(outside.calling))
    took, worked = time.monotonic() - began, time.process_time() - processor
    print(f"{site}: {patients} patients in {took:.0f} s, {worked:.0f} s of them at work here", file=sys.stderr)
    return faults, counts + how_they_stand(year)


def _controls(world, measures) -> Iterator[Figure]:
    """The same year without escalation, and the outcome function with a number that is one off."""
    mute = judged(Year(world, "centre", random.Random(SEED), escalates=False).play(4))
    yield control(bar="F1", part="control escalation", value=mute["silent"], how="nobody passes on what nobody takes")
    rule = measures["response"].rule.model_copy(update={"response_fall_percent": Decimal(51)})
    off = measures | {"response": measures["response"].model_copy(update={"rule": rule})}
    differ = sum(bool(disagreement(measures, each, told=off)) for each in courses(random.Random(SEED), 2000))
    yield control(bar="F1", part="control cut-off", value=differ, how="a response that is one per cent off")
