"""Numbers as people type them: what is out of bounds is said in the words of the house."""

from decimal import Decimal

import pytest

from daybreak.design.public import Number, Whole
from tests.architecture.test_floor_plan import SOURCE
from tests.rooms.design.test_dates import said


@pytest.mark.parametrize(
    ("field", "typed", "answer"),
    [
        (Whole(min_value=1, max_value=24), "0", "This must be 1 or more."),
        (Whole(min_value=1, max_value=24), "1", 1),
        (Whole(min_value=1, max_value=24), "24", 24),
        (Whole(min_value=1, max_value=24), "25", "This must be 24 or less."),
        (Number(min_value=Decimal("0.001")), "0", "This must be 0.001 or more."),
        (Number(max_value=Decimal(1000)), "1000,5", "This must be 1000 or less."),
        (Number(max_value=Decimal(1000)), "999,5", Decimal("999.5")),
    ],
)
def test_a_number_is_taken_or_answered_with_its_bound(field, typed, answer):
    assert said(field, typed) == answer


def test_no_form_has_a_number_of_its_own():
    own = ("forms.IntegerField(", "forms.DecimalField(", "forms.FloatField(")
    texts = {path: path.read_text(encoding="utf-8") for path in SOURCE.rglob("*.py")}
    assert [path.name for path, text in texts.items() if any(word in text for word in own)] == []
