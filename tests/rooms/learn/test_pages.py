"""The way through a course on its pages, tried wrong on purpose; and every address that might give a certificate."""

import re
from datetime import timedelta
from io import BytesIO
from uuid import uuid4

import pytest
from django.urls import reverse
from pypdf import PdfReader

from daybreak.kernel.keys import new_key
from daybreak.kernel.moments import day_of, now
from daybreak.kernel.scope import scoped
from daybreak.learn.definitions import course_named
from daybreak.learn.models import Certificate, Claim, Enrolment, Provider, ReportDetails, Submission
from daybreak.ledger.public import record_one
from daybreak.people.public import credentials
from tests.definitions.shipped import library

pytestmark = pytest.mark.django_db
COURSE = library().activity("ketamine_trd")


def at(name, site="dawn", **more):
    return reverse(f"learn:{name}", kwargs={"site": site, **more})


def on(name, **more):
    return at(name, course=COURSE.id, **more)


def read_everything(client):
    client.post(on("begin"))
    for section in COURSE.sections:
        assert client.post(on("section", section=section.id)).status_code == 302


def draw(client):
    return client.post(on("quiz"))["Location"]


def right_answers(client, address):
    asked = set(re.findall(r'<input type="radio" name="(\w+)"', client.get(address).content.decode()))
    assert len(asked) == COURSE.draws
    return {name: COURSE.item(name).right for name in asked}


def wrong_answers(client, address):
    answers = right_answers(client, address)
    first = next(iter(answers))
    return {**answers, first: (answers[first] + 1) % len(COURSE.item(first).answers)}


def until_claim(client):
    read_everything(client)
    address = draw(client)
    client.post(address, right_answers(client, address))
    client.post(on("evaluation"), {question.id: 0 for question in COURSE.evaluation})


CLAIM = {"minutes": "30", "credit": "0.5", "profession": "other", "credit_type": "participation"}


def as_nurse(world):
    return scoped(world.scope("nurse"))


def test_the_preview_shows_what_a_learner_must_see_before_beginning(as_role):
    page = as_role("nurse").get(on("course")).content.decode()

    for words in (
        *(each.text for each in COURSE.objectives), "30 minutes", "0.5 hours of participation", "Psychiatrists",
        "to pass, 100 % of the answers are right", "No relevant financial relationships", COURSE.accessibility,
        "Nobody paid for this course.", "No accredited provider is configured here", "Begin the course",
        COURSE.requirements[0], COURSE.copyright, "Sun 29 Nov 2026", "Tue 31 Oct 2028", "Fee",
    ):  # fmt: skip
        assert words in page, words
    assert "AMA PRA" not in page


@pytest.mark.parametrize(
    ("first", "until", "is_named"), [(0, None, True), (0, 1, True), (1, None, False), (-2, 0, False)]
)
def test_the_preview_names_a_provider_and_credit_for_physicians_only_while_it_is_accredited(
    as_role, world, first, until, is_named
):
    today = day_of(now(), "Europe/Berlin")
    from_day, until_day = (None if days is None else today + timedelta(days=days) for days in (first, until))
    with scoped(world.scope("site lead")) as scope:
        record_one(
            Provider(
                site=scope.site, key=uuid4(), name="The Academy", from_day=from_day, until_day=until_day, told_at=now()
            )
        )
    assert ("Category 1" in as_role("nurse").get(at("catalogue")).content.decode()) == is_named
    page = as_role("nurse").get(on("course")).content.decode()

    assert ("The Academy is accredited by" in page) == is_named
    assert ("0.5 <i>AMA PRA Category 1 Credit™</i>" in page) == is_named


def test_a_nurse_fails_three_times_passes_and_holds_a_certificate(as_role, world):
    client = as_role("nurse")
    read_everything(client)
    for _ in range(3):
        address = draw(client)
        client.post(address, wrong_answers(client, address))
        page = client.get(address).content.decode()
        assert "1 of 8 is not right yet" in page
        assert "Read again:" in page
    address = draw(client)
    client.post(address, right_answers(client, address))
    assert "Passed: all 8 right" in client.get(address).content.decode()
    assert client.post(on("evaluation"), {q.id: 0 for q in COURSE.evaluation})["Location"] == on("claim")
    granted = client.post(on("claim"), CLAIM)["Location"]

    page = client.get(granted).content.decode()
    assert "Certificate of participation" in page
    assert "Noor Haddad" in page
    assert "ketamine" in client.get(at("transcript")).content.decode().lower()
    paper = client.get(granted + "certificate.pdf")
    assert paper.content.startswith(b"%PDF-")
    with as_nurse(world):
        assert [c.kind for c in credentials(world.scope("nurse"), account=world.scope("nurse").actor)] == ["course"]


