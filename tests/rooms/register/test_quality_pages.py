"""A clinic's own report on its data: who opens it, what it says, and what it does not say of others."""

from datetime import timedelta
from uuid import UUID

import pytest

from daybreak.register.actions import create_snapshot
from tests.rooms.register.house import House

READERS = ("site lead", "analyst", "data manager", "safety board member")


def treated(house: House, site: str = "dawn", *, scored: int | None = 18, weight: int | None = 71) -> UUID:
    """Treat somebody once, with a PHQ-9 before or without one."""
    person, at = house.person(site), house.now - timedelta(days=60)
    course = house.course(person, site, opened_at=at)
    house.add(
        "treat_sessions", site=site, key=course, patient_key=person, course_key=course, number=1, state="discharged",
        started_at=at, ended_at=at + timedelta(minutes=40), route="intravenous", dose_mg=35, weight_kg=weight,
    )  # fmt: skip
    if scored is not None:
        house.score(person, scored, site, at=at - timedelta(days=1))
    return person


@pytest.mark.parametrize("site", ["dawn", "centre"])
def test_nothing_frozen_is_a_sentence(house: House, site: str) -> None:
    page = house.sign_in("data manager", site).get(f"/at/{site}/register/quality/")
    assert page.status_code == 200
    assert "No snapshot of the register was frozen yet." in page.content.decode()


def test_a_lead_reads_what_is_good_what_to_mend_and_how_it_has_moved(house: House) -> None:
    for number in range(4):
        treated(house, weight=71 if number else None)
    create_snapshot(actor=None, at=house.now)
    for _ in range(4):
        treated(house)
    newest = create_snapshot(actor=None, at=house.now + timedelta(days=1))

    page = house.sign_in("site lead", "dawn").get("/at/dawn/register/quality/").content.decode()

    assert "A session was discharged without a weight of that day. This is so of 1." in page
    assert "7 of 8, 88\u00a0%" in page
    assert "13 points more than on" in page, "3 of 4 in the snapshot before"
    assert "There is a PHQ-9 before the first dose" in page
    assert "8 of 8, 100\u00a0%" in page
    assert f"daybreak quality run {newest.id} --site dawn --json" in page
    assert "Dusk" not in page


def test_who_may_open_it_and_whose_data_they_see(house: House) -> None:
    treated(house, "dusk")
    create_snapshot(actor=None, at=house.now + timedelta(days=2))  # the one before lies in no folder here
    for role in READERS:
        assert house.sign_in(role, "dawn").get("/at/dawn/register/quality/").status_code == 200, role
    assert house.sign_in("nurse", "dawn").get("/at/dawn/register/quality/").status_code == 403
    assert house.sign_in("site lead", "dusk").get("/at/dawn/register/quality/").status_code == 404
    lead = house.sign_in("site lead", "dawn")
    assert lead.get("/at/dawn/register/quality/?of=dusk").status_code == 404, "another clinic does not exist here"
    assert lead.get("/at/dawn/register/quality/?snapshot=20200101-none").status_code == 404
    centre = house.sign_in("data manager", "centre")
    every = centre.get("/at/centre/register/quality/").content.decode()
    assert every.index("Dawn") < every.index("Dusk"), "by name, and not by how they do"
    assert "at Dusk" in centre.get("/at/centre/register/quality/?of=dusk").content.decode()
    assert centre.get("/at/centre/register/quality/?of=nowhere").status_code == 404
