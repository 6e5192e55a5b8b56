"""The hours of a site: each boundary, the change of the clocks, and words that are none."""

from datetime import UTC, datetime

import pytest

from daybreak.people.public import Hours, NotHours, hours_at, spans_of

WEEK = "mon-fri 08:00-17:00, sat 09:00-12:00"


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "is_open", "changes_at"),
    [
        (utc(2026, 1, 12, 6, 59), False, utc(2026, 1, 12, 7)),  # a Monday in Berlin, an hour ahead
        (utc(2026, 1, 12, 7), True, utc(2026, 1, 12, 16)),
        (utc(2026, 1, 12, 15, 59), True, utc(2026, 1, 12, 16)),
        (utc(2026, 1, 12, 16), False, utc(2026, 1, 13, 7)),
        (utc(2026, 1, 17, 11), False, utc(2026, 1, 19, 7)),  # Saturday noon: not again before Monday
        (utc(2026, 3, 28, 12), False, utc(2026, 3, 30, 6)),  # the clocks go forward on the Sunday between
    ],
)
def test_somebody_is_there_from_the_first_minute_up_to_the_last(at, is_open, changes_at):
    assert hours_at(WEEK, "Europe/Berlin", at) == Hours(is_open, changes_at)


def test_without_hours_nobody_is_said_to_be_there():
    assert hours_at("", "Europe/Berlin", utc(2026, 1, 12, 9)) == Hours(False, None)


@pytest.mark.parametrize(
    "text", ["always", "mon 8-17", "fri-mon 08:00-17:00", "mon 17:00-08:00", "mon 25:00-26:00", "mon-xyz 08:00-09:00"]
)
def test_words_that_are_no_hours_are_refused_with_a_sentence(text):
    with pytest.raises(NotHours, match=text.split(",")[0][:3]):
        spans_of(text)