def began_first(world):
    first = course_named(COURSE.id, 1)
    with as_nurse(world) as scope:
        record_one(
            Enrolment(
                site=scope.site, key=new_key(), account_key=scope.actor, course=first.id, version=first.version,
                fingerprint=first.fingerprint, enrolled_at=world.now,
            )
        )  # fmt: skip
    return first


def test_what_was_said_of_an_older_version_is_told_beside_what_is_said_of_the_newer(as_role, world):
    first, nurse, clinician = began_first(world), as_role("nurse"), as_role("clinician")
    for section in first.sections:
        nurse.post(on("section", section=section.id))
    address = draw(nurse)
    nurse.post(address, right_answers(nurse, address))
    nurse.post(on("evaluation"), {question.id: 0 for question in first.evaluation})
    until_claim(clinician)
    told = re.findall(r"Version \d, judged by \d \w+", as_role("site lead").get(at("learners")).content.decode())

    assert told == [f"Version {COURSE.version}, judged by 1 person", "Version 1, judged by 1 person"]


def test_who_began_an_older_version_may_finish_it_or_begin_the_newer_one_anew(as_role, world):
    began_first(world)
    client = as_role("nurse")
    assert f"Version {COURSE.version} of this course is there" in client.get(on("course")).content.decode()
    assert client.post(on("section", section="trials")).status_code == 302
    assert "<video" not in client.get(on("section", section="trials")).content.decode()
    assert client.post(on("begin")).status_code == 302
    assert "of this course is there" not in client.get(on("course")).content.decode()
    assert client.get(on("section", section="service")).status_code == 409, "what was read of the older one is not read"
    page = client.get(on("section", section="trials")).content.decode()
    assert "<video" in page
    assert "What the video says, in words" in page


def test_a_section_shows_the_figures_of_the_trials_with_their_sources(as_role):
    client = as_role("nurse")
    client.post(on("begin"))
    page = client.get(on("section", section="trials")).content.decode()

    assert "22 of 40 (55 %)" in page
    assert "-5.0 points (95 % interval -7.6 to -2.3)" in page.replace("−", "-")
    assert "0 of 14 (0 %) [provisional]" in page
    assert re.search(r"Odds ratio [\d.,]+ \(", page)
    assert "Source 1" in page
    assert "{{" not in page
    assert "\ue000" not in page
    assert "SafeString" not in page


def test_the_protocol_of_this_system_is_the_worked_example(as_role):
    client = as_role("nurse")
    read_everything(client)
    page = client.get(on("section", section="service")).content.decode()

    assert "Ketamine infusion, 0.5 mg/kg over 40 minutes" in page
    assert "not checked against the full text" in page


EARLY = ["quiz", "evaluation", "claim"]


@pytest.mark.parametrize("name", EARLY)
@pytest.mark.parametrize("method", ["get", "post"])
def test_no_step_is_reached_before_the_one_before(as_role, name, method):
    client = as_role("nurse")
    client.post(on("begin"))
    answer = getattr(client, method)(on(name), CLAIM)

    assert answer.status_code == 409
    assert "Read every section first." in answer.content.decode()
    assert not Certificate.objects.exists()


def test_there_is_no_certificate_without_the_quiz_by_any_address(as_role, world):
    client = as_role("nurse")
    read_everything(client)
    address = draw(client)
    right = right_answers(client, address)
    client.post(address, wrong_answers(client, address))
    for name in EARLY[1:]:
        assert client.post(on(name), {**CLAIM, **{q.id: 0 for q in COURSE.evaluation}}).status_code == 409
    for name in ("certificate", "certificate_file"):
        for code in ("2345-6789-ABCD-EFGH", str(uuid4()), "x"):
            assert client.get(at(name, code=code)).status_code == 404
            assert client.post(at("again", code=code)).status_code == 404
    assert client.post(on("attempt", attempt=uuid4()), right).status_code == 404
    with as_nurse(world):
        assert not Certificate.objects.exists()
        assert not Claim.objects.exists()


def test_nothing_of_a_course_is_open_before_it_is_begun(as_role):
    client = as_role("nurse")
    for address in (
        on("quiz"),
        on("evaluation"),
        on("claim"),
        on("section", section="trials"),
        on("attempt", attempt=uuid4()),
    ):
        assert client.get(address).status_code == 404
        assert client.post(address).status_code == 404
    assert client.get(at("course", course="cooking")).status_code == 404
    assert client.post(at("begin", course="cooking")).status_code == 404


