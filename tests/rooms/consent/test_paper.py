"""The copy on paper: the exact text, everybody's words as they were written, and nothing that names a person outside."""

import json
import re
import warnings
from datetime import timedelta
from html import unescape

import pytest
import typst

from daybreak.consent.public import TextLost, signatures_of, tries_of, withdraw, withdrawals_of
from daybreak.consent.web import paper
from daybreak.kernel.keys import new_key
from daybreak.kernel.scope import scoped
from daybreak.people.public import site_named
from tests.rooms.consent.test_actions import by_clinician, by_patient
from tests.rooms.consent.test_pages import address
from tests.rooms.consent.test_signing import DRAWN
from tests.rooms.consent.texts import STUDY, shelf, study

pytestmark = pytest.mark.django_db
NASTY = "#panic() *b* _i_ $x$ @y // z `c` \\ [d] <e> {f} =g"


def copy_of(world, patient, kind="treatment", name="Pia Sommer"):
    """Return the data of the copy of the patient's newest signature."""
    with scoped(world.scope()) as scope:
        every = signatures_of(scope, patient)
        own = next(s for s in every if s.signer == "patient" and s.consent == kind)
        gone, tries, site = withdrawals_of(scope, patient), tries_of(scope, patient), site_named("dawn")
        return own, paper.copy_of(
            own, every=every, withdrawals=gone, tries=tries, patient=name, site=site, at=world.now
        )


def read(copy) -> str:
    """Return what stands on the paper, as typst sets it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        html = typst.compile(
            str(paper.FOLDER / "copy.typ"), root=str(paper.FOLDER), format="html", sys_inputs={"copy": json.dumps(copy)}
        )
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html.decode())))


def test_the_copy_holds_the_exact_text_and_who_signed_when(world):
    patient = world.patient()
    by_patient(world, patient, drawing=DRAWN)
    by_clinician(world, patient)

    own, copy = copy_of(world, patient)
    words = read(copy)

    for section in paper.shown_text(own.definition, own.version, fingerprint=own.fingerprint, language="en").sections:
        assert re.sub(r"\s+", " ", section.text.strip()) in words
    for said in ("Pia Sommer", "Clara Okafor", "the clinician", own.fingerprint, own.meaning, "Europe/Berlin"):
        assert said in words, said
    assert [bool(each["drawing"]) for each in copy["signatures"]] == [True, False]
    assert "sommer" not in paper.file_name(own).lower()


def test_nothing_that_people_wrote_is_read_as_markup(world):
    patient = world.patient(given=NASTY, family="S")
    by_patient(world, patient, name=f"{NASTY} S")
    by_clinician(world, patient, name=NASTY)
    with scoped(world.scope()) as scope:
        withdraw(
            scope, key=new_key(), patient=patient, consent="treatment", reason=NASTY, at=world.now + timedelta(hours=1)
        )

    _, copy = copy_of(world, patient, name=f"{NASTY} S")

    assert read(copy).count(NASTY) == 4
    assert paper.printed(copy, at=world.now).startswith(b"%PDF")


def test_the_copy_is_tagged_the_same_every_time_and_says_that_it_is_synthetic(world):
    patient = world.patient()
    by_patient(world, patient)
    _, copy = copy_of(world, patient)

    pdf = paper.printed(copy, at=world.now)

    assert pdf == paper.printed(copy, at=world.now)
    assert b"pdfuaid" in pdf
    assert b"/StructTreeRoot" in pdf
    assert copy["synthetic"] is True
    assert pdf != paper.printed({**copy, "synthetic": False}, at=world.now)


def test_a_letter_without_a_font_is_told_and_does_not_stop_the_copy(world):
    patient = world.patient(given="小龙", family="\U00012000")
    by_patient(world, patient, name="小龙 \U00012000")
    _, copy = copy_of(world, patient, name="小龙 \U00012000")

    assert paper.printed(copy, at=world.now).startswith(b"%PDF")


def test_a_text_that_is_not_there_word_for_word_is_not_printed(world, tmp_path):
    patient = world.patient()
    with shelf(tmp_path, sunrise_study_1=study()):
        by_patient(world, patient, STUDY)
    with pytest.raises(TextLost):
        copy_of(world, patient, STUDY)
    with shelf(tmp_path, sunrise_study_1=study().replace("Nothing here", "Something here")), pytest.raises(TextLost):
        copy_of(world, patient, STUDY)


def test_the_copy_opens_for_staff_of_the_site_only(world, as_role):
    patient, other = world.patient(), world.patient(given="Otto")
    mine, beside = by_patient(world, patient), by_clinician(world, patient)
    page = address("copy", patient, signature=mine.key)

    answer = as_role("nurse").get(page)

    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert "sommer" not in answer["Content-Disposition"].lower()
    assert as_role("analyst").get(page).status_code == 403
    assert as_role("nurse", "dusk").get(page).status_code == 404
    for wrong in (address("copy", other, signature=mine.key), address("copy", patient, signature=beside.key)):
        assert as_role("nurse").get(wrong).status_code == 404
