"""May this person take this role today, and if not, why and until when?"""

from datetime import date

import pytest

from daybreak.people.roles import ROLES, holds_on, permissions_of
from daybreak.people.rules import CredentialHeld, may_take_role

DAY = date(2026, 3, 1)
COURSE = CredentialHeld("course", date(2025, 1, 1), date(2027, 1, 1))


def acls(expires_on):
    return CredentialHeld("acls", date(2025, 1, 1), expires_on)


@pytest.mark.parametrize(
    ("held", "allowed", "words"),
    [
        ([COURSE, acls(date(2026, 3, 2))], True, None),
        ([COURSE, acls(date(2026, 3, 1))], False, "ACLS certificate expired on 1 March 2026"),
        ([COURSE, acls(None)], True, None),
        ([COURSE], False, "no ACLS certificate"),
        ([acls(None)], False, "no course certificate"),
        ([COURSE, CredentialHeld("acls", date(2026, 3, 2), None)], False, "no ACLS certificate"),
        ([], False, "no course certificate"),
    ],
)
def test_an_infusion_is_started_only_with_current_certificates(held, allowed, words):
    answer = may_take_role("start an infusion", held=held, on=DAY)
    assert answer.allowed is allowed
    assert words is None or words in answer.missing


def test_a_role_that_nobody_knows_is_refused():
    assert not may_take_role("fly a plane", held=[COURSE, acls(None)], on=DAY).allowed


@pytest.mark.parametrize(
    ("held", "until"),
    [
        ([acls(date(2026, 5, 1))], date(2026, 5, 1)),
        ([acls(date(2026, 5, 1)), acls(date(2026, 9, 1))], date(2026, 9, 1)),  # renewed before the old one ended
        ([acls(date(2026, 5, 1)), acls(None)], date(2027, 1, 1)),
        ([acls(date(2028, 5, 1))], date(2027, 1, 1)),  # the course ends first
        ([acls(date(2026, 2, 1))], None),
    ],
)
def test_the_answer_says_how_long_it_holds(held, until):
    assert may_take_role("start an infusion", held=[COURSE, *held], on=DAY).until == until


def test_a_role_without_a_list_gives_nothing_and_periods_are_half_open():
    assert permissions_of(frozenset({"stranger"})) == frozenset()
    assert holds_on(DAY, from_day=DAY, until_day=None)
    assert not holds_on(DAY, from_day=date(2026, 1, 1), until_day=DAY)
    assert set(ROLES) >= {"nurse", "clinician", "coordinator", "data manager"}
