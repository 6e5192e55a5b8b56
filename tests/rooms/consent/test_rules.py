"""Whether a consent is in force, case by case."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daybreak.consent.rules import (
    Signed,
    State,
    is_a_drawing,
    is_own_name,
    seen_seconds,
    state_of,
    strokes_of,
)

AT = datetime(2026, 3, 1, tzinfo=UTC)


def signed(signer: str, hour: int, *, answer: str = "agreed", text: str = "a", version: int = 1) -> Signed:
    """Return a signature `hour` hours after AT."""
    return Signed(signer, answer, "t", version, text, "en", ("patient", "clinician"), AT + timedelta(hours=hour))


PATIENT, CLINICIAN = signed("patient", 1), signed("clinician", 2)


@pytest.mark.parametrize(
    ("said", "withdrawn", "renewed", "state"),
    [
        ([], [], None, State.NEVER_ASKED),
        ([PATIENT], [], None, State.WAITS),
        ([PATIENT, CLINICIAN], [], None, State.CURRENT),
        ([PATIENT, signed("clinician", 0)], [], None, State.WAITS),
        ([PATIENT, signed("clinician", 2, text="b")], [], None, State.WAITS),
        ([signed("patient", 1, answer="declined")], [], None, State.DECLINED),
        ([PATIENT, CLINICIAN, signed("patient", 3, answer="declined")], [], None, State.DECLINED),
        ([PATIENT, CLINICIAN], [3], None, State.WITHDRAWN),
        ([PATIENT, CLINICIAN], [0], None, State.CURRENT),
        ([PATIENT, CLINICIAN, signed("patient", 4), signed("clinician", 5)], [3], None, State.CURRENT),
        ([PATIENT, CLINICIAN], [], 1, State.CURRENT),
        ([PATIENT, CLINICIAN], [], 2, State.OUTDATED),
        ([PATIENT, CLINICIAN], [99], None, State.CURRENT),
        ([signed("patient", 99)], [], None, State.NEVER_ASKED),
    ],
)
def test_where_a_consent_stands(said, withdrawn, renewed, state):
    moments = [AT + timedelta(hours=hour) for hour in withdrawn]

    newer = {"t": renewed} if renewed else {}
    found = state_of("treatment", signed=said, withdrawn=moments, renewed_from=newer, at=AT + timedelta(hours=10))

    assert found.state is state


def test_it_is_in_force_from_the_last_signature_that_was_needed():
    found = state_of(
        "treatment",
        signed=[PATIENT, CLINICIAN, signed("clinician", 5)],
        withdrawn=[],
        renewed_from={},
        at=AT + timedelta(hours=9),
    )

    assert found.granted_at == CLINICIAN.signed_at
    assert found.current is True


def test_never_asked_is_neither_yes_nor_no():
    assert state_of("treatment", signed=[], withdrawn=[], renewed_from={}, at=AT).current is None


def test_a_version_that_asks_again_asks_only_those_who_signed_an_earlier_one_of_the_same_text():
    both = [PATIENT, CLINICIAN]

    asked = state_of("treatment", signed=both, withdrawn=[], renewed_from={"t": 2}, at=AT + timedelta(hours=9))
    other = state_of("treatment", signed=both, withdrawn=[], renewed_from={"u": 2}, at=AT + timedelta(hours=9))

    assert (asked.state, asked.renewed_by, asked.current) == (State.OUTDATED, 2, False)
    assert (other.state, other.renewed_by) == (State.CURRENT, None)


@pytest.mark.parametrize(
    ("typed", "is_own"),
    [
        ("Zoë Brånd-Ålm", True),
        ("  zoe   brand alm ", True),
        ("BRAND ALM, ZOE", True),
        ("Zoë Alm", False),
        ("Zoë Brånd-Ålm Senior", False),
        ("Zoë", False),
        ("", False),
        ("---", False),
        ("Z. Brånd-Ålm", False),
    ],
)
def test_a_name_is_ones_own_whatever_its_spelling_but_with_every_word(typed, is_own):
    assert is_own_name(typed, "Zoë Brånd-Ålm") is is_own


def test_names_that_are_not_latin_are_compared_too():
    assert is_own_name("李 小龙", "小龙 李")
    assert not is_own_name("李 小虎", "小龙 李")


@pytest.mark.parametrize(
    ("drawing", "is_one"),
    [
        ("", False),
        ("10,10", False),
        ("10,10 11,10 12,10 13,10 14,10 15,10", False),
        ("10,10 20,20 30,30 40,40 50,50", False),
        ("10,10 22,10 34,10 46,10 58,10 70,10", True),
        ("10,10 40,10 70,10;70,60 40,60 10,60", True),
        ("10,10 40,10 70,10 100,10 130,10 601,10", False),
        ("10,10 40,10 70,10 100,10 130,201", False),
        ("<svg>", False),
        ("1,1 2", False),
    ],
)
def test_a_dot_or_nonsense_is_no_signature(drawing, is_one):
    assert is_a_drawing(strokes_of(drawing) or ()) is is_one


@given(st.text(max_size=60))
def test_what_is_read_as_strokes_is_numbers_on_the_field(text):
    strokes = strokes_of(text)

    assert strokes is None or all(0 <= x <= 600 and 0 <= y <= 200 for stroke in strokes for x, y in stroke)


@pytest.mark.parametrize(
    ("said", "seen"),
    [
        ({"0": 12, "1": 3}, [("A", 12), ("B", 3)]),
        ({"0": 99, "1": -3}, [("A", 40), ("B", 0)]),
        ({"0": 12}, None),
        ({}, None),
        ({"0": "12", "1": 3}, None),
        ({"0": 1, "1": 2, "7": 5}, [("A", 1), ("B", 2)]),
    ],
)
def test_the_time_of_a_part_is_what_was_measured_and_never_longer_than_the_page_was_open(said, seen):
    assert seen_seconds(said, sections=["A", "B"], at_most=40) == seen
