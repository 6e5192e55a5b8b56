"""Long-term checks stand beside the exposure at that time, and say what got worse."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from importlib.resources import files

import pytest
from django.db import connections
from django.urls import reverse

from daybreak.follow_up.queries.long_term import long_term
from daybreak.follow_up.rules.exposure import Exposure, Given, exposure_at
from daybreak.kernel.keys import new_key
from daybreak.kernel.scope import scoped
from daybreak.kernel.truth import Truth
from daybreak.measure.public import NewLabResult, library, record_answers, record_lab_result
from tests.rooms.follow_up.phone import after_a_session

FIRST = datetime(2026, 3, 1, 9, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (-0.1, Exposure(0, Decimal(0), 0, 0)),
        (0, Exposure(1, Decimal(35), 1, 0)),
        (3, Exposure(2, Decimal("75.5"), 2, 0)),
        (10, Exposure(3, Decimal("75.5"), 3, 1)),
        (28, Exposure(3, Decimal("75.5"), 2, 1)),
        (40, Exposure(3, Decimal("75.5"), 0, 1)),
    ],
)
def test_exposure_is_counted_by_the_moment_and_says_what_it_does_not_know(days, expected):
    given = [
        Given(FIRST, Decimal(35)), Given(FIRST + 3 * DAY, Decimal("40.5")), Given(FIRST + 10 * DAY, None),
    ]  # fmt: skip
    assert exposure_at(given, FIRST + days * DAY) == expected


@pytest.mark.django_db
def test_each_check_has_the_exposure_of_its_moment(world, as_role):
    stage = after_a_session(world)
    items = {item.id: 0 for item in library().instrument("long_term_effects").items}
    with scoped(world.scope("coordinator")) as scope:
        for at, value in ((world.now - 30 * DAY, 0), (world.now, 3)):
            record_answers(
                scope, key=new_key(), patient=stage.patient, instrument="long_term_effects",
                answers=items | {"urge": value}, answered_at=at, by="patient",
            )  # fmt: skip
        record_lab_result(
            scope,
            NewLabResult(
                key=new_key(), patient=stage.patient, test="lab_urine_opioids", finding="negative",
                collected_at=world.now - DAY,
            ),
        )  # fmt: skip
        found = long_term(scope, stage.patient, at=world.now)
        with connections["default"].cursor() as cursor:
            view = (files("daybreak.follow_up") / "published" / "checks.sql").read_text()
            cursor.execute(f"SELECT checked, value, finding FROM ({view}) v ORDER BY checked_at, checked")
            published = cursor.fetchall()
    assert published == [
        ("bladder", 0, None), ("cognition", 0, None), ("craving", 0, None), ("lab_urine_opioids", None, "negative"),
        ("bladder", 3, None), ("cognition", 0, None), ("craving", 0, None),
    ]  # fmt: skip
    assert [(exposure.sessions, values["long_term_effects", "bladder"]) for _, exposure, values in found.checks] == [
        (1, 3),
        (0, 0),
    ]
    assert [each.worse.truth for each in found.series if each.score == "bladder"] == [Truth.MET]
    address = reverse("follow_up:long_term", kwargs={"site": "dawn", "patient": stage.patient})
    text = as_role("coordinator").get(address).content.decode()
    assert "The score rose by 3 since 0" in text
    assert "Urine toxicology, opioids" in text
    assert as_role("nurse").get(address).status_code == 403
    assert as_role("coordinator", "dusk").get(address).status_code == 404
