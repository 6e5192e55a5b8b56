"""Whom patients call: told by the site lead on a page, shown on every page of a phone from then on."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from daybreak.kernel.keys import new_key
from daybreak.kernel.scope import scoped
from daybreak.people.models import SiteLines
from daybreak.people.public import lines_of, site_named, tell_lines
from tests.rooms.follow_up.phone import invited, token_for

pytestmark = pytest.mark.django_db
PAGE = "/at/dawn/team/lines/"
TOLD = {
    "emergency_line": "999",
    "crisis_line": "Helpline 0800 111 222",
    "telephone": "030 44",
    "hours": "mon-sun 00:00-23:59",
}


def told(**more):
    return {"key": str(new_key()), **TOLD, **more}


def test_where_nothing_was_told_what_was_said_at_the_beginning_holds(world):
    assert lines_of(site_named("dawn")).crisis_line == "116 123"


def test_the_newest_telling_counts_and_a_page_sent_twice_is_one(world, as_role):
    lead, said = as_role("site lead"), told()
    assert b"As it was said when the site was added." in lead.get(PAGE).content
    for _ in range(2):
        assert lead.post(PAGE, said).status_code == 302
    assert lead.post(PAGE, told(emergency_line="")).status_code == 302
    assert b"As Liam Castro told it on" in lead.get(PAGE).content
    now = lines_of(site_named("dawn"))
    assert (now.emergency_line, now.crisis_line) == ("", "Helpline 0800 111 222")
    assert lines_of(site_named("dusk")).crisis_line == "116 123"
    with scoped(world.scope()):
        assert SiteLines.objects.count() == 2


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"crisis_line": "the hotline"}, "holds no number"),
        ({"telephone": "12"}, "holds no number"),
        ({"hours": "always"}, "cannot be read as hours"),
        ({"emergency_line": "1" * 121}, "at most 120"),
        ({"key": "x"}, ""),
    ],
)
def test_what_cannot_be_called_is_refused_beside_its_field(world, as_role, wrong, words):
    answer = as_role("site lead").post(PAGE, told(**wrong))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert lines_of(site_named("dawn")).crisis_line == "116 123"


def test_only_who_manages_the_site_says_whom_patients_call(world, as_role):
    assert as_role("clinician").post(PAGE, told()).status_code == 403
    assert as_role("site lead", "dusk").post(PAGE, told()).status_code == 404


def test_a_patient_sees_what_was_told_by_a_right_link_and_by_a_wrong_one(world):
    token = token_for(world, invited(world, world.patient()))
    with scoped(world.scope("site lead")) as scope:
        tell_lines(scope, key=new_key(), at=world.now - timedelta(hours=1), **TOLD)
    for secret in (token, "x" * 32):
        page = Client().get(reverse("answer:questions", kwargs={"site": "dawn", "token": secret})).content.decode()
        assert 'href="tel:0800111222"' in page
        assert 'href="tel:999"' in page
        assert "Your clinic reads until" in page
        assert "116 123" not in page
