"""Who is told of a serious event: the shipped examples hold, and a definition that leaves somebody untold is named."""

import pytest

from daybreak.rulebook.public import check
from tests.rooms.rulebook.planting import copied, plant

HOUSE = "reporting/house/1.toml"


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("within_hours = 24", "within_hours = 48", "owed are"),
        (', "important_medical_event"]', "]", "no notice is “of” important_medical_event"),
        ('id = "safety_board"', 'id = "site_lead_at_once"', "an id of its own"),
        ("within_hours = 168", "within_hours = 0", "0 is too low"),
        ('"birth_defect", ', '"bad_luck", ', "bad_luck"),
    ],
)
def test_a_definition_that_does_not_hold_is_named(tmp_path, old, new, words):
    folder = copied(tmp_path)
    plant(folder, HOUSE, old, new)
    errors = [fault.message for fault in check(folder).errors]
    assert any(words in message for message in errors), errors
