"""The patient reads and signs alone on a device that only the PIN takes back."""

import json
import re
from html import unescape

import pytest
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse

from daybreak.consent.public import State, consents_of, signatures_of, text_of, tries_of
from daybreak.kernel.keys import new_key
from daybreak.kernel.moments import now
from daybreak.kernel.scope import scoped
from daybreak.people.public import HANDED_OVER
from tests.rooms.beside import fields_refused
from tests.rooms.consent.texts import STUDY, newer, retired, shelf, study

pytestmark = pytest.mark.django_db
PIN = "4711"
DRAWN = "10,10 60,40 110,10 160,40 210,10 260,40"


def address(name: str, patient, **more: object) -> str:
    """Return a page of consent at dawn."""
    return reverse(f"consent:{name}", kwargs={"site": "dawn", "patient": patient, **more})


def hand_over(client: Client, patient, *texts: str) -> None:
    """Hand the device to the patient, to read the texts."""
    chosen = texts or ("treatment", "registry")
    answer = client.post(address("hand_over", patient), {"pin": PIN, "again": PIN, "texts": chosen, "language": "en"})
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

    answer = nurse.post(
        address("hand_over", patient), {"pin": pin, "again": again, "texts": "treatment", "language": "en"}
    )

    assert answer.status_code == 422
    assert sentence in answer.text
    assert HANDED_OVER not in nurse.session


def test_the_pin_is_not_kept_in_the_session(world, as_role):
    nurse, patient = as_role("nurse"), world.patient()
    hand_over(nurse, patient)

    assert PIN not in str(dict(nurse.session))


OPEN_ON_HANDED_OVER = {
    "consent:begin",
    "consent:withdraw_own",
    "consent:sign",
    "consent:give_back",
    "consent:take_back",
}


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


def test_staff_choose_what_the_patient_reads_and_only_that_is_shown(world, as_role):
    patient, nurse = world.patient(), as_role("nurse")
    page = nurse.get(address("hand_over", patient)).text
    assert re.findall(r'value="(\w+)"[^>]* checked', page) == ["treatment", "registry"]
    nothing = nurse.post(address("hand_over", patient), {"pin": PIN, "again": PIN})
    assert (nothing.status_code, "Choose at least one text." in nothing.text) == (422, True)

    hand_over(nurse, patient, "messages")

    assert nurse.get(address("begin", patient)).url == address("sign", patient, kind="messages")
    answer = nurse.post(address("sign", patient, kind="messages"), said("messages"))
    assert answer.url == address("give_back", patient)
    assert states(world, patient) == {"messages": State.CURRENT}


def test_a_wrong_answer_shows_its_part_again_and_the_try_is_kept(world, as_role):
    patient, nurse = world.patient(), as_role("nurse")
    hand_over(nurse, patient)
    part = next(s for s in text_of("treatment").sections if s.heading == "On the day")
    form = said("treatment", driving=0)

    again = nurse.post(address("sign", patient, kind="treatment"), form)

    assert again.text.count(part.heading) == 2
    assert nurse.post(address("sign", patient, kind="treatment"), {**form, "driving": 1}).status_code == 302
    with scoped(world.scope()) as scope:
        assert [each.wrong for each in tries_of(scope, patient)] == [("driving",)]
    question = next(check.question for check in text_of("treatment").checks if check.id == "driving")
    assert f"{question} (1)" in nurse_page(as_role, patient)


def test_a_question_that_was_left_open_is_asked_for_and_is_not_misunderstood(world, as_role):
    patient, nurse = world.patient(), as_role("nurse")
    hand_over(nurse, patient)
    part = next(s for s in text_of("treatment").sections if s.heading == "On the day")
    form = said("treatment")
    del form["driving"]

    again = nurse.post(address("sign", patient, kind="treatment"), form)

    assert (again.status_code, fields_refused(again)) == (422, ["driving"])
    assert "Please choose an answer." in again.text
    assert again.text.count(part.heading) == 1
    with scoped(world.scope()) as scope:
        assert tries_of(scope, patient) == []
    assert "another look" not in nurse_page(as_role, patient)


