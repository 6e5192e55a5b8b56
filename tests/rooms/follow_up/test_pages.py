"""Every page: owner 200, colleague without the role 403, stranger 404; and the page behind a link, without an
account.
"""

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from daybreak.follow_up import public as follow_up
from daybreak.follow_up.rules.messages import tells_too_much
from daybreak.follow_up.web.phone import WRONG_LINKS
from daybreak.identity.public import Person, note_particulars
from daybreak.kernel.keys import new_key
from daybreak.kernel.scope import scoped
from daybreak.measure.public import answer_sets
from tests.rooms.follow_up.phone import after_a_session, answers, invited, token_for

pytestmark = pytest.mark.django_db
UNSAID = ("ketamine", "depress")


@pytest.fixture
def place(world):
    """A patient after a session, with an invitation, a link and an open task."""
    cache.clear()
    stage = after_a_session(world)
    follow_up.on_session_discharged(site="dawn", key=stage.session, at=stage.at())
    invitation = invited(world, stage.patient)
    with scoped(world.scope("coordinator")) as scope:
        task = follow_up.raise_task(
            scope,
            key=new_key(),
            patient=stage.patient,
            kind="thoughts_of_self_harm",
            priority="high",
            because="A test.",
            at=world.now,
        )
    return {
        "patient": stage.patient,
        "invitation": invitation,
        "task": task,
        "token": token_for(world, invitation),
    }


def addresses(place, site="dawn"):
    keys = {"patient": place["patient"], "invitation": place["invitation"].key, "task": place["task"].key}
    gets = {"work": (), "task": ("task",), "patient": ("patient",), "invitation": ("invitation",)}
    gets |= {"interval": ("patient",), "reach": ("patient",)}
    posts = {
        "take": ("task",),
        "close": ("task",),
        "ask": ("patient",),
        "tried": ("patient",),
        "change": ("patient",),
        "link": ("invitation",),
        "call_off": ("invitation",),
    }
    every = [("get", name, needs) for name, needs in gets.items()] + [
        ("post", name, needs) for name, needs in posts.items()
    ]
    return [
        (method, reverse(f"follow_up:{name}", kwargs={"site": site, **{n: keys[n] for n in needs}}))
        for method, name, needs in every
    ]


def answer_page(token, site="dawn"):
    return reverse("answer:questions", kwargs={"site": site, "token": token})


def test_the_owner_sees_every_page_and_a_colleague_without_the_role_none(place, as_role):
    owner, colleague = as_role("coordinator"), as_role("nurse")
    for method, address in addresses(place):
        if method == "get":
            assert owner.get(address).status_code == 200, address
        assert getattr(colleague, method)(address).status_code == 403, address


def test_a_stranger_finds_nothing(place, as_role):
    stranger = as_role("coordinator", "dusk")
    for method, address in addresses(place):
        assert getattr(stranger, method)(address).status_code == 404, address
    for method, address in addresses(place, "dusk"):
        if address != reverse("follow_up:work", kwargs={"site": "dusk"}):
            assert getattr(stranger, method)(address).status_code in (404, 422), address
    assert "Sommer" not in stranger.get(reverse("follow_up:work", kwargs={"site": "dusk"})).content.decode()


def test_nobody_is_sent_to_the_sign_in_page_by_a_link(place):
    page = Client().get(answer_page(place["token"]))
    assert page.status_code == 200
    assert "no-store" in page["Cache-Control"]
    assert "noindex" in page["X-Robots-Tag"]


def test_the_work_list_names_who_calls_who_is_due_and_gives_a_clock(place, as_role):
    text = as_role("coordinator").get(reverse("follow_up:work", kwargs={"site": "dawn"})).content.decode()
    assert "Pia Sommer: Thoughts of death or self-harm" in text
    assert "left to take it" in text
    assert "asked by the clinic" in text


def test_a_task_is_taken_and_closed_on_its_page(place, as_role, world):
    client, task = as_role("clinician"), place["task"].key
    client.post(reverse("follow_up:take", kwargs={"site": "dawn", "task": task}), {"key": str(new_key())})
    close = reverse("follow_up:close", kwargs={"site": "dawn", "task": task})
    empty = client.post(close, {"key": str(new_key()), "what_was_done": ""})
    assert empty.status_code == 422
    done = client.post(close, {"key": str(new_key()), "what_was_done": "Spoke with her."})
    assert done.status_code == 302
    again = client.post(close, {"key": str(new_key()), "what_was_done": "And once more."})
    assert again.status_code == 422
    text = again.content.decode()
    assert "Somebody has closed this task already" in text
    assert "Spoke with her." in text
    assert "Clara Okafor" in text


def test_the_coordinator_asks_by_hand_and_hands_a_link_over(place, as_role):
    client, key = as_role("coordinator"), str(new_key())
    ask = reverse("follow_up:ask", kwargs={"site": "dawn", "patient": place["patient"]})
    said = {"key": key, "instrument": "phq9"}
    assert client.post(ask, said).url == client.post(ask, said).url, "sent twice is one invitation"
    made = reverse("follow_up:link", kwargs={"site": "dawn", "invitation": key})
    text = client.post(made).content.decode()
    link = text.split('value="http://testserver')[1].split('"')[0]
    assert Client().get(link).status_code == 200
    assert (
        link
        not in client.get(reverse("follow_up:invitation", kwargs={"site": "dawn", "invitation": key})).content.decode()
    )


