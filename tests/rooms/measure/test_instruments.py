"""Every instrument has its page, its scores and its history; a new one is a file; licensed words stay at their site."""

import re
from decimal import Decimal

import pytest
from django.db import connection
from django.urls import reverse

from daybreak.kernel.keys import new_key
from daybreak.kernel.scope import scoped
from daybreak.measure.definitions import library, licensed_at
from daybreak.measure.public import answer_sets, instruments_at, record_answers, scores
from daybreak.rulebook.public import UnknownDefinition, check_licensed, shipped_folder
from tests.rooms.measure.shelves import licence, write_invented, write_words

pytestmark = pytest.mark.django_db
SHIPPED = sorted(each.id for each in library().active("instruments"))
WORD = "Zanzibar"


def address(name: str, patient, site: str = "dawn", **more: object) -> str:
    return reverse(f"measure:{name}", kwargs={"site": site, "patient": patient, **more})


def lowest(instrument) -> dict[str, int]:
    return {item.id: min(instrument.values_of(item.id)) for item in instrument.items}


def test_seventeen_instruments_ship_and_two_more_wait_in_the_pack_for_non_commercial_use(settings, shelf):
    assert len(SHIPPED) >= 17
    with pytest.raises(UnknownDefinition):
        library().instrument("dast10")

    settings.DAYBREAK_PACKS = ["noncommercial"]
    shelf.read_again()

    assert library().instrument("dast10").title == "DAST-10"
    assert len(library().active("instruments")) >= 19


@pytest.mark.parametrize("name", SHIPPED)
def test_every_instrument_is_taken_scored_and_looked_back_on(world, as_role, name):
    patient, nurse, instrument = world.patient(), as_role("nurse"), library().instrument(name)
    page = nurse.get(address("take", patient, instrument=name))
    assert page.status_code == 200
    assert all(f'name="{item.id}"' in page.text for item in instrument.items)

    for _ in range(2):
        said = {"key": new_key(), "version": instrument.version, **lowest(instrument)}
        assert nurse.post(address("take", patient, instrument=name), said).status_code == 302

    with scoped(world.scope()) as scope:
        assert {row.name for row in scores(scope, patient=patient)} == {rule.id for rule in instrument.scores}
    history = nurse.get(address("history", patient, instrument=name))
    assert history.status_code == 200
    assert "<svg" in history.text
    assert instrument.title in nurse.get(address("patient", patient)).text


def test_a_new_instrument_is_a_file_with_page_score_and_history(world, as_role, shelf):
    write_invented(shelf.own)
    shelf.read_again()
    patient, nurse = world.patient(), as_role("nurse")
    assert "Own words: feeling low" in nurse.get(address("take", patient, instrument="mood_three")).text

    said = {"key": new_key(), "version": 1, "low": 2, "tired": 1, "hopeful": 2}
    answer = nurse.post(address("take", patient, instrument="mood_three"), said, follow=True)

    assert "Mood in three questions is stored: 3 of 6. Poor." in answer.text
    history = nurse.get(address("history", patient, instrument="mood_three")).text
    assert "remission: at most 1" in history
    with scoped(world.scope()) as scope:
        (row,) = scores(scope, patient=patient)
        assert (row.value, row.band, row.cut_offs[0]["remission_at_most"]) == (3, "poor", "1")
        assert (row.rater, row.look_back_days) == ("patient", 7)


def test_a_version_retired_while_the_page_was_open_keeps_what_was_typed_and_stores_nothing(world, as_role, shelf):
    write_invented(shelf.own)
    shelf.read_again()
    patient, nurse = world.patient(), as_role("nurse")
    page = address("take", patient, instrument="mood_three")
    said = {"key": new_key(), "version": 1, "low": 2, "tired": 1, "hopeful": 2}
    write_invented(shelf.own, status="retired")
    write_invented(shelf.own, version=2)
    shelf.read_again()

    answer = nurse.post(page, said)

    assert answer.status_code == 422
    assert "version 1 was retired and version 2 is in use" in answer.text
    assert len(re.findall(r"<input[^>]*checked", answer.text)) >= 3
    with scoped(world.scope()) as scope:
        assert answer_sets(scope, patient=patient) == []
    assert nurse.post(page, {**said, "version": 2}).status_code == 302