def nurse_page(as_role, patient) -> str:
    """Return the page of a patient's consents, seen by another nurse on another device."""
    return as_role("nurse").get(address("patient", patient)).text


def test_somebody_elses_name_and_an_empty_signature_are_told_beside_the_field(world, as_role):
    patient, nurse = world.patient(), as_role("nurse")
    hand_over(nurse, patient)
    page = address("sign", patient, kind="treatment")

    for more, sentence in (
        ({"name": "Noor Haddad"}, "not the name that the clinic has for you: Pia Sommer"),
        ({"name": " "}, "Type your name: it is your signature."),
        ({"name": "", "drawing": "3,3"}, "no signature in the field"),
    ):
        answer = nurse.post(page, said("treatment", **more))
        assert (answer.status_code, sentence in unescape(answer.text)) == (422, True), sentence
        assert len(re.findall(r"<input[^>]* checked", answer.text)) == len(text_of("treatment").checks)
    assert states(world, patient) == {}

    assert nurse.post(page, said("treatment", name="", drawing=DRAWN)).status_code == 302
    assert states(world, patient) == {"treatment": State.WAITS}


def test_two_tabs_that_sign_give_one_signature_and_the_way_back_leads_on(world, as_role):
    patient, nurse = world.patient(), as_role("nurse")
    hand_over(nurse, patient)
    page = address("sign", patient, kind="treatment")
    nurse.get(page)
    next_page = address("sign", patient, kind="registry")

    for _tab in range(2):
        assert nurse.post(page, said("treatment")).url == next_page

    assert nurse.get(page).url == next_page
    with scoped(world.scope()) as scope:
        assert len(signatures_of(scope, patient)) == 1


def test_two_clinicians_tabs_give_one_signature(world, as_role):
    patient, nurse, clinician = world.patient(), as_role("nurse"), as_role("clinician")
    hand_over(nurse, patient)
    nurse.post(address("sign", patient, kind="treatment"), said("treatment"))
    shown = text_of("treatment").fingerprint

    for _tab in range(2):
        form = {"key": new_key(), "shown": shown, "since": now().isoformat()}
        assert clinician.post(address("countersign", patient, kind="treatment"), form).status_code == 302

    with scoped(world.scope()) as scope:
        assert [each.proof for each in signatures_of(scope, patient)] == ["sign-in", ""]


def test_a_clinician_with_a_password_signs_with_it_and_guessing_is_locked_out(world, as_role, settings):
    patient, nurse, clinician = world.patient(), as_role("nurse"), as_role("clinician")
    hand_over(nurse, patient)
    nurse.post(address("sign", patient, kind="treatment"), said("treatment"))
    account = world.staff["dawn", "clinician"]
    account.set_password("a long and good passphrase")
    account.save()
    clinician.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    page = address("countersign", patient, kind="treatment")
    form = {"key": new_key(), "shown": text_of("treatment").fingerprint, "since": now().isoformat()}

    assert "Type your password" in clinician.post(page, form).text
    assert "not your password" in clinician.post(page, {**form, "password": "wrong"}).text
    assert states(world, patient)["treatment"] is State.WAITS
    assert clinician.post(page, {**form, "password": "a long and good passphrase"}).status_code == 302

    assert states(world, patient)["treatment"] is State.CURRENT
    with scoped(world.scope()) as scope:
        assert signatures_of(scope, patient)[0].proof == "password"
    for _ in range(settings.AXES_FAILURE_LIMIT):
        clinician.post(page, {**form, "key": new_key(), "password": "wrong"})
    locked = clinician.post(page, {**form, "key": new_key(), "password": "a long and good passphrase"})
    assert locked.status_code == 429


