"""Who and what must be there: a role at its number and below it, an item open, and what a site may not loosen."""

import pytest

from daybreak.rulebook.presence import Equipment, TeamRole, items_missing, roles_missing
from daybreak.rulebook.stricter import looser_role

SITE = {"source": "site", "reference": "own"}


def role(name: str = "nurse", **more: object) -> TeamRole:
    return TeamRole(id=name, **SITE, **more)


@pytest.mark.parametrize(
    ("present", "missing"),
    [
        ((), ("physician_in_charge", "nurse")),
        (("nurse",), ("physician_in_charge", "nurse")),
        (("nurse", "nurse"), ("physician_in_charge",)),
        (("physician_in_charge", "nurse", "nurse"), ()),
        (("physician_in_charge", "anaesthetist"), ("nurse",)),
    ],
)
def test_a_role_is_missing_below_its_number(present, missing):
    assert roles_missing((role("physician_in_charge"), role(at_least=2)), present) == missing


@pytest.mark.parametrize(
    ("confirmed", "missing"), [((), ("oxygen", "pump")), (("pump",), ("oxygen",)), (("oxygen", "pump", "tea"), ())]
)
def test_an_item_is_missing_until_it_is_confirmed(confirmed, missing):
    listed = tuple(Equipment(id=name, title=name, **SITE) for name in ("oxygen", "pump"))
    assert items_missing(listed, confirmed) == missing


@pytest.mark.parametrize(
    ("new", "loosens"),
    [
        ({"at_least": 2, "certified_in": ("acls", "schedule_iii"), "alone_after": 5}, ""),
        ({"at_least": 3, "certified_in": ("acls", "schedule_iii", "conscious_sedation"), "alone_after": 6}, ""),
        ({"at_least": 1, "certified_in": ("acls", "schedule_iii"), "alone_after": 5}, "fewer than 2"),
        ({"at_least": 2, "certified_in": ("acls",), "alone_after": 5}, "schedule_iii"),
        ({"at_least": 2, "certified_in": ("acls", "schedule_iii"), "alone_after": 4}, "alone before 5"),
        ({"at_least": 2, "certified_in": ("acls", "schedule_iii")}, "alone before 5"),
    ],
)  # fmt: skip
def test_a_site_may_ask_for_more_people_and_papers_never_for_fewer(new, loosens):
    shared = role(at_least=2, certified_in=("acls", "schedule_iii"), alone_after=5)
    found = " ".join(looser_role(shared, role(**new)))
    assert (loosens in found) if loosens else found == ""


def test_a_role_or_a_certificate_outside_the_list_is_refused():
    for wrong in ({"id": "king"}, {"id": "nurse", "certified_in": ("juggling",)}, {"id": "nurse", "at_least": 0}):
        with pytest.raises(ValueError, match="Input should be"):
            TeamRole(**SITE, **wrong)
