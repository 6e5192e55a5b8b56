"""Follow-up: a questionnaire on the patient's phone, and the person who is asked to call."""

from playwright.sync_api import Page, expect

from tests.journeys.browsers import PHONE, Browsers
from tests.journeys.walk.people import HOME_SITE, Patient, press
from tests.journeys.walk.screening import BASELINE

QUIET_ITEMS, TELLING = 8, "Several days"
SCORE_AFTER = 1


def invite(seen: Browsers, page: Page, patient: Patient) -> str:
    """The coordinator asks for a questionnaire by hand; return the link, which is shown once."""
    page.goto(f"/at/{HOME_SITE}/follow-up/patients/{patient.key}/")
    page.get_by_label("Questionnaire").select_option(label="PHQ-9")
    press(page, "Ask")
    press(page, "Make a link")
    link = page.get_by_label("Link").input_value()
    seen.look(page, "22-invitation")
    return link


def answer_on_the_phone(seen: Browsers, link: str) -> None:
    """The patient answers one question a screen; the ninth is answered above zero, and the page says at once whom to call."""
    page = seen.open(size=PHONE, has_touch=True, is_mobile=True)
    page.goto(link)
    current = page.locator("[data-question]:visible")
    for number in range(1, QUIET_ITEMS + 1):
        expect(page.locator("[data-position]")).to_have_text(f"Question {number} of {QUIET_ITEMS + 2}")
        expect(current).to_have_count(1)
        current.get_by_role("radio", name="Not at all").check()
    expect(page.locator("[data-position]")).to_have_text(f"Question {QUIET_ITEMS + 1} of {QUIET_ITEMS + 2}")
    current.get_by_role("radio", name=TELLING).check()
    expect(current.locator(".call-number").first).to_be_visible()
    seen.look(page, "23-ninth-question-phone")
    current.get_by_role("button", name="Next").click()
    current.get_by_role("radio", name="Somewhat difficult").check()
    expect(page.get_by_role("heading", name="This is what you send")).to_be_visible()
    seen.look(page, "24-before-sending-phone")
    page.get_by_role("button", name="Send my answers").click()
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    expect(page.get_by_role("main").get_by_role("link", name="555-0101")).to_be_visible()
    seen.look(page, "25-thanks-phone")


def find_on_home(seen: Browsers, page: Page, patient: Patient) -> None:
    """Home says first whom to call, by name; the task opens from there."""
    page.goto(f"/at/{HOME_SITE}/")
    task = page.get_by_role("main").get_by_role("listitem").filter(has_text=f"{patient.name}: Thoughts of")
    expect(task).to_be_visible()
    seen.look(page, "26-home-with-a-call")
    task.get_by_role("link", name="Take it").click()
    page.get_by_role("listitem").filter(has_text=patient.name).get_by_role("link", name="Open").first.click()
    expect(page.get_by_role("main").get_by_role("link", name="555-0199")).to_be_visible()
    press(page, "I take it")
    expect(page.get_by_role("main")).to_contain_text("Taken")
    seen.look(page, "27-task")
    page.get_by_label("What was done").fill(
        "Spoke with the patient by telephone; safe today, comes tomorrow (synthetic)."
    )
    press(page, "Close the task")
    page.goto(f"/at/{HOME_SITE}/")
    expect(page.get_by_role("main")).not_to_contain_text(patient.name)


def see_the_course(seen: Browsers, page: Page, patient: Patient) -> None:
    """The patient's page draws scores, the session and consents on one line."""
    page.goto(f"/at/{HOME_SITE}/patients/{patient.key}/")
    line = page.get_by_role("group", name="The course so far")
    consents = [f"Consent, {each}: agreed by the patient" for each in ("treatment", "registry")]
    for mark in (f"PHQ-9: {BASELINE}, moderately severe", f"PHQ-9: {SCORE_AFTER}, minimal", *consents):
        expect(line.get_by_role("img", name=mark, exact=True)).to_be_attached()
    expect(line.get_by_role("link", name="Session 1, ")).to_be_attached()
    seen.look(page, "28-the-patients-page", everywhere=True)
