"""The door and screening: a patient is registered, examined and accepted."""

from playwright.sync_api import Page, expect

from tests.journeys.browsers import Browsers
from tests.journeys.walk.people import CLINICIAN, HOME_SITE, Patient, answer, follow, press

PROTOCOL = "ketamine_iv_40min"
FAILED = {"Sertraline": ("150", "10"), "Venlafaxine": ("225", "12"), "Bupropion": ("300", "8")}
# Eight items more than half the days, one not at all.
BASELINE = 16
QUESTIONS = {
    "Has a full diagnostic assessment been done": "Yes",
    "Does the present episode have psychotic features?": "No",
    "Has there ever been a psychotic disorder": "No",
    "Is there a substance use disorder now": "No",
    "Have all medicines been reviewed": "Yes",
    "allergic reaction to ketamine or esketamine?": "No",
    "Is the patient pregnant?": "Not pregnant",
    "blood pressure uncontrolled in everyday life?": "No",
    "Is there an aneurysm": "No",
    "Is there an arteriovenous malformation?": "No",
    "Has there been a bleed in the brain?": "No",
    "Have the review of systems": "Yes",
    "What did the urine drug screen show?": "Clear",
    "Does the patient take opioids?": "None",
    "What did the prescription-monitoring programme show?": "Nothing unexpected",
    "What do the laboratory results show?": "Acceptable",
    "Where will the treatment be given?": "Clinic",
}


def read_home(seen: Browsers, page: Page) -> None:
    """The home page greets by name and says what to do next."""
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_contain_text(CLINICIAN.split()[0])
    expect(page.get_by_role("main").get_by_role("link", name="Screen").first).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("your ACLS expires in")
    seen.look(page, "01-home-of-a-clinician", everywhere=True)


def register(seen: Browsers, page: Page, patient: Patient) -> None:
    """Register a referred patient through the form."""
    page.goto(f"/at/{HOME_SITE}/patients/")
    follow(page, "New patient")
    page.get_by_label("Given name").fill(patient.given)
    page.get_by_label("Family name").fill(patient.family)
    page.get_by_label("Birth date").fill("1979-04-03")
    page.get_by_label("Sex, for dose").select_option("female")
    page.get_by_label("Telephone").fill("555-0199")
    page.get_by_label("Protocol").select_option(PROTOCOL)
    page.get_by_label("Reason for the referral").fill(
        "Third episode; three treatments without enough effect (synthetic)."
    )
    seen.look(page, "02-new-patient")
    press(page, "Register and screen")
    expect(page.get_by_role("heading", name="Screening", level=1)).to_be_visible()
    patient.key = page.url.rstrip("/").rsplit("/", 1)[1]


def open_from_home(page: Page, patient: Patient) -> None:
    """Home now says that the patient waits for screening; open the screening from there or from the list."""
    page.goto(f"/at/{HOME_SITE}/screen/")
    follow(page, patient.name)
    page.wait_for_url(f"**{patient.page('screen')}")


def see_what_is_unknown(seen: Browsers, page: Page) -> None:
    """Nothing is known yet but the age: nothing is assumed."""
    expect(page.get_by_role("heading", name="Not today")).to_be_visible()
    unknown = page.get_by_role("region", name="Unknown", exact=True)
    expect(unknown.get_by_text("Are the allergies known?")).to_be_visible()
    assert unknown.locator(".criterion").count() > 10
    adult = page.get_by_role("region", name="Met", exact=True).locator(
        ".criterion", has_text="Is the patient an adult?"
    )
    expect(adult.get_by_text("Published practice")).to_be_visible()
    seen.look(page, "03-screening-unknown")


def examine(seen: Browsers, page: Page, patient: Patient) -> None:
    """Record diagnosis, three failed treatments, no known allergies, the baseline and the answers."""
    _diagnose(page, patient)
    _past_treatments(seen, page, patient)
    _allergies(page, patient)
    _baseline(seen, page, patient)
    _questions(seen, page, patient)


def _diagnose(page: Page, patient: Patient) -> None:
    page.goto(patient.page("screen"))
    follow(page, "Diagnosis")
    code = page.get_by_label("Diagnosis", exact=True)
    code.select_option(label=code.locator("option", has_text="F33.2").inner_text())
    press(page, "Record the diagnosis")
    expect(page.get_by_role("main")).to_contain_text("F33.2")


def _past_treatments(seen: Browsers, page: Page, patient: Patient) -> None:
    page.goto(patient.page("screen"))
    follow(page, "Past treatments")
    for drug, (dose, weeks) in FAILED.items():
        page.get_by_label("Treatment", exact=True).fill(drug)
        page.get_by_label("Highest daily dose").fill(dose)
        page.get_by_label("Taken for").fill(weeks)
        answer(page, "Was it adequate in dose and duration?", "Yes")
        answer(page, "How did it go?", "No response")
        press(page, "Add the treatment")
        expect(page.get_by_role("row", name=drug)).to_be_visible()
    seen.look(page, "04-past-treatments")


def _allergies(page: Page, patient: Patient) -> None:
    page.goto(patient.page("measure"))
    follow(page, "Allergies")
    press(page, "The patient knows of no allergy")
    expect(page.get_by_role("region", name="Patient", exact=True)).to_contain_text("none known")


def _baseline(seen: Browsers, page: Page, patient: Patient) -> None:
    page.goto(patient.page("measure"))
    follow(page, "Take PHQ-9")
    groups = page.get_by_role("group").filter(has=page.get_by_role("radio"))
    for number in range(8):
        groups.nth(number).get_by_role("radio", name="More than half the days").check()
    groups.nth(8).get_by_role("radio", name="Not at all").check()
    seen.look(page, "05-baseline-phq9")
    press(page, "Store the answers")
    expect(page.get_by_role("row", name="PHQ-9").first).to_contain_text(f"{BASELINE} of 27")


def _questions(seen: Browsers, page: Page, patient: Patient) -> None:
    page.goto(patient.page("screen"))
    follow(page, "Answer the questions in one go")
    for question, choice in QUESTIONS.items():
        answer(page, question, choice)
    seen.look(page, "06-questions")
    press(page, "Record the answers")


def decide(seen: Browsers, page: Page, patient: Patient) -> None:
    """Every criterion is met, each with its source; the clinician accepts."""
    page.goto(patient.page("screen"))
    expect(page.get_by_role("region", name="Unknown", exact=True)).to_have_count(0)
    expect(page.get_by_role("region", name="Not met", exact=True)).to_have_count(0)
    met = page.locator(".criterion-met")
    assert met.count() == met.filter(has=page.locator(".source")).count() > 15
    seen.look(page, "07-screening-met")
    follow(page, "Decide")
    answer(page, "Decision", "Accept for treatment")
    press(page, "Sign the decision")
    expect(page.get_by_role("main")).to_contain_text(f"By {CLINICIAN}")
