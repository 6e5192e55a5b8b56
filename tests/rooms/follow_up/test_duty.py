"""Who is on duty gets a message about a task, the next one where nobody takes it, and everybody in a gap."""

import json
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.core import mail

from daybreak.follow_up import public as follow_up
from daybreak.follow_up.actions import tell_on_duty
from daybreak.follow_up.rules.duty import to_tell
from daybreak.follow_up.rules.messages import tells_too_much
from daybreak.kernel.keys import new_key
from daybreak.kernel.scope import scoped
from daybreak.people.public import enter_turn

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
ANA, BEN, CARA, DAN = (UUID(int=n) for n in range(1, 5))
CHAIN = ("clinician", "site lead", "coordinator")
HELD = {"clinician": [ANA, BEN], "site lead": [CARA], "coordinator": [DAN]}


@pytest.mark.parametrize(
    ("asked", "on_duty", "holders", "told"),
    [
        (1, [(1, BEN)], HELD, [BEN]),
        (1, [(2, ANA), (1, BEN)], HELD, [BEN]),
        (1, [(2, ANA)], HELD, [ANA]),
        (1, [(1, ANA), (1, BEN)], HELD, [ANA, BEN]),
        (2, [(1, BEN), (2, ANA)], HELD, [BEN, ANA, CARA]),
        (3, [(1, BEN)], HELD, [BEN, CARA, DAN]),
        (1, [], HELD, [ANA, BEN]),
        (2, [], HELD, [ANA, BEN, CARA]),
        (1, [], {"coordinator": [DAN]}, [DAN]),
        (1, [], {}, []),
        (2, [(1, CARA)], HELD, [CARA]),
    ],
)
def test_who_is_told_by_now(asked, on_duty, holders, told):
    assert to_tell(asked=CHAIN[:asked], chain=CHAIN, on_duty=on_duty, holders=holders) == told


@pytest.fixture
def texts(settings, tmp_path):
    settings.DAYBREAK_TEXTS = str(tmp_path / "texts")
    settings.DAYBREAK_ADDRESS = "https://questions.example"
    folder = Path(settings.DAYBREAK_TEXTS)
    return lambda: [json.loads(each.read_text()) for each in sorted(folder.glob("*.json"))]


@pytest.fixture
def on_duty(world):
    def enter(role="clinician", **more):
        times = {"from_at": world.now - HOUR, "until_at": world.now + 8 * HOUR} | more
        with scoped(world.scope("site lead")) as scope:
            return enter_turn(scope, key=new_key(), account=world.staff["dawn", role].key, at=world.now, **times)

    return enter


def raised(world, priority="high"):
    with scoped(world.scope("coordinator")) as scope:
        return follow_up.raise_task(
            scope, key=new_key(), patient=world.patient(), kind="asked_for_help", priority=priority, because="A test.",
            at=world.now,
        )  # fmt: skip


def send(world, minutes=0.0):
    follow_up.send_messages(site="dawn", at=world.now + minutes * MINUTE)


def opened(world):
    with scoped(world.scope()) as scope:
        return follow_up.open_tasks(scope)[0]


@pytest.mark.django_db
def test_who_is_on_duty_gets_one_text_that_tells_a_lock_screen_nothing(world, texts, on_duty):
    on_duty(telephone="+49 151 1234")
    task = raised(world)
    for minutes in (0, 1, 2):
        send(world, minutes)
    (text,) = texts()
    assert text["to"] == "+491511234"
    assert not tells_too_much(text["text"])
    assert not [word for word in ("pia", "sommer", "dawn clinic") if word in text["text"].lower()]
    assert f"https://questions.example/at/dawn/follow-up/tasks/{task.key}" in text["text"]
    assert opened(world).told == (world.staff["dawn", "clinician"].key,)
    assert mail.outbox == []


@pytest.mark.django_db
def test_without_a_number_it_is_a_mail_whose_subject_says_nothing(world, texts, on_duty):
    on_duty()
    raised(world)
    send(world)
    (letter,) = mail.outbox
    assert letter.to == ["clinician@dawn.example"]
    assert letter.subject == "You are asked for"
    assert texts() == []


@pytest.mark.django_db
def test_where_nobody_takes_it_the_next_on_duty_and_the_next_role_are_told(world, texts, on_duty):
    on_duty(telephone="0151")
    on_duty("coordinator", rank=2, telephone="0151 22")
    raised(world)
    send(world, 29)
    assert [text["to"] for text in texts()] == ["0151"]
    send(world, 30)
    assert sorted(text["to"] for text in texts()) == ["0151", "015122"]
    assert [letter.to[0] for letter in mail.outbox] == ["site.lead@dawn.example"]


@pytest.mark.django_db
def test_in_a_gap_everybody_who_holds_the_role_is_told(world, texts, on_duty):
    on_duty("coordinator", from_at=world.now + HOUR)
    raised(world)
    send(world)
    assert [letter.to for letter in mail.outbox] == [["clinician@dawn.example"]]


@pytest.mark.django_db
def test_who_comes_on_duty_while_it_rings_is_told_too(world, texts, on_duty):
    on_duty(until_at=world.now + 10 * MINUTE)
    on_duty("coordinator", from_at=world.now + 10 * MINUTE)
    raised(world)
    send(world)
    send(world, 10)
    assert [letter.to[0] for letter in mail.outbox] == ["clinician@dawn.example", "coordinator@dawn.example"]


@pytest.mark.django_db
def test_a_task_that_was_taken_sends_no_message_any_more(world, texts, on_duty, settings):
    on_duty(telephone="0151 1234")
    task = raised(world)
    with scoped(world.scope("clinician")) as scope:
        tell_on_duty(scope, at=world.now, address=lambda site, key: f"https://questions.example/{key}")
        follow_up.take_task(scope, key=new_key(), task=task.key, at=world.now)
        (waiting,) = follow_up.messages_of(scope, patient=task.patient_key)
    send(world, 40)
    assert texts() == mail.outbox == []
    with scoped(world.scope("clinician")) as scope:
        (now,) = follow_up.messages_of(scope, patient=task.patient_key)
    assert (waiting.end, now.is_given_up) == (None, True)


@pytest.mark.django_db
def test_what_can_wait_wakes_nobody(world, texts, on_duty):
    on_duty()
    raised(world, "low")
    send(world)
    assert mail.outbox == []


@pytest.mark.django_db
def test_another_site_is_told_nothing(world, texts):
    raised(world)
    follow_up.send_messages(site="dusk", at=world.now)
    assert mail.outbox == []


@pytest.mark.django_db
def test_the_task_says_who_is_on_duty_and_who_was_told(world, texts, on_duty, as_role):
    task = raised(world)
    page = as_role("clinician").get(f"/at/dawn/follow-up/tasks/{task.key}/")
    assert "Nobody is on duty now" in page.content.decode()
    on_duty()
    send(world)
    page = as_role("coordinator").get(f"/at/dawn/follow-up/tasks/{task.key}/").content.decode()
    assert "On duty now: Clara Okafor until" in page
    assert "Clara Okafor is asked. E-mail: sent" in page
    assert "asked: Clara Okafor" in as_role("coordinator").get("/at/dawn/follow-up/").content.decode()
