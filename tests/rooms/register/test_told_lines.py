"""A public report is checked, line by line, against every public report that was told before."""

from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256

import pytest

from daybreak.register.disclosing.lines import tell_lines
from daybreak.register.models import PublicTable, Snapshot
from daybreak.register.queries import NoSuchSnapshot
from tests.world.people import World

pytestmark = pytest.mark.django_db
QUARTER = "quarter 2026Q3"


@pytest.fixture
def told(world: World) -> Iterator[object]:
    """Return a function that freezes nothing but a name, tells a report of it, and returns the numbers of its lines and
    of which snapshot each is.
    """

    def tell(
        number: int, report: str = QUARTER, *, prefix: str = "2027010", synthetic: bool = True, **lines: object
    ) -> dict[str, tuple[object, int]]:
        name = f"{prefix}{number}-aaaaaa"
        Snapshot.objects.get_or_create(
            id=name,
            defaults={"fingerprint": sha256(name.encode()).hexdigest(), "created_at": world.now + timedelta(number),
                      "synthetic": synthetic, "rows": {}},
        )  # fmt: skip
        found = tell_lines(name, report, lines, at=world.now)
        return {line: (each.numbers, (each.frozen_at - world.now).days) for line, each in found.items()}

    return tell


def people(*numbers: int) -> list[tuple[int, int]]:
    return [(number, number) for number in numbers]


@pytest.mark.parametrize(
    ("before", "now", "told_now"),
    [
        (people(40), people(41), ((40,), 2)),
        (people(40), people(45), ((40,), 1)),
        (people(40), people(51), ((40,), 1)),
        (people(40), people(54), ((55,), 2)),
        (people(55), people(41), ((40,), 2)),
        (people(40, 80), people(80, 81), ((80, 80), 2)),
        (people(40, 80), people(80, 84), ((40, 80), 1)),
        (None, people(45), ((45,), 2)),
        (people(45), None, (None, 2)),
        ([(40, 20)], [(90, 22)], ((40,), 1)),
        ([(40, 20)], [(90, 34)], ((90,), 2)),
        ([(40, 20)], [(40, 24)], ((40,), 2)),
    ],
)
def test_a_line_stays_while_the_difference_could_be_of_few_people(told, before, now, told_now) -> None:
    told(1, line=before)
    assert told(2, line=now)["line"] == told_now


def test_it_is_checked_against_all_that_was_told_and_not_only_the_last(told) -> None:
    assert told(1, line=people(40))["line"] == ((40,), 1)
    assert told(2, line=people(60))["line"] == ((60,), 2)
    assert told(3, line=people(45))["line"] == ((60,), 2), "45 less the 40 of the first report"
    assert told(4, line=people(80))["line"] == ((80,), 4)


def test_a_snapshot_tells_the_same_for_ever_whatever_was_told_since(told) -> None:
    told(1, line=people(40))
    assert told(2, line=people(44), other=people(30))["line"] == ((40,), 1)
    told(3, line=people(100))
    assert told(2, line=people(70), other=people(30)) == {"line": ((40,), 1), "other": ((30,), 2)}
    assert PublicTable.objects.filter(table=QUARTER).count() == 3


def test_each_report_and_each_kind_of_people_stands_for_itself(told) -> None:
    told(1, line=people(40))
    assert told(2, "quarter 2026Q4", line=people(44))["line"] == ((45,), 2)
    assert told(3, line=people(44), synthetic=False)["line"] == ((45,), 3)


def test_invented_cohorts_are_nobodys_releases(told) -> None:
    assert told(1, line=people(40), prefix="cohort-")["line"] == ((40,), 1)
    assert told(2, line=people(44), prefix="cohort-")["line"] == ((45,), 2)
    assert told(3, line=people(44))["line"] == ((45,), 3)


def test_no_true_number_is_kept_and_an_unknown_snapshot_is_named(told, world) -> None:
    told(1, line=people(43), few=None)
    assert PublicTable.objects.get(table=QUARTER).cells == [["line", [[45, 45]]], ["few", None]]
    with pytest.raises(NoSuchSnapshot):
        tell_lines("nothing", QUARTER, {}, at=world.now)
