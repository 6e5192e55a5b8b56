"""The patient reads and signs alone on a device that only the PIN takes back."""

import re

import pytest
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse

from daybreak.consent.public import State, consents_of, signatures_of, text_of
from daybreak.kernel.keys import new_key
from daybreak.kernel.moments import now
from daybreak.kernel.scope import scoped
from daybreak.people.public import HANDED_OVER

pytestmark = pytest.mark.django_db
PIN = "4711"


def address(name: str, patient, **more: object) -> str:
    """Return a page of consent at dawn."""
    return reverse(f"consent:{name}", kwargs={"site": "dawn", "patient": patient, **more})


def hand_over(client: Client, patient, *texts: str) -> None:
    """Hand the device to the patient, to read the texts."""
    chosen = texts or ("treatment", "registry")
    answer = client.post(address("hand_over", patient), {"pin": PIN, "again": PIN, "texts": chosen})
    assert answer.url == address("begin", patient)


def said(kind: str, **more: object) -> dict[str, object]:
    """Return a form that agrees to a text, every check right."""
    text = text_of(kind)
    checks = {check.id: check.right for check in text.checks}
    return {
        "key": new_key(),
        "shown": text.fingerprint,
        "name": "Pia Sommer",
        "answer": "agree",
        **checks,
        **more,
    }


def states(world, patient) -> dict[str, State]:
    """Return where the consents that were asked for stand."""
    with scoped(world.scope()) as scope:
        found = {kind: found.state for kind, found in consents_of(scope, patient, at=now()).items()}
    return {kind: state for kind, state in found.items() if state is not State.NEVER_ASKED}


@pytest.mark.parametrize("name", ["patient", "hand_over"])
def test_the_owner_reads_a_colleague_is_refused_a_stranger_finds_nothing(world, as_role, name):
    page = address(name, world.patient())

    assert as_role("nurse").get(page).status_code == 200
    assert as_role("analyst").get(page).status_code == 403
    assert as_role("nurse", "dusk").get(page).status_code == 404
    assert as_role("nurse").get(address(name, world.patient("dusk"))).status_code == 404


def test_a_patient_signs_treatment_declines_the_registry_and_the_clinician_signs_beside(world, as_role):
    patient, nurse, clinician = world.patient(), as_role("nurse"), as_role("clinician")
    hand_over(nurse, patient)
    assert nurse.get(address("begin", patient)).url == address("sign", patient, kind="treatment")
    page = nurse.get(address("sign", patient, kind="treatment")).text
    assert "Pia Sommer" in page
    assert "off label" in page

    assert nurse.post(address("sign", patient, kind="treatment"), said("treatment")).url == address(
        "sign", patient, kind="registry"
    )
    nurse.get(address("sign", patient, kind="registry"))
    declined = {"key": new_key(), "shown": text_of("registry").fingerprint, "answer": "decline"}
    assert nurse.post(address("sign", patient, kind="registry"), declined).url == address("give_back", patient)
    assert "Thank you" in nurse.get(address("give_back", patient)).text
    assert nurse.post(address("take_back", patient), {"pin": PIN}).url == address("patient", patient)

    assert states(world, patient) == {"treatment": State.WAITS, "registry": State.DECLINED}
    beside = address("countersign", patient, kind="treatment")
    assert nurse.get(beside).status_code == 403
    assert clinician.get(address("countersign", patient, kind="registry")).status_code == 404
    key = new_key()
    for _ in range(2):
        answer = clinician.post(
            beside, {"key": key, "shown": text_of("treatment").fingerprint, "since": now().isoformat()}
        )
        assert answer.status_code == 302
    assert states(world, patient)["treatment"] is State.CURRENT
    assert "Clara Okafor" in clinician.get(address("patient", patient)).text


def test_wrong_answers_are_explained_beside_the_question_and_what_was_typed_is_kept(world, as_role):
    patient, nurse = world.patient(), as_role("nurse")
    hand_over(nurse, patient)

    answer = nurse.post(address("sign", patient, kind="treatment"), said("treatment", off_label=0, name=""))

    assert answer.status_code == 422
    assert "Please look again. Ketamine is approved as an anaesthetic" in answer.text
    assert len(re.findall(r"<input[^>]* checked", answer.text)) == len(text_of("treatment").checks)
    assert "treatment" not in states(world, patient)


def test_a_double_submit_is_one_signature_and_the_seconds_are_the_servers(world, as_role):
    patient, nurse = world.patient(), as_role("nurse")
    hand_over(nurse, patient)
    nurse.get(address("sign", patient, kind="treatment"))
    form = said("treatment", shown_seconds=99999)

    for _ in range(2):
        assert nurse.post(address("sign", patient, kind="treatment"), form).status_code == 302

    with scoped(world.scope()) as scope:
        (entry,) = signatures_of(scope, patient)
    assert 0 <= entry.shown_seconds < 60


def test_a_page_that_was_opened_on_another_text_is_not_signed(world, as_role):
    patient, nurse = world.patient(), as_role("nurse")
    hand_over(nurse, patient)

    answer = nurse.post(address("sign", patient, kind="treatment"), said("treatment", shown="0" * 64))

    assert "The text has changed" in answer.text
    assert "treatment" not in states(world, patient)


