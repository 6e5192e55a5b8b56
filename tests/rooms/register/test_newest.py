"""Which snapshot is looked at when none is named: the newest of this house's people, never of invented ones."""

from datetime import timedelta

import pytest

from daybreak.kernel.keys import new_key
from daybreak.kernel.scope import scoped
from daybreak.register.actions import create_cohort, create_snapshot
from daybreak.register.queries import NoSuchSnapshot, newest_frozen
from daybreak.register.synthetic.recipe import recipe
from daybreak.watch.public import NotAReview, NothingFrozen, decide_on_signal, newest, over_time, waiting
from tests.rooms.register.house import House


def test_an_invented_cohort_is_never_taken_for_the_newest_snapshot(house: House) -> None:
    cohort, _ = create_cohort(recipe(persons=300, seed=5), actor=None, at=house.now + timedelta(days=1))
    with pytest.raises(NothingFrozen):
        newest(synthetic=True)
    with pytest.raises(NoSuchSnapshot, match="no snapshot yet"):
        newest_frozen()

    made = create_snapshot(actor=None, at=house.now)

    assert newest(synthetic=True) == newest_frozen().id == made.id
    with pytest.raises(NothingFrozen):
        newest(synthetic=False)
    centre = house.sign_in("safety board member", "centre")
    assert f"<dd>{made.id}," in centre.get("/at/centre/watch/").content.decode()
    assert cohort.id not in centre.get("/at/centre/board/").content.decode()
    asked_for = centre.get(f"/at/centre/watch/?snapshot={cohort.id}").content.decode()
    assert "An invented cohort" in asked_for
    assert "wait for a decision" not in asked_for


def test_nothing_is_decided_about_an_invented_cohort(house: House) -> None:
    cohort, _ = create_cohort(recipe(persons=300, seed=8), actor=None, at=house.now)
    found = over_time(cohort.id)
    assert waiting(found), "the cohort has a site that is monitored poorly"
    scope = house.world.scope("safety board member", "centre")

    with scoped(scope), pytest.raises(NotAReview, match="frozen from sites of this kind"):
        decide_on_signal(
            scope,
            key=new_key(),
            snapshot=cohort.id,
            signal=waiting(found)[0].key,
            decision="explained",
            reason="It is invented.",
            at=house.now,
        )


def test_a_real_site_sees_nothing_synthetic(house: House) -> None:
    made = create_snapshot(actor=None, at=house.now)
    house.sql("UPDATE people_site SET synthetic = false")
    try:
        client = house.sign_in("data manager", "centre")
        assert client.get(f"/at/centre/watch/?snapshot={made.id}").status_code == 404
        assert "No snapshot of the register was frozen yet" in client.get("/at/centre/watch/").content.decode()
    finally:
        house.sql("UPDATE people_site SET synthetic = true")
