"""Tables that are told to anybody: made at the freeze, without a site, and not again while too few have come."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client, override_settings

from daybreak.register.actions import create_snapshot
from daybreak.register.disclosing.actions import could_be_small
from daybreak.register.disclosing.policy import disclosure_policy
from daybreak.register.disclosing.queries import tables_told
from daybreak.register.models import PublicTable
from tests.rooms.register.house import House


@pytest.fixture(scope="module")
def home(house: House, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Forty people at two sites, two of them men."""
    for number in range(40):
        house.person(("dawn", "dusk")[number % 2], sex="male" if number < 2 else "female")
    folder = tmp_path_factory.mktemp("snapshots")
    with override_settings(DAYBREAK_SNAPSHOTS=folder):
        yield folder


def test_tables_are_made_at_the_freeze_and_told_again_once_enough_have_come(house: House, home: Path) -> None:
    with override_settings(DAYBREAK_SNAPSHOTS=home):
        create_snapshot(actor=None, at=house.now)
        first = {each.id: each for each in tables_told(synthetic=True)}
        assert dict(first["people_by_route"].rows)[""] == (40,)
        men = [row for table in first.values() for row in table.rows if table.heads[:1] == ("female",)]
        assert all(numbers[1] in (None, 0) for _, numbers in men), "two men are told nowhere"
        assert not any(number and 0 < number < 10 for _, numbers in men for number in numbers)

        for _ in range(5):
            house.person("dawn")
        create_snapshot(actor=None, at=house.now + timedelta(minutes=1))
        again = {each.id: each for each in tables_told(synthetic=True)}
        assert again["people_by_route"].rows == first["people_by_route"].rows, "45 less 40 would tell of five people"
        assert "fewer than 11 people" in again["people_by_route"].refused

        for _ in range(15):
            house.person("dawn")
        create_snapshot(actor=None, at=house.now + timedelta(minutes=2))
        later = {each.id: each for each in tables_told(synthetic=True)}
        assert dict(later["people_by_route"].rows)[""] == (60,)
        assert not later["people_by_route"].refused
        assert tables_told(synthetic=False)[0].rows == (), "invented people are no figures of real ones"

    public = Client().get("/figures/")
    lead = house.sign_in("site lead", "dawn").get("/at/dawn/register/told/")
    for page in (public.content.decode(), lead.content.decode()):
        assert "People in the register, by age and sex" in page
        assert "Dusk" not in page
        assert "dusk" not in page
    assert "every person is invented" in public.content.decode()
    assert house.sign_in("nurse", "dawn").get("/at/dawn/register/told/").status_code == 403
    assert not PublicTable.objects.filter(cells__contains=[2]).exists()


@pytest.mark.parametrize(
    ("number", "earlier", "small"),
    [(45, 40, True), (40, 45, True), (40, 40, False), (50, 40, True), (40, 50, True), (55, 40, False), (60, 40, False)],
)
def test_when_a_difference_could_be_a_small_group(number: int, earlier: int, small: bool) -> None:
    assert could_be_small(number, earlier, disclosure_policy()) is small
