"""What is read about one patient has an index that leads to it, so that a visit costs the same at a clinic of any size."""

import re
from contextlib import contextmanager

import pytest
from django.db import connection

from daybreak.follow_up import public as follow_up
from daybreak.follow_up.queries.invitations import asked
from daybreak.identity.models import Particulars
from daybreak.kernel.scope import scoped
from tests.rooms.follow_up.phone import after_a_session, answers, invited

pytestmark = pytest.mark.django_db
READ = re.compile(r'FROM "(\w+)" t WHERE (.*?) AND NOT EXISTS')
COLUMN = re.compile(r't\."(\w+)" (?:=|IN)')


@contextmanager
def read():
    """Give each table that the block reads facts of, with the columns that say which."""
    said = set()

    def keep(execute, sql, params, many, context):
        said.update((table, frozenset(COLUMN.findall(where))) for table, where in READ.findall(str(sql)))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(keep):
        yield said


def leads_to(table, columns):
    """Whether an index of the whole table begins with the site and one of the columns."""
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, table).values()
    indexes = [each["columns"] for each in found if each["index"] or each["unique"] or each["primary_key"]]
    return any(each[0] == "site" and each[1] in columns for each in indexes if len(each) > 1)


def test_no_read_about_one_patient_goes_over_the_whole_site(world):
    stage = after_a_session(world)
    by_hand = invited(world, stage.patient)
    with read() as said, scoped(world.scope("coordinator")) as scope:
        follow_up.on_session_discharged(site="dawn", key=stage.session, at=stage.at())
        follow_up.answer(scope, key=by_hand.key, invitation=by_hand.key, answers=answers(self_harm=1), at=world.now)
        follow_up.on_answers_recorded(site="dawn", key=by_hand.key, at=world.now)
        follow_up.course_so_far(scope, stage.patient, at=world.now)
        follow_up.open_tasks(scope, patient=stage.patient)
        asked(scope, by_hand.key)
    said.add((Particulars._meta.db_table, frozenset({"site", "patient_key"})))
    assert len(said) > 15
    assert sorted(table for table, columns in said if not leads_to(table, columns)) == []