def test_an_instrument_retired_for_good_keeps_what_was_typed_and_its_history(world, as_role, shelf):
    write_invented(shelf.own)
    shelf.read_again()
    patient, nurse = world.patient(), as_role("nurse")
    page = address("take", patient, instrument="mood_three")
    said = {"key": new_key(), "version": 1, "low": 2, "tired": 1, "hopeful": 2}
    nurse.post(page, said)
    write_invented(shelf.own, status="retired")
    shelf.read_again()

    answer = nurse.post(page, {**said, "key": new_key()})

    assert answer.status_code == 422
    assert "no longer in use here" in answer.text
    assert nurse.get(page).status_code == 404
    assert "Mood total" in nurse.get(address("history", patient, instrument="mood_three")).text
    with scoped(world.scope()) as scope:
        assert len(answer_sets(scope, patient=patient)) == 1


def madrs():
    return shipped_folder() / "instruments" / "madrs" / f"{library().instrument('madrs').version}.toml"


def test_licensed_words_show_at_their_site_and_nowhere_else(world, as_role, shelf):
    write_words(shelf.licensed / "dawn", madrs(), WORD, licence_record=licence())
    shelf.read_again()
    here, there = world.patient(), world.patient("dusk")

    page = as_role("nurse").get(address("take", here, instrument="madrs")).text
    elsewhere = as_role("nurse", "dusk").get(address("take", there, "dusk", instrument="madrs")).text

    assert f"{WORD} 10" in page
    assert "number L-17" in page
    assert WORD not in elsewhere
    assert "Item 10" in elsewhere


def test_licensed_words_are_in_no_shared_library_no_row_and_no_published_view(world, as_role, shelf):
    write_words(shelf.licensed / "dawn", madrs(), WORD, licence_record=licence())
    shelf.read_again()
    patient, instrument = world.patient(), library().instrument("madrs")

    said = {"key": new_key(), "version": instrument.version, **lowest(instrument)}
    assert as_role("nurse").post(address("take", patient, instrument="madrs"), said).status_code == 302

    assert WORD not in "".join(each.model_dump_json() for each in library().every("instruments"))
    with scoped(world.scope()) as scope:
        (row,) = scores(scope, patient=patient)
        assert row.fingerprint == instrument.fingerprint
        with connection.cursor() as cursor:
            for table in ("measure_answerset", "measure_score"):
                cursor.execute(f"SELECT string_agg(t::text, ' ') FROM {table} t")
                assert WORD not in cursor.fetchone()[0]


def test_words_for_an_older_version_are_named_to_those_who_look_and_to_those_who_check(world, as_role, shelf):
    older = madrs().with_name("1.toml")
    write_words(shelf.licensed / "dawn", older, WORD, licence_record=licence())
    shelf.read_again()

    page = as_role("nurse").get(address("take", world.patient(), instrument="madrs")).text
    report = check_licensed(shelf.licensed / "dawn", library())

    assert "Item 10" in page
    assert "licence are for version 1; version 2 is in use." in page
    (fault,) = report.errors
    assert "these words are for version 1 of “madrs”, and version 2 is in use: bring its words as 2.toml" in str(fault)
    write_words(shelf.licensed / "dawn", madrs(), WORD, licence_record=licence())
    shelf.read_again()
    assert not check_licensed(shelf.licensed / "dawn", library()).errors


@pytest.mark.parametrize("until", ["2020-06-01", ""])
def test_words_whose_licence_ended_or_was_never_recorded_are_not_shown(world, as_role, shelf, until):
    record = licence(until=until) if until else ""
    write_words(shelf.licensed / "dawn", madrs(), WORD, licence_record=record)
    shelf.read_again()

    page = as_role("nurse").get(address("take", world.patient(), instrument="madrs")).text

    assert WORD not in page
    assert "Item 10" in page


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (("at_least = 35", "at_least = 30"), "scores differ"),
        (("highest = 6\n", "highest = 5\n"), "items"),
        (("at_least = 1\n", "at_least = 2\n"), "flags differ"),
    ],
)
def test_a_sites_words_change_no_score(shelf, spoil, sentence):
    write_words(shelf.licensed / "dawn", madrs(), WORD, licence_record=licence(), spoil=spoil)
    shelf.read_again()

    read = licensed_at("dawn")

    assert read.held == {}
    assert sentence in str(read.faults[0]) or "can be 0 to 50" in str(read.faults[0])


