"""A credential is shown with its document, verified by somebody else, and only then counts; its end is told in time."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from daybreak.design.public import day
from daybreak.kernel.keys import new_key
from daybreak.kernel.moments import now
from daybreak.kernel.scope import scoped
from daybreak.kernel.sealing import CannotOpen
from daybreak.people.offered import offered_document
from daybreak.people.offers import NotACredential, record_seen
from daybreak.people.papers import SEALED, opened_document
from daybreak.people.public import credentials, offers, reminder, standing_for
from tests.world.people import TODAY

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7 an ACLS card"
MINE, SEEN = "/at/dawn/team/mine/", "/at/dawn/team/credentials/"


def said(**changed):
    given = {
        "key": new_key(), "kind": "acls", "issued_on": TODAY - timedelta(days=3),
        "expires_on": TODAY + timedelta(days=727), "number": "A 12",
        "document": SimpleUploadedFile("acls.pdf", PDF, content_type="application/pdf"),
    }  # fmt: skip
    return {**given, **changed}


def shown(world):
    with scoped(world.scope("site lead")) as scope:
        return [each.offer for each in offers(scope, waiting=True)]


def settle(offer):
    return reverse("people:settle", kwargs={"site": "dawn", "offer": offer.key})


def document(offer):
    return reverse("people:document", kwargs={"site": "dawn", "offer": offer.key})


@pytest.mark.parametrize(
    ("left", "stage"),
    [(91, None), (90, 90), (31, 90), (30, 30), (8, 30), (7, 7), (1, 7), (0, 0), (-5, 0)],
)
def test_the_end_of_a_credential_is_told_at_ninety_thirty_and_seven_days(left, stage):
    assert reminder(TODAY + timedelta(days=left), on=TODAY) == stage


def test_what_never_ends_is_never_told():
    assert reminder(None, on=TODAY) is None


def test_a_shown_certificate_counts_once_the_lead_has_verified_it(as_role, world):
    world.credential("clinician", "course")
    clinician, lead = as_role("clinician"), as_role("site lead")
    assert clinician.post(MINE, said()).status_code == 302
    (offer,) = shown(world)
    with scoped(world.scope("clinician")) as scope:
        asked = {"account": scope.actor, "role": "start an infusion", "on": TODAY}
        assert standing_for(scope, **asked).missing == ("no ACLS certificate",)
    assert (
        "1 credential" in lead.get("/at/dawn/").content.decode()
        or "One credential" in lead.get("/at/dawn/").content.decode()
    )
    assert "Clara Okafor" in lead.get("/at/dawn/team/").content.decode()
    assert lead.get(document(offer)).content == PDF
    lead.post(settle(offer), {"outcome": "verified"})
    lead.post(settle(offer), {"outcome": "verified"})

    with scoped(world.scope("clinician")) as scope:
        assert standing_for(scope, **asked).allowed
        assert [c.number for c in credentials(scope, account=scope.actor) if c.kind == "acls"] == ["A 12"]
    assert "verified" in clinician.get(MINE).content.decode()
    assert not shown(world)


def test_a_refused_certificate_says_why_and_never_counts(as_role, world):
    clinician, lead = as_role("clinician"), as_role("site lead")
    clinician.post(MINE, said())
    (offer,) = shown(world)
    reasons = re.search(rf'id="reason-{offer.key}".*?</select>', lead.get("/at/dawn/team/").content.decode(), re.DOTALL)
    assert re.findall(r"<option[^>]*>", reasons[0])[0].startswith('<option value=""')  # nobody refuses unasked
    assert "Say why it is refused" in lead.post(settle(offer), {"outcome": "refused"}, follow=True).content.decode()
    lead.post(settle(offer), {"outcome": "refused", "reason": "other days"})

    assert "It has other days" in clinician.get(MINE).content.decode()
    with scoped(world.scope("clinician")) as scope:
        assert not credentials(scope, account=scope.actor)


def test_nobody_verifies_their_own(as_role, world):
    lead = as_role("site lead")
    lead.post(MINE, said())
    (offer,) = shown(world)
    page = lead.post(settle(offer), {"outcome": "verified"}, follow=True).content.decode()

    assert "Somebody else verifies your own credential." in page
    assert shown(world)


def seen(world, role, **changed):
    given = said() | {"account": world.staff["dawn", role].key} | changed
    return {name: value for name, value in given.items() if name != "document"}


def test_a_lead_records_what_a_colleague_showed_them(as_role, world):
    world.credential("clinician", "course")
    lead = as_role("site lead")
    assert lead.post(SEEN, seen(world, "clinician")).status_code == 302

    with scoped(world.scope("clinician")) as scope:
        assert standing_for(scope, account=scope.actor, role="start an infusion", on=TODAY).allowed


@pytest.mark.parametrize(
    ("whose", "changed", "words"),
    [
        ("clinician", {"kind": "course"}, "valid choice"),
        ("site lead", {}, "valid choice"),
        ("clinician", {"issued_on": TODAY + timedelta(days=2)}, "lies in the future"),
        ("clinician", {"expires_on": TODAY - timedelta(days=3)}, "expires after it was issued"),
    ],
)
def test_a_lead_grants_no_course_and_nothing_to_themselves(as_role, world, whose, changed, words):
    answer = as_role("site lead").post(SEEN, seen(world, whose, **changed))

    assert answer.status_code == 422
    assert words in answer.content.decode()
    with scoped(world.scope("site lead")) as scope:
        assert not credentials(scope)


@pytest.mark.parametrize(
    ("whose", "kind", "field"), [("clinician", "course", "kind"), ("site lead", "acls", "account")]
)
def test_the_rule_of_what_a_lead_records_is_no_matter_of_the_page(world, whose, kind, field):
    with scoped(world.scope("site lead")) as scope, pytest.raises(NotACredential) as no:
        record_seen(
            scope, key=new_key(), account=world.staff["dawn", whose].key, kind=kind, issued_on=TODAY,
            expires_on=TODAY + timedelta(days=9), number="", at=now(),
        )  # fmt: skip
    assert no.value.field == field


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"document": SimpleUploadedFile("acls.pdf", b"MZ\x90 a program", "application/pdf")}, "neither a PDF nor"),
        ({"document": SimpleUploadedFile("acls.png", PDF, "image/png")}, "is a PDF inside"),
        ({"document": SimpleUploadedFile("acls.pdf", b"", "application/pdf")}, "is empty"),
        ({"document": SimpleUploadedFile("acls.pdf", PDF + bytes(5 * 2**20), "application/pdf")}, "larger than 5 MB"),
        ({"document": ""}, "required"),
        ({"kind": "course"}, "valid choice"),
        ({"issued_on": TODAY + timedelta(days=2)}, "lies in the future"),
        ({"expires_on": TODAY - timedelta(days=3)}, "expires after it was issued"),
        ({"issued_on": "yesterday"}, "not a date"),
    ],
)
def test_what_is_not_what_it_says_is_a_sentence_and_nothing_is_kept(as_role, world, changed, words):
    answer = as_role("clinician").post(MINE, said(**changed))

    assert answer.status_code == 422
    assert words in answer.content.decode().replace("&#x27;", "'")
    assert not shown(world)


def test_a_document_is_for_its_holder_and_the_lead_only(as_role, world):
    as_role("clinician").post(MINE, said())
    (offer,) = shown(world)

    assert as_role("clinician").get(document(offer)).status_code == 200
    assert as_role("nurse").get(document(offer)).status_code == 403
    assert as_role("site lead", "dusk").get(document(offer)).status_code == 404
    assert as_role("nurse").post(settle(offer), {"outcome": "verified"}).status_code == 403
    assert as_role("clinician").get(document(offer))["Content-Type"] == "application/octet-stream"


def test_the_home_page_reminds_and_what_was_renewed_is_not_told(as_role, world):
    world.credential("nurse", "acls", expires_on=TODAY + timedelta(days=60))
    world.credential("clinician", "acls", expires_on=TODAY + timedelta(days=5))
    world.credential("clinician", "acls", expires_on=TODAY + timedelta(days=500))
    nurse = as_role("nurse").get("/at/dawn/").content.decode()

    assert "Your ACLS certificate expires in" in nurse
    assert MINE in nurse
    assert "ACLS certificate expires" not in as_role("clinician").get("/at/dawn/").content.decode()


def test_one_page_says_why_an_infusion_may_not_be_started_and_what_to_do(as_role, world):
    world.credential("clinician", "acls", expires_on=TODAY - timedelta(days=1))
    page = as_role("clinician").get(MINE).content.decode()

    assert "You may not start an infusion today" in page
    assert "ACLS certificate expired on" in page
    assert "Show a new certificate below" in page


def test_the_page_answers_for_each_role_that_is_the_persons_whether_it_is_open_why_not_and_until_when(as_role, world):
    for role in ("clinician", "nurse"):
        world.credential(role, "course")
        world.credential(role, "acls", expires_on=TODAY + timedelta(days=20))
        world.credential(role, "acls", expires_on=TODAY + timedelta(days=60))
    rows = {role: roles_told(as_role(role).get(MINE)) for role in ("clinician", "nurse")}
    until = f"yes {day(TODAY + timedelta(days=60))}"

    assert rows["nurse"] == {"Start an infusion": until, "Nurse": until, "Supervisor": until}
    assert rows["clinician"]["Discharge"] == until
    assert (
        rows["clinician"]["Physician in charge"]
        == "no no Schedule III licence a new one is verified, or the course is done"
    )


def roles_told(answer):
    table = re.search(r"Roles in a session, today.*?</table>", answer.content.decode(), re.DOTALL)[0]
    told = re.findall(r'<th scope="row">(.*?)</th>(.*?)</tr>', table, re.DOTALL)
    return {role: " ".join(re.sub(r"<[^>]+>", " ", cells).split()) for role, cells in told}


def test_a_document_lies_sealed_and_opens_for_its_own_credential_only(as_role, world):
    as_role("clinician").post(MINE, said())
    (offer,) = shown(world)

    with scoped(world.scope("site lead")) as scope:
        stored = bytes(offered_document(scope, offer.key).document)
    assert b"ACLS" not in stored
    assert b"%PDF" not in stored
    named = {"site": offer.site, "account": offer.account_key, "offer": offer.key}
    assert opened_document(stored, **named) == PDF
    for changed in ({"offer": new_key()}, {"account": new_key()}, {"site": "dusk"}):
        with pytest.raises(CannotOpen):
            opened_document(stored, **named | changed)
    with pytest.raises(CannotOpen):
        opened_document(stored[:-1] + bytes([stored[-1] ^ 1]), **named)
    with pytest.raises(CannotOpen):
        opened_document(SEALED + b"x", **named)


def test_a_document_that_was_kept_before_they_were_sealed_still_opens():
    assert opened_document(PDF, site="dawn", account=new_key(), offer=new_key()) == PDF
