"""Names open only under their own key, are looked at on the record, and can be forgotten."""

from datetime import date

import pytest
from django.db import connections
from hypothesis import given
from hypothesis import strategies as st

from daybreak.identity.models import Look
from daybreak.identity.public import FORGOTTEN, Forgotten, forget, open_text, person, seal_text
from daybreak.identity.vault import new_person_key, words_of
from daybreak.kernel.scope import scoped
from daybreak.kernel.sealing import CannotOpen, open_sealed, seal


@given(st.binary(max_size=500), st.text(max_size=30))
def test_a_sealed_text_opens_under_its_key_and_place_only(text, place):
    key = new_person_key()
    sealed = seal(key, text, bound_to=place)
    assert open_sealed(key, sealed, bound_to=place) == text
    for other_key, other_place in ((new_person_key(), place), (key, place + "x")):
        with pytest.raises(CannotOpen):
            open_sealed(other_key, sealed, bound_to=other_place)


def test_case_accents_and_punctuation_fall_away_in_a_search():
    assert words_of("O'Brien-MÜLLER, Zoë") == ["o", "brien", "muller", "zoe"]


@pytest.mark.django_db
def test_every_look_at_a_name_is_recorded_with_who_and_why(world):
    key = world.patient()
    with scoped(world.scope("nurse", purpose="the morning list")) as scope:
        person(scope, key, at=world.now)
        look = Look.objects.get()
    assert (look.patient_keys, look.purpose, look.recorded_by) == ([key], "the morning list", scope.actor)


@pytest.mark.django_db
def test_nothing_that_is_stored_holds_a_name(world):
    world.patient(given="Persephone", family="Quillfeather", born=date(1971, 2, 3))
    with scoped(world.scope()), connections["default"].cursor() as cursor:
        for table in ("identity_particulars", "identity_personkey", "identity_searchtoken", "people_patient"):
            cursor.execute(f'SELECT to_jsonb(t)::text FROM "{table}" t')
            assert not any(
                "ersephone" in row or "uillfeather" in row or "1971-02-03" in row for (row,) in cursor.fetchall()
            )


@pytest.mark.django_db
def test_a_forgotten_person_cannot_be_read_or_written_about(world):
    key = world.patient()
    with scoped(world.scope()) as scope:
        note = seal_text(scope, key, "a note")
        forget(scope, patient=key)
        assert person(scope, key, at=world.now).full_name == FORGOTTEN
        assert open_text(scope, key, note) == FORGOTTEN
        with pytest.raises(Forgotten):
            seal_text(scope, key, "another")
