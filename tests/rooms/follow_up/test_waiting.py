"""The worker asks once for all sites where something waits, and is told of nothing else."""

from datetime import UTC, datetime, timedelta

import pytest

from daybreak.follow_up import public as follow_up
from daybreak.follow_up.queries.waiting import Waits, sites_that_wait
from daybreak.kernel.keys import new_key
from daybreak.kernel.scope import scoped

pytestmark = pytest.mark.django_db
EVER = datetime.min.replace(tzinfo=UTC)
DAY = timedelta(days=1)


def called(world, site, patient):
    key = new_key()
    with scoped(world.scope("clinician", site)) as scope:
        follow_up.ask_for_help(scope, key=key, patient=patient, at=world.now)
    return key


def texted(world, site, patient, *, within):
    with scoped(world.scope("coordinator", site)) as scope:
        follow_up.send_text(
            scope, key=new_key(), patient=patient, to="+49 30 1234", words="Ready soon.", at=world.now, within=within
        )


def waiting(world, *, after=timedelta(minutes=1), since=EVER):
    return sites_that_wait(at=world.now + after, since=since)


def test_only_sites_at_which_something_waits_are_told(world):
    assert waiting(world) == []
    task = called(world, "dusk", world.patient("dusk"))
    assert waiting(world) == [Waits("dusk", tasks=True, messages=False)]
    with scoped(world.scope("clinician", "dusk")) as scope:
        follow_up.take_task(scope, key=new_key(), task=task, at=world.now)
        assert waiting(world) == [Waits("dusk", tasks=True, messages=False)], "taken is not closed"
        follow_up.close_task(scope, key=new_key(), task=task, what_was_done="Called.", at=world.now)
    assert waiting(world) == []


def test_a_message_waits_until_it_has_ended_and_one_of_long_ago_is_found_by_looking_back(world):
    texted(world, "dawn", world.patient(), within=DAY)
    assert waiting(world) == [Waits("dawn", tasks=False, messages=True)]
    later = timedelta(days=9)
    assert waiting(world, after=later, since=world.now + 8 * DAY) == []
    assert waiting(world, after=later) == [Waits("dawn", tasks=False, messages=True)]
    follow_up.send_messages(site="dawn", at=world.now + later)
    assert waiting(world, after=later) == [], "it was given up, in words"


def test_the_number_of_questions_does_not_grow_with_the_sites(world, django_assert_num_queries):
    with django_assert_num_queries(1):
        waiting(world)
