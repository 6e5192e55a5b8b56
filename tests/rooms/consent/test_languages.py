"""The pages in a patient's hands speak the patient's language, and no word of theirs is left without its Spanish."""

import gettext
import io
import re

import pytest
from django.urls import reverse

from daybreak.config.catalogues import LOCALE, compiled, translated, wanted

SPANISH = LOCALE / "es" / "LC_MESSAGES" / "django.po"
PLACES = re.compile(r"%\((\w+)\)[sd]")


def address(name: str, patient, **more: object) -> str:
    """Return a page of consent at dawn."""
    return reverse(f"consent:{name}", kwargs={"site": "dawn", "patient": patient, **more})


def test_no_word_that_patients_read_lacks_its_spanish_and_none_is_left_over():
    assert set(translated(SPANISH)) == wanted()


def test_a_translation_fills_in_what_its_sentence_fills_in():
    for (_context, words, many), said in translated(SPANISH).items():
        for each in said:
            assert sorted(PLACES.findall(each)) == sorted(PLACES.findall(many or words)), words


def test_a_catalogue_is_read_by_gettext_as_it_was_written():
    read = gettext.GNUTranslations(io.BytesIO(compiled(SPANISH)))
    for (context, words, many), said in translated(SPANISH).items():
        if many:
            assert (read.ngettext(words, many, 1), read.ngettext(words, many, 2)) == said
        else:
            assert (read.pgettext(context, words) if context else read.gettext(words)) == said[0]


@pytest.mark.django_db
def test_a_device_handed_over_in_spanish_speaks_it_until_staff_have_it_again(world, as_role):
    patient, nurse = world.patient(), as_role("nurse")
    form = {"pin": "4711", "again": "4711", "texts": ["treatment"], "language": "es"}

    read = nurse.post(address("hand_over", patient), form, follow=True).text
    wrong = nurse.post(address("sign", patient, kind="treatment"), {"answer": "agree"}).text
    away = nurse.get("/at/dawn/patients/").text
    end = nurse.post(address("take_back", patient), {"pin": "0000"}).text
    again = nurse.post(address("take_back", patient), {"pin": "4711"}, follow=True).text

    assert '<html lang="es"' in read
    assert "Acepto y firmo" in read
    assert '<h1 lang="en">Treatment with ketamine' in read
    assert "Esto todavía no está guardado" in wrong
    assert "Elija una respuesta." in wrong
    assert "Esta página es para el equipo" in away
    assert "Ese no es el PIN. Intentos que quedan: 4." in end
    assert "You have the device again." in again


@pytest.mark.django_db
def test_a_patient_may_change_the_language_and_unknown_ones_change_nothing(world, as_role):
    patient, nurse = world.patient(), as_role("nurse")
    form = {"pin": "4711", "again": "4711", "texts": ["treatment"], "language": "en"}
    nurse.post(address("hand_over", patient), form)
    page = address("sign", patient, kind="treatment")

    assert "I agree and sign" in nurse.get(page + "?language=xx").text
    assert "Acepto y firmo" in nurse.get(page + "?language=es").text
    assert "Devuelva el dispositivo" in nurse.get(address("give_back", patient)).text
