"""The infusion room before the start: course and plan, weight and dose, questions, time-out, and who may not start."""

import re
from datetime import datetime, timedelta
from decimal import ROUND_DOWN, Decimal
from zoneinfo import ZoneInfo

from playwright.sync_api import Page, expect

from tests.journeys.browsers import Browsers
from tests.journeys.walk.people import (
    CLINICIAN,
    EXPIRED_CLINICIAN,
    HOME_SITE,
    NURSE,
    SECOND_NURSE,
    Patient,
    answer,
    follow,
    press,
)

ZONE = ZoneInfo("America/Chicago")
MG_PER_KG, MINUTES, TENTH = Decimal("0.5"), 40, Decimal("0.1")
READY = (
    "Is a responsible adult coming",
    "Has the patient had no food for 2 hours",
    "Have changes in health, medicines and substance use",
)
BASELINE = {
    "pressure": {"Systolic": "124", "Diastolic": "78"},
    "heart_rate": {"Heart rate": "71"},
    "oxygen_saturation": {"Oxygen saturation": "98"},
}
TIME_OUT = ("Identity:", "Drug:", "Dose:", "Rate:", "Allergies:")


def set_up_chair(seen: Browsers, lead: Page, patient: Patient) -> None:
    """The site lead sets the chair up in which the session is held."""
    lead.goto(f"/at/{HOME_SITE}/treat/chairs/")
    lead.get_by_label("Name of the chair").fill(patient.chair)
    lead.get_by_label("Room", exact=True).fill("Room 3")
    lead.get_by_label("Set-up before each dose").fill("15")
    press(lead, "Set up the chair")
    expect(lead.get_by_role("row").filter(has_text=patient.chair)).to_be_visible()
    seen.look(lead, "11-rooms-and-chairs")


def order(seen: Browsers, page: Page, patient: Patient) -> None:
    """The clinician reads what the protocol says of the time, and signs the order."""
    page.goto(patient.at_session("order"))
    expect(page.get_by_role("main")).to_contain_text("The protocol's limits of frequency are kept.")
    answer(page, "Amount", "0.5 mg/kg")
    press(page, "Sign the order")
    expect(page.get_by_role("region", name="What is ordered")).to_contain_text("0.5 mg/kg")
    seen.look(page, "12-order", everywhere=True)
    page.goto(f"/at/{HOME_SITE}/treat/calendar/")
    expect(page.get_by_role("link", name=patient.name)).to_be_visible()
    seen.look(page, "12-calendar", everywhere=True)


def plan(seen: Browsers, page: Page, patient: Patient) -> None:
    """The clinician opens a course and plans its first session for now, in the site's own time."""
    page.goto(f"/at/{HOME_SITE}/patients/{patient.key}/")
    follow(page, "Plan")
    press(page, "Open a course")
    when = datetime.now(ZONE) + timedelta(minutes=1)
    page.get_by_label("When").fill(f"{when:%Y-%m-%dT%H:%M}")
    page.get_by_label("Chair").select_option(patient.chair)
    press(page, "Plan the session")
    row = page.get_by_role("row").filter(has_text=patient.chair)
    expect(row).to_be_visible()
    patient.session = row.get_by_role("link").first.get_attribute("href").rstrip("/").rsplit("/", 1)[1]
    seen.look(page, "12-course-and-plan")


def check_in(seen: Browsers, page: Page, patient: Patient) -> None:
    """The nurse finds the session in today's list and checks the patient in."""
    page.goto(f"/at/{HOME_SITE}/treat/")
    seen.look(page, "13-today-in-the-infusion-room")
    page.get_by_role("listitem").filter(has_text=patient.name).get_by_role("link").click()
    press(page, f"Check in to {patient.chair}")
    expect(page.get_by_role("heading", name="Weight and dose")).to_be_visible()


def weigh(page: Page, patient: Patient) -> None:
    """The page computes dose and pump rate from the weight; so does this test, by the protocol's sentence."""
    page.get_by_label("Weight today").fill(str(patient.weight_kg))
    answer(page, "Unit of the weight", "kilograms (kg)")
    page.get_by_label("Height").fill("172")
    page.get_by_label("Concentration in the syringe").fill("1")
    press(page, "Compute the dose")
    dose = (patient.weight_kg * MG_PER_KG).quantize(TENTH, ROUND_DOWN)
    rate = (dose * 60 / MINUTES).quantize(TENTH, ROUND_DOWN)
    facts = page.locator(".dose-facts")
    expect(facts).to_contain_text(f"{dose} mg")
    expect(facts).to_contain_text(f"{rate} mL/h for {MINUTES} minutes")
    expect(page.get_by_role("main")).to_contain_text("0.5 mg/kg")


