"""How often a PIN may be tried, however the tries arrive."""

from collections.abc import Callable
from importlib import import_module
from threading import Barrier, Thread

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connections

from daybreak.consent.web import device
from daybreak.kernel.keys import new_key
from daybreak.people.public import HANDED_OVER

PIN = "4711"
AT_ONCE = 12

Store = import_module(settings.SESSION_ENGINE).SessionStore


def side_by_side(*tasks: Callable[[], None]) -> None:
    """Run tasks at once, each on a connection of its own, as requests run."""

    def run(task: Callable[[], None]) -> None:
        task()
        connections["default"].close()

    threads = [Thread(target=run, args=[task]) for task in tasks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@pytest.fixture
def handed_over(db):
    """The key of a stored session that is handed over, seen by every connection; it is taken away afterwards."""
    stores = []

    def begin() -> None:
        session = Store()
        session.create()
        device.hand_over_to(session, site="dawn", patient=new_key(), pin=PIN, back="/")
        session.save()
        stores.append(session)

    def end() -> None:
        names = [stores[0].session_key, stores[0][HANDED_OVER]["tries"]]
        Session.objects.filter(session_key__in=names).delete()

    side_by_side(begin)
    yield stores[0].session_key
    side_by_side(end)


def try_at_once(key: str, pins: list[str]) -> list[bool]:
    """Send PINs from requests that have all read the session before any of them is answered."""
    ready, answers = Barrier(len(pins)), []

    def send(pin: str) -> None:
        session = Store(session_key=key)
        assert session[HANDED_OVER]["site"] == "dawn"
        connections["default"].close()
        ready.wait(20)
        answers.append(device.takes_back(session, pin))

    side_by_side(*[lambda pin=pin: send(pin) for pin in pins])
    return answers


def test_tries_that_arrive_at_once_are_counted_one_by_one(handed_over, monkeypatch):
    compared = []
    monkeypatch.setattr(device, "check_password", lambda pin, _: compared.append(pin))

    try_at_once(handed_over, [f"{n:04}" for n in range(AT_ONCE)])

    assert len(compared) == device.TRIES


def test_after_the_last_try_the_right_pin_no_longer_helps_a_request_that_was_under_way(handed_over):
    late = Store(session_key=handed_over)
    late_tries: list[bool] = []
    side_by_side(lambda: late.get(HANDED_OVER))
    try_at_once(handed_over, ["0000"] * device.TRIES)

    side_by_side(lambda: late_tries.append(device.takes_back(late, PIN)))

    assert late_tries == [False]


def test_a_session_that_another_request_writes_back_does_not_give_tries_back(handed_over):
    left = []

    def write_back_after_tries() -> None:
        session = Store(session_key=handed_over)
        device.first_shown(session, "treatment", session.get_expiry_date())
        for _ in range(3):
            device.takes_back(Store(session_key=handed_over), "0000")
        session.save()
        left.append(device.tries_left(Store(session_key=handed_over)))

    side_by_side(write_back_after_tries)

    assert left == [device.TRIES - 3]


def test_a_hand_over_whose_counter_is_gone_takes_no_pin(handed_over):
    answers = []

    def forget_and_try() -> None:
        session = Store(session_key=handed_over)
        Session.objects.filter(session_key=session[HANDED_OVER]["tries"]).delete()
        answers.append((device.tries_left(session), device.takes_back(session, PIN)))

    side_by_side(forget_and_try)

    assert answers == [(0, False)]
