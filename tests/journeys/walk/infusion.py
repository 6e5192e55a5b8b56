"""The chair, recovery and the way home."""

import re
from collections.abc import Callable
from time import time

from playwright.sync_api import Locator, Page, expect

from tests.journeys.browsers import Browsers
from tests.journeys.walk.people import NURSE, Patient, answer, follow, press

# The page notes, by its own clock, the first moment at which an alarm card of its own session stands in it.
WATCH = """() => {
  const region = document.querySelector("[data-alarms]");
  const sees = () => {
    const mine = [...region.querySelectorAll(".alarm")].filter((card) => !card.querySelector("a"));
    if (mine.length && !document.body.dataset.alarmSeenAt) document.body.dataset.alarmSeenAt = Date.now();
  };
  new MutationObserver(sees).observe(region, { childList: true, subtree: true });
  sees();
}"""
LEAVING = (
    "Are alertness, orientation and walking back",
    "Has the feeling of detachment gone?",
    "Are the vital signs acceptable",
    "Has the risk of suicide been asked about",
    "Is the responsible adult here?",
    "Were the instructions given",
    "Is the next contact booked?",
)
Send = Callable[..., None]
# For so long after a button opens, what appears under the finger takes no touch.
SETTLED_MS = 450
TOUCHES_OF_A_PRESSURE = 3


def enter_by_touch(seen: Browsers, page: Page) -> None:
    """A pressure takes a touch to open and one for each of its values; a level two touches in all."""
    touches = 0

    def touch(what: Locator) -> None:
        nonlocal touches
        what.click()
        touches += 1

    touch(page.locator("[data-tiles] [data-open=pressure]"))
    sheet = page.get_by_role("dialog", name="Enter readings")
    touch(sheet.get_by_role("button", name="128", exact=True))
    seen.look(page, "17-entering", everywhere=True, whole=False)
    touch(sheet.get_by_role("button", name="79", exact=True))
    expect(page.locator("#tile-systolic_pressure [data-value]")).to_have_text("128")
    expect(page.locator("#tile-diastolic_pressure [data-value]")).to_have_text("79")
    assert touches == TOUCHES_OF_A_PRESSURE
    page.keyboard.press("s")
    touch(sheet.get_by_role("button", name="5 Answers readily to the name"))
    expect(page.locator("#tile-sedation [data-value]")).to_have_text("5")


def watch_readings_arrive(seen: Browsers, page: Page, send: Send) -> None:
    """Readings sent over HTTP stand in the chair page's figures without a reload."""
    page.evaluate("window.sameLoad = true")
    send(systolic_pressure=131, diastolic_pressure=82, heart_rate=77, oxygen_saturation=97)
    expect(page.locator("#tile-systolic_pressure [data-value]")).to_have_text("131")
    expect(page.locator("#tile-oxygen_saturation [data-value]")).to_have_text("97")
    expect(page.locator("#live-chart canvas").first).to_be_visible()
    assert page.evaluate("window.sameLoad"), "the page was loaded again"
    seen.look(page, "17-chair-running", everywhere=True, whole=False)


def measure_alarm(seen: Browsers, page: Page, send: Send) -> float:
    """Return the seconds from sending a systolic pressure above the limit to its alarm card on the page."""
    page.evaluate(WATCH)
    assert page.locator("body[data-alarm-seen-at]").count() == 0
    sent_at = time()
    send(systolic_pressure=185, diastolic_pressure=95)
    seen_at = page.locator("body[data-alarm-seen-at]").get_attribute("data-alarm-seen-at")
    expect(own_alarms(page).filter(has_text="185 mmHg (limit 180)")).to_be_visible()
    seen.look(page, "18-alarm", whole=False)
    return int(seen_at) / 1000 - sent_at


def own_alarms(page: Page) -> Locator:
    """Return the alarm cards of the page's own session; those of other chairs say where to go."""
    return page.locator("[data-alarms] .alarm").filter(has_not=page.get_by_role("link", name="Go there"))


def acknowledge(page: Page) -> None:
    """The nurse acknowledges every alarm by saying what was done; her name stays with it."""
    cards = own_alarms(page)
    while count := cards.count():
        cards.first.get_by_label("What was done").select_option(label="Looked at patient")
        cards.first.get_by_role("button", name="I have seen it").click()
        expect(cards).to_have_count(count - 1)


def pause_and_resume(seen: Browsers, page: Page) -> None:
    """The infusion pauses and goes on, each with its reason."""
    _act(page, "Pause", "Blood pressure")
    expect(page.locator("[data-value=state_words]")).to_have_text("Paused")
    seen.look(page, "19-paused", whole=False)
    _act(page, "Resume", "Settled")
    expect(page.locator("[data-value=state_words]")).to_have_text(re.compile("Running|Resumed"))


def _act(page: Page, act: str, reason: str) -> None:
    box = page.locator("details.act").filter(has=page.locator("summary", has_text=act))
    box.locator("summary").click()
    page.wait_for_timeout(SETTLED_MS)
    box.get_by_role("button", name=reason).click()


def complete(page: Page, patient: Patient) -> None:
    """The page asks, since most of the dose is missing; the dose is called complete and recovery begins."""
    press(page, "Complete")
    expect(page.get_by_role("alertdialog")).to_contain_text("most of the dose has not been given")
    press(page, "Complete all the same")
    press(page, "Begin recovery")
    page.wait_for_url(f"**{patient.at_session('after')}")
    expect(page.get_by_role("button", name="Begin recovery")).to_have_count(0)


def check_before_leaving(page: Page, patient: Patient) -> None:
    """Every check before leaving is answered, but two hours have not passed: the way home stays closed."""
    page.goto(patient.at_session("after"))
    for question in LEAVING:
        answer(page, question, "Yes")
    press(page, "Record the checks")
    blocked = page.get_by_role("region", name="What is in the way of leaving")
    expect(blocked).not_to_contain_text("Has alertness")
    expect(blocked).to_contain_text("Has the patient been observed long enough?")
    expect(blocked).to_contain_text("A clinician discharges.")


def discharge(seen: Browsers, page: Page, patient: Patient) -> None:
    """A clinician signs, with a reason, for the time that is missing, and discharges."""
    page.goto(patient.at_session("after"))
    expect(page.get_by_role("button", name="Discharge")).to_be_disabled()
    seen.look(page, "20-recovery")
    page.get_by_text("Go on in spite of it, and sign").click()
    page.get_by_label("Why it is right to go on").fill("The walk of a test cannot last two hours (synthetic).")
    press(page, "Sign and go on")
    expect(page.get_by_role("region", name="Ready to leave")).to_contain_text("Signed for")
    press(page, "Discharge")
    page.wait_for_url(f"**{patient.at_session('summary')}")
    for words in ("Discharged", NURSE, "185", "looked at patient"):
        expect(page.get_by_role("main")).to_contain_text(words)
    seen.look(page, "21-summary")
    follow(page, "Courses")