def test_two_tabs_in_one_quiz_hand_it_in_once(as_role, world):
    client = as_role("nurse")
    read_everything(client)
    one, other = draw(client), draw(client)
    assert one == other
    right = right_answers(client, other)
    client.post(one, wrong_answers(client, one))
    second = client.post(other, right)

    assert second.status_code == 409
    assert "handed in already, perhaps in another tab" in second.content.decode()
    with as_nurse(world):
        assert [each.passed for each in Submission.objects.all()] == [False]


def test_a_quiz_with_answers_left_keeps_what_was_chosen_and_hands_nothing_in(as_role, world):
    client = as_role("nurse")
    read_everything(client)
    address = draw(client)
    given = right_answers(client, address)
    left = next(iter(given))
    answer = client.post(address, {name: value for name, value in given.items() if name != left} | {"stranger": "1"})

    assert answer.status_code == 422
    assert "Choose an answer." in answer.content.decode()
    assert answer.content.decode().count("checked") >= len(given) - 1
    with as_nurse(world):
        assert not Submission.objects.exists()


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"credit": "0.75"}, "at most 0.5"),
        ({"minutes": "15"}, "15 of 30 minutes give less than 0.5"),
        ({"credit": "0.3"}, "in quarters"),
        ({"credit": "-1"}, "in quarters"),
        ({"credit": "nan"}, "number"),
        ({"minutes": "-3"}, "1 or more"),
        ({"minutes": ""}, "required"),
        ({"credit_type": "ama_pra_category_1", "profession": "physician"}, "No accredited provider is configured"),
        ({"credit_type": "gold"}, "not one of the available choices"),
    ],
)
def test_a_claim_that_cannot_be_is_a_sentence_and_leaves_nothing_behind(as_role, world, said, words):
    client = as_role("nurse")
    until_claim(client)
    answer = client.post(on("claim"), {**CLAIM, **said})

    assert answer.status_code == 422
    page = answer.content.decode()
    assert words in page
    if "of 30" in words or "most" in words or "quarters" in words:  # it stands beside the number that is to be mended
        assert re.search(rf'<a href="#id_credit">[^<]*{words}', page)
    with as_nurse(world):
        assert not Claim.objects.exists()
        assert not Certificate.objects.exists()


def test_a_part_of_the_time_gives_only_that_part(as_role):
    client = as_role("nurse")
    until_claim(client)
    granted = client.post(on("claim"), {**CLAIM, "minutes": "15", "credit": "0.25"})["Location"]

    assert "0.25 hours of participation" in client.get(granted).content.decode()


def test_a_physician_gets_credit_where_a_provider_is_named(as_role):
    lead = as_role("site lead")
    said = {"key": uuid4(), "name": "The Academy", "from_day": day_of(now(), "Europe/Berlin").isoformat()}
    assert "lies in the past" in lead.post(at("provider"), {**said, "from_day": "2020-01-01"}).content.decode()
    assert lead.post(at("provider"), said).status_code == 302
    client = as_role("clinician")
    until_claim(client)
    claim = {**CLAIM, "profession": "physician", "credit_type": "ama_pra_category_1"}
    granted = client.post(on("claim"), claim)["Location"]
    page, paper = client.get(granted).content.decode(), client.get(f"{granted}certificate.pdf").content

    assert "Certificate of continuing medical education" in page
    assert "The Academy is accredited by" in page
    assert "for a maximum of 0.5 <i>AMA PRA Category 1 Credit™</i>" in page
    assert in_italics_of(paper).count("AMA PRA Category 1 Credit™") == 2


def in_italics_of(pdf):
    found = []

    def keep(text, _matrix, _text_matrix, font, _size):
        if font and font["/BaseFont"].endswith("Italic"):
            found.append(text)

    PdfReader(BytesIO(pdf)).pages[0].extract_text(visitor_text=keep)
    return " ".join("".join(found).split())


def test_a_stranger_checks_a_certificate_without_an_account(as_role, client):
    nurse = as_role("nurse")
    until_claim(nurse)
    code = nurse.post(on("claim"), CLAIM)["Location"].rstrip("/").split("/")[-1]
    answer = client.get(reverse("verify:certificate", kwargs={"code": code.lower().replace("-", "")}))
    page = answer.content.decode()

    assert answer.status_code == 200
    for words in (
        "This certificate is genuine",
        "Noor Haddad",
        COURSE.title,
        "0.5 hours of participation",
        "invented",
    ):
        assert words in page
    for private in ("nurse@dawn.example", "minutes", "attempt"):
        assert private not in page
    assert client.get(reverse("verify:ask"), {"code": code})["Location"].endswith(f"/{code}/")


