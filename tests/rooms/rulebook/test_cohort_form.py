"""A cohort's file: what is wrong in it is named with its line."""

import pytest

from daybreak.rulebook.public import check
from tests.rooms.rulebook.planting import copied, plant

FILE = "cohorts/orka1_induction/1.toml"


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('instrument = "phq9"', 'instrument = "phq_9"', "there is no active instrument “phq_9”"),
        ('score = "total"', 'score = "totl"', "has no score “totl”; did you mean “total”?"),
        ("below = 5", "below = 5\nafter_days = 7", "still_well alone takes after_days"),
        ("after_days = 28\n", "", "still_well alone takes after_days"),
        ("sessions_at_most = 8", "sessions_at_most = 3", "sessions_at_least is not above sessions_at_most"),
        ("fall_percent = 50", "fall_percent = 40", "about one fall_percent"),
        ('id = "remission"', 'id = "response"', "each line has an id of its own"),
        ('because = "too_short"', 'because = "too_shrt"', "because is one of"),
        ("below = 5", "below = 6", "example “5 is not”: remission is met"),
        ("sessions_at_least = 4", "sessions_at_least = 3", "it is in the cohort, not left out as too_few_infusions"),
        ("until_day = 31", "until_day = 30", "it is left out as no_outcome, not in the cohort"),
    ],
)
def test_a_fault_is_named(tmp_path, old, new, sentence):
    folder = copied(tmp_path)
    plant(folder, FILE, old, new)

    faults = [fault for fault in check(folder).errors if fault.file.endswith(FILE)]

    assert any(sentence.rstrip("?") in fault.message for fault in faults), [fault.message for fault in faults]
