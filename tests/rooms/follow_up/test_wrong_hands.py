"""Bad input by link: stale, forwarded, withdrawn, mistyped; each has a kind sentence and a trace, and no answer is lost."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from daybreak.follow_up import public as follow_up
from daybreak.follow_up.actions.own_page import make_own_page
from daybreak.follow_up.queries.messages import traces_of, wrong_links
from daybreak.kernel.keys import new_key
from daybreak.kernel.scope import scoped
from daybreak.ledger.public import waiting_in_tray
from daybreak.people.public import record_death, take_back_death
from tests.rooms.follow_up.phone import answers, invited, token_for
from tests.world.people import TODAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(world):
    cache.clear()
    return invited(world, world.patient())


def address(token, name="questions"):
    return reverse(f"answer:{name}", kwargs={"site": "dawn", "token": token})


def what_is_traced(world, invitation):
    with scoped(world.scope()) as scope:
        return [each.what for each in traces_of(scope, invitation=invitation.key)]


def tasks(world, invitation):
    with scoped(world.scope()) as scope:
        return [each.task.kind for each in follow_up.open_tasks(scope, patient=invitation.patient_key)]


def withdraw(world, invitation):
    with scoped(world.scope("coordinator")) as scope:
        follow_up.withdraw_links(
            scope, key=new_key(), invitation=invitation.key, because="a test", at=world.now + timedelta(minutes=2)
        )


def test_a_stale_link_leaves_one_trace_a_minute_and_a_preview_none(world):
    old = invited(world, world.patient(), at=world.now - timedelta(days=9))
    with scoped(world.scope("coordinator")) as scope:
        token = follow_up.hand_over_link(scope, invitation=old.key, at=world.now - timedelta(days=8))
    assert Client().head(address(token)).status_code == 404
    assert what_is_traced(world, old) == []
    pages = [Client().get(address(token)) for _ in range(3)]
    assert "please ask your clinic for a new link" in pages[0].content.decode()
    assert 1 <= len(what_is_traced(world, old)) <= 2
    assert set(what_is_traced(world, old)) == {"ended"}


def test_a_mistyped_link_leaves_a_trace_that_keeps_nothing_of_it(world, asked, as_role):
    Client().get(address(token_for(world, asked)[:-1]))
    with scoped(world.scope()) as scope:
        assert wrong_links(scope, since=world.now - timedelta(minutes=5)) == 1
    with scoped(world.scope(site="dusk")) as scope:
        assert wrong_links(scope, since=world.now - timedelta(minutes=5)) == 0
    told = "somebody came 1 time by a link"
    assert told in as_role("coordinator").get("/at/dawn/follow-up/").content.decode()
    assert told not in as_role("coordinator", "dusk").get("/at/dusk/follow-up/").content.decode()


@pytest.mark.parametrize("way", ["a mistyped address", "a page that was closed", "the right address at another site"])
def test_the_address_of_an_own_page_that_opens_nothing_leaves_a_trace_too(world, asked, way):
    with scoped(world.scope("coordinator")) as scope:
        token = make_own_page(scope, patient=asked.patient_key, at=world.now)
        if way == "a page that was closed":
            make_own_page(scope, patient=asked.patient_key, at=world.now)
    site = "dusk" if way == "the right address at another site" else "dawn"
    token = token[:-1] if way == "a mistyped address" else token
    page = Client().get(reverse("own:page", kwargs={"site": site, "token": token}))
    assert page.status_code == 404
    assert "In danger now" in page.content.decode()
    for each in ("dawn", "dusk"):
        with scoped(world.scope(site=each)) as scope:
            assert wrong_links(scope, since=world.now - timedelta(minutes=5)) == (each == site)


def test_whoever_guesses_addresses_of_own_pages_is_slowed_down_and_a_right_one_is_not(world, asked):
    with scoped(world.scope("coordinator")) as scope:
        token = make_own_page(scope, patient=asked.patient_key, at=world.now)
    mine = reverse("own:page", kwargs={"site": "dawn", "token": token})
    seen = [Client().get(mine.replace(token, token[:-1])).status_code for _ in range(31)]
    assert (seen[0], seen[-1]) == (404, 429)
    assert Client().get(mine).status_code == 200


@pytest.mark.parametrize("strange", ["/mine/dawn/x/y/z/", "/mine/dawn/", "/answer/dawn/x/y/"])
def test_an_address_without_a_page_leaves_one_trace_however_often_it_is_opened_and_slows_down(world, asked, strange):
    pages = [Client().get(strange) for _ in range(31)]
    assert (pages[0].status_code, pages[-1].status_code) == (404, 429)
    assert "In danger now" in pages[-1].content.decode()
    with scoped(world.scope()) as scope:
        assert 1 <= wrong_links(scope, since=world.now - timedelta(minutes=5)) <= 2


@pytest.mark.parametrize("strange", ["/mine/", "/mine/nowhere/x/y/", "/answer/worker.js.map", "/mine/da%00wn/x/y/"])
def test_an_address_below_no_site_is_a_page_and_nobodys_trace(world, asked, strange):
    assert Client().get(strange).status_code == 404
    with scoped(world.scope()) as scope:
        assert wrong_links(scope, since=world.now - timedelta(minutes=5)) == 0


def test_a_link_that_lost_its_last_slash_is_led_on_without_a_trace_even_beside_a_flood(world, asked):
    whole = address(token_for(world, asked))
    for _ in range(31):
        Client().get("/mine/nowhere/x/y/")
    assert Client().get(whole.rstrip("/"), follow=True).redirect_chain == [(whole, 301)]
    with scoped(world.scope()) as scope:
        assert wrong_links(scope, since=world.now - timedelta(minutes=5)) == 0


def test_whoever_got_a_forwarded_link_can_say_so_and_the_clinic_hears_of_it(world, asked):
    with scoped(world.scope("coordinator")) as scope:
        token = follow_up.hand_over_link(scope, invitation=asked.key, at=world.now)
    said = {"key": str(new_key())}
    for _ in range(2):
        page = Client().post(address(token, "not_mine"), said)
        assert "Nothing was shown to you" in page.content.decode()
    assert Client().get(address(token)).status_code == 404
    assert tasks(world, asked) == ["reached_another"]
    assert "not meant for them" in what_is_traced(world, asked)
    with scoped(world.scope("coordinator")) as scope:
        again = follow_up.hand_over_link(scope, invitation=asked.key, at=world.now + timedelta(hours=1))
    assert Client().get(address(again)).status_code == 200


def test_the_record_of_a_death_closes_a_link_at_once_and_loses_no_answer(world, asked):
    token, death = token_for(world, asked), new_key()
    with scoped(world.scope("coordinator")) as scope:
        record_death(scope, key=death, patient=asked.patient_key, died_on=TODAY, at=world.now)
    page = Client().get(address(token))
    assert page.status_code == 404
    assert "please ask your clinic for a new link" in page.content.decode()
    assert what_is_traced(world, asked) == ["died"]
    sent = Client().post(address(token), {"key": str(new_key()), **answers(1, self_harm=1)})
    assert "The next questions open" not in sent.content.decode()
    with scoped(world.scope()) as scope:
        assert [each.reason for each in waiting_in_tray(scope)] == ["Answers came after a death had been recorded."]
    assert sorted(tasks(world, asked)) == ["answers to settle", "thoughts_of_self_harm"]
    assert Client().post(address(token, "help"), {"key": str(new_key())}).status_code == 200
    with scoped(world.scope("coordinator")) as scope:
        take_back_death(scope, key=new_key(), patient=asked.patient_key, death=death, because="lives", at=world.now)
    assert Client().get(address(token)).status_code == 200


def test_a_withdrawal_that_is_sent_twice_is_one_and_a_link_that_was_handed_over_between_stays_good(world, asked):
    key = new_key()
    with scoped(world.scope("coordinator")) as scope:
        for minutes in (2, 4):
            follow_up.withdraw_links(
                scope, key=key, invitation=asked.key, because="a test", at=world.now + timedelta(minutes=minutes)
            )
            if minutes == 2:
                between = world.now + timedelta(minutes=3)
                token = follow_up.hand_over_link(scope, invitation=asked.key, at=between)
        assert list(waiting_in_tray(scope)) == []
    assert Client().get(address(token)).status_code == 200


def test_answers_by_a_withdrawn_link_are_kept_for_a_person_and_still_call(world, asked):
    token = token_for(world, asked)
    withdraw(world, asked)
    invited(world, asked.patient_key, at=world.now + timedelta(days=7))
    said = {"key": str(new_key()), **answers(1, self_harm=1)}
    page = Client().post(address(token), said)
    assert page.status_code == 200
    assert "The next questions open" not in page.content.decode(), "whoever holds it may be somebody else"
    with scoped(world.scope()) as scope:
        assert "withdrawn" in waiting_in_tray(scope)[0].reason
    assert sorted(tasks(world, asked)) == ["answers to settle", "thoughts_of_self_harm"]


@pytest.mark.parametrize(("what", "called"), [("open", 1), ("ended", 1), ("withdrawn", 0), ("wrong", 0)])
def test_a_call_for_help_is_taken_by_every_link_that_is_the_patients_own(world, what, called):
    at = world.now - timedelta(days=9) if what == "ended" else world.now
    invitation = invited(world, world.patient(), at=at)
    with scoped(world.scope("coordinator")) as scope:
        token = follow_up.hand_over_link(scope, invitation=invitation.key, at=at)
    if what == "withdrawn":
        withdraw(world, invitation)
    page = Client().post(address(token[:-1] if what == "wrong" else token, "help"), {"key": str(new_key())})
    assert page.status_code == (200 if called else 404)
    assert "In danger now" in page.content.decode(), "the numbers are there for everybody"
    assert tasks(world, invitation) == ["asked_for_help"] * called
