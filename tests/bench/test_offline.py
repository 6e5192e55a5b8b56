"""A small form of R3: what waits on devices is applied once, and all devices end equal; without client keys it is not."""

import pytest

from bench.bars.r3_offline import NONE_OF, judge_of_a_running_infusion

pytestmark = pytest.mark.django_db
SEEDS, CONTROLS = range(1, 7), range(1, 4)


def test_schedules_of_three_devices_and_two_nurses_lose_and_double_nothing_and_the_control_does(world):
    judge = judge_of_a_running_infusion(world)
    found = judge.play(SEEDS)
    assert found["acts"] > 15
    assert {part: found[part] for part in NONE_OF if found[part]} == {}
    assert found["left to a person without need"] == 0
    unkeyed = judge.play(CONTROLS, without_keys=True)
    assert unkeyed["doubled"] > 0
