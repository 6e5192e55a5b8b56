"""Every pair of colours that is read together can be read: WCAG 2.2, 4.5 for text and 3 for edges."""

import pytest

from daybreak.design.palette import contrast, palette

TEXT = [
    *((words, ground) for words in ("ink", "ink-quiet") for ground in ("paper", "panel", "sunken")),
    *((words, ground) for words in ("blue", "dawn", "good", "violet") for ground in ("paper", "panel")),
    *((words, f"{words}-wash") for words in ("blue", "dawn", "good", "violet")),
    *((f"on-{ground}", ground) for ground in ("blue", "dawn", "good", "violet")),
    *((f"on-alarm-{priority}", f"alarm-{priority}") for priority in ("high", "medium", "low")),
    *(("ink", f"{ground}-wash") for ground in ("blue", "dawn", "good", "violet")),
    ("grey", "panel"),
    ("on-rail", "rail"),
    ("on-rail-quiet", "rail"),
    ("on-rail", "rail-current"),
]
EDGES = [("edge", "paper"), ("edge", "panel")]
SAID = {
    "ink": "#14213a",
    "ink-quiet": "#51607a",
    "paper": "#fbfaf7",
    "panel": "#ffffff",
    "line": "#e1e3e8",
    "blue": "#2b5d8a",
    "dawn": "#b14a22",
    "good": "#2e7d5b",
    "violet": "#6b4e9b",
    "alarm-high": "#c8102e",
    "alarm-medium": "#f2b200",
    "alarm-low": "#009ca6",
}


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("words", "ground"), TEXT)
def test_text_can_be_read(theme: str, words: str, ground: str) -> None:
    colours = palette(theme)

    assert contrast(colours[words], colours[ground]) >= 4.5


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("edge", "ground"), EDGES)
def test_an_edge_can_be_seen(theme: str, edge: str, ground: str) -> None:
    colours = palette(theme)

    assert contrast(colours[edge], colours[ground]) >= 3.0


def test_the_colours_are_those_of_the_character() -> None:
    assert SAID.items() <= palette("light").items()


def test_both_themes_name_the_same_colours() -> None:
    assert palette("light").keys() == palette("dark").keys()


def test_black_on_white_is_twenty_one() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21.0)
