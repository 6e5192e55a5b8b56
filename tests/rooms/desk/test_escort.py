"""Who takes the patient home is told once, by a message that names nobody and no treatment; what became of it is seen."""

from html import unescape

import pytest
from django.urls import reverse

from daybreak.desk.escort import MINUTES, words_for
from daybreak.follow_up import public as follow_up
from daybreak.follow_up.rules.messages import tells_too_much
from daybreak.identity.public import open_text
from daybreak.kernel.keys import new_key
from daybreak.kernel.scope import scoped
from daybreak.treat import public as treat
from tests.rooms.treat.stage import planned

pytestmark = pytest.mark.django_db


def there(stage, site: str = "dawn") -> str:
    return reverse("desk:escort", kwargs={"site": site, "session": stage.session})


def recovering(world):
    stage = planned(world, hours_ago=2).started()
    stage.step(treat.complete, minutes=40)
    stage.step(treat.begin_recovery)
    return stage


def sent(stage) -> list[follow_up.Message]:
    with scoped(stage.scope()) as scope:
        return [each.message for each in follow_up.messages_of(scope, patient=stage.patient)]


@pytest.mark.parametrize("minutes", MINUTES)
def test_the_words_say_nothing_of_the_treatment(minutes):
    assert not tells_too_much(words_for(minutes))
    assert len(words_for(minutes)) <= 160, "one text message"


def test_the_escort_is_asked_for_once_and_told_once_however_often_the_form_is_sent(world, as_role):
    stage, nurse = recovering(world), as_role("nurse")
    assert (
        "Tell the escort"
        in nurse.get(reverse("treat:after", kwargs={"site": "dawn", "session": stage.session})).content.decode()
    )
    said = {"key": new_key(), "telephone": "+49 151 234567", "minutes": "15", "agreed": "on"}
    nurse.post(there(stage), said)
    page = unescape(nurse.post(there(stage), said, follow=True).content.decode())
    (message,) = sent(stage)
    with scoped(stage.scope()) as scope:
        words = open_text(scope, stage.patient, message.sealed_words)
        assert treat.escort_of(scope, stage.session) == "+49 151 234567"
    assert "in about 15 minutes" in words
    assert not {"Pia", "Sommer"} & set(words.split())
    assert 'value="+49 151 234567"' in page
    assert "waits to be sent" in page
    assert world.staff["dawn", "nurse"].name in page
    nurse.post(there(stage), {**said, "key": new_key(), "minutes": "0"})
    assert len(sent(stage)) == 2


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"agreed": ""}, "Ask the patient first"),
        ({"telephone": "next door"}, "not a telephone number"),
        ({"minutes": "7"}, "valid choice"),
    ],
)
def test_what_cannot_be_sent_is_said_and_nothing_is_kept(world, as_role, said, sentence):
    stage = recovering(world)
    usual = {"key": new_key(), "telephone": "0151 234567", "minutes": "15", "agreed": "on"}
    answer = as_role("nurse").post(there(stage), usual | said)
    assert (answer.status_code, sentence in unescape(answer.content.decode())) == (422, True)
    assert sent(stage) == []
    with scoped(stage.scope()) as scope:
        assert treat.escort_of(scope, stage.session) == ""


def test_nobody_is_called_while_the_dose_goes_on_and_the_page_is_the_teams(world, as_role):
    stage = planned(world, hours_ago=1).started()
    said = {"key": new_key(), "telephone": "0151 234567", "minutes": "15", "agreed": "on"}
    assert "not in recovery" in as_role("nurse").post(there(stage), said).content.decode()
    assert sent(stage) == []
    assert as_role("coordinator").get(there(stage)).status_code == 403
    assert as_role("nurse", "dusk").get(there(stage, "dusk")).status_code == 404
