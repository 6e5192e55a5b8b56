"""Who is on duty, and when nobody is: turns are entered, ended and taken back, and gaps are seen."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.urls import reverse

from daybreak.kernel.keys import new_key
from daybreak.kernel.scope import scoped
from daybreak.people import public as people
from daybreak.people.duty import Gap, Turn, gaps, turns_at, why_not_a_turn
from daybreak.people.models import DutyTurn

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
ANA, BEN = UUID(int=1), UUID(int=2)


def turn(begins, ends, *, who=ANA, rank=1, key=None):
    return Turn(key or new_key(), who, NOON + begins * HOUR, NOON + ends * HOUR, rank)


def test_a_turn_holds_from_its_beginning_up_to_its_end():
    first, second = turn(0, 8), turn(0, 8, who=BEN, rank=2)
    assert turns_at([second, first], NOON) == (first, second)
    assert turns_at([second, first], NOON - timedelta(seconds=1)) == ()
    assert turns_at([second, first], NOON + 8 * HOUR) == ()


@pytest.mark.parametrize(
    ("turns", "expected"),
    [
        ([], [(0, 24)]),
        ([(0, 24)], []),
        ([(-5, 30)], []),
        ([(0, 8), (8, 24)], []),
        ([(0, 8), (9, 24)], [(8, 9)]),
        ([(2, 8), (4, 6), (7, 20)], [(0, 2), (20, 24)]),
        ([(30, 40)], [(0, 24)]),
    ],
)
def test_gaps_are_what_no_turn_covers(turns, expected):
    found = gaps([turn(*each) for each in turns], since=NOON, until=NOON + 24 * HOUR)
    assert found == tuple(Gap(NOON + a * HOUR, NOON + b * HOUR) for a, b in expected)


@pytest.mark.parametrize(
    ("entered", "others", "word"),
    [
        (turn(0, 8), [], ""),
        (turn(0, 8), [turn(8, 16)], ""),
        (turn(0, 8), [turn(7, 16, who=BEN)], ""),
        (turn(0, 8), [turn(7, 16)], "already"),
        (turn(8, 8), [], "ends after"),
        (turn(-8, 0), [], "over"),
        (turn(0, 31 * 24), [], ""),
        (turn(0, 31 * 24 + 1), [], "31 days"),
        (turn(0, 8, rank=3), [], "first or second"),
    ],
)
def test_what_cannot_be_a_turn_is_said(entered, others, word):
    said = why_not_a_turn(entered, others=others, at=NOON)
    assert word in said if word else not said


@pytest.fixture
def enter(world):
    def enter(role="clinician", begins=0, ends=8, *, key=None, **more):
        with scoped(world.scope("site lead")) as scope:
            return people.enter_turn(
                scope,
                key=key or new_key(),
                account=world.staff["dawn", role].key,
                from_at=world.now + begins * HOUR,
                until_at=world.now + ends * HOUR,
                at=world.now,
                **more,
            )

    return enter


def on_duty(world, hours=1, site="dawn"):
    with scoped(world.scope("clinician", site)) as scope:
        return [t.account for t in people.on_duty(scope, at=world.now + hours * HOUR)]


@pytest.mark.django_db
def test_somebody_is_put_on_duty_once_however_often_the_page_is_sent(world, enter):
    key = new_key()
    enter(key=key, telephone="+49 30 123456")
    enter(key=key, telephone="+49 30 123456")
    assert on_duty(world) == [world.staff["dawn", "clinician"].key]
    with scoped(world.scope()):
        assert DutyTurn.objects.count() == 1
    assert on_duty(world, site="dusk") == []


@pytest.mark.django_db
def test_a_turn_that_has_begun_ends_now_and_one_that_has_not_is_taken_back(world, enter):
    begun, ahead = enter(begins=-1, ends=8), enter(begins=10, ends=12)
    with scoped(world.scope("site lead")) as scope:
        key = new_key()
        for _ in range(2):
            people.end_turn(scope, key=key, turn=begun.key, at=world.now)
        people.end_turn(scope, key=new_key(), turn=ahead.key, at=world.now)
        with pytest.raises(people.NotATurn):
            people.end_turn(scope, key=new_key(), turn=ahead.key, at=world.now)
    assert on_duty(world, -0.5) == [world.staff["dawn", "clinician"].key]
    assert on_duty(world, 0) == on_duty(world, 11) == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("role", "more", "field"),
    [
        ("nurse", {}, "account"),
        ("clinician", {"telephone": "call me"}, "telephone"),
        ("clinician", {"ends": -1}, "until_at"),
    ],
)
def test_a_turn_that_cannot_be_is_refused_beside_its_field(world, enter, role, more, field):
    with pytest.raises(people.NotATurn) as refused:
        enter(role, **more)
    assert refused.value.field == field
    assert on_duty(world) == []


def said(world, **more):
    local = "%Y-%m-%dT%H:%M"
    return {
        "key": str(new_key()),
        "account": str(world.staff["dawn", "clinician"].key),
        "from_at": (world.now - HOUR).strftime(local),
        "until_at": (world.now + 48 * HOUR).strftime(local),
        "rank": "1",
        "telephone": "",
        **more,
    }


@pytest.mark.django_db
def test_the_site_lead_writes_the_roster_and_everybody_reads_it(world, as_role):
    lead, nurse = as_role("site lead"), as_role("nurse")
    page, add = (reverse(f"people:{name}", kwargs={"site": "dawn"}) for name in ("duty", "add_turn"))
    assert b"Nobody is on duty." in lead.get(page).content
    assert lead.post(add, said(world)).status_code == 302
    assert b"Clara Okafor is on duty until" in nurse.get(page).content
    assert b"Put on duty" not in nurse.get(page).content
    assert nurse.post(add, said(world)).status_code == 403
    assert as_role("site lead", "dusk").get(page).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize(
    "wrong",
    [
        {"account": ""},
        {"account": "nobody"},
        {"from_at": "soon"},
        {"until_at": "2020-01-01T08:00"},
        {"rank": "9"},
        {"telephone": "x" * 300},
        {"key": "7"},
    ],
)
def test_a_wrong_form_is_kept_and_nothing_is_stored(world, as_role, wrong):
    answer = as_role("site lead").post(reverse("people:add_turn", kwargs={"site": "dawn"}), said(world, **wrong))
    assert answer.status_code == 422
    with scoped(world.scope()):
        assert not DutyTurn.objects.exists()


@pytest.mark.django_db
def test_a_turn_is_ended_on_the_page(world, as_role, enter):
    lead, begun = as_role("site lead"), enter(begins=-1)
    end = reverse("people:end_turn", kwargs={"site": "dawn", "turn": begun.key})
    assert lead.post(end, {}).status_code == 422
    assert lead.post(end, {"key": str(new_key())}).status_code == 302
    assert lead.post(end, {"key": str(new_key())}).status_code == 422
