"""The small forms of R4 and R5: faults of each kind are heard of in time, and both tongues call where the oracle does."""

import random

import pytest

from bench.alarms.faults import KINDS, play, team
from bench.alarms.readings import infusions
from bench.alarms.tongues import Compared, by_oracle, in_python, in_typescript
from daybreak.measure.public import library
from tests.rooms.treat.stage import planned, turn_alarms_on


@pytest.mark.django_db
def test_a_fault_of_each_kind_is_heard_of_within_ten_seconds_and_not_without_the_watch(world):
    turn_alarms_on(world)
    stage = planned(world).started()
    stage.read()
    watched, alone = team(random.Random(1), len(KINDS)), team(random.Random(1), len(KINDS))
    play(stage, watched, start=stage.now)
    assert [device.kind for device in watched if device.delay() is None or device.delay() > 10] == []
    play(stage, alone, start=stage.at(2), watched=False)
    assert sum(device.delay() is None for device in alone) == len(KINDS) - 1


def test_both_tongues_call_where_the_oracle_does_and_one_unit_off_they_do_not():
    protocol = library().protocol("ketamine_iv_40min")
    first = protocol.during.limits[0]
    off = first.model_copy(update={first.test: getattr(first, first.test) + 1})
    shifted = protocol.model_copy(
        update={"during": protocol.during.model_copy(update={"limits": (off, *protocol.during.limits[1:])})}
    )
    found, control = Compared(), Compared()
    for infusion, typescript in zip(infusions(3, 20_000), in_typescript(protocol, infusions(3, 20_000)), strict=True):
        true = by_oracle(protocol, infusion)
        found.add(infusion, true, in_python(protocol, infusion), typescript)
        control.add(infusion, true, in_python(shifted, infusion))
    assert found.calls > 50
    assert (found.missed, found.spurious) == (0, 0)
    assert control.missed + control.spurious > 0
