"""All chairs on one screen."""

import pytest
from django.urls import reverse

from daybreak.kernel.scope import scoped
from daybreak.treat import public as treat
from tests.rooms.treat.stage import planned, turn_alarms_on

pytestmark = pytest.mark.django_db
HERE = reverse("treat:all_chairs", kwargs={"site": "dawn"})
JSON = {"accept": "application/json"}


def chairs_of(client, by: str = "urgency") -> list[dict]:
    return client.get(f"{HERE}?by={by}", headers=JSON).json()["chairs"]


def test_every_chair_shows_its_patient_its_dose_and_its_last_signs(world, as_role):
    stage = planned(world, hours_ago=0.4).started()
    stage.read(stage.at(), systolic_pressure=131, diastolic_pressure=82)
    page = as_role("nurse").get(HERE).content.decode()
    for words in ("chair 1", "Pia Sommer", "session 1", "Running", "131/82", "Since start", "Worst so far:"):
        assert words in page, words


def test_names_are_left_out_for_a_screen_on_the_wall_and_never_sent_with_the_values(world, as_role):
    planned(world, hours_ago=0.4).started()
    assert "Sommer" not in as_role("nurse").get(f"{HERE}?names=hidden").content.decode()
    assert "Sommer" not in as_role("nurse").get(HERE, headers=JSON).content.decode()


def test_the_chair_that_needs_somebody_comes_first_and_the_address_may_say_otherwise(world, as_role):
    turn_alarms_on(world)
    planned(world, chair="chair 1", hours_ago=0.4).started()
    second = planned(world, chair="chair 2", hours_ago=0.4).started()
    second.read(second.at(), systolic_pressure=185)
    by_urgency, by_chair = (chairs_of(as_role("nurse"), by) for by in ("urgency", "chair"))
    assert [each["chair"] for each in by_urgency] == ["chair 2", "chair 1"]
    assert [each["chair"] for each in by_chair] == ["chair 1", "chair 2"]
    assert by_urgency[0]["calls"][0]["priority"] == "high"
    assert "Systolic pressure 185 mmHg" in as_role("nurse").get(f"{HERE}?part=grid").content.decode()


def test_a_late_reading_comes_before_one_that_is_only_due(world, as_role):
    planned(world, chair="chair 1", hours_ago=0.3).started()
    late = planned(world, chair="chair 2", hours_ago=2).started()
    late.step(treat.pause, reason="nausea")
    first = chairs_of(as_role("nurse"))[0]
    assert (first["chair"], first["next"]["late"]) == ("chair 2", True)


def test_an_empty_room_says_so_and_names_the_free_chairs(world, as_role):
    planned(world, hours_ago=-1)
    page = as_role("nurse").get(HERE).content.decode()
    assert "Nobody sits in a chair now" in page
    assert "Free:" in page


def test_a_session_that_has_not_started_says_what_it_wants(world, as_role):
    planned(world, hours_ago=0.1).check_in()
    assert chairs_of(as_role("nurse"))[0]["wants"] == "Weigh"


def test_a_stranger_finds_nothing_and_a_colleague_without_the_role_is_refused(world, as_role):
    stage = planned(world).started()
    assert as_role("nurse", "dusk").get(HERE).status_code == 404
    assert as_role("educator").get(HERE).status_code == 403
    with scoped(stage.scope()) as scope:
        assert treat.sessions_under_way(scope)
    there = reverse("treat:all_chairs", kwargs={"site": "dusk"})
    assert as_role("nurse", "dusk").get(there, headers=JSON).json()["chairs"] == []