def test_opening_a_link_changes_nothing(place, world):
    for _ in range(3):
        assert Client().get(answer_page(place["token"])).status_code == 200
        assert Client().head(answer_page(place["token"])).status_code == 200
    with scoped(world.scope()) as scope:
        assert follow_up.asked(scope, place["invitation"].key).answered is None


def test_the_page_names_neither_the_person_nor_what_it_is_about(place):
    text = Client().get(answer_page(place["token"])).content.decode()
    assert "Sommer" not in text
    assert "PHQ" not in text
    title = text.split("<title>")[1].split("</title>")[0].lower()
    assert not [word for word in UNSAID if word in title + answer_page(place["token"]).lower()]
    assert "I need help now" in text
    assert "116 123" in text
    assert "Nobody reads this page at once" in text


def test_answers_are_sent_without_a_script_and_twice_is_once(place, world):
    client, page = Client(enforce_csrf_checks=True), answer_page(place["token"])
    said = {"key": str(new_key()), **answers(1)}
    for _ in range(2):
        thanks = client.post(page, said)
        assert thanks.status_code == 200
        assert "Your answers have arrived" in thanks.content.decode()
    with scoped(world.scope()) as scope:
        sets = [s for s in answer_sets(scope, patient=place["patient"]) if str(s.key) == said["key"]]
    assert len(sets) == 1
    opened = client.get(page).content.decode()
    assert "There is nothing more to do here" in opened


def test_a_missing_or_impossible_answer_is_named_beside_its_question_and_the_rest_is_kept(place):
    said = {"key": str(new_key()), **answers(2), "sleep": "7"}
    del said["energy"]
    page = Client().post(answer_page(place["token"]), said)
    text = page.content.decode()
    assert page.status_code == 422
    assert 'id="field-sleep-error"' in text
    said["sleep"] = "2"
    text = Client().post(answer_page(place["token"]), said).content.decode()
    assert 'id="field-energy-error"' in text
    assert 'id="field-sleep-error"' not in text
    assert 'name="interest" value="2" checked' in text
    assert said["key"] in text


def test_a_key_that_cannot_be_read_loses_no_answer(place, world):
    page = Client().post(answer_page(place["token"]), {"key": "'; drop", **answers(1)})
    assert "Your answers have arrived" in page.content.decode()


def test_item_nine_says_at_once_whom_to_call_and_later_visits_do_not_tell(place, world):
    client, page = Client(), answer_page(place["token"])
    text = client.post(page, {"key": str(new_key()), **answers(0, self_harm=1)}).content.decode()
    assert "has been asked to call you" in text
    assert "call-now is-shown" in text
    assert "116 123" in text
    assert "call-now is-shown" not in client.get(page).content.decode(), "a link that was forwarded tells nobody"
    with scoped(world.scope()) as scope:
        assert len(follow_up.open_tasks(scope)) == 2


def test_unknown_ended_and_called_off_links_show_the_same_page(place, world):
    old = invited(world, place["patient"], at=world.now - timedelta(days=9))
    with scoped(world.scope("coordinator")) as scope, pytest.raises(follow_up.NothingToAnswer):
        follow_up.hand_over_link(scope, invitation=old.key, at=world.now)
    with scoped(world.scope("coordinator")) as scope:
        ended = follow_up.hand_over_link(scope, invitation=old.key, at=world.now - timedelta(days=8))
    off = invited(world, place["patient"])
    called_off = token_for(world, off)
    with scoped(world.scope("coordinator")) as scope:
        follow_up.call_off(scope, invitation=off.key, at=world.now)
    pages = [Client().get(answer_page(token)) for token in ("no-such-token", ended, called_off)]
    assert [page.status_code for page in pages] == [404, 404, 404]
    assert len({re.sub(rb'"X-CSRFToken": "\w+"|name="\w+" value="[\w-]+"', b"", page.content) for page in pages}) == 1
    assert "There is nothing here to answer" in pages[0].content.decode()
    assert Client().get(answer_page("x", "no-such-site")).status_code == 404
    assert Client().get(answer_page(place["token"], "dusk")).status_code == 404


def test_no_log_names_a_link(place, caplog):
    client = Client()
    client.get(answer_page("not-a-right-one"))
    client.post(answer_page(place["token"]), {})
    assert "/answer/" not in caplog.text


def test_a_link_that_is_not_open_yet_says_when(place, world):
    early = invited(world, place["patient"], at=world.now + timedelta(days=1))
    page = Client().get(answer_page(token_for(world, early)))
    assert page.status_code == 200
    assert "Nothing to answer yet" in page.content.decode()


def test_guessing_is_slowed_and_a_right_link_beside_it_still_opens(place):
    client = Client()
    codes = [client.get(answer_page(f"guess-{n}")).status_code for n in range(WRONG_LINKS + 2)]
    assert codes == [404] * WRONG_LINKS + [429, 429]
    assert client.get(answer_page(place["token"])).status_code == 200


def test_the_phone_speaks_the_patients_language_whatever_the_browser_asks_for(place, world):
    with scoped(world.scope("coordinator")) as scope:
        who = Person("Pia", "Sommer", None, language="es")
        note_particulars(scope, patient=place["patient"], person=who, key=new_key(), at=world.now)
    text = Client(headers={"accept-language": "de"}).get(answer_page(place["token"])).content.decode()
    assert '<html lang="es"' in text
    assert "Necesito ayuda ahora" in text
    assert "Poco interés" in text
    assert "Datos sintéticos: en esta página no hay ningún paciente real" in text
    assert not tells_too_much(text.split("<title>")[1].split("</title>")[0])
