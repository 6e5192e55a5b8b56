"""A pump that was slowed goes on slowly after a pause, at the server and on a device without it."""

import json
import subprocess
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from daybreak.kernel.keys import new_key
from daybreak.kernel.scope import scoped
from daybreak.treat import public as treat
from tests.rooms.treat.stage import planned
from tests.rooms.treat.tablet import address, ms
from tests.vectors.tongues import NODE

pytestmark = pytest.mark.django_db
LOWERED = {"rate_ml_per_hour": Decimal(20), "reason": "blood_pressure"}


def given_mg(stage) -> Decimal:
    return stage.look().given_at(stage.now).dose_mg


def test_a_pump_that_was_slowed_goes_on_slowly_after_a_pause(world):
    stage = planned(world).started()
    stage.step(treat.change_rate, minutes=0, **LOWERED)
    stage.step(treat.pause, reason="blood_pressure", minutes=6)
    key = new_key()
    for _again in range(2):
        with scoped(stage.scope()) as scope:
            treat.resume(scope, key=key, session=stage.session, reason="settled", at=stage.now)
    assert stage.look().steps[-1].values["rate_ml_per_hour"] == "20"
    stage.at(6)
    assert given_mg(stage) == Decimal("4.000")  # 12 minutes of 20 mL/h at 1 mg/mL, not 6 at the ordered 52.5


def test_a_device_without_the_server_reckons_with_the_same_rate(world, as_role):
    stage = planned(world).started()
    begun = stage.now
    stage.step(treat.change_rate, minutes=0, **LOWERED)
    kept = as_role("nurse").get(address("kept", session=stage.session)).json()["kept"]
    acts = [act_of(stage, "pause", begun + timedelta(minutes=6)), act_of(stage, "resume", begun + timedelta(minutes=6))]
    asked = json.dumps({"kept": kept, "acts": acts, "at": ms(begun + timedelta(minutes=12)) * 1000})
    script = [str(NODE), "--disable-warning=ExperimentalWarning", str(Path(__file__).with_name("story.ts"))]
    told = json.loads(subprocess.run(script, input=asked, capture_output=True, text=True, check=True).stdout)
    assert (told["rates"][-2:], told["given"]) == ([None, "20"], "4.0")


def act_of(stage, step: str, at: datetime) -> dict[str, object]:
    where = address("step", session=stage.session, step=step)
    said = [["reason", "settled"], ["rate", ""]]
    return {"key": str(new_key()), "kind": "step", "address": where, "fields": said, "believed": ms(at)}
