"""The tray is settled by a named person: readings are placed where they belong, or set aside with a reason."""

import json
from datetime import timedelta
from uuid import UUID

import pytest

from daybreak.kernel.keys import new_key
from daybreak.kernel.scope import scoped
from daybreak.ledger.public import put_in_tray, waiting_in_tray
from daybreak.treat import public as treat
from tests.rooms.treat.stage import planned

pytestmark = pytest.mark.django_db
PAGE, SETTLE = "/at/dawn/tray/", "/at/dawn/tray/settle/"


def kept(stage, *, minutes: float = 0, value: str = "71") -> tuple[UUID, UUID]:
    """Keep a reading of a monitor that nobody knows; return the key of the reading and of the thing in the tray."""
    key, at = new_key(), stage.now + timedelta(minutes=minutes)
    sent = {"sign": "heart_rate", "value": value, "unit": "/min", "measured_at": at.isoformat()}
    with scoped(stage.scope()):
        item = put_in_tray(
            site="dawn", about="treat_reading", about_key=key, reason="“elsewhere” is no place.",
            content={"sent": json.dumps(sent), "device": ""}, received_at=at,
        )  # fmt: skip
    return key, item.key


def left(stage) -> int:
    with scoped(stage.scope()) as scope:
        return waiting_in_tray(scope).count()


def stored(stage) -> list[UUID]:
    with scoped(stage.scope()) as scope:
        return [reading.key for reading in treat.readings_of(scope, stage.session) if reading.sign == "heart_rate"]


def test_readings_of_one_reason_stand_together_and_are_placed_under_their_own_keys(as_role, world):
    stage = planned(world).started()
    first, second = kept(stage), kept(stage, minutes=-1, value="72")
    browser = as_role("coordinator")
    page = browser.get(PAGE).content.decode()
    assert page.count("is no place.") == 1
    assert "Chair 1" in page or "chair 1" in page
    said = {"key": str(new_key()), "item": [str(first[1]), str(second[1])], "session": str(stage.session)}
    browser.post(SETTLE, said)
    browser.post(SETTLE, said)
    assert {first[0], second[0]} <= set(stored(stage))
    assert left(stage) == 0


def test_what_was_not_measured_while_the_session_was_open_is_not_placed_and_nothing_is_lost(as_role, world):
    stage = planned(world).started()
    early, good = kept(stage, minutes=-600), kept(stage)
    said = {"key": str(new_key()), "item": [str(good[1]), str(early[1])], "session": str(stage.session)}
    answer = as_role("coordinator").post(SETTLE, said, follow=True)
    assert "Nothing was placed" in answer.content.decode()
    assert (left(stage), good[0] in stored(stage)) == (2, False)


def test_setting_aside_needs_a_reason_and_keeps_the_record(as_role, world):
    stage = planned(world).started()
    _, item = kept(stage)
    browser = as_role("coordinator")
    assert "Say why" in browser.post(SETTLE, {"key": str(new_key()), "item": str(item)}, follow=True).content.decode()
    assert left(stage) == 1
    browser.post(SETTLE, {"key": str(new_key()), "item": str(item), "reason": "test"})
    assert left(stage) == 0
    answer = browser.post(SETTLE, {"key": str(new_key()), "item": str(item), "reason": "test"}, follow=True)
    assert "do not wait any more" in answer.content.decode()


@pytest.mark.parametrize(
    "said", [{}, {"key": "x", "item": "y"}, {"key": str(new_key()), "item": str(new_key()), "session": "z"}]
)
def test_bad_input_is_a_sentence(as_role, said):
    answer = as_role("coordinator").post(SETTLE, said, follow=True)
    assert answer.status_code == 200
    assert "Choose what is to become" in answer.content.decode()


def test_only_those_who_may_settle_it_and_only_their_own(as_role, world):
    stage = planned(world).started()
    _, item = kept(stage)
    said = {"key": str(new_key()), "item": str(item), "reason": "test"}
    assert as_role("educator").post(SETTLE, said).status_code == 403
    assert as_role("coordinator", "dusk").post(SETTLE, said).status_code == 404
    as_role("coordinator", "dusk").post(SETTLE.replace("dawn", "dusk"), said)
    assert left(stage) == 1
