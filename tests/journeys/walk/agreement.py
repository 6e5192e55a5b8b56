"""Consent on the clinic's own device, while it is in the patient's hands."""

from playwright.sync_api import Page, expect

from tests.journeys.browsers import Browsers
from tests.journeys.walk.people import HOME_SITE, Patient, answer, follow, press

PIN, WRONG_PIN = "4821", "1111"
REFUSED, NOT_SAVED = 403, 422
TREATMENT = {
    "Has ketamine been approved": "No, this is an off-label use",
    "What is most of the evidence about?": "0.5 mg for each kilogram into a vein over 40 minutes",
    "How long does the benefit": "About a week",
    "When may you drive again?": "The next day, after a night's sleep",
    "What happens if you change your mind?": "No further session is given, and the rest of my care goes on",
}
REGISTRY = {
    "Does your treatment depend on taking part?": "No, it is the same either way",
    "Is your name part of the registry?": "No, a code stands for me",
    "What happens to data already released": "They are kept, and I am left out from then on",
}


def hand_over(page: Page, patient: Patient) -> None:
    """Lock the device with a PIN and give it to the patient."""
    page.goto(patient.page("consent"))
    follow(page, "Hand the device to the patient")
    page.get_by_label("Choose a PIN").fill(PIN)
    page.get_by_label("The same PIN again").fill(PIN)
    press(page, "Lock and hand over")
    expect(page.get_by_role("button", name="I agree and sign")).to_be_visible()


def find_everything_else_locked(seen: Browsers, page: Page, patient: Patient) -> None:
    """While the patient holds the device, no other address opens."""
    inside = page.url
    for address in ("/", f"/at/{HOME_SITE}/", patient.page("screen"), f"/at/{HOME_SITE}/patients/", "/at/linden/"):
        with seen.refusal():
            page.goto(address)
            expect(page.get_by_role("navigation", name="Main")).to_have_count(0)
            expect(page.locator("body")).not_to_contain_text("Screening")
        if address == patient.page("screen"):
            answered = page.request.get(address)
            assert answered.status == REFUSED, answered.status
            seen.look(page, "08-handed-over-elsewhere")
    page.goto(inside)


def read_and_sign(seen: Browsers, page: Page, patient: Patient) -> None:
    """The patient reads both texts, mends a wrong answer, and signs both."""
    seen.look(page, "09-consent-in-the-patients-hands", everywhere=True)
    for question, choice in TREATMENT.items():
        answer(page, question, choice)
    answer(page, "When may you drive again?", "As soon as the infusion ends")
    page.get_by_label("Your name").fill(patient.name)
    with seen.refusal():
        press(page, "I agree and sign")
        expect(page.get_by_text("Please look again.").first).to_be_visible()
    answer(page, "When may you drive again?", TREATMENT["When may you drive again?"])
    page.get_by_label("Your name").fill(patient.name)
    press(page, "I agree and sign")
    for question, choice in REGISTRY.items():
        answer(page, question, choice)
    page.get_by_label("Your name").fill(patient.name)
    press(page, "I agree and sign")
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    seen.look(page, "10-give-back")


def take_back(seen: Browsers, page: Page) -> None:
    """A wrong PIN opens nothing; the right one does."""
    page.get_by_label("PIN").fill(WRONG_PIN)
    with seen.refusal():
        press(page, "Take the device back")
        expect(page.get_by_text("That is not the PIN").first).to_be_visible()
    page.get_by_label("PIN").fill(PIN)
    press(page, "Take the device back")
    expect(page.get_by_text("You have the device again.")).to_be_visible()


def countersign(seen: Browsers, page: Page, patient: Patient) -> None:
    """The clinician signs beside the patient where the text asks for it; both consents are then in force."""
    page.goto(patient.page("consent"))
    while (wanted := page.get_by_role("main").get_by_role("link", name="Sign beside the patient")).count():
        wanted.first.click()
        press(page, "Sign")
        expect(page.get_by_role("heading", name="Consent", exact=True)).to_be_visible()
    expect(page.get_by_text("In force since")).to_have_count(2)
    seen.look(page, "11-consents-in-force")
