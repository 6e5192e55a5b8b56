"""Days and moments as people type them: what nobody can mean is said, and nothing else is refused."""

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import ValidationError

from daybreak.design.public import Day, Moment
from daybreak.kernel.moments import NoSuchTime, at_clock
from tests.architecture.test_floor_plan import SOURCE

TWICE = "The clocks went back and showed this time twice: say which of the two is meant."


def said(field, typed):
    try:
        return field.clean(typed)
    except ValidationError as refusal:
        return refusal.messages[0]


def moment(zone):
    field = Moment()
    field.zone = zone
    return field


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("2026-11-14", date(2026, 11, 14)),
        ("2028-02-29", date(2028, 2, 29)),
        ("1900-01-01", date(1900, 1, 1)),
        ("2099-12-31", date(2099, 12, 31)),
        ("0001-01-01", "The year 1 cannot be meant: check the day."),
        ("1899-12-31", "The year 1899 cannot be meant: check the day."),
        ("2100-01-01", "The year 2100 cannot be meant: check the day."),
        ("9999-12-31", "The year 9999 cannot be meant: check the day."),
        ("2026-02-29", "This is not a date. An example is 2026-11-14."),
        ("02/03/2026", "This is not a date. An example is 2026-11-14."),  # February or March
        ("99999-01-01", "This is not a date. An example is 2026-11-14."),
        ("", "This field is required."),
    ],
)
def test_a_day_is_taken_or_answered_with_what_is_wrong(typed, answer):
    assert said(Day(), typed) == answer


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("2026-07-01T14:05", datetime(2026, 7, 1, 12, 5, tzinfo=UTC)),
        ("2026-03-29T01:59", datetime(2026, 3, 29, 0, 59, tzinfo=UTC)),
        ("2026-03-29T02:00", "The clocks went forward over this time: it never came. Check the hour."),
        ("2026-03-29T02:59", "The clocks went forward over this time: it never came. Check the hour."),
        ("2026-03-29T03:00", datetime(2026, 3, 29, 1, 0, tzinfo=UTC)),
        ("2026-10-25T01:59", datetime(2026, 10, 24, 23, 59, tzinfo=UTC)),
        ("2026-10-25T02:00", TWICE),
        ("2026-10-25T02:59", TWICE),
        ("2026-10-25T02:30|first", datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        ("2026-10-25T02:30|second", datetime(2026, 10, 25, 1, 30, tzinfo=UTC)),
        ("2026-10-25T03:00", datetime(2026, 10, 25, 2, 0, tzinfo=UTC)),
        ("0001-01-01T00:00", "The year 1 cannot be meant: check the day."),
        ("9999-12-31T23:59", "The year 9999 cannot be meant: check the day."),
        ("2027-02-29T10:00", "This is not a day and time. An example is 2026-11-14T08:00."),
        ("2026-07-01T25:00", "This is not a day and time. An example is 2026-11-14T08:00."),
        ("1", "This is not a day and time. An example is 2026-11-14T08:00."),
    ],
)
def test_a_moment_is_taken_by_the_clocks_of_its_zone_or_answered_with_what_is_wrong(typed, answer):
    assert said(moment("Europe/Berlin"), typed) == answer


def test_a_time_that_one_zone_left_out_came_in_another():
    assert said(moment("America/New_York"), "2026-03-29T02:30") == datetime(2026, 3, 29, 6, 30, tzinfo=UTC)
    with pytest.raises(NoSuchTime):
        at_clock(datetime(2026, 3, 8, 2, 30, tzinfo=UTC), "America/New_York")


def test_what_is_left_empty_stays_empty_where_it_may():
    assert (Day(required=False).clean(""), Moment(required=False).clean("")) == (None, None)


def test_no_form_has_a_day_or_a_moment_of_its_own():
    own = ("forms.DateField(", "forms.DateTimeField(", "forms.DateInput(", "forms.DateTimeInput(")
    found = [
        str(path.relative_to(SOURCE))
        for path in SOURCE.rglob("*.py")
        if any(word in path.read_text(encoding="utf-8") for word in own)
    ]
    assert found == ["design/forms.py"]
