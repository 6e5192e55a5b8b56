"""R5: the alarm logic in both tongues against an oracle that is written differently, artefacts included.

Infusions are made by chance and run through the rules in Python, through the evaluators of the bedside in TypeScript,
and through the oracle; a part of them also through the application itself, readings stored and alarms raised in its
database. Whoever calls where the oracle does not is spurious; whoever does not where it does has missed. What nobody
acknowledged must have been passed on. The controls take a rule away and must miss, or call for nothing.
"""

from collections.abc import Iterator
from dataclasses import replace

from bench.alarms.application import through_the_application
from bench.alarms.readings import infusions
from bench.alarms.tongues import Compared, by_oracle, in_python, in_typescript
from bench.figure import Figure, control
from bench.place import installed

SEED = 20_260_501
SIZES = {"quick": (150_000, 2), "full": (10_000_000, 12)}  # readings, infusions through the application


def measure(size: str) -> Iterator[Figure]:
    """Yield what was missed and what was spurious, in both tongues and in the application, and the controls."""
    readings, stored = SIZES[size]
    with installed(durable=False):
        from daybreak.measure.public import library

        protocol = library().protocol("ketamine_iv_40min")
        found = Compared()
        made, again = infusions(SEED, readings), infusions(SEED, readings)
        for infusion, typescript in zip(made, in_typescript(protocol, again), strict=True):
            found.add(infusion, by_oracle(protocol, infusion), in_python(protocol, infusion), typescript)
        how = (
            f"Python and TypeScript against the oracle over {found.readings:,} readings; {found.calls:,} calls, "
            f"{found.calls / found.hours:.1f} in an hour of infusion made restless on purpose"
        )
        yield Figure(bar="R5", part="missed", value=found.missed, bound=0, better="lower", how=how)
        yield Figure(bar="R5", part="spurious", value=found.spurious, bound=0, better="lower", how=how)
        yield from _controls(protocol)
        yield from through_the_application(SEED, stored)


def _controls(protocol) -> Iterator[Figure]:
    """The same comparison with a limit that is a thousandth off, and with alarms that are never acknowledged."""
    limits = protocol.during.limits
    off = limits[0].model_copy(update={limits[0].test: getattr(limits[0], limits[0].test) + 1})
    during = protocol.during.model_copy(update={"limits": (off, *limits[1:])})
    shifted, deaf = Compared(), Compared()
    for infusion in infusions(SEED, 60_000):
        true = by_oracle(protocol, infusion)
        shifted.add(infusion, true, in_python(protocol.model_copy(update={"during": during}), infusion))
        deaf.add(infusion, true, in_python(protocol, replace(infusion, waits=[1 << 40])))
    yield control(bar="R5", part="control limit", value=shifted.missed + shifted.spurious, how="a limit one unit off")
    yield control(bar="R5", part="control seen", value=deaf.missed, how="acknowledgements are not heard of")
