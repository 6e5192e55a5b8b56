"""What is published of the team of a session: counts of credentials, and nobody of the staff."""

from datetime import timedelta
from importlib.resources import files
from uuid import UUID

import pytest
from django.db import connections

from daybreak.kernel.moments import day_of
from daybreak.kernel.scope import scoped
from daybreak.people.public import site_named
from daybreak.treat import public as treat
from tests.rooms.treat.stage import planned

pytestmark = pytest.mark.django_db


def published(stage):
    """Return the rows of the view, by role and credential."""
    with scoped(stage.scope("clinician")), connections["default"].cursor() as cursor:
        cursor.execute((files("daybreak.treat") / "published" / "credentials.sql").read_text())
        names = [column.name for column in cursor.description]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return {(row["role"], row["credential"]): row for row in rows}


def test_who_was_present_is_counted_by_the_credential_that_held_on_the_day(world):
    stage = planned(world).started()
    today = day_of(stage.now, site_named("dawn").time_zone)
    world.credential("nurse", "old_licence", issued_on=today - timedelta(days=900), expires_on=today)
    world.credential("nurse", "new_licence", issued_on=today - timedelta(days=9), expires_on=today + timedelta(days=1))

    found = published(stage)

    assert (found["nurse", "new_licence"]["present"], found["nurse", "new_licence"]["holding"]) == (1, 1)
    assert ("nurse", "old_licence") not in found
    assert found["physician_in_charge", "acls"]["holding"] == 1
    assert {row["session_key"] for row in found.values()} == {stage.session}
    staff = {account.key for account in world.staff.values()}
    assert not staff & {value for row in found.values() for value in row.values() if isinstance(value, UUID)}


def test_who_left_the_role_is_not_counted(world):
    stage = planned(world).started()
    before = published(stage)
    stage.step(treat.name_member, account=world.staff["dawn", "nurse"].key, role="nurse", present=False)

    assert any(role == "nurse" for role, _ in before)
    assert not any(role == "nurse" for role, _ in published(stage))


def test_a_session_that_was_not_started_has_no_row(world):
    assert published(planned(world).prepared()) == {}