def test_a_text_that_changes_while_it_is_read_keeps_the_answers_and_can_be_signed(world, as_role, tmp_path):
    patient, nurse = world.patient(), as_role("nurse")
    hand_over(nurse, patient)
    page, form = address("sign", patient, kind="treatment"), said("treatment")
    nurse.get(page)
    with shelf(tmp_path, ketamine_treatment_4=newer("ketamine_treatment", 4)):
        answer = nurse.post(page, form)

        assert (answer.status_code, "The text has changed" in answer.text) == (422, True)
        assert len(re.findall(r"<input[^>]* checked", answer.text)) == len(text_of("treatment").checks)
        assert 'value="Pia Sommer"' in answer.text
        shown = re.search(r'name="shown" value="(\w+)"', answer.text)[1]
        assert shown == text_of("treatment").fingerprint
        assert states(world, patient) == {}
        assert nurse.post(page, {**form, "shown": shown}).status_code == 302
        with scoped(world.scope()) as scope:
            assert signatures_of(scope, patient)[0].version == 4


def test_a_text_that_was_taken_out_of_use_is_told_in_a_sentence(world, as_role, tmp_path):
    patient, nurse = world.patient(), as_role("nurse")
    hand_over(nurse, patient, "contact")
    form = said("contact")
    with shelf(tmp_path, contact_2=retired("contact", 2)):
        answer = nurse.post(address("sign", patient, kind="contact"), form)
        assert (answer.status_code, "not used any more" in answer.text) == (410, True)
        assert nurse.get(address("begin", patient)).url == address("give_back", patient)
    assert states(world, patient) == {}


def test_a_study_is_read_in_the_language_that_the_patient_chose(world, as_role, tmp_path):
    patient, nurse = world.patient(), as_role("nurse")
    with shelf(tmp_path, sunrise_study_1=study()):
        hand_over(nurse, patient, STUDY)
        page = address("sign", patient, kind=STUDY)
        assert "Nothing here is real." in nurse.get(page).text
        assert '<h1 lang="es">El estudio inventado</h1>' in nurse.get(page + "?language=es").text
        assert nurse.get(page + "?language=xx").status_code == 200

        assert nurse.post(page + "?language=es", said(STUDY)).status_code == 302

        with scoped(world.scope()) as scope:
            assert signatures_of(scope, patient)[0].language == "es"


def test_the_time_of_each_part_is_kept_as_the_page_measured_it(world, as_role):
    patient, nurse = world.patient(), as_role("nurse")
    hand_over(nurse, patient, "contact")
    page = address("sign", patient, kind="contact")
    nurse.get(page)
    parts = [section.heading for section in text_of("contact").sections]

    nurse.post(page, said("contact", seen=json.dumps({str(n): 0 for n in range(len(parts))})))

    with scoped(world.scope()) as scope:
        assert signatures_of(scope, patient)[0].seen_seconds == [(part, 0) for part in parts]


def test_the_withdrawal_of_the_registry_says_how_many_snapshots_held_the_person(world, as_role):
    patient, clinician = world.patient(), as_role("clinician")
    hand_over(clinician, patient)
    clinician.post(address("sign", patient, kind="registry"), said("registry"))
    clinician.post(address("take_back", patient), {"pin": PIN})

    assert (
        "No snapshot of the register has been made yet."
        in clinician.get(address("withdraw", patient, kind="registry")).text
    )
    clinician.post(address("withdraw", patient, kind="registry"), {"key": new_key(), "said_by": "clinician"})
    assert clinician.get(address("withdraw", patient, kind="registry")).url == address("patient", patient)
    second = clinician.post(address("withdraw", patient, kind="registry"), {"key": new_key(), "said_by": "patient"})
    assert (second.status_code, "no consent to withdraw" in second.text) == (422, True)
    assert "for the patient" in clinician.get(address("patient", patient)).text
