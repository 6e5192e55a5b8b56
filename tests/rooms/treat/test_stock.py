"""Every milligram of the controlled drug is accounted for, by movements that two people cannot make at once."""

from datetime import timedelta
from decimal import Decimal

import psycopg
import pytest
from django.db import IntegrityError
from django.urls import reverse

from daybreak.config.cluster import address
from daybreak.config.environment import installation
from daybreak.kernel.keys import new_key
from daybreak.kernel.scope import scoped
from daybreak.ledger.public import one_step, record_one
from daybreak.treat import public as treat
from daybreak.treat.actions.steps import NotYourPart
from daybreak.treat.models import Movement, Witness
from daybreak.treat.rules.stock import Taken, Wasted, account
from tests.rooms.treat.stage import planned
from tests.world.people import TODAY

EACH = Decimal(200)


@pytest.mark.parametrize(
    ("taken", "wasted", "given", "rest", "why"),
    [
        ([(1, 200)], [(165, True)], 35, 0, ""),
        ([(1, 200)], [(165, False)], 35, 165, "The waste waits for a witness."),
        ([(1, 200)], [(164, True)], 35, 1, "1 mg are neither given nor wasted."),
        ([(1, 200)], [(166, True)], 35, -1, "1 mg more were given and wasted than were drawn."),
        ([(2, 200), (-1, 200)], [(165, True)], 35, 0, ""),  # one went back unopened
        ([(1, 200)], [], None, None, "The dose has not ended yet."),
        ([(1, 200)], [(200, True)], 0, 0, ""),  # cancelled after it was drawn
        ([], [], 35, -35, "A dose was given, and nothing was recorded as drawn for it."),
        ([], [], 0, 0, ""),
    ],
)
def test_drawn_is_given_and_wasted_or_it_stays_open(taken, wasted, given, rest, why):
    found = account(
        [Taken(n, Decimal(mg)) for n, mg in taken],
        [Wasted(Decimal(mg), seen) for mg, seen in wasted],
        given_mg=None if given is None else Decimal(given),
    )
    assert found.rest_mg == rest
    assert found.why_open == why
    assert found.is_closed == (why == "")


def deliver(world, count=2, *, days=300, site="dawn", key=None, lot="L-1"):
    """Receive ampoules of 200 mg; return the lot's key."""
    with scoped(world.scope("nurse", site)) as scope:
        return treat.receive(
            scope, key=key or new_key(), drug="ketamine", container="ampoule", mg_each=EACH, mg_per_ml=Decimal(10),
            number=lot, expires_on=TODAY + timedelta(days=days), count=count, reference="D-1",
            at=world.now - timedelta(days=1),
        ).lot_key  # fmt: skip


def act(stage, action, role="nurse", **said):
    with scoped(stage.scope(role)) as scope:
        return action(scope, key=said.pop("key", None) or new_key(), at=stage.at(), **said)


def witnessed(stage, about, role="clinician"):
    return act(stage, treat.witness, role, about=about.key)


def left(stage):
    with scoped(stage.scope()) as scope:
        return [held.containers for held in treat.in_the_safe(scope)]


@pytest.mark.django_db
def test_a_session_is_open_on_the_list_until_its_drug_comes_out_even(world):
    lot, stage = deliver(world), planned(world)
    act(stage, treat.draw, session=stage.session, lot=lot, count=1)
    stage.started()
    stage.step(treat.complete, minutes=41)
    with scoped(stage.scope()) as scope:
        found = treat.account_of(scope, stage.look())
        assert [each.line.key for each in treat.open_accounts(scope)] == [stage.session]
    with pytest.raises(treat.NotAnAmount):
        act(stage, treat.waste, session=stage.session, lot=lot, amount_mg=found.rest_mg + 1, reason="left_over")
    thrown = act(stage, treat.waste, session=stage.session, lot=lot, amount_mg=found.rest_mg, reason="left_over")
    with pytest.raises(treat.NotAWitness, match="Another person"):
        witnessed(stage, thrown, "nurse")
    witnessed(stage, thrown)
    with scoped(stage.scope()) as scope:
        assert treat.open_accounts(scope) == []
    assert left(stage) == [1]


@pytest.mark.django_db
def test_the_balance_comes_from_movements_and_never_falls_below_nothing(world):
    key = new_key()
    lot, stage = deliver(world, 2, key=key), planned(world)
    assert deliver(world, 2, key=key) == lot  # told twice
    act(stage, treat.draw, session=stage.session, lot=lot, count=2)
    with pytest.raises(treat.NotInStock, match="holds 0"):
        act(stage, treat.draw, session=stage.session, lot=lot, count=1)
    act(stage, treat.give_back, session=stage.session, lot=lot, count=1)
    with pytest.raises(treat.NotInStock):
        act(stage, treat.give_back, session=stage.session, lot=lot, count=2)
    with scoped(stage.scope()) as scope:
        rows = treat.register(scope, "ketamine")
    assert [(row.kind, row.change, row.lot_balance, row.balance_mg) for row in rows] == [
        ("received", 2, 2, 400),
        ("drawn", -2, 0, 0),
        ("returned", 1, 1, 200),
    ]
    assert [row.position for row in rows] == [1, 2, 3]


@pytest.mark.django_db
def test_the_database_refuses_a_balance_below_nothing_and_a_witness_who_signed_first(world):
    lot, stage = deliver(world), planned(world)
    me = world.staff["dawn", "nurse"].key
    row = {"site": "dawn", "content_hash": b"", "signed_by": me}
    below = Movement(
        key=new_key(), lot_key=lot, drug="ketamine", position=2, kind="drawn", change=-3, lot_balance=-1,
        balance_mg=Decimal(-200), moved_at=stage.now, **row,
    )  # fmt: skip
    same = Witness(key=new_key(), about=new_key(), first=me, signed_at=stage.now, **row)
    for fact, rule in ((below, "never_below_nothing"), (same, "witness_is_another")):
        with scoped(stage.scope()), pytest.raises(IntegrityError, match=rule), one_step():
            record_one(fact)


