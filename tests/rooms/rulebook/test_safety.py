"""How a patient's call is passed on: the shipped examples hold at each boundary, and a wrong one is named."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from daybreak.rulebook.public import DatedScore, Library, check, sharp_worsening, shipped_folder
from tests.rooms.rulebook.planting import copied, plant

HOUSE = "safety/house/1.toml"
NOON = datetime(2026, 1, 15, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("after_minutes = 30\n", "after_minutes = 29\n", "asked are clinician"),
        ("now = 12\nsharp = false", "now = 12\nsharp = true", "it is not sharp"),
        ('priority = "low"\nevery', 'priority = "high"\nevery', "says once who is asked"),
        ("rises_by = 5", "rises_by = 0", "0 is too low"),
    ],
)
def test_a_definition_that_does_not_hold_is_named(tmp_path, old, new, words):
    folder = copied(tmp_path)
    plant(folder, HOUSE, old, new)
    errors = [fault.message for fault in check(folder).errors]
    assert any(words in message for message in errors), errors


def test_a_score_is_held_against_the_last_one_and_never_against_a_later_or_the_same():
    safety = Library.load(shipped_folder()).safety("house")

    def scored(value: int, days: int) -> DatedScore:
        return DatedScore(Decimal(value), NOON + timedelta(days=days))

    now = scored(13, 0)
    assert sharp_worsening(safety, "phq9", score=now, earlier=[scored(2, -14), scored(9, -7)]) is None
    assert sharp_worsening(safety, "phq9", score=now, earlier=[scored(9, -14), scored(8, -7), scored(20, 1), now])
