"""Dates and numbers as people read them."""

import datetime
from decimal import Decimal

import pytest

from daybreak.design.public import ago, day, moment, number, percent

UTC = datetime.UTC
AT = datetime.datetime(2026, 2, 3, 13, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "words"),
    [
        ("UTC", "Tue 3 Feb, 13:05"),
        ("Europe/Berlin", "Tue 3 Feb, 14:05"),
        ("Pacific/Auckland", "Wed 4 Feb, 02:05"),
    ],
)
def test_a_moment_is_shown_in_the_zone_of_the_site(zone: str, words: str) -> None:
    assert moment(AT, zone) == words


def test_a_moment_may_say_its_year() -> None:
    assert moment(AT, "UTC", year=True) == "Tue 3 Feb 2026, 13:05"


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        moment(AT.replace(tzinfo=None), "UTC")


def test_the_day_of_a_moment_depends_on_the_zone() -> None:
    assert day(AT, "Pacific/Auckland") == "Wed 4 Feb 2026"
    assert day(datetime.date(2026, 2, 3)) == "Tue 3 Feb 2026"
    with pytest.raises(ValueError, match="zone"):
        day(AT)


@pytest.mark.parametrize(
    ("value", "places", "words"),
    [
        (0, None, "0"),
        (1234, None, "1234"),
        (12345, None, "12,345"),
        (Decimal("0.5"), 2, "0.50"),
        (36.25, 1, "36.3"),
    ],
)
def test_numbers(value: float, places: int | None, words: str) -> None:
    assert number(value, places) == words


@pytest.mark.parametrize("value", [None, "12", True])
def test_what_is_not_a_number_is_refused(value: object) -> None:
    with pytest.raises(TypeError):
        number(value)  # the type checker would refuse it too


def test_a_share_is_a_percentage() -> None:
    assert percent(0.414) == "41 %"


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (0.0, "just now"),
        (1.0, "1 day ago"),
        (3.5, "3 days ago"),
        (-12.0, "in 12 days"),
        (400.0, "1 year ago"),
    ],
)
def test_how_long_ago(days: float, words: str) -> None:
    assert ago(AT - datetime.timedelta(days=days), AT) == words