def answer_questions(page: Page) -> None:
    """Every question of the day has an answer."""
    for question in READY:
        answer(page, question, "Yes")
    answer(page, "Which of the patient's medicines were taken today?", "As agreed")
    answer(page, "What does the pregnancy test show", "Not due")
    press(page, "Record the answers")
    expect(page.get_by_role("heading", name="Time-out by two people")).to_be_visible()


def gather(page: Page) -> None:
    """The team takes its roles, and each piece of equipment is looked at."""
    for person, role in ((CLINICIAN, "Physician in charge"), (NURSE, "Nurse")):
        if not page.get_by_label("Role in this session").is_visible():
            page.get_by_text("Name somebody").click()
        page.get_by_label("Who", exact=True).select_option(person)
        page.get_by_label("Role in this session").select_option(role)
        press(page, "Put on the team")
        expect(page.get_by_role("region", name="Team of this session")).to_contain_text(person)
    equipment = page.get_by_role("region", name="Equipment")
    for box in equipment.get_by_role("checkbox").all():
        box.check()
    press(page, "Confirm what is ticked")
    expect(equipment.get_by_role("checkbox")).to_have_count(0)


def take_baseline(page: Page) -> None:
    """Baseline vital signs are typed into the sheet that a touch on a sign opens, and recorded together."""
    page.locator("[data-tiles] [data-open=pressure]").click()
    for group, signs in BASELINE.items():
        page.locator(f"[data-tab={group}]").click()
        for sign, value in signs.items():
            page.get_by_role("textbox", name=sign, exact=True).fill(value)
    press(page, "Record")
    expect(page.get_by_role("region", name="Baseline vital signs")).to_contain_text("124")


def hear_the_alarms(page: Page) -> None:
    """The nurse tests the sound at the chair and says that it was heard."""
    page.get_by_role("button", name="Test: high").click()
    press(page, "I heard it at the chair")
    expect(page.get_by_role("region", name="Sound of alarms")).to_contain_text(NURSE)


def sign_time_out(page: Page, patient: Patient, signer: str) -> None:
    """One person reads five things aloud, confirms each, and signs on a device of their own."""
    page.goto(patient.at_session("prepare"))
    for item in TIME_OUT:
        page.get_by_role("checkbox", name=item).check()
    press(page, "Sign the time-out")
    expect(page.get_by_role("region", name="Time-out by two people")).to_contain_text(f"{signer},")


def prepare(seen: Browsers, noor: Page, patient: Patient) -> None:
    """The nurse prepares the session; nothing starts before two people have signed the same dose."""
    check_in(seen, noor, patient)
    weigh(noor, patient)
    gather(noor)
    take_baseline(noor)
    answer_questions(noor)
    hear_the_alarms(noor)
    sign_time_out(noor, patient, NURSE)
    expect(noor.get_by_role("button", name="Start the infusion")).to_be_disabled()
    expect(noor.get_by_role("main")).to_contain_text("One person has signed; a second is needed.")
    seen.look(noor, "14-before-the-start", everywhere=True)


def sign_as_second(ben: Page, patient: Patient) -> None:
    """A second nurse signs on a device of their own."""
    sign_time_out(ben, patient, SECOND_NURSE)


def be_kept_from_starting(seen: Browsers, page: Page, patient: Patient) -> None:
    """A clinician whose ACLS has expired cannot start, and the page says why; neither can a request past the page."""
    page.goto(patient.at_session("prepare"))
    expect(page.get_by_role("button", name="Start the infusion")).to_be_disabled()
    blocked = page.get_by_role("region", name=re.compile("in the way$"))
    expect(blocked).to_contain_text("You may not start an infusion today.")
    expect(blocked).to_contain_text("ACLS")
    seen.look(page, f"15-{EXPIRED_CLINICIAN.split()[1].lower()}-may-not-start")
    page.evaluate("document.querySelector('form[action$=\"/start/\"] button').disabled = false")
    press(page, "Start the infusion")
    expect(page.get_by_role("main")).to_contain_text("You may not start an infusion today.")
    expect(page.get_by_role("button", name="Start the infusion")).to_be_disabled()


def start(page: Page, patient: Patient) -> None:
    """With everything done, the nurse starts."""
    page.goto(patient.at_session("prepare"))
    expect(page.get_by_role("heading", name="Nothing is in the way")).to_be_visible()
    press(page, "Start the infusion")
    page.wait_for_url(f"**{patient.at_session('chair')}")
