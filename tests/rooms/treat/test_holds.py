"""A hold of the safety board: who may sign it, what it keeps from being done, and where."""

from datetime import UTC, datetime

import pytest

from daybreak.kernel.keys import new_key
from daybreak.kernel.scope import scoped
from daybreak.treat import public as treat
from daybreak.treat.actions.steps import NotYourPart
from daybreak.treat.rules.holds import Held, covers
from daybreak.treat.rules.start import may_start
from tests.rooms.treat.stage import order, planned
from tests.rooms.treat.test_rules import start_facts

PROTOCOL = "ketamine_iv_40min"
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def held(at_site: str = "", protocol: str = PROTOCOL) -> Held:
    return Held(new_key(), protocol, at_site, "Three severe events in a week.", "", new_key(), NOW)


@pytest.mark.parametrize(
    ("hold", "covered"),
    [
        (held(), True),
        (held("dawn"), True),
        (held("dusk"), False),
        (held(protocol="ketamine_im"), False),
        (held(protocol="shared"), True),
    ],
)
def test_a_hold_covers_its_protocol_at_its_site_and_what_tightens_it(hold, covered):
    assert covers(hold, site="dawn", protocols=[PROTOCOL, "shared"]) is covered


def test_nothing_of_a_held_protocol_starts_and_the_reason_is_told():
    may = may_start(start_facts(holds=(held(),)))

    assert [blocker.what for blocker in may.blockers] == ["The safety board holds this protocol."]
    assert "Three severe events in a week." in may.sentence()
    assert may_start(start_facts()).allowed


def sign(world, at, *, role="safety board member", site="centre", at_site="", reason="Too many events.", **more):
    with scoped(world.scope(role, site)) as scope:
        said = {"key": new_key(), "protocol": PROTOCOL, "at_site": at_site, "reason": reason, "at": at}
        return treat.hold_protocol(scope, **said | more)


def blockers(stage):
    with scoped(stage.scope("clinician")) as scope:
        return [each.what for each in treat.starting(scope, stage.look(), at=stage.now).blockers]


@pytest.mark.django_db
def test_the_board_of_the_centre_holds_and_the_clinic_obeys_at_the_order_and_before_the_start(world):
    stage = planned(world).prepared()
    hold = sign(world, stage.now)

    assert "The safety board holds this protocol." in blockers(stage)
    with pytest.raises(treat.MayNotStart, match="Too many events"):
        stage.step(treat.start, "clinician")
    with scoped(stage.scope("clinician")) as scope, pytest.raises(treat.NotAnOrder, match="Too many events"):
        order(scope, stage.session, stage.at(0.1), "0.5")

    with scoped(world.scope("safety board member", "centre")) as scope:
        treat.lift_hold(scope, key=new_key(), hold=hold.key, reason="The batch was withdrawn.", at=stage.now)
        with pytest.raises(treat.NotAHold, match="not in force"):
            treat.lift_hold(scope, key=new_key(), hold=hold.key, reason="Again.", at=stage.now)
    assert blockers(stage) == []
    assert not treat.holds_in_force()


@pytest.mark.django_db
def test_a_hold_at_another_site_does_not_stop_this_one(world):
    stage = planned(world).prepared()
    sign(world, stage.now, at_site="dusk")

    assert blockers(stage) == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"reason": "  "}, "needs a reason"),
        ({"protocol": "nothing"}, "no protocol “nothing”"),
        ({"at_site": "nowhere"}, "no such site"),
        ({"site": "dusk", "at_site": "dawn"}, "its own clinic only"),
        ({"site": "dusk", "at_site": ""}, "its own clinic only"),
    ],
)
def test_what_is_no_hold_is_refused_in_a_sentence(world, said, why):
    with pytest.raises(treat.NotAHold, match=why):
        sign(world, world.now, **said)
    assert not treat.holds_in_force()


@pytest.mark.django_db
def test_only_the_safety_board_signs_and_the_same_form_sent_twice_is_one_hold(world):
    for role in ("clinician", "site lead", "administrator"):
        with pytest.raises(NotYourPart):
            sign(world, world.now, role=role, site="dawn", at_site="dawn")
    key = new_key()
    sign(world, world.now, key=key)
    sign(world, world.now, key=key)
    assert len(treat.holds_in_force()) == 1
    with pytest.raises(treat.NotAHold, match="held there already"):
        sign(world, world.now)
