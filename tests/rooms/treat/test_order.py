"""No dose without a clinician's order, none above the protocol's usual without two, and none that differs from it."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from django.urls import reverse

from daybreak.kernel.keys import new_key
from daybreak.kernel.scope import scoped
from daybreak.people.public import give_role
from daybreak.treat import public as treat
from daybreak.treat.actions.steps import NotYourPart
from daybreak.treat.rules.order import Ordered, Prepared, in_the_way, is_above
from tests.rooms.treat.stage import order, planned
from tests.world.people import TODAY

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
ONE, TWO, KEY, OTHER = UUID(int=1), UUID(int=2), UUID(int=3), UUID(int=4)


def ordered(**more: object) -> Ordered:
    usual = {"above_usual": False, "valid_until": NOW + timedelta(days=1), "signers": frozenset({ONE})}
    return Ordered(**{"key": KEY, "amount": Decimal("0.5"), "unit": "mg/kg", "weight_used": "actual", **usual, **more})


@pytest.mark.parametrize(
    ("signed", "prepared", "named"),
    [
        (None, None, "No clinician has ordered this dose."),
        (ordered(), None, ""),
        (ordered(), Prepared(KEY, "actual"), ""),
        (ordered(valid_until=NOW), None, "The order has ended."),  # half-open: the last moment is not in it
        (ordered(valid_until=NOW + timedelta(seconds=1)), None, ""),
        (ordered(above_usual=True), None, "The ordered dose is above the protocol's usual."),
        (ordered(above_usual=True, signers=frozenset({ONE, TWO})), None, ""),
        (ordered(), Prepared(None, "actual"), "The dose is not the one that is ordered."),
        (ordered(), Prepared(OTHER, "actual"), "The dose is not the one that is ordered."),
        (ordered(), Prepared(KEY, "ideal"), "The dose does not agree with the order."),
    ],
)
def test_what_keeps_a_dose_from_its_order_is_named(signed, prepared, named):
    assert [blocker.what for blocker in in_the_way(signed, prepared, at=NOW)] == ([named] if named else [])


@pytest.mark.parametrize(("amount", "above"), [("0.5", False), ("0.51", True), ("0.4", False)])
def test_above_the_usual_is_more_than_the_most_that_is_offered(amount, above):
    assert is_above(Decimal(amount), [Decimal("0.25"), Decimal("0.5")]) is above


def blockers(stage):
    with scoped(stage.scope("clinician")) as scope:
        return [each.what for each in treat.starting(scope, stage.look(), at=stage.now).blockers]


def sign(stage, amount="0.5", role="clinician", **more):
    with scoped(stage.scope(role)) as scope:
        return order(scope, stage.session, stage.at(0.1), amount, **more)


@pytest.mark.django_db
def test_a_dose_is_computed_by_the_order_and_again_after_a_new_one(world):
    stage = planned(world)
    sign(stage, "0.4", reason="Dizzy for long after the last one.")
    stage.prepared()
    assert stage.look().order.dose_mg == Decimal(28)
    assert blockers(stage) == []
    sign(stage, "0.5")
    assert blockers(stage) == ["The dose is not the one that is ordered."]
    stage.weigh()
    assert stage.look().order.dose_mg == Decimal(35)


@pytest.mark.django_db
def test_a_dose_above_the_usual_waits_for_a_second_clinician(world):
    stage = planned(world)
    with pytest.raises(treat.NotAnOrder, match="Say why"):
        sign(stage, "0.75")
    signed = sign(stage, "0.75", reason="No effect at 0.5 mg/kg.")
    stage.prepared()
    assert blockers(stage) == ["The ordered dose is above the protocol's usual."]

    def confirm(role):
        with scoped(stage.scope(role)) as scope:
            return treat.confirm_order(scope, key=new_key(), session=stage.session, order=signed, at=stage.at(0.1))

    with pytest.raises(treat.NotAnOrder, match="yourself"):
        confirm("clinician")
    with pytest.raises(NotYourPart):
        confirm("nurse")
    with scoped(world.scope("educator")) as scope:
        give_role(scope, account=scope.actor, role="clinician", from_day=TODAY - timedelta(days=9))
    confirm("educator")
    assert blockers(stage) == []


@pytest.mark.django_db
def test_the_ideal_weight_is_ordered_with_its_reason_and_must_be_the_one_that_is_used(world):
    stage = planned(world)
    with pytest.raises(treat.NotAnOrder, match="Say why"):
        sign(stage, weight_used="ideal")
    sign(stage, weight_used="ideal", reason="Body-mass index of 34.")
    stage.prepared()
    assert blockers(stage) == ["The dose does not agree with the order."]


@pytest.mark.django_db
@pytest.mark.parametrize("amount", ["0", "-1", "NaN", "0.0001"])
def test_an_amount_that_is_none_is_not_ordered(world, amount):
    with pytest.raises(treat.NotAnOrder):
        sign(planned(world), amount, reason="A slip.")


def page(name, site="dawn", **more):
    return reverse(f"treat:{name}", kwargs={"site": site, **more})


@pytest.mark.django_db
def test_an_order_is_signed_on_its_page_which_says_what_the_limits_say(world, as_role):
    stage = planned(world, hours_ago=-24)
    here, clinician, nurse = page("order", session=stage.session), as_role("clinician"), as_role("nurse")
    form = {"key": new_key(), "amount": "other", "other_amount": "0,75", "weight_used": "actual", "reason": ""}
    form["valid_on"] = stage.now.date().isoformat()
    refused = clinician.post(here, form)
    assert refused.status_code == 422
    assert "Say why" in refused.content.decode()
    for _ in range(2):
        assert clinician.post(here, {**form, "reason": "No effect at the usual."}).status_code == 302
    read = nurse.get(here).content.decode()
    for words in ("above the protocol&#39;s usual", "No effect at the usual.", "limits of frequency"):
        assert words in read
    assert nurse.post(here, form).status_code == 200  # a nurse reads it, and signs nothing
    assert as_role("coordinator").get(here).status_code == 403
    assert as_role("nurse", "dusk").get(page("order", "dusk", session=stage.session)).status_code == 404
