"""The phone in a browser: a questionnaire by thumb, without a script, without a network, and with an
accessibility check.
"""

import os
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import expect

from daybreak.follow_up import public as follow_up
from daybreak.kernel.scope import scoped
from daybreak.measure.public import answer_sets
from tests.rooms.follow_up.browser import ORIGIN, phone
from tests.rooms.follow_up.phone import invited, token_for

pytestmark = pytest.mark.django_db
SHOTS = os.environ.get("DAYBREAK_SCREENSHOTS")


@pytest.fixture
def link(world):
    """The address of a link, and its visit."""
    token = token_for(world, invited(world, world.patient()))
    address = reverse("answer:questions", kwargs={"site": "dawn", "token": token})
    return ORIGIN + address, follow_up.opened_by(site="dawn", token=token)


def stored(world, visit):
    with scoped(world.scope()) as scope:
        return [dict(s.answers) for s in answer_sets(scope, patient=visit.patient)]


def shoot(page, name):
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / f"{name}.png"))


def is_accessible(page):
    found = Axe().run(page)
    assert not found.response["violations"], found.generate_report()


def tap(page, words):
    page.locator("[data-question]:visible label", has_text=words).first.click()


def answer_all(page, *, last="Not at all", count=9):
    for number in range(count):
        page.locator(f"[data-position]:has-text('Question {number + 1} of')").wait_for(state="attached")
        tap(page, "Several days" if number < count - 1 else last)
    if last == "Not at all":
        page.locator(f"[data-position]:has-text('Question {count + 1} of')").wait_for(state="attached")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_questionnaire_by_thumb(world, link, scheme):
    address, visit = link
    with phone(color_scheme=scheme) as (page, network):
        page.goto(address)
        shoot(page, f"1-question-{scheme}")
        is_accessible(page)
        assert page.locator("[data-question]:visible").count() == 1
        box = page.locator("[data-question]:visible label").first.bounding_box()
        assert box["height"] >= 56
        assert box["width"] >= 330, "the width of the thumb"
        assert page.evaluate("getComputedStyle(document.body).fontSize") == "20px"
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        answer_all(page)
        shoot(page, f"2-optional-{scheme}")
        page.locator("[data-next]:visible").click()
        page.locator("[data-review-list]").wait_for()
        shoot(page, f"3-review-{scheme}")
        is_accessible(page)
        assert network.posts == 0
        page.locator("[data-send]").click()
        page.locator("[data-arrived]").wait_for()
        shoot(page, f"4-thanks-{scheme}")
        is_accessible(page)
        assert page.evaluate("localStorage.length") == 0
    assert [each["interest"] for each in stored(world, visit)] == [1]
    assert network.posts == 1


