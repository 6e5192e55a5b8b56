"""What is read together is what query sets would have found, to the last field of every table of facts."""

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

from daybreak.kernel.scope import scoped
from daybreak.ledger.public import Fact, Read, rows, standing
from daybreak.treat import public as treat
from tests.rooms.treat.stage import planned, turn_alarms_on

pytestmark = pytest.mark.django_db


def content(facts: list[Fact]) -> list[dict[str, object]]:
    return [{field.attname: getattr(fact, field.attname) for field in fact._meta.concrete_fields} for fact in facts]


def test_facts_read_together_equal_those_of_query_sets(world):
    turn_alarms_on(world)
    stage = planned(world).started()
    stage.read(systolic_pressure=185)
    filled = 0
    with scoped(stage.scope()) as scope:
        for model in (each for each in apps.get_models() if issubclass(each, Fact)):
            found = rows(Read(model, {"site": scope.site}, by=("-key",)))
            assert content(found) == content(list(standing(model).filter(site=scope.site).order_by("-key"))), model
            filled += bool(found)
    assert filled >= 15


def test_a_session_with_all_that_is_in_it_is_one_statement(world):
    stage = planned(world).started()
    with scoped(stage.scope()) as scope, CaptureQueriesContext(connection) as asked:
        assert treat.session_now(scope, stage.session).state == "running"
    assert len(asked) == 1
