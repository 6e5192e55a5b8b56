"""The pages of staff, looked at: accessible in light and dark, on a desk and on a phone."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse

from daybreak.follow_up import public as follow_up
from daybreak.kernel.keys import new_key
from daybreak.kernel.scope import scoped
from tests.rooms.follow_up.browser import ORIGIN, PHONE, phone
from tests.rooms.follow_up.phone import after_a_session, answers, invited, token_for

pytestmark = pytest.mark.django_db
DESK = {"viewport": {"width": 1280, "height": 900}, "has_touch": False, "is_mobile": False}
SHOTS = os.environ.get("DAYBREAK_SCREENSHOTS")


@pytest.fixture
def addresses(world):
    """The pages after a session, with somebody late, somebody due, somebody worse and a task."""
    stage = after_a_session(world)
    follow_up.on_session_discharged(site="dawn", key=stage.session, at=stage.at())
    worse = invited(world, stage.patient, at=world.now - timedelta(minutes=9))
    visit = follow_up.opened_by(site="dawn", token=token_for(world, worse))
    with scoped(visit.scope) as scope:
        given = answers(3, self_harm=1)
        follow_up.answer(
            scope,
            key=new_key(),
            invitation=visit.invitation,
            answers=given,
            at=world.now - timedelta(seconds=1),
        )
    invited(world, world.patient(given="Ben", family="Adler"), at=world.now - timedelta(days=2))
    due = invited(world, world.patient(given="Mia", family="Kern"))
    with scoped(world.scope("coordinator")) as scope:
        task = follow_up.open_tasks(scope)[0].task
    keys = {
        "work": {},
        "task": {"task": task.key},
        "patient": {"patient": stage.patient},
        "invitation": {"invitation": due.key},
        "interval": {"patient": stage.patient},
        "reach": {"patient": stage.patient},
        "long_term": {"patient": stage.patient},
    }
    return {name: ORIGIN + reverse(f"follow_up:{name}", kwargs={"site": "dawn", **more}) for name, more in keys.items()}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("size", "options"), [("desk", DESK), ("phone", PHONE)])
def test_every_page_of_staff_is_accessible(addresses, as_role, scheme, size, options):
    with phone(as_role("coordinator"), color_scheme=scheme, **options) as (page, _):
        for name, address in addresses.items():
            page.goto(address)
            if SHOTS:
                page.screenshot(path=str(Path(SHOTS) / f"staff-{name}-{size}-{scheme}.png"), full_page=True)
            found = Axe().run(page)
            assert not found.response["violations"], (name, found.generate_report())
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name


def test_the_link_is_shown_to_be_handed_over(addresses, as_role):
    with phone(as_role("coordinator"), **DESK) as (page, _):
        page.goto(addresses["invitation"])
        page.get_by_role("button", name="Make a link").click()
        link = page.get_by_label("Link", exact=True).input_value()
        assert "/answer/dawn/" in link
        if SHOTS:
            page.screenshot(path=str(Path(SHOTS) / "staff-link.png"), full_page=True)
        assert not Axe().run(page).response["violations"]
