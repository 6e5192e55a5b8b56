"""How far a freeze is, seen from another request."""

import fcntl
from pathlib import Path

import pytest

from daybreak.register.actions import FreezeUnderWay, create_snapshot
from daybreak.register.queries import LOCK, MAKING, under_way
from tests.rooms.register.house import House

ADDRESS = "/at/centre/register/progress/"


@pytest.fixture(autouse=True)
def one_at_a_time(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Three people, frozen one by one."""
    monkeypatch.setattr("daybreak.register.portions.MOST", 1)
    if not house.sql("SELECT 1 FROM stand_in.consent_registry"):
        for site in ("dawn", "dawn", "dusk"):
            house.person(site)


def test_a_freeze_says_of_how_many_people_it_is_done_and_nothing_once_it_is_done(house: House) -> None:
    centre, seen = house.sign_in("data manager", "centre"), []

    create_snapshot(actor=None, at=house.now, progress=lambda *_: seen.append(centre.get(ADDRESS).json()))

    assert [(each["done"], each["of"]) for each in seen] == [(0, 3), (1, 3), (2, 3), (3, 3)]
    assert under_way() is None
    assert centre.get(ADDRESS).json()["done"] is None


def test_the_button_waits_while_a_snapshot_is_being_made(house: House) -> None:
    centre, pages = house.sign_in("data manager", "centre"), []

    create_snapshot(actor=None, at=house.now, progress=lambda *_: pages.append(centre.get("/at/centre/register/").text))

    assert "disabled" in pages[1]
    assert "1 of 3 people" in pages[1]
    assert "disabled" not in centre.get("/at/centre/register/").text


def test_nobody_else_freezes_meanwhile(house: House) -> None:
    def again(*_: object) -> None:
        with pytest.raises(FreezeUnderWay):
            create_snapshot(actor=None, at=house.now)

    assert create_snapshot(actor=None, at=house.now, progress=again).rows["person"] == 3


def test_what_a_killed_freeze_left_is_not_under_way_and_goes_with_the_next_one(house: House, folder: Path) -> None:
    half = folder / f"{MAKING}20270131-halfof"
    (half / "person" / "site=dawn").mkdir(parents=True)
    (half / "person" / "site=dawn" / "rows.parquet").write_bytes(b"PAR1")
    with (folder / LOCK).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        lock.write("1 3")

    assert under_way() is None
    assert "disabled" not in house.sign_in("data manager", "centre").get("/at/centre/register/").text
    create_snapshot(actor=None, at=house.now)
    assert not half.exists()


def test_the_centre_treats_nobody_and_has_no_column(house: House) -> None:
    made = create_snapshot(actor=None, at=house.now)
    page = house.sign_in("data manager", "centre").get(f"/at/centre/register/snapshot/{made.id}/").text
    assert '<th scope="col" class="number">dawn</th>' in page
    assert '<th scope="col" class="number">centre</th>' not in page
