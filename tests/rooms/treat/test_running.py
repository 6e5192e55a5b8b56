"""The steps taken at the chair by their forms: what is refused is said, and stays as it was typed."""

from decimal import Decimal

import pytest

from daybreak.kernel.keys import new_key
from daybreak.treat import public as treat
from tests.rooms.treat.stage import planned
from tests.rooms.treat.tablet import address

pytestmark = pytest.mark.django_db


def send(client, stage, step: str, **said: object):
    where = address("step", session=stage.session, step=step)
    return client.post(where, {"key": new_key(), **said}, follow=True)


def test_a_resume_takes_another_rate_where_one_is_named(world, as_role):
    stage = planned(world, hours_ago=0.3).started()
    stage.step(treat.change_rate, minutes=0, rate_ml_per_hour=Decimal(20), reason="blood_pressure")
    stage.step(treat.pause, reason="nausea", minutes=0)
    send(as_role("nurse"), stage, "resume", reason="settled", rate="30,5")
    assert stage.look().steps[-1].values["rate_ml_per_hour"] == "30.5"


@pytest.mark.parametrize(
    ("step", "said", "sentence"),
    [
        ("rate", {"rate": "40 mL/h", "reason": "sedation"}, "Say the new rate, as a number."),
        ("rate", {"rate": "", "reason": "sedation"}, "Say the new rate, as a number."),
        ("rate", {"rate": "1e1", "reason": "sedation"}, "Say the new rate, as a number."),
        ("rate", {"rate": "400", "reason": "sedation"}, "at most the ordered 52.5 mL/h"),
        ("rate", {"rate": "-4", "reason": "sedation"}, "above zero"),
        ("rate", {"rate": "40", "reason": "tea"}, "Say why: blood pressure, sedation"),
        ("pause", {"reason": ""}, "Say why: blood pressure"),
        ("stop", {"reason": "nausea", "note": "x" * 501}, "at most 500 characters"),
        ("resume", {"reason": "settled"}, "it cannot be resumed now"),
    ],
)
def test_a_step_that_is_refused_is_said_once_on_top_and_stays_as_it_was_typed(world, as_role, step, said, sentence):
    stage = planned(world, hours_ago=0.3).started()
    page = send(as_role("nurse"), stage, step, **said)
    assert sentence in page.text
    assert f'value="{said.get("rate", "")}"' in page.text
    assert [each.step for each in stage.look().steps][-1] == "started"


@pytest.mark.parametrize("drawn", ["", "about ten", "9" * 40, "1E400", "NaN", "-1", "0", "21"])
def test_a_syringe_that_cannot_be_is_refused_and_stays_as_it_was_typed(world, as_role, drawn):
    stage = planned(world, hours_ago=0.7).started()
    stage.step(treat.pause, reason="nausea", minutes=20)
    said = {"key": new_key(), "drawn_ml": drawn}
    page = as_role("nurse").post(address("syringe", session=stage.session), said)
    assert page.status_code == 422
    assert f'value="{drawn}"' in page.text
    assert "Say what was drawn" in page.text
    assert stage.look().state is treat.State.PAUSED
