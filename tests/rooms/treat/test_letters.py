"""The letter to the referrer: drafted from the record, signed by a clinician, and never erased by a newer version."""

from html import unescape

import pytest

from daybreak.kernel.keys import new_key
from daybreak.kernel.moments import now as this_moment
from daybreak.kernel.scope import scoped
from daybreak.treat.actions.letters import sign_letter
from daybreak.treat.actions.steps import NotYourPart
from daybreak.treat.models import ReferrerLetter
from daybreak.treat.queries.letters import letters_of
from daybreak.treat.web.letters import draft, letter_of
from tests.rooms.treat.stage import planned
from tests.rooms.treat.tablet import address
from tests.rooms.treat.test_summary import NASTY, told_session, words_of

pytestmark = pytest.mark.django_db


def course_of(stage):
    return stage.look().course.key


def test_the_draft_says_what_the_record_says_and_what_it_does_not(world):
    stage = told_session(world)
    with scoped(stage.scope("clinician")) as scope:
        words = draft(scope, course_of(stage), at=this_moment())
    assert "Pia Sommer, born" in words
    assert "Session 1 on" in words
    assert "35.0 mg" in words
    assert "Scores before the first session: PHQ-9" in words, words
    assert "the last of each: none was taken" in words
    assert "Nausea on" in words
    assert "grade 2 (moderate): it goes on" in words
    assert "No further session is planned" in words


def test_before_the_first_session_it_says_so(world):
    stage = planned(world)
    with scoped(stage.scope("clinician")) as scope:
        words = draft(scope, course_of(stage), at=this_moment())
    assert "No session has been given yet." in words
    assert "No adverse event was recorded in these sessions." in words


def test_a_signed_letter_is_kept_and_a_correction_is_a_new_version(world, as_role):
    stage, clinician = told_session(world), as_role("clinician")
    there = address("letters", course=course_of(stage))
    drafted = unescape(clinician.get(there).content.decode())
    assert "Dear colleague," in drafted
    empty = clinician.post(there, {"key": new_key(), "addressee": "", "words": "Dear colleague, changed"})
    assert (empty.status_code, "changed" in empty.content.decode()) == (422, True)
    said = {"key": new_key(), "addressee": "Dr Ruiz\nMain Street 1", "words": f"Dear Dr Ruiz,\n\n{NASTY}"}
    clinician.post(there, said)
    clinician.post(there, said)
    again = {**said, "key": new_key(), "words": "Dear Dr Ruiz,\n\nCorrected."}
    page = unescape(clinician.post(there, again, follow=True).content.decode())
    assert page.index("Version 2 (PDF)") < page.index("Version 1 (PDF)")
    with scoped(stage.scope("clinician")) as scope:
        first, second = letters_of(scope, course_of(stage))
        row = ReferrerLetter.objects.get(key=second.key)
        paper = letter_of(scope, stage.patient, first, at=this_moment())
    assert row.corrects == first.key
    assert b"Corrected" not in bytes(row.words)
    words = words_of("letter", paper)
    assert NASTY in words
    assert f"Signed by {world.staff['dawn', 'clinician'].name}" in words
    pdf = as_role("nurse").get(address("letter_pdf", letter_key=first.key))
    assert (pdf.status_code, pdf.content[:4]) == (200, b"%PDF")
    assert "Letter to the referrer" in clinician.get(address("plan", patient=stage.patient)).content.decode()


def test_only_a_clinician_of_the_site_writes_it(world, as_role):
    stage = planned(world)
    there = address("letters", course=course_of(stage))
    said = {"key": new_key(), "addressee": "Dr Ruiz", "words": "Dear Dr Ruiz"}
    assert as_role("nurse").post(there, said).status_code == 403
    assert as_role("clinician", "dusk").get(there).status_code == 404
    assert as_role("clinician").get(address("letters", course=new_key())).status_code == 404
    assert as_role("nurse").get(address("letter_pdf", letter_key=new_key())).status_code == 404
    with scoped(stage.scope()) as scope, pytest.raises(NotYourPart):
        sign_letter(scope, course=course_of(stage), at=this_moment(), **said)
