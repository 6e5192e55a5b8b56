"""How far a freeze is, seen from another request."""

from daybreak.register.actions import create_snapshot
from daybreak.register.queries import under_way
from daybreak.register.tables import TABLES
from tests.rooms.register.house import House

ADDRESS = "/at/centre/register/progress/"


def test_a_freeze_says_how_many_tables_are_begun_and_nothing_once_it_is_done(house: House) -> None:
    centre, seen = house.sign_in("data manager", "centre"), []

    create_snapshot(actor=None, at=house.now, progress=lambda *_: seen.append(centre.get(ADDRESS).json()))

    assert [each["done"] for each in seen] == list(range(len(TABLES) + 1))
    assert {each["of"] for each in seen} == {len(TABLES)}
    assert under_way() is None
    assert centre.get(ADDRESS).json()["done"] is None


def test_the_button_waits_while_a_snapshot_is_being_made(house: House) -> None:
    centre, pages = house.sign_in("data manager", "centre"), []

    create_snapshot(actor=None, at=house.now, progress=lambda *_: pages.append(centre.get("/at/centre/register/").text))

    assert "disabled" in pages[0]
    assert f"0 of {len(TABLES)} tables" in pages[0]
    assert "disabled" not in centre.get("/at/centre/register/").text


def test_the_centre_treats_nobody_and_has_no_column(house: House) -> None:
    made = create_snapshot(actor=None, at=house.now)
    page = house.sign_in("data manager", "centre").get(f"/at/centre/register/snapshot/{made.id}/").text
    assert '<th scope="col" class="number">dawn</th>' in page
    assert '<th scope="col" class="number">centre</th>' not in page
