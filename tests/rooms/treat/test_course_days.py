"""The days of a course before a dose, and the weight that a dose is computed from."""

from dataclasses import replace
from datetime import UTC, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from daybreak.kernel.keys import new_key
from daybreak.kernel.scope import scoped
from daybreak.kernel.truth import Truth
from daybreak.people.public import site_named
from daybreak.rulebook.public import SESSIONS, NoDose
from daybreak.treat import public as treat
from daybreak.treat.queries import answers
from tests.rooms.treat.stage import Stage, order, planned, set_up

pytestmark = pytest.mark.django_db
LONG_TERM = "long_term_checks_done"


def another(stage: Stage, *, days: int) -> Stage:
    """Plan the next session of the same course some days later."""
    moment = stage.now + timedelta(days=days, minutes=1)
    set_up(stage.world, stage.site, chair="chair 9")
    with scoped(stage.scope("clinician")) as scope:
        course = treat.session_now(scope, stage.session).session.course_key
        session = treat.plan_session(
            scope, key=new_key(), course=course, planned_for=moment, chair="chair 9", at=moment
        )
        order(scope, session.key, moment)
    return Stage(stage.world, stage.patient, session.key, moment, stage.site, "chair 9")


def criteria_in_the_way(stage: Stage) -> set[str]:
    """Return the ids of the criteria before the dose that are not met."""
    with scoped(stage.scope("clinician")) as scope:
        verdict = answers.verdict_of(scope, stage.look(), "before_each_dose", at=stage.now)
    return {answer.id for answer in verdict.criteria if answer.truth is not Truth.MET}


def done(stage: Stage) -> Stage:
    """Take a session to the end of its dose."""
    stage.started()
    stage.step(treat.complete, minutes=40)
    return stage


def test_the_first_session_knows_that_there_was_none(world):
    stage = planned(world)
    with scoped(stage.scope()) as scope:
        facts = answers.facts_before_dose(scope, stage.look(), at=stage.now)
    assert facts[SESSIONS].value == ()


def planned_at(world, minutes: float) -> Stage:
    """Plan a session so many minutes after today's midnight, by the clinic's clock."""
    here = world.now.astimezone(ZoneInfo(site_named("dawn").time_zone))
    midnight = here.replace(hour=0, minute=0, second=0, microsecond=0)
    return planned(replace(world, now=midnight.astimezone(UTC) + timedelta(hours=5, minutes=minutes)), hours_ago=5)


@pytest.mark.parametrize(("days", "waits"), [(0, True), (1, False)])
def test_a_second_session_on_one_day_waits(world, days, waits):
    first = done(planned_at(world, 12 * 60))
    assert ("not_twice_a_day" in criteria_in_the_way(another(first, days=days))) == waits


@pytest.mark.parametrize(("begins", "waits"), [(10, True), (-45, False)])
def test_a_day_is_the_day_of_the_clinic_and_not_of_the_server(world, begins, waits):
    first = done(planned_at(world, begins))
    second = another(first, days=0)
    assert ("not_twice_a_day" in criteria_in_the_way(second)) == waits


@pytest.mark.parametrize(("days", "asked"), [(27, False), (28, True)])
def test_what_is_asked_from_the_second_month_on_is_asked_then(world, days, asked):
    later = another(done(planned_at(world, 12 * 60)), days=days)
    with scoped(later.scope()) as scope:
        now = later.look()
        on_day = answers.course_day(scope, now, later.now)
        names = [fact.id for fact in treat.questions(now.protocol, "before_each_dose", on_day=on_day)]
    assert (on_day, LONG_TERM in names) == (days + 1, asked)


def test_the_dose_may_be_computed_from_the_ideal_weight_and_the_order_says_so(world):
    stage = planned(world).check_in()
    with scoped(stage.scope()) as scope:
        order = treat.weigh(
            scope, key=new_key(), session=stage.session, weight=Decimal(120), unit="kg",
            concentration_mg_per_ml=Decimal(1), height_cm=Decimal(165), weight_used="ideal", at=stage.at(),
        )  # fmt: skip
    ideal = {"female": Decimal("28.4"), "male": Decimal("30.7")}
    assert (order.weight_kg, order.weight_used) == (Decimal(120), "ideal")
    assert order.dose_mg in ideal.values()
    assert any("ideal weight" in line for line in order.arithmetic)


def test_without_a_height_there_is_no_ideal_weight(world):
    stage = planned(world).check_in()
    with scoped(stage.scope()) as scope, pytest.raises(NoDose, match="height"):
        treat.weigh(
            scope, key=new_key(), session=stage.session, weight=Decimal(120), unit="kg",
            concentration_mg_per_ml=Decimal(1), weight_used="ideal", at=stage.at(),
        )  # fmt: skip
