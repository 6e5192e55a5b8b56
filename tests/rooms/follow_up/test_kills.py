"""Between an answer and its task nothing is lost: the process is killed outright there, and the phone sends again."""

import os
import subprocess
import sys

import pytest

from daybreak.config.cluster import address
from daybreak.config.environment import installation
from daybreak.follow_up import public as follow_up
from daybreak.kernel.keys import new_key
from daybreak.kernel.scope import scoped
from daybreak.measure.public import answer_sets
from tests.rooms.follow_up.phone import invited
from tests.world.databases import a_database
from tests.world.people import make_world

NAME = "follow_up_kills"


@pytest.fixture(scope="module")
def house(django_db_setup, django_db_blocker):
    """A world whose facts are committed, so that another process sees them."""
    with django_db_blocker.unblock(), a_database(NAME):
        yield make_world()


def answered_by_a_process(point, key, invitation):
    """Run the process that takes the answers; return whether it acknowledged them."""
    url = address(installation().cluster, "daybreak_app", NAME)
    arguments = [str(key), str(invitation.key), str(invitation.patient_key)]
    done = subprocess.run(
        [sys.executable, "-m", "tests.rooms.follow_up.dying", point, *arguments],
        env={**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "daybreak.config.settings"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in (0, -9), done.stderr
    return "acknowledged" in done.stdout


def stored(world, invitation):
    """Return how many answers and how many tasks of the patient are stored."""
    patient = invitation.patient_key
    with scoped(world.scope()) as scope:
        tasks = follow_up.open_tasks(scope, patient=patient)
        return len(answer_sets(scope, patient=patient)), [each.task.kind for each in tasks]


def an_answer_without_its_task(world, invitation):
    answers, tasks = stored(world, invitation)
    return answers > 0 and not tasks


@pytest.mark.parametrize("point", ["before the task", "after the task", "after the commit"])
def test_whoever_is_killed_leaves_both_or_neither_and_a_retry_makes_it_one_of_each(house, point):
    invitation, key = invited(house, house.patient()), new_key()
    assert not answered_by_a_process(point, key, invitation)
    assert not an_answer_without_its_task(house, invitation)
    assert stored(house, invitation)[0] == (1 if point == "after the commit" else 0)
    for _ in range(2):
        assert answered_by_a_process("nowhere", key, invitation)
    assert stored(house, invitation) == (1, ["thoughts_of_self_harm"])


def test_the_control_without_a_transaction_loses_the_task_and_is_seen(house):
    """What the tests above would see if answer and task were two steps."""
    invitation = invited(house, house.patient())
    assert not answered_by_a_process("control: no transaction", new_key(), invitation)
    assert an_answer_without_its_task(house, invitation)