MOVE = """
    INSERT INTO treat_movement (site, key, content_hash, lot_key, drug, position, kind, change, lot_balance, balance_mg,
                                reference, signed_by, moved_at)
    VALUES ('dawn', gen_random_uuid(), '', gen_random_uuid(), 'ketamine', %s, 'drawn', -1, 0, 0, '', gen_random_uuid(), now())
"""


@pytest.mark.django_db
def test_of_two_transactions_that_follow_one_balance_the_second_waits_and_is_refused():
    where = address(installation().cluster, "daybreak_app")
    with psycopg.connect(where) as first, psycopg.connect(where) as second:
        for each in (first, second):
            each.execute("SELECT set_config('app.site', 'dawn', false)")
            each.execute("SET lock_timeout = '200ms'")
            each.commit()
            each.execute("SET CONSTRAINTS ALL DEFERRED")  # nothing of this is ever committed
        first.execute(MOVE, [1])
        with pytest.raises(psycopg.errors.LockNotAvailable):
            second.execute(MOVE, [1])
        second.rollback()
        with pytest.raises(psycopg.errors.UniqueViolation):
            first.execute(MOVE, [1])
        first.rollback()


@pytest.mark.django_db
def test_a_count_that_differs_is_explained_signed_by_two_and_then_the_balance_follows(world):
    lot, stage = deliver(world, 5), planned(world)
    with pytest.raises(treat.NotAnAmount, match="The movements say 5"):
        act(stage, treat.count_lot, lot=lot, counted=4, explanation=" ")
    found = act(stage, treat.count_lot, lot=lot, counted=4, explanation="One broke on the floor.")
    assert left(stage) == [5]
    witnessed(stage, found)
    assert left(stage) == [4]
    stale = act(stage, treat.count_lot, lot=lot, counted=4, explanation="")
    act(stage, treat.draw, session=stage.session, lot=lot, count=1)
    with pytest.raises(treat.NotAWitness, match="Count again"):
        witnessed(stage, stale)


@pytest.mark.django_db
def test_an_expired_lot_is_not_drawn_and_leaves_the_safe_before_a_witness(world):
    stage = planned(world, hours_ago=0)
    lot = deliver(world, 3, days=0)  # it came yesterday and expires today
    with pytest.raises(treat.NotInStock, match="expired"):
        act(stage, treat.draw, session=stage.session, lot=lot, count=1)
    gone = act(stage, treat.waste_from_safe, lot=lot, count=3, reason="expired")
    assert left(stage) == [3]
    witnessed(stage, gone)
    assert left(stage) == []


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["coordinator", "site lead", "educator"])
def test_only_who_handles_drugs_moves_them(world, role):
    stage, lot = planned(world), deliver(world)
    with pytest.raises(NotYourPart):
        act(stage, treat.draw, role, session=stage.session, lot=lot, count=1)


def page(name, site="dawn", **more):
    return reverse(f"treat:{name}", kwargs={"site": site, **more})


@pytest.mark.django_db
def test_the_walk_by_forms_alone_and_who_sees_what(world, as_role):
    lot, stage = deliver(world), planned(world)
    nurse, lead = as_role("nurse"), as_role("site lead")
    here = {"session": stage.session}
    drawn = nurse.post(page("draw", **here), {"key": new_key(), "lot": lot, "count": "1"})
    assert drawn.status_code == 302
    too_many = nurse.post(page("draw", **here), {"key": new_key(), "lot": lot, "count": "9"})
    assert too_many.status_code == 422
    assert 'value="9"' in too_many.content.decode()
    stage.started()
    stage.step(treat.stop, minutes=5, reason="other")
    assert "neither given nor wasted" in nurse.get(page("drug", **here)).content.decode()
    seen_by_lead = lead.get(page("stock")).content.decode()
    assert "1 session is not accounted for" in seen_by_lead
    assert "Sommer" not in seen_by_lead  # the lead reads no patient's record
    with scoped(stage.scope()) as scope:
        rest = treat.account_of(scope, stage.look()).rest_mg
    said = {"key": new_key(), "lot": lot, "amount_mg": str(rest), "reason": "left_over"}
    assert nurse.post(page("waste", **here), said).status_code == 302
    second = world.staff["dawn", "clinician"]
    second.set_password("a long and quiet morning")
    second.save()
    by_password = {"second": "1", "signer": second.key, "password": "not this", "key": new_key()}
    nurse.post(page("witness", about=said["key"]), by_password)
    assert "waits for a witness" in nurse.get(page("drug", **here)).content.decode()
    nurse.post(page("witness", about=said["key"]), {**by_password, "password": "a long and quiet morning"})
    assert "Every milligram is accounted for" in nurse.get(page("drug", **here)).content.decode()
    assert "L-1" in lead.get(page("stock_register", drug="ketamine")).content.decode()
    assert lead.get(page("stock_register", drug="nothing")).status_code == 404
    assert lead.get(page("drug", **here)).status_code == 403
    assert as_role("nurse", "dusk").get(page("drug", "dusk", **here)).status_code == 404
    assert as_role("nurse", "dusk").get(page("stock")).status_code == 404
    assert "L-1" not in as_role("nurse", "dusk").get(page("stock", "dusk")).content.decode()
