"""The form of a consent: languages, the part to read again, and why somebody must sign again."""

import re

import pytest

from daybreak.consent.public import asked_by, asked_by_each, kinds, text_of, title_of
from daybreak.consent.texts import kinds_beside
from daybreak.measure.public import library
from daybreak.rulebook.public import Library, shipped_folder
from tests.rooms.consent.texts import STUDY, newer, retired, shelf, study


def faults(folder, text: str) -> str:
    """Return what the library says about a study's text."""
    place = folder / "site" / "consents" / STUDY / "1.toml"
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(text)
    return " ".join(fault.message for fault in Library.load(folder / "site").faults)


def test_there_are_four_general_texts_and_a_study_brings_its_own(tmp_path):
    assert kinds() == ("treatment", "esketamine_treatment", "registry", "contact", "messages")
    assert kinds_beside("treatment") == ("treatment", "registry", "contact", "messages")
    with shelf(tmp_path, sunrise_study_1=study()):
        assert kinds_beside("treatment") == ("treatment", "registry", "contact", "messages", STUDY)
        assert title_of(STUDY) == "The invented sunrise study"


def test_a_text_reads_in_every_language_with_the_same_fingerprint_and_answers(tmp_path):
    with shelf(tmp_path, sunrise_study_1=study()):
        english, spanish = text_of(STUDY), text_of(STUDY, "es")

    assert english.languages == ("en", "es")
    assert (spanish.title, spanish.checks[0].question) == ("El estudio inventado", "¿Es real?")
    assert (spanish.fingerprint, spanish.checks[0].right) == (english.fingerprint, english.checks[0].right)
    assert spanish.checks[0].section == "Qué es"


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('why_again = ""\n', "", None),
        ("requires_reconsent = false", "requires_reconsent = true", "needs why_again"),
        ('section = "What this is"', 'section = "What that is"', "names the section “What that is”"),
        ("requires_reconsent", "requires_reconsnt", "did you mean “requires_reconsent”"),
        (
            ', text = "Nada de esto es real." },\n',
            ', text = "Nada." },\n  { heading = "M", text = "m" },\n',
            "same sec",
        ),
        ('answers = ["Sí", "No"]', 'answers = ["Sí", "No", "Quizá"]', "same questions and answers"),
        ('language = "es"', 'language = "en"', "stands there twice"),
        ('translated_by = "One"', 'translated_by = "Another"', "checked by a second person"),
        ('"sunrise_study"', '"messages"', "needs an id of its own"),
    ],
)
def test_a_fault_in_a_consent_is_said_in_a_sentence(tmp_path, old, new, sentence):
    text = study()
    assert old in text

    said = faults(tmp_path, text.replace(old, new, 1))

    assert sentence in said if sentence else not said


def test_the_first_versions_still_read_as_they_were_locked():
    for kind in ("ketamine_treatment", "registry"):
        first = next(t for t in Library.load(shipped_folder()).every("consents") if (t.id, t.version) == (kind, 1))
        assert (first.status, first.requires_reconsent) == ("retired", False)


def test_what_the_treatment_text_must_cover_is_covered():
    text = " ".join(section.text for section in text_of("treatment").sections)

    for words in ("off label", "less evidence", "bladder", "electroconvulsive", "0.5 milligrams", "withdraw"):
        assert words in text, words
    assert "off label" in text_of("treatment").statement
    assert "0.5 mg for each kilogram into a vein over 40 minutes" in text_of("treatment").statement
    figures = next(s for s in text_of("treatment").sections if s.heading.startswith("Some figures")).text
    for paragraph in figures.strip().split("\n\n"):
        assert not re.search(r"\d", paragraph) or re.search(r"\((Yale|Label)", paragraph)


def test_every_question_names_the_part_that_answers_it():
    for kind in kinds():
        assert all(check.section for check in text_of(kind).checks), kind


def test_a_text_without_a_version_in_force_is_not_asked_for(tmp_path):
    with shelf(tmp_path, contact_2=retired("contact", 2)):
        assert "contact" not in kinds()
        assert title_of("contact") == "Being asked about research"


def test_the_text_of_another_treatment_is_a_consent_of_its_own(tmp_path):
    other = study().replace('id = "sunrise_study"', 'id = "another_treatment"').replace('"study"', '"treatment"')
    with shelf(tmp_path, another_treatment_1=other):
        assert text_of("treatment").id == "ketamine_treatment"
        assert asked_by(protocol_asking("ketamine_treatment")) == "treatment"
        assert asked_by(protocol_asking("another_treatment")) == "another_treatment"
        assert kinds_beside("another_treatment")[0] == "another_treatment"
        assert "another_treatment" not in kinds_beside("treatment")


def protocol_asking(consent: str):
    """Return a protocol whose gate before the dose names this consent."""
    found = library().protocol("ketamine_iv_40min")
    gates = [
        each.model_copy(
            update={
                "gates": tuple(g.model_copy(update={"consented_to": g.consented_to and consent}) for g in each.gates)
            }
        )
        for each in found.before_each_dose
    ]
    return found.model_copy(update={"before_each_dose": tuple(gates)})


def test_a_protocol_that_is_not_there_asks_for_the_general_consent():
    found = asked_by_each(["ketamine_iv_40min", "esketamine_nasal_rems", "nonsense"])
    assert found == {
        "ketamine_iv_40min": "treatment",
        "esketamine_nasal_rems": "esketamine_treatment",
        "nonsense": "treatment",
    }


def test_a_newer_version_is_the_one_that_is_asked_for(tmp_path):
    with shelf(tmp_path, messages_2=newer("messages", 2), messages_3=newer("messages", 3, status="draft")):
        assert text_of("messages").version == 2
