"""A patient with a phone: answers by touch in less than two minutes, in Spanish, without a network; calls for help where there
is none; and sees their own page behind a PIN. Each page can be used by everybody.
"""

import random
import time

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from tests.journeys.browsers import PHONE, SCREENSHOTS, barriers, chromium
from tests.journeys.patients import Clinic
from tests.world.chromium import ARGUMENTS

pytestmark = pytest.mark.skipif(chromium() is None, reason="no Chromium")
PATIENCE_MS = 60_000
PIN = "270419"
# What adults read silently in a minute (Brysbaert 2019, of English), and time to think of each answer and to move the thumb.
WORDS_A_MINUTE = 238
SECONDS_TO_THINK, SECONDS_TO_TOUCH = 3.0, 1.0
ALLOWED_SECONDS = 120
# Until the page, its script and its style are kept, and the service worker answers for it.
UNTIL_KEPT = """async () => {
  for (;;) {
    const kept = await (await caches.open("daybreak-phone-1")).keys();
    if (kept.length >= 3 && navigator.serviceWorker.controller) return;
    await new Promise((done) => setTimeout(done, 100));
  }
}"""


@pytest.fixture(scope="module")
def clinic(tmp_path_factory):
    place = Clinic(tmp_path_factory.mktemp("patients"))
    place.told = place.make()
    place.start()
    yield place
    place.stop()


@pytest.fixture
def page(clinic, request):
    """A phone; its language may be the parameter."""
    speaks = getattr(request, "param", "en-US")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        context = browser.new_context(
            viewport=PHONE, base_url=clinic.address, has_touch=True, is_mobile=True, locale=speaks
        )
        context.set_default_timeout(PATIENCE_MS)
        expect.set_options(timeout=PATIENCE_MS)
        yield context.new_page()
        browser.close()


def looked_at(page: Page, name: str) -> None:
    SCREENSHOTS.mkdir(exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"phone-{name}.png", full_page=True, animations="disabled")
    assert barriers(page, None) == [], name
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name


def question(page: Page):
    return page.locator("[data-question]:visible")


def answer_by_touch(page: Page, choose) -> None:
    """Answer each question with a touch; `choose` says which of its answers."""
    total = page.locator("[data-question]").count()
    for number in range(total):
        here = page.locator("[data-question]").nth(number)
        expect(here).to_be_visible()
        here.locator("label.choice").nth(choose(number)).tap()
        if here.locator("input[data-calls]:checked").count():
            here.locator("[data-next]").tap()
    expect(page.locator("[data-review]")).to_be_visible()


@pytest.mark.parametrize("page", ["en-US", "es-ES"], indirect=True)
def test_without_a_network_the_page_opens_again(clinic, page):
    page.goto(f"/answer/dawn/{clinic.told['luz']}/")
    page.evaluate(UNTIL_KEPT)
    page.context.set_offline(True)
    page.reload()
    expect(question(page)).to_have_count(1)


def test_without_a_network_the_page_opens_again_keeps_the_answers_and_sends_them_later(clinic, page):
    there = f"/answer/dawn/{clinic.told['pia']}/"
    page.goto(there)
    page.evaluate(UNTIL_KEPT)
    page.context.set_offline(True)
    page.reload()
    expect(question(page)).to_have_count(1)
    answer_by_touch(page, lambda number: 1 if number < 8 else 0)
    page.locator("[data-send]").tap()
    expect(page.locator(".notice[data-waiting]")).to_be_visible()
    looked_at(page, "offline-not-sent")
    page.reload()
    expect(page.locator(".notice[data-waiting]")).to_be_visible()
    page.context.set_offline(False)
    expect(page.locator("[data-stored]")).to_be_visible()
    looked_at(page, "thanks")
    assert page.evaluate("localStorage.length") == 0
    clinic.has(answered=1, calls=0)


def test_in_spanish_by_touch_it_takes_less_than_two_minutes(clinic, page):
    pace = random.Random(9)
    page.goto(f"/answer/dawn/{clinic.told['luz']}/")
    assert page.locator("html").get_attribute("lang") == "es"
    looked_at(page, "spanish")
    choices = [pace.randrange(3) if number < 8 else 0 for number in range(page.locator("[data-question]").count())]
    began = time.monotonic()
    answer_by_touch(page, lambda number: choices[number])
    page.locator("[data-send]").tap()
    expect(page.get_by_role("heading", name="Gracias")).to_be_visible()
    machine = time.monotonic() - began
    person = _seconds_of_a_person(choices)
    print(f"PHQ-9 by touch: {person:.0f} s of a person and {machine:.0f} s of the machine")
    assert person + machine < ALLOWED_SECONDS


def _seconds_of_a_person(choices: list[int]) -> float:
    """The stem and the four answers are read once, then each question; every answer is thought of and touched."""
    from daybreak.rulebook.public import Library, shipped_folder

    phq9 = Library.load(shipped_folder()).instrument("phq9")
    once = [phq9.instruction["es"], *(choice.text["es"] for choice in phq9.choices_of(phq9.items[0].id))]
    each = [item.text["es"] for item in phq9.items]
    words = sum(len(text.split()) for text in (*once, *each))
    return words / WORDS_A_MINUTE * 60 + (len(choices) + 1) * (SECONDS_TO_THINK + SECONDS_TO_TOUCH)


def test_the_own_page_opens_by_its_pin_and_calls_for_help_without_a_network(clinic, page):
    there = f"/mine/dawn/{clinic.told['own']}/"
    page.goto(there)
    looked_at(page, "own-choose")
    page.locator("#pin").fill(PIN)
    page.locator("#again").fill(PIN)
    page.get_by_role("button", name="Choose this PIN").tap()
    expect(page.get_by_text("Nothing is due today.")).to_be_visible()
    looked_at(page, "own")
    page.context.clear_cookies()
    page.goto(there)
    page.locator("#pin").fill("111111")
    page.get_by_role("button", name="Open my page").tap()
    expect(page.get_by_text("That PIN is not right.")).to_be_visible()
    looked_at(page, "own-wrong")
    page.context.set_offline(True)
    page.locator(".help-now summary").tap()
    expect(page.get_by_text("There is no network. Your call is kept")).to_be_visible()
    assert page.locator(".help-body a[href='tel:116123']").is_visible()
    looked_at(page, "help-offline")
    page.context.set_offline(False)
    expect(page.get_by_text("Your clinic has been asked to call you. That can")).to_be_visible()
    page.get_by_role("button", name="I pressed by mistake").tap()
    expect(page.get_by_text("Your clinic knows that it was a mistake.")).to_be_visible()
    clinic.has(calls=1, mistaken=1)