def test_an_instrument_of_which_nothing_ships_comes_with_the_sites_licence_alone(world, as_role, shelf):
    write_invented(shelf.licensed / "dawn", id="bladder_pain", word=WORD, licence_record=licence())
    shelf.read_again()
    patient = world.patient()

    said = {"key": new_key(), "version": 1, "low": 2, "tired": 2, "hopeful": 0}
    assert as_role("nurse").post(address("take", patient, instrument="bladder_pain"), said).status_code == 302

    assert WORD in as_role("nurse").get(address("take", patient, instrument="bladder_pain")).text
    dusk = address("take", world.patient("dusk"), "dusk", instrument="bladder_pain")
    assert as_role("nurse", "dusk").get(dusk).status_code == 404
    assert "bladder_pain" not in [each.id for each in instruments_at("dusk", on=world.now.date())]
    with pytest.raises(UnknownDefinition):
        library().instrument("bladder_pain")
    with scoped(world.scope()) as scope:
        assert [row.value for row in scores(scope, patient=patient)] == [6]
    with scoped(world.scope(site="dusk")) as scope, pytest.raises(UnknownDefinition):
        record_answers(
            scope,
            key=new_key(),
            patient=patient,
            instrument="bladder_pain",
            answers={"low": 1},
            answered_at=world.now,
            by="staff",
        )


def test_a_score_alone_is_stored_with_its_rater_its_window_and_every_cut_off(world, as_role):
    patient = world.patient()
    said = {
        "key": new_key(),
        "version": library().instrument("madrs").version,
        "name": "total",
        "value": "11",
        "rater": "nurse",
        "look_back_days": "1",
    }

    for _ in range(2):
        assert as_role("nurse").post(address("total", patient, instrument="madrs"), said).status_code == 302

    with scoped(world.scope()) as scope:
        (row,) = scores(scope, patient=patient)
    assert (row.value, row.band, row.rater, row.look_back_days) == (Decimal(11), "mild", "nurse", 1)
    assert [cut["remission_at_most"] for cut in row.cut_offs] == ["10", "12"]


@pytest.mark.parametrize(
    ("value", "sentence"), [("61", "outside 0 to 60"), ("12.5", "not a whole number"), ("many", "Enter a number")]
)
def test_a_score_that_cannot_be_is_refused_beside_what_was_typed(world, as_role, value, sentence):
    patient = world.patient()
    said = {
        "key": new_key(),
        "version": library().instrument("madrs").version,
        "name": "total",
        "value": value,
        "rater": "clinician",
    }

    answer = as_role("nurse").post(address("total", patient, instrument="madrs"), said)

    assert answer.status_code == 422
    assert sentence in answer.text
    assert f'value="{value}"' in answer.text


def test_somebody_who_never_drinks_is_not_asked_the_rest_and_somebody_who_does_is(world, as_role):
    patient, nurse = world.patient(), as_role("nurse")
    page = address("take", patient, instrument="audit_c")

    drinks = nurse.post(page, {"key": new_key(), "version": library().instrument("audit_c").version, "how_often": 1})
    never = nurse.post(
        page, {"key": new_key(), "version": library().instrument("audit_c").version, "how_often": 0}, follow=True
    )

    assert drinks.status_code == 422
    assert drinks.text.count("This question has no answer yet.") >= 2
    assert "AUDIT-C is stored: 0 of 12" in never.text


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"mood": [1, 2]}, "Two answers came to this question"),
        ({"mood": 4}, "Select a valid choice"),
        ({"when": "2098-01-01T08:00"}, "lies in the future"),
        ({"when": "soon"}, "not a day and time"),
    ],
)
def test_what_cannot_be_answered_gets_a_sentence_and_nothing_is_stored(world, as_role, more, sentence):
    patient = world.patient()
    said = {"key": new_key(), "version": 1, **dict.fromkeys(library().instrument("phq9").scores[0].items, 2), **more}

    answer = as_role("nurse").post(address("take", patient, instrument="phq9"), said)

    assert answer.status_code == 422
    assert sentence in answer.text
    assert len(re.findall(r"<input[^>]*checked", answer.text)) >= 8
    with scoped(world.scope()) as scope:
        assert answer_sets(scope, patient=patient) == []
