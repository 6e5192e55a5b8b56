"""The tray is settled by a named person: readings are placed where they belong, or set aside with a reason."""

import json
import re
from datetime import timedelta
from html import unescape
from uuid import UUID

import pytest

from daybreak.kernel.keys import new_key
from daybreak.kernel.scope import scoped
from daybreak.ledger.public import put_in_tray, waiting_in_tray
from daybreak.treat import public as treat
from tests.rooms.treat.stage import planned

pytestmark = pytest.mark.django_db
PAGE, SETTLE = "/at/dawn/tray/", "/at/dawn/tray/settle/"


def kept(stage, *, minutes: float = 0, value: str = "71", measured: float = 0) -> tuple[UUID, UUID]:
    """Keep a reading of a monitor that nobody knows; return the key of the reading and of the thing in the tray."""
    key, at = new_key(), stage.now + timedelta(minutes=minutes)
    sent = {
        "sign": "heart_rate",
        "value": value,
        "unit": "/min",
        "measured_at": (at + timedelta(minutes=measured)).isoformat(),
    }
    with scoped(stage.scope()):
        item = put_in_tray(
            site="dawn", about="treat_reading", about_key=key, reason="“elsewhere” is no place.",
            content={"sent": json.dumps(sent), "device": ""}, received_at=at,
        )  # fmt: skip
    return key, item.key


HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)">')


def offered(browser, **said: str) -> dict[str, str]:
    """Return what the page's first heap would send, with what a person adds."""
    form = browser.get(PAGE).content.decode().partition("/tray/settle/")[2].partition("</form>")[0]
    return {name: unescape(value) for name, value in HIDDEN.findall(form)} | said


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
    assert page.count("<p>“elsewhere” is no place.") == 1
    assert "Chair 1" in page or "chair 1" in page
    assert re.search(r"<li>Heart rate 72 /min, \w+ \d+ \w+( \d{4})?, \d\d:\d\d</li>", page)
    said = offered(browser, session=str(stage.session))
    browser.post(SETTLE, said)
    browser.post(SETTLE, said)
    assert {first[0], second[0]} <= set(stored(stage))
    assert left(stage) == 0


def test_what_was_not_measured_while_the_session_was_open_is_not_placed_and_nothing_is_lost(as_role, world):
    stage = planned(world).started()
    _, good = kept(stage, measured=-600), kept(stage)
    browser = as_role("coordinator")
    answer = browser.post(SETTLE, offered(browser, session=str(stage.session)), follow=True)
    assert "Nothing was placed" in answer.content.decode()
    assert (left(stage), good[0] in stored(stage)) == (2, False)


def test_setting_aside_needs_a_reason_and_keeps_the_record(as_role, world):
    stage = planned(world).started()
    kept(stage)
    browser = as_role("coordinator")
    said = offered(browser)
    assert "Say why" in browser.post(SETTLE, said, follow=True).content.decode()
    assert left(stage) == 1
    browser.post(SETTLE, said | {"reason": "test"})
    assert left(stage) == 0
    answer = browser.post(SETTLE, said | {"key": str(new_key()), "reason": "test"}, follow=True)
    assert "do not wait any more" in answer.content.decode()


@pytest.mark.parametrize(
    "said", [{}, {"since": "x"}, {"since": "2026-01-01T00:00:00", "until": "2026-01-01T00:00:00", "count": "1"}]
)
def test_bad_input_is_a_sentence(as_role, said):
    answer = as_role("coordinator").post(SETTLE, said, follow=True)
    assert answer.status_code == 200
    assert "Choose what is to become" in answer.content.decode()


def test_a_monitor_that_was_left_on_is_said_once_for_each_time_and_settled_whole(as_role, world):
    stage = planned(world).started()
    for minutes in (-300, -299, -298, *[-n / 60 for n in range(1_200)]):
        kept(stage, minutes=minutes)
    browser = as_role("coordinator")
    page = browser.get(PAGE).content.decode()
    assert page.count("<p>“elsewhere” is no place.") == 2
    assert "1200 × reading" in page
    assert "3 × reading" in page
    assert " – " in page
    assert not re.search(r"(\w+ \d+ \w+), \d\d:\d\d – \1", page), "a day is said twice"
    browser.post(SETTLE, offered(browser, reason="not_ours"))
    assert left(stage) == 3


def test_what_has_changed_since_it_was_seen_is_looked_at_again(as_role, world):
    stage = planned(world).started()
    kept(stage, minutes=-2)
    kept(stage)
    browser = as_role("coordinator")
    said = offered(browser, reason="test")
    kept(stage, minutes=-1)
    assert "Look again" in browser.post(SETTLE, said, follow=True).content.decode()
    assert left(stage) == 3


def test_only_those_who_may_settle_it_and_only_their_own(as_role, world):
    stage = planned(world).started()
    kept(stage)
    said = offered(as_role("coordinator"), reason="test")
    assert as_role("educator").post(SETTLE, said).status_code == 403
    assert as_role("coordinator", "dusk").post(SETTLE, said).status_code == 404
    as_role("coordinator", "dusk").post(SETTLE.replace("dawn", "dusk"), said)
    assert left(stage) == 1
