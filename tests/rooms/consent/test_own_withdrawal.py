"""The patient takes a consent back alone, on the device that was handed over, after reading what follows."""

import re
from html import unescape

import pytest

from daybreak.consent.public import State, text_of
from daybreak.consent.queries import withdrawals_of
from daybreak.kernel.keys import new_key
from daybreak.kernel.scope import scoped
from tests.rooms.consent.test_pages import address, hand_over, said, states
from tests.rooms.consent.texts import newer, shelf

pytestmark = pytest.mark.django_db


@pytest.fixture
def signed(world, as_role):
    """A patient who has just agreed to the treatment and still holds the device, and the device."""
    patient, nurse = world.patient(), as_role("nurse")
    hand_over(nurse, patient, "treatment")
    nurse.post(address("sign", patient, kind="treatment"), said("treatment"))
    return patient, nurse


def test_what_follows_is_said_before_and_no_reason_is_needed(world, signed):
    patient, nurse = signed
    page = address("withdraw_own", patient, kind="treatment")
    assert page in nurse.get(address("give_back", patient)).text

    assert text_of("treatment").withdrawal in nurse.get(page).text
    sent = {"key": new_key(), "reason": ""}
    for _ in range(2):
        assert nurse.post(page, sent).url == address("give_back", patient)

    assert states(world, patient) == {"treatment": State.WITHDRAWN}
    with scoped(world.scope()) as scope:
        assert [row.said_by for row in withdrawals_of(scope, patient)] == ["patient"]
    assert page not in nurse.get(address("give_back", patient)).text


def test_the_page_speaks_to_the_patient_and_says_how_many_releases_held_them(world, signed):
    patient, nurse = signed
    for kind in ("registry", "contact", "messages"):
        nurse.post(address("sign", patient, kind=kind), said(kind))

        page = unescape(nurse.get(address("withdraw_own", patient, kind=kind)).text)

        main = re.sub("<[^>]*>", " ", page[page.index("<h1") : page.index("<form")])
        assert "patient" not in main.lower()
        assert ("snapshot of the register" in main) == (kind == "registry")
    page = nurse.get(address("withdraw_own", patient, kind="treatment")).text
    assert "You get no further session." in page


def test_a_text_that_was_signed_earlier_is_said_in_todays_words_unless_it_asks_to_sign_again(world, signed, tmp_path):
    patient, nurse = signed
    page, old = address("withdraw_own", patient, kind="treatment"), text_of("treatment").withdrawal
    new = newer("ketamine_treatment", 4).replace(old, "You are not treated any more.")
    with shelf(tmp_path, ketamine_treatment_4=new):
        assert "You are not treated any more." in nurse.get(page).text
    asks = newer("ketamine_treatment", 4, why="A new risk.").replace(old, "You are not treated any more.")
    with shelf(tmp_path, ketamine_treatment_4=asks):
        assert old in nurse.get(page).text


def test_a_device_is_handed_over_to_withdraw_though_nothing_is_left_to_sign(world, signed, as_role):
    patient, _ = signed
    staff = as_role("coordinator")
    for kind in ("registry", "contact", "messages"):
        hand_over(staff, patient, kind)
        staff.post(address("sign", patient, kind=kind), said(kind))
        staff.post(address("take_back", patient), {"pin": "4711"})

    answer = staff.post(address("hand_over", patient), {"pin": "4711", "again": "4711", "language": "en"}, follow=True)

    assert address("withdraw_own", patient, kind="registry") in answer.text


def test_staff_other_patients_and_what_was_never_signed_are_refused(world, signed, as_role):
    patient, nurse = signed
    other = world.patient(given="Otto")

    assert as_role("coordinator").get(address("withdraw_own", patient, kind="treatment")).status_code == 409
    assert nurse.get(address("withdraw_own", other, kind="treatment")).status_code == 403
    assert nurse.post(address("withdraw_own", patient, kind="registry"), {"key": new_key()}).status_code == 302
    assert states(world, patient)["treatment"] is not State.WITHDRAWN
    assert "registry" not in states(world, patient)