@pytest.mark.parametrize("code", ["2345-6789-ABCD-EFGH", "x", "'--", "%00", "é" * 40])
def test_a_code_that_does_not_exist_is_a_kind_sentence(client, code):
    answer = client.get(f"/verify/{code}/")

    assert answer.status_code == 404
    assert "We do not know this code" in answer.content.decode()


def test_nobody_sees_anothers_certificate(as_role):
    nurse = as_role("nurse")
    until_claim(nurse)
    granted = nurse.post(on("claim"), CLAIM)["Location"]

    assert as_role("clinician").get(granted).status_code == 404
    assert as_role("site lead").get(granted + "certificate.pdf").status_code == 404
    assert as_role("nurse", "dusk").get(granted).status_code == 404


def test_a_certificate_is_issued_again_after_a_change_of_name_with_the_same_code(as_role, world):
    nurse, lead = as_role("nurse"), as_role("site lead")
    until_claim(nurse)
    granted = nurse.post(on("claim"), CLAIM)["Location"]
    again = granted + "again/"
    nurse.post(again)
    assert "Noor Haddad" in nurse.get(granted).content.decode()
    key = world.staff["dawn", "nurse"].key
    assert lead.post("/at/dawn/team/names/", {"account": key, "name": " "}).status_code == 422
    assert lead.post("/at/dawn/team/names/", {"account": uuid4(), "name": "X"}).status_code == 422
    lead.post("/at/dawn/team/names/", {"account": key, "name": "Noor Haddad-Lenz"})
    assert "can be issued again under it" in nurse.get(granted).content.decode()
    nurse.post(again)

    code = granted.rstrip("/").split("/")[-1]
    assert "Noor Haddad-Lenz" in nurse.get(granted).content.decode()
    assert "Noor Haddad-Lenz" in as_role("coordinator").get(f"/verify/{code}/").content.decode()


def test_only_those_who_allowed_it_are_reported_and_opinions_are_counted_together(as_role):
    nurse, clinician, lead = as_role("nurse"), as_role("clinician"), as_role("site lead")
    until_claim(nurse)
    nurse.post(on("claim"), CLAIM)
    until_claim(clinician)
    clinician.post(on("claim"), {**CLAIM, "may_report": "on"})
    page, file = lead.get(at("learners")).content.decode(), lead.get(at("learners_file")).content.decode()

    assert "1 learner allowed" in page
    assert "2 of 2" in page
    assert file.splitlines()[0].startswith("name,activity,completed_on,credit_type,credit")
    assert [line.split(",")[0] for line in file.splitlines()[1:]] == ["Clara Okafor"]
    assert nurse.get(at("learners_file")).status_code == 403


def test_licence_and_birth_day_are_reported_while_it_is_allowed_and_kept_sealed(as_role, world):
    clinician, lead = as_role("clinician"), as_role("site lead")
    until_claim(clinician)
    told = {
        **CLAIM, "may_report": "on", "licence": "MD-4711", "birth_month": "2", "birth_day": "29",
        "first_name": "Clara Maria", "last_name": "Okafor",
    }  # fmt: skip
    for wrong, words in (
        ({"may_report": ""}, "Allow the report as well"),
        ({"birth_day": "30"}, "This day does not exist."),
        ({"birth_month": ""}, "Give month and day of birth, or neither."),
        ({"first_name": " "}, "Give first and last name, or neither."),
    ):
        refused = clinician.post(on("claim"), {**told, **wrong})
        assert refused.status_code == 422
        assert words in refused.content.decode()
        assert "MD-4711" in refused.content.decode()
    granted = clinician.post(on("claim"), told)["Location"]

    def rows():
        return lead.get(at("learners_file")).content.decode().splitlines()[1:]

    assert [row.split(",")[-6:] for row in rows()] == [["Clara Maria", "Okafor", "MD-4711", "2", "29", "yes"]]
    with scoped(world.scope("site lead")):
        (kept,) = ReportDetails.objects.all()
    assert b"4711" not in bytes(kept.sealed)
    assert as_role("nurse").post(f"{granted}unreport/").status_code == 404
    assert len(rows()) == 1
    assert "Take it back" in clinician.get(granted).content.decode()
    clinician.post(f"{granted}unreport/")
    clinician.post(f"{granted}unreport/")
    assert rows() == []
    assert "Take it back" not in clinician.get(granted).content.decode()
