"""Files of a referral: sealed, checked by their first bytes, downloaded only through the scope, never shown inline."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from daybreak.kernel.files import MOST_BYTES, NotAnAttachment, safe_name, sort_of
from daybreak.kernel.keys import new_key
from daybreak.kernel.scope import scoped
from daybreak.screen.public import attachments, referrals
from tests.rooms.screen.patients import PROTOCOL, referred

PDF = b"%PDF-1.7 a letter about Pia Sommer"


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("letter.pdf", b"", "is empty"),
        ("letter.pdf", b"<html><script>", "neither a PDF"),
        ("letter.pdf", b"\x89PNG\r\n\x1a\n...", "is a PNG inside"),
        ("letter.html", PDF, "is a PDF inside"),
        ("letter.svg", b"<svg xmlns=", "neither a PDF"),
        ("letter", PDF, "is a PDF inside"),
        ("letter.pdf", b"%PDF-" + b"x" * MOST_BYTES, "larger than 5 MB"),
    ],
)
def test_a_file_is_what_its_first_bytes_say_or_it_is_refused(name, content, says):
    with pytest.raises(NotAnAttachment, match=says):
        sort_of(name, content)


@pytest.mark.parametrize(
    ("name", "content", "media"),
    [
        ("letter.PDF", PDF, "application/pdf"),
        ("scan.jpeg", b"\xff\xd8\xff\xe0", "image/jpeg"),
        ("just.pdf", b"%PDF-" + b"x" * (MOST_BYTES - 5), "application/pdf"),
    ],
)
def test_a_file_of_a_known_sort_is_kept(name, content, media):
    assert sort_of(name, content).media == media


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text())
def test_a_safe_name_carries_nothing_that_a_header_or_a_folder_would_read(name):
    safe = safe_name(name)

    assert 0 < len(safe) <= 100
    assert not set(safe) & set('/\\"\r\n\0;:<>|\u202e')
    assert safe_name(safe) == safe


def page(name, patient, **more):
    return reverse(f"screen:{name}", kwargs={"site": "dawn", "patient": patient, **more})


def send(client, patient, *files, key=None):
    said = {"key": key or new_key(), "protocol": PROTOCOL, "reason": "Fits.", "referrer": "Dr. Hahn"}
    return client.post(page("refer", patient), {**said, "attachments": list(files)})


def upload(name="letter.pdf", content=PDF):
    return SimpleUploadedFile(name, content, content_type="text/html")


@pytest.mark.django_db
def test_a_coordinator_files_a_referral_with_a_letter_and_a_nurse_downloads_it(world, as_role):
    patient, coordinator = world.patient(), as_role("coordinator")

    assert send(coordinator, patient, upload("Brief Müller.pdf")).status_code == 302

    with scoped(world.scope()) as scope:
        (file,) = attachments(scope, patient=patient)
        assert [r.referrer for r in referrals(scope, patient=patient)] == ["Dr. Hahn"]
    answer = as_role("nurse").get(page("file", patient, entry=file.key))
    assert answer.content == PDF
    assert answer["Content-Disposition"] == "attachment; filename*=utf-8''Brief%20M%C3%BCller.pdf"
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]


@pytest.mark.django_db
def test_a_file_is_stored_sealed_name_and_content(world, as_role):
    patient = world.patient()
    send(as_role("coordinator"), patient, upload())

    with scoped(world.scope()), connection.cursor() as cursor:
        cursor.execute("SELECT name, content FROM screen_attachment WHERE patient_key = %s", [patient])
        name, content = (bytes(each) for each in cursor.fetchone())
    assert b"letter" not in name
    assert b"PDF" not in content
    assert b"Sommer" not in content


@pytest.mark.django_db
def test_a_stranger_or_another_patients_address_finds_no_file(world, as_role):
    patient, other = world.patient(), referred(world, family="Winter")
    send(as_role("coordinator"), patient, upload())
    with scoped(world.scope()) as scope:
        (file,) = attachments(scope, patient=patient)
    dusk = page("file", patient, entry=file.key).replace("/dawn/", "/dusk/")

    assert as_role("clinician").get(page("file", other, entry=file.key)).status_code == 404
    assert as_role("clinician", "dusk").get(dusk).status_code == 404
    assert as_role("clinician", "dusk").get(page("file", patient, entry=file.key)).status_code == 404
    assert as_role("analyst").get(page("file", patient, entry=file.key)).status_code == 403


@pytest.mark.django_db
def test_one_bad_file_keeps_everything_from_being_saved_and_says_so_beside_the_field(world, as_role):
    patient = world.patient()

    refused = send(as_role("coordinator"), patient, upload(), upload("report.pdf", b"MZ not a report"))

    assert refused.status_code == 422
    assert "neither a PDF" in refused.text
    assert "Dr. Hahn" in refused.text
    with scoped(world.scope()) as scope:
        assert referrals(scope, patient=patient) == []
        assert attachments(scope, patient=patient) == []


@pytest.mark.django_db
def test_a_file_that_is_too_large_is_named_and_never_written_in_clear(world, as_role, tmp_path, settings):
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    patient = world.patient()

    refused = send(as_role("coordinator"), patient, upload("scan.pdf", PDF + b"x" * (MOST_BYTES + 70_000)))

    assert "“scan.pdf” is larger than 5 MB" in refused.text
    assert list(tmp_path.iterdir()) == []


@pytest.mark.django_db
def test_the_same_referral_sent_twice_keeps_its_letter_once_and_a_wrong_letter_is_taken_back(world, as_role):
    patient, coordinator, key = world.patient(), as_role("coordinator"), new_key()
    for _ in range(2):
        assert send(coordinator, patient, upload(), key=key).status_code == 302
    with scoped(world.scope()) as scope:
        (file,) = attachments(scope, patient=patient)

    coordinator.post(page("withdraw_file", patient, entry=file.key))

    assert coordinator.get(page("file", patient, entry=file.key)).status_code == 404
    with scoped(world.scope()) as scope:
        assert attachments(scope, patient=patient) == []
