"""A message is taken apart by the separators that it names itself."""

import pytest

from daybreak.interop.hl7.message import NotUnderstood, parse
from daybreak.interop.hl7.segments import NoSegments, segments

HEAD = "MSH|^~\\&|M"


def field(line: str, number: int, *, component: int = 1, repetition: int = 1, head: str = HEAD) -> str:
    return list(segments(f"{head}\r{line}"))[1].part(number, component=component, repetition=repetition)


@pytest.mark.parametrize(
    ("line", "number", "component", "repetition", "expected"),
    [
        ("OBX|1|NM", 2, 1, 1, "NM"),
        ("OBX|1", 7, 1, 1, ""),
        ("OBX||a^b^c", 2, 3, 1, "c"),
        ("OBX||a^b^c", 2, 4, 1, ""),
        ("OBX||a~b^c", 2, 1, 1, "a"),
        ("OBX||a~b^c", 2, 2, 2, "c"),
        ("OBX||a~b", 2, 1, 3, ""),
        ("OBX||a&b^c", 2, 1, 1, "a"),
        ("OBX||x\\F\\y\\S\\z", 2, 1, 1, "x|y^z"),
        ("OBX||\\T\\\\R\\\\E\\", 2, 1, 1, "&~\\"),
        ("OBX||\\X4142\\c", 2, 1, 1, "ABc"),
        ("OBX||\\Xzz\\c", 2, 1, 1, "\\Xzz\\c"),
        ("OBX||half\\F", 2, 1, 1, "half\\F"),
    ],
)
def test_a_part_is_what_the_separators_make_of_it(
    line: str, number: int, component: int, repetition: int, expected: str
) -> None:
    assert field(line, number, component=component, repetition=repetition) == expected


def test_other_separators_are_read_as_the_message_names_them() -> None:
    assert field("OBX##a!b", 2, component=2, head="MSH#!~\\&#M") == "b"


@pytest.mark.parametrize("head", ["", "MS", "MSH", "MSH ", "PID|1", "MSHxABCD", "MSH||M"])
def test_without_a_first_segment_that_names_them_there_is_no_message(head: str) -> None:
    with pytest.raises(NoSegments):
        list(segments(f"{head}\rOBX|1"))


def test_a_second_message_inside_a_frame_does_not_speak_for_the_first_ones_patient() -> None:
    first = "MSH|^~\\&|M||||20260101120000||ORU^R01|1|P|2.6\rPV1||I|CHAIR 1\rOBX|1|NM|1^x^MDC||80"
    with pytest.raises(NotUnderstood, match="second message"):
        parse(f"{first}\r{first.replace('CHAIR 1', 'CHAIR 2')}".encode())
