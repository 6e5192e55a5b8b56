"""How an induction stands when the demonstration is made: its next sessions are planned, or a dose runs.

The clock of a running dose is that of the making, like everything else's: nobody attends it afterwards,
and its readings then grow late.
"""

from datetime import timedelta
from decimal import Decimal
from uuid import UUID

from daybreak.demo.signs import readings
from daybreak.demo.story import Story
from daybreak.kernel.keys import new_key
from daybreak.kernel.scope import scoped
from daybreak.measure.public import record_answers
from daybreak.treat.public import (
    correct_reading,
    history_of,
    mark_artefact,
    pause,
    record_readings,
    resume,
    write_note,
)

# The clinic in which a dose runs, so that the first clinic's chairs are free for whoever tries them.
RUNNING_AT = "harbor"
RUNNING_FOR = timedelta(minutes=24)
PREPARATION = timedelta(minutes=15)
MEASURED = [5, 10, 15, 20]


def plan_next(story: Story, course: UUID) -> None:
    """The next session stands in today's list, two more in the calendar."""
    soon = story.now + timedelta(minutes=30)
    later = story.now.replace(hour=16, minute=0, second=0, microsecond=0)
    for planned in (soon, later + timedelta(days=3), later + timedelta(days=7)):
        story.plan(course, new_key(at=planned), planned, at=story.now)


def leave_under_way(story: Story, course: UUID) -> None:
    """Play a session up to the moment of the making: a pause, an artefact, a slip that was corrected, a side effect."""
    started = story.now - RUNNING_FOR
    wanted, key = started - PREPARATION, new_key(at=started)
    story.plan(course, key, wanted, at=wanted - timedelta(hours=20))
    story.start(key, story.plot.sessions + 1, wanted)
    nurse = story.team.nurse
    found = list(readings(story.plot, key, started_at=started, minutes=MEASURED, rng=story.rng))
    with scoped(nurse):
        record_readings(nurse, found, at=story.now - timedelta(minutes=3))
        pause(nurse, key=new_key(), session=key, reason="distress", at=started + timedelta(minutes=11))
        resume(nurse, key=new_key(), session=key, reason="settled", at=started + timedelta(minutes=14))
        _mend(story, key)
        at = started + timedelta(minutes=18)
        record_answers(
            nurse, key=new_key(at=at), patient=story.patient, instrument="acute_effects", answers={"nausea": 1},
            answered_at=at, by="staff", session=key,
        )  # fmt: skip
        write_note(nurse, key=new_key(at=at), session=key, words="Wants the curtain drawn (synthetic).", at=at)


def _mend(story: Story, session: UUID) -> None:
    """A saturation was read while the probe had slipped, and a pressure was typed with a digit too high."""
    nurse, at = story.team.nurse, story.now - timedelta(minutes=2)
    rows = [told.row for told in history_of(nurse, session)]
    probe = next(row for row in rows if row.sign == "oxygen_saturation" and row.measured_at > story.now - RUNNING_FOR)
    mark_artefact(nurse, key=new_key(at=at), reading=probe.key, reason="probe_or_cuff", at=at)
    typed = [row for row in rows if row.sign == "diastolic_pressure"][-2]
    correct_reading(nurse, key=new_key(at=at), reading=typed.key, value=typed.value - Decimal(8), at=at)