def test_staff_do_not_sign_for_a_patient_without_handing_over(world, as_role):
    patient, clinician = world.patient(), as_role("clinician")

    for page in (
        address("sign", patient, kind="treatment"),
        address("give_back", patient),
        address("begin", patient),
    ):
        assert clinician.get(page).status_code == 409
    assert clinician.post(address("sign", patient, kind="treatment"), said("treatment")).status_code == 409
    assert "treatment" not in states(world, patient)


@pytest.mark.parametrize(
    ("pin", "again", "sentence"),
    [
        ("123", "123", "4 to 8 digits"),
        ("123456789", "123456789", "at most 8"),
        ("abcd", "abcd", "4 to 8 digits"),
        ("1234", "1235", "differ"),
        ("", "", "required"),
    ],
)
def test_a_pin_that_cannot_be_is_refused(world, as_role, pin, again, sentence):
    patient, nurse = world.patient(), as_role("nurse")

    answer = nurse.post(address("hand_over", patient), {"pin": pin, "again": again, "texts": "treatment"})

    assert answer.status_code == 422
    assert sentence in answer.text
    assert HANDED_OVER not in nurse.session


def test_the_pin_is_not_kept_in_the_session(world, as_role):
    nurse, patient = as_role("nurse"), world.patient()
    hand_over(nurse, patient)

    assert PIN not in str(dict(nurse.session))


OPEN_ON_HANDED_OVER = {"consent:begin", "consent:sign", "consent:give_back", "consent:take_back"}


def routes(resolver: URLResolver, space: str = "", before: str = "") -> list[tuple[str, dict[str, str]]]:
    """Return every named address below a resolver with its parameters and their kinds."""
    found = []
    for each in resolver.url_patterns:
        route = before + str(each.pattern)
        if isinstance(each, URLResolver):
            found += routes(each, f"{space}{each.namespace}:" if each.namespace else space, route)
        elif each.name and route.startswith("at/"):
            found.append((space + each.name, {name: kind for kind, name in re.findall(r"<(\w+):(\w+)>", route)}))
    return found


def filled(patient, parts: dict[str, str]) -> dict[str, object]:
    """Return something for every parameter of an address."""
    known = {"site": "dawn", "patient": patient, "kind": "treatment", "instrument": "phq9"}
    return {name: known.get(name, {"uuid": new_key(), "int": 1}.get(kind, "x")) for name, kind in parts.items()}


def test_a_device_that_is_handed_over_refuses_every_other_address_of_the_site(world, as_role):
    patient, clinician = world.patient(), as_role("clinician")
    hand_over(clinician, patient)
    found = [each for each in routes(get_resolver()) if each[0] not in OPEN_ON_HANDED_OVER]
    assert len(found) > 40

    for name, parts in found:
        page = reverse(name, kwargs=filled(patient, parts))
        assert clinician.get(page).status_code in (403, 405), page
        assert clinician.post(page, {"pin": PIN}).status_code in (403, 405), page
    assert HANDED_OVER in clinician.session


def test_a_device_that_is_handed_over_opens_no_other_patients_pages(world, as_role):
    patient, other, clinician = world.patient(), world.patient(given="Otto"), as_role("clinician")
    hand_over(clinician, patient)

    for page in (
        address("begin", other),
        address("sign", other, kind="treatment"),
        address("give_back", other),
    ):
        assert clinician.get(page).status_code == 403
    assert clinician.post(address("take_back", other), {"pin": PIN}).status_code == 403
    assert HANDED_OVER in clinician.session


def test_five_wrong_pins_end_the_session(world, as_role):
    patient, nurse = world.patient(), as_role("nurse")
    hand_over(nurse, patient)
    for left in (4, 3, 2, 1):
        assert f"Tries left: {left}." in nurse.post(address("take_back", patient), {"pin": "0000"}).text

    assert nurse.post(address("take_back", patient), {"pin": "0000"}).url == reverse("account_login")

    assert nurse.get(address("patient", patient)).status_code == 302
    assert nurse.post(address("take_back", patient), {"pin": PIN}).url.startswith(reverse("account_login"))


def test_a_wrong_pin_then_the_right_one_takes_the_device_back(world, as_role):
    patient, nurse = world.patient(), as_role("nurse")
    hand_over(nurse, patient)
    nurse.post(address("take_back", patient), {"pin": "0000"})

    assert nurse.post(address("take_back", patient), {"pin": PIN}).status_code == 302

    assert nurse.get(address("patient", patient)).status_code == 200


def test_withdrawal_says_what_follows_before_and_asks_for_no_reason(world, as_role):
    patient, clinician = world.patient(), as_role("clinician")
    page = address("withdraw", patient, kind="registry")
    assert clinician.get(page).status_code == 404
    hand_over(clinician, patient)
    clinician.post(address("sign", patient, kind="registry"), said("registry"))
    clinician.post(address("take_back", patient), {"pin": PIN})

    assert text_of("registry").withdrawal in clinician.get(page).text
    form = {"key": new_key(), "said_by": "patient"}
    for _ in range(2):
        assert clinician.post(page, form).status_code == 302

    assert states(world, patient)["registry"] is State.WITHDRAWN
