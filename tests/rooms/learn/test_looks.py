"""The pages of learning, looked at: accessible in light and dark, on a desk and on a phone, with a keyboard."""

import os
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client

from tests.rooms.follow_up.browser import ORIGIN, PHONE, phone
from tests.rooms.learn.test_pages import CLAIM, COURSE, at, draw, on, read_everything, right_answers, wrong_answers

pytestmark = pytest.mark.django_db
DESK = {"viewport": {"width": 1280, "height": 900}, "has_touch": False, "is_mobile": False}
SHOTS = os.environ.get("DAYBREAK_SCREENSHOTS")


def looked_at(page, address, name):
    page.goto(ORIGIN + address)
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / f"learn-{name}.png"), full_page=True)
    found = Axe().run(page)
    assert not found.response["violations"], (name, found.generate_report())
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name


@pytest.mark.parametrize(("scheme", "size"), [("light", PHONE), ("dark", DESK)], ids=["phone", "desk in the dark"])
def test_every_page_of_a_course_is_accessible(as_role, scheme, size):
    client = as_role("clinician")
    with phone(client, color_scheme=scheme, **size) as (page, _):
        for name in ("catalogue", "transcript"):
            looked_at(page, at(name), name)
        looked_at(page, "/at/dawn/team/mine/", "mine")
        looked_at(page, on("course"), "course")
        read_everything(client)
        for section in COURSE.sections:
            looked_at(page, on("section", section=section.id), f"section-{section.id}")
        looked_at(page, on("quiz"), "quiz")
        address = draw(client)
        looked_at(page, address, "attempt")
        client.post(address, wrong_answers(client, address))
        looked_at(page, address, "result")
        address = draw(client)
        client.post(address, right_answers(client, address))
        looked_at(page, on("evaluation"), "evaluation")
        client.post(on("evaluation"), {question.id: 0 for question in COURSE.evaluation})
        looked_at(page, on("claim"), "claim")
        granted = client.post(on("claim"), CLAIM)["Location"]
        looked_at(page, granted, "certificate")
        looked_at(page, at("transcript"), "transcript")
        code = granted.rstrip("/").split("/")[-1]
    with phone(Client(), color_scheme=scheme, **size) as (page, _):
        looked_at(page, f"/verify/{code}/", "verify")
        looked_at(page, "/verify/NOPE/", "unknown")


def test_the_quiz_is_taken_with_a_keyboard_alone(as_role):
    client = as_role("nurse")
    read_everything(client)
    address = draw(client)
    right = right_answers(client, address)
    with phone(client, **DESK) as (page, _):
        page.goto(ORIGIN + address)
        for name in page.eval_on_selector_all("input[type=radio]", "all => [...new Set(all.map(e => e.name))]"):
            page.locator(f"input[name={name}]").first.focus()
            page.keyboard.press("Space")
            order = page.eval_on_selector_all(f"input[name={name}]", "all => all.map(e => Number(e.value))")
            for _step in range(order.index(right[name])):
                page.keyboard.press("ArrowDown")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.get_by_text("Passed: all 8 right").wait_for()