def test_help_is_on_every_page_and_needs_no_network(world, link):
    with phone() as (page, network):
        page.goto(link[0])
        network.is_down = True
        page.locator(".help-now summary").click()
        expect(page.locator(".help-body a[href='tel:116123']")).to_be_in_viewport(ratio=1)
        page.locator(".help-body").scroll_into_view_if_needed()
        shoot(page, "5-help")
        is_accessible(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_item_nine_shows_whom_to_call_at_once_before_anything_is_sent(world, link, scheme):
    with phone(color_scheme=scheme) as (page, network):
        page.goto(link[0])
        answer_all(page, last="Several days")
        page.locator("[data-question]:visible .call-now-body").wait_for()
        shoot(page, f"6-call-{scheme}")
        is_accessible(page)
        assert network.posts == 0
        page.locator("[data-next]:visible").click()
        page.locator("[data-next]:visible").click()
        page.locator("[data-send]").click()
        page.locator("[data-arrived]").wait_for()
        shoot(page, f"7-called-{scheme}")
        is_accessible(page)
    with scoped(world.scope()) as scope:
        assert [t.task.kind for t in follow_up.open_tasks(scope)] == ["thoughts_of_self_harm"]


def test_a_lost_acknowledgement_is_sent_again_and_stored_once(world, link):
    address, visit = link
    with phone() as (page, network):
        page.goto(address)
        answer_all(page)
        page.locator("[data-next]:visible").click()
        network.loses_answers = True
        page.locator("[data-send]").click()
        page.locator("[data-waiting]:visible").wait_for()
        shoot(page, "8-waiting")
        is_accessible(page)
        assert len(stored(world, visit)) == 1, "it arrived, but the phone does not know"
        network.loses_answers = False
        page.reload()
        page.locator("[data-arrived]").wait_for()
        page.wait_for_function("() => localStorage.length === 0")
    assert len(stored(world, visit)) == 1
    assert network.posts == 2
    with scoped(world.scope()) as scope:
        assert follow_up.open_tasks(scope) == []


def test_answers_are_kept_on_the_phone_until_there_is_a_network(world, link):
    address, visit = link
    with phone() as (page, network):
        page.goto(address)
        tap(page, "Several days")
        page.locator("[data-position]:has-text('Question 2 of')").wait_for(state="attached")
        page.reload()
        page.locator("[data-position]:has-text('Question 2 of')").wait_for(state="attached")
        for number in range(2, 10):
            tap(page, "Not at all")
            page.locator(f"[data-position]:has-text('Question {number + 1} of')").wait_for(state="attached")
        page.locator("[data-next]:visible").click()
        network.is_down = True
        page.locator("[data-send]").click()
        page.locator("[data-waiting]:visible").wait_for()
        assert stored(world, visit) == []
        network.is_down = False
        page.evaluate("dispatchEvent(new Event('online'))")
        page.locator("[data-arrived]").wait_for()
    assert [each["interest"] for each in stored(world, visit)] == [1]


def test_back_and_change_keep_what_was_chosen(world, link):
    with phone() as (page, _):
        page.goto(link[0])
        answer_all(page)
        page.locator("[data-next]:visible").click()
        page.locator("[data-go='0']").click()
        page.locator("[data-position]:has-text('Question 1 of')").wait_for(state="attached")
        tap(page, "Nearly every day")
        page.locator("[data-position]:has-text('Question 2 of')").wait_for(state="attached")
        page.go_back()
        page.locator("[data-position]:has-text('Question 1 of')").wait_for(state="attached")
        assert page.locator("[data-question]:visible input:checked").get_attribute("value") == "3"


def test_by_keyboard_choosing_does_not_run_ahead(world, link):
    with phone() as (page, _):
        page.goto(link[0])
        page.locator("[data-question]:visible input").first.focus()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowDown")
        assert "Question 1 of" in page.locator("[data-position]").text_content()
        page.keyboard.press("Enter")
        page.locator("[data-position]:has-text('Question 2 of')").wait_for(state="attached")


def test_next_without_an_answer_says_so_beside_the_question(world, link):
    with phone() as (page, _):
        page.goto(link[0])
        page.locator("[data-next]:visible").click()
        assert page.locator("[data-missing]:visible").text_content() == "Choose the answer that fits best."
        is_accessible(page)


def test_without_a_script_it_is_one_form_that_sends_as_well(world, link):
    address, visit = link
    with phone(java_script_enabled=False) as (page, _):
        page.goto(address)
        shoot(page, "9-no-script")
        assert page.locator("[data-question]:visible").count() == 10
        page.locator("[data-send]").click()
        assert page.locator(".field-error:visible").count() == 9
        shoot(page, "10-no-script-errors")
        for item in page.locator("[data-question]").all()[:9]:
            item.locator("label").nth(1).click()
        assert page.locator(".call-now-body:visible").count() == 1, "the answer itself shows whom to call"
        page.locator("[data-send]").click()
        page.locator("[data-arrived]").wait_for()
    assert len(stored(world, visit)) == 1


def test_a_wrong_link_is_a_kind_page_with_help(world):
    with phone() as (page, _):
        page.goto(f"{ORIGIN}/answer/dawn/not-a-link/")
        assert page.locator("summary").is_visible()
        is_accessible(page)
        shoot(page, "11-nothing-here")


def test_a_call_for_help_without_a_network_is_kept_said_and_sent_once_there_is_one(world, link):
    address, visit = link

    def calls():
        with scoped(world.scope()) as scope:
            return [each.task.kind for each in follow_up.open_tasks(scope, patient=visit.patient)]

    with phone() as (page, network):
        page.goto(address)
        network.is_down = True
        page.locator(".help-now summary").click()
        page.get_by_text("There is no network. Your call is kept on this phone").wait_for()
        assert page.locator(".help-body a[href='tel:116123']").is_visible()
        is_accessible(page)
        shoot(page, "6-help-offline")
        assert (calls(), page.evaluate("localStorage.length")) == ([], 1)
        network.is_down = False
        page.goto(address)
        page.wait_for_function("() => localStorage.length === 0")
        assert calls() == ["asked_for_help"]
        page.locator(".help-now summary").click()
        page.get_by_text("Your clinic has been asked to call you. That can take time").wait_for()
        shoot(page, "7-help-sent")
    assert calls() == ["asked_for_help"], "nobody has taken the first call yet, and it answers for the second"


def test_an_answer_of_the_clinic_that_is_lost_leaves_one_call(world, link):
    address, visit = link
    with phone() as (page, network):
        page.goto(address)
        network.loses_answers = True
        page.locator(".help-now summary").click()
        page.get_by_text("There is no network. Your call is kept").wait_for()
        network.loses_answers = False
        page.evaluate("dispatchEvent(new Event('online'))")
        page.get_by_text("Your clinic has been asked to call you. That").wait_for()
    with scoped(world.scope()) as scope:
        assert len(follow_up.open_tasks(scope, patient=visit.patient)) == 1


def calls_of(world, visit):
    with scoped(world.scope()) as scope:
        return [
            (each.task.kind, each.mistaken_at is not None)
            for each in follow_up.open_tasks(scope, patient=visit.patient)
        ]


def test_a_call_by_mistake_is_said_with_one_touch_and_help_after_it_is_new(world, link):
    address, visit = link
    with phone() as (page, _):
        page.goto(address)
        page.locator(".help-now summary").click()
        page.get_by_text("Your clinic has been asked to call you. That can").wait_for()
        page.get_by_role("button", name="I pressed by mistake").click()
        page.get_by_text("Your clinic knows that it was a mistake").wait_for()
        is_accessible(page)
        shoot(page, "8-help-mistaken")
        assert calls_of(world, visit) == [("asked_for_help", True)]
        page.get_by_role("button", name="Ask my clinic to call me").click()
        page.get_by_text("Your clinic has been asked to call you. That can").wait_for()
    assert sorted(calls_of(world, visit)) == [("asked_for_help", False), ("asked_for_help", True)]


def test_a_mistake_without_a_network_is_kept_with_its_call(world, link):
    address, visit = link
    with phone() as (page, network):
        page.goto(address)
        network.is_down = True
        page.locator(".help-now summary").click()
        page.get_by_text("There is no network. Your call is kept").wait_for()
        page.get_by_role("button", name="I pressed by mistake").click()
        network.is_down = False
        page.goto(address)
        page.wait_for_function("() => localStorage.length === 0")
    assert calls_of(world, visit) == [("asked_for_help", True)]


def test_a_mistake_without_a_script_is_a_button_on_the_next_page(world, link):
    address, visit = link
    with phone(java_script_enabled=False) as (page, _):
        page.goto(address)
        page.locator(".help-now summary").click()
        page.get_by_role("button", name="Ask my clinic to call me").click()
        page.get_by_role("button", name="I pressed by mistake").click()
        assert page.get_by_role("heading", name="Your clinic knows that it was a mistake").is_visible()
        shoot(page, "9-help-mistaken-no-script")
    assert calls_of(world, visit) == [("asked_for_help", True)]
