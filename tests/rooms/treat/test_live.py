"""An alarm reaches the stream of its site within a second; a listener that was away is told what it missed."""

import asyncio
import json
import re
import time
from threading import Thread

import pytest
from asgiref.sync import sync_to_async
from django.db import connections
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils.translation import get_language

from daybreak.kernel.keys import new_key
from daybreak.kernel.scope import Scope, scoped
from daybreak.people.public import HANDED_OVER
from daybreak.treat import public as treat
from daybreak.treat.web import live as stream
from daybreak.treat.web.hub import CHANNEL, Hub
from tests.rooms.treat.stage import planned, turn_alarms_on


def told(connection: object, **message: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, json.dumps(message)])


def tell_soon(**message: object) -> None:
    """Send a notification from a connection of its own, as another process would."""

    def run() -> None:
        told(connections["default"], **message)
        connections["default"].close()

    Thread(target=run).start()


async def heard(hub: Hub) -> None:
    """Wait until the ear is open; it must not take long."""
    async with asyncio.timeout(20):
        while not hub.hears:
            await asyncio.sleep(0.01)


@pytest.mark.django_db
def test_a_notification_reaches_its_sites_listeners_within_a_second_and_no_other():
    async def listen() -> tuple[float, dict, bool]:
        hub = Hub()
        async with hub.listening("dawn") as here, hub.listening("dusk") as there:
            await heard(hub)
            begun = time.perf_counter()
            await sync_to_async(tell_soon)(site="dawn", number=7)
            message = await asyncio.wait_for(here.get(), 5)
            return time.perf_counter() - begun, message, there.empty()

    seconds, message, silent = asyncio.run(listen())
    assert message["number"] == 7
    assert silent
    assert seconds < 1


@pytest.mark.django_db
def test_the_ear_is_closed_when_nobody_listens():
    async def listen() -> tuple[bool, bool]:
        hub = Hub()
        async with hub.listening("dawn"):
            await heard(hub)
            during = hub.hears
        return during, hub.hears

    assert asyncio.run(listen()) == (True, False)


def drawing(rf: RequestFactory, language: str = "en", session: object = "") -> stream.Drawing:
    return stream.Drawing(rf.get("/", {"session": str(session)}), language)


@pytest.mark.django_db
def test_what_was_missed_is_told_first_and_only_once(world):
    stage = planned(world).started()
    turn_alarms_on(world)
    stage.read(systolic_pressure=185)
    scope = Scope("dawn", world.staff["dawn", "nurse"].key, "a test")
    with scoped(scope):
        numbers = [each.alarm.number for each in treat.alarms_of(scope, stage.session)]
    missed = stream._told(scope, numbers[0] - 1)
    assert [each["number"] for each in missed] == numbers
    assert missed[0]["advice"]
    assert stream._told(scope, numbers[-1]) == []
    assert stream._told(world.scope("nurse", "dusk"), 0) == []


def slots(page: str) -> list[str]:
    """Return the cards of a page without what is made anew for each form."""
    bare = re.sub(r' value="[^"]*"|<input type="hidden" name="csrfmiddlewaretoken">', "", page)
    return ["".join(each.split()) for each in re.findall(r'<div class="alarm-slot".*?</section>', bare, re.DOTALL)]


@pytest.mark.django_db
@pytest.mark.parametrize("is_there", [True, False])
def test_an_alarm_comes_with_the_card_that_the_page_will_draw(world, as_role, rf, is_there):
    stage = planned(world).started()
    turn_alarms_on(world)
    stage.read(systolic_pressure=185, oxygen_saturation=80)
    scope, here = Scope("dawn", world.staff["dawn", "nurse"].key, "a test"), stage.session if is_there else ""
    told = stream._told(scope, 0, drawing(rf, session=here))
    page = reverse("treat:alarms", args=["dawn", here]) if is_there else reverse("treat:alarms_here", args=["dawn"])
    drawn = slots(as_role("nurse").get(page).content.decode())
    assert sorted(each for one in told for each in slots(one["card"])) == sorted(drawn)
    assert len(drawn) == len(told) > 1
    assert ("Gothere" in drawn[0]) != is_there


@pytest.mark.django_db
def test_the_card_is_in_the_pages_language_and_an_alarm_that_cannot_be_drawn_is_told_all_the_same(
    world, rf, monkeypatch
):
    stage = planned(world).started()
    turn_alarms_on(world)
    stage.read(systolic_pressure=185)
    scope = Scope("dawn", world.staff["dawn", "nurse"].key, "a test")
    monkeypatch.setattr(stream, "render_to_string", lambda *given, **named: get_language())
    assert stream._told(scope, 0, drawing(rf, "es"))[0]["card"] == "es"
    monkeypatch.setattr(stream, "render_to_string", lambda *given, **named: 1 / 0)
    told = stream._told(scope, 0, drawing(rf))[0]
    assert told["card"] == ""
    assert told["advice"]


@pytest.mark.django_db
def test_the_stream_is_for_the_team_of_the_site(world, as_role):
    where = reverse("treat:live", kwargs={"site": "dawn"})
    assert Client().get(where).status_code == 401
    assert as_role("nurse", "dusk").get(where).status_code == 404
    assert as_role("educator").get(where).status_code == 403
    nurse = as_role("nurse")
    session = nurse.session
    session[HANDED_OVER] = {"site": "dawn", "patient": str(new_key())}
    session.save()
    assert nurse.get(where).status_code == 403
    assert stream.live.policy


@pytest.mark.parametrize(
    ("said", "after"), [("12", 12), ("", None), ("x", None), ("9" * 40, None), ("-1", None), ("²", None)]
)
def test_only_a_number_names_the_last_alarm(rf, said, after):
    assert stream._after(rf.get("/", {"after": said})) == after
