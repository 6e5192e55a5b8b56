"""The next interval: what is advised, and that a continuation is a decision with a reason before the next order."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from daybreak.follow_up import public as follow_up
from daybreak.follow_up.queries.interval import next_interval
from daybreak.follow_up.rules.interval import advice_for
from daybreak.kernel.keys import new_key
from daybreak.kernel.scope import scoped
from daybreak.measure.public import library, record_answers, record_total
from daybreak.rulebook.public import DatedScore, course_so_far
from daybreak.treat import public as treat
from tests.rooms.follow_up.phone import after_a_session
from tests.rooms.treat.stage import order

FIRST = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)  # half past midnight of the next day in Berlin
DAY = timedelta(days=1)


def advice(*scores, given=(0,), next_on=28.0, zone="Europe/Berlin"):
    at = FIRST + next_on * DAY
    sessions = [FIRST + day * DAY for day in given]
    told = [DatedScore(Decimal(value), FIRST + day * DAY) for day, value in scores]
    so_far = course_so_far(library().outcome_measures(), scores=told, sessions=sessions, at=at)
    continuation = library().continuation_of("ketamine_iv_40min")
    return advice_for(continuation, given=sessions, next_at=at, so_far=so_far, zone=zone).rule


@pytest.mark.parametrize(
    ("scores", "given", "next_on", "rule"),
    [
        ([(-1, 18), (1, 12)], (0,), 27, "going_on"),
        ([(-1, 18), (1, 12)], (0,), 28, "no_response_after_induction"),
        ([(-1, 18), (15, 12)], (0, 3, 6, 9, 12, 15), 18, "no_response_after_six"),
        ([(-1, 18), (26, 8)], (0, 14, 22), 28, "closer_than_weekly"),
        ([(-1, 18), (26, 8)], (0, 14, 21), 28, "responding_later"),
        ([(-1, 18), (1, 8), (28, 6), (29, 6)], (0, 14, 21), 35, "sustained"),
        ([(-1, 18)], (0,), 27, "not_measured_yet"),
        ([(-1, 18)], (0,), 28, "not_measured"),
        ([(-1, 18), (1, 8)], (0, 30), 40, "not_measured"),
        ([(-1, 18), (1, 24)], (0,), 3, "worse"),
    ],
)
def test_the_first_rule_that_applies_is_advised(scores, given, next_on, rule):
    assert advice(*scores, given=given, next_on=next_on).id == rule


def test_days_are_those_of_the_clinics_calendar():
    hour = 1 / 24
    assert advice((-1, 18), (1, 12), next_on=28 - hour, zone="Europe/Berlin").id == "no_response_after_induction"
    assert advice((-1, 18), (1, 12), next_on=28 - hour, zone="UTC").id == "no_response_after_induction"
    assert advice((-1, 18), (1, 12), next_on=27 + hour, zone="UTC").id == "no_response_after_induction", "day 29 in UTC"
    assert advice((-1, 18), (1, 12), next_on=27 + hour, zone="Europe/Berlin").id == "going_on"


@pytest.fixture
def later(world):
    """A patient after a first session, with a second one planned in the second month."""
    stage = after_a_session(world)
    with scoped(world.scope("clinician")) as scope:
        course = treat.courses(scope, stage.patient)[0].key
        second = treat.plan_session(
            scope, key=new_key(), course=course, planned_for=world.now + 30 * DAY, chair="chair 1", at=world.now
        )
    follow_up.on_session_planned(site="dawn", key=second.key, at=world.now)
    follow_up.on_session_planned(site="dawn", key=second.key, at=world.now)
    return stage, course, second.key


@pytest.mark.django_db
def test_the_next_order_waits_for_a_decision_with_a_reason(world, later):
    _, course, second = later
    with scoped(world.scope("clinician")) as scope:
        asked = treat.open_reviews(scope, [course])
        assert [(each.rule, each.session_key) for each in asked] == [("not_measured", second)]
        with pytest.raises(treat.NotAnOrder, match="Nobody has decided how this course goes on"):
            order(scope, second, world.now)
        with pytest.raises(treat.NotADecision, match="reason"):
            treat.decide_course(
                scope, key=new_key(), course=course, decision="continue", reason=" ", about=[asked[0].key], at=world.now
            )
        kept = treat.decide_course(
            scope, key=new_key(), course=course, decision="space_out", interval_days=30, reason="Holds for a month.",
            about=[asked[0].key], advised="measure", at=world.now,
        )  # fmt: skip
        assert kept.decided_by == world.staff["dawn", "clinician"].key
        assert order(scope, second, world.now)


@pytest.mark.django_db
def test_a_decision_that_did_not_read_the_question_leaves_it_open(world, later):
    _, course, second = later
    with scoped(world.scope("clinician")) as scope:
        treat.decide_course(scope, key=new_key(), course=course, decision="continue", reason="Earlier.", at=world.now)
        assert treat.open_reviews(scope, [course])
        with pytest.raises(treat.NotAnOrder):
            order(scope, second, world.now)


@pytest.mark.django_db
def test_a_course_that_was_stopped_needs_another_decision(world, later):
    _, course, second = later
    with scoped(world.scope("clinician")) as scope:
        about = [each.key for each in treat.open_reviews(scope, [course])]
        said = {"course": course, "reason": "As agreed.", "at": world.now}
        treat.decide_course(scope, key=new_key(), decision="stop", about=about, **said)
        with pytest.raises(treat.NotAnOrder, match="to stop"):
            order(scope, second, world.now)
        treat.decide_course(scope, key=new_key(), decision="continue", **said)
        assert order(scope, second, world.now)


@pytest.mark.django_db
def test_a_nurse_or_coordinator_does_not_decide(world, later, as_role):
    stage, _, _ = later
    said = {"key": str(new_key()), "decision": "continue", "reason": "No."}
    address = reverse("follow_up:decide", kwargs={"site": "dawn", "patient": stage.patient})
    assert as_role("coordinator").post(address, said).status_code == 403


@pytest.mark.django_db
def test_the_page_shows_the_advice_and_keeps_the_decision(world, later, as_role):
    stage, course, _ = later
    address = reverse("follow_up:interval", kwargs={"site": "dawn", "patient": stage.patient})
    shown = as_role("clinician").get(address).content.decode()
    assert "Measure first" in shown
    assert "A decision is asked for before the next order" in shown
    with scoped(world.scope("clinician")) as scope:
        about = " ".join(str(each.key) for each in treat.open_reviews(scope, [course]))
    said = {"key": str(new_key()), "decision": "taper", "interval_days": "14", "reason": "", "about": about}
    again = as_role("clinician").post(address + "decide/", said)
    assert again.status_code == 422
    done = as_role("clinician").post(address + "decide/", said | {"reason": "Doing well."}, follow=True)
    assert "Doing well." in done.content.decode()
    assert "A decision is asked for" not in done.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("how", ["answers", "total"])
def test_what_got_worse_in_the_long_run_asks_for_a_review_before_any_order(world, how):
    stage = after_a_session(world)
    with scoped(world.scope("coordinator")) as scope:
        for days, value in ((-20, 0), (0, 2)):
            at = world.now + days * DAY
            if how == "answers":
                items = {item.id: 0 for item in library().instrument("long_term_effects").items}
                given = record_answers(
                    scope, key=new_key(), patient=stage.patient, instrument="long_term_effects",
                    answers=items | {"often_urine": value}, answered_at=at, by="patient",
                )  # fmt: skip
                follow_up.on_answers_recorded(site="dawn", key=given.key, at=at)
            else:
                row = record_total(
                    scope, key=new_key(), patient=stage.patient, instrument="moca", value=Decimal(28 - 2 * value),
                    answered_at=at, by="clinician",
                )  # fmt: skip
                follow_up.on_total_recorded(site="dawn", key=row.key, at=at)
    with scoped(world.scope("clinician")) as scope:
        found = next_interval(scope, stage.patient, at=world.now)
    expected = "long_term_bladder_worsening" if how == "answers" else "moca_worsening"
    assert [(each.definition, each.session_key) for each in found.asked] == [(expected, None)]
