"""Frames of MLLP: however the bytes arrive, the same messages end."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daybreak.interop.hl7.frames import Frame, Frames, NotFramed

CONTENT = st.binary(max_size=40).map(lambda b: bytes(c for c in b if c not in (0x0B, 0x1C)))


def fed(data: bytes, cuts: list[int], **limits: int) -> list[Frame]:
    frames, found, start = Frames(**limits), [], 0
    for cut in [*sorted(min(c, len(data)) for c in cuts), len(data)]:
        found += frames.feed(data[start:cut])
        start = cut
    return [*found, *frames.close()]


@given(
    st.lists(CONTENT, max_size=6), st.lists(st.integers(0, 300), max_size=12), st.sampled_from([b"", b"\r", b"\n\r"])
)
def test_messages_are_the_same_however_the_bytes_are_cut(contents, cuts, between):
    data = b"".join(b"\x0b" + content + b"\x1c\r" + between for content in contents)
    assert fed(data, cuts) == [Frame(content) for content in contents]


@given(CONTENT, CONTENT, st.lists(st.integers(0, 100), max_size=6))
def test_two_halves_never_make_one_message(first, second, cuts):
    data = b"\x0b" + first + b"\x0b" + second + b"\x1c\r"
    assert fed(data, cuts) == [Frame(first, "broken_off"), Frame(second)]
    assert fed(b"\x0b" + first, cuts) == [Frame(first, "broken_off")]


def test_a_message_that_is_too_long_is_named_and_the_next_one_is_read():
    data = b"\x0b" + b"x" * 5000 + b"\x1c\r" + b"\x0bnext\x1c\r"
    long, following = fed(data, [100, 2000, 4900], most_bytes=1000)
    assert (long.fault, len(long.content) <= 5000) == ("too_long", True)
    assert following == Frame(b"next")


def test_a_peer_that_speaks_something_else_is_not_listened_to_for_ever():
    with pytest.raises(NotFramed):
        list(Frames().feed(b"GET / HTTP/1.1" * 6000))


@pytest.mark.parametrize("cuts", [[], [1], [2, 9, 10]])
@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"MSH|^~\\&|A\rOBX|1\r", [Frame(b"MSH|^~\\&|A\rOBX|1\r", "not_framed")]),
        (b"\r\nMSH|a\r\x0bMSH|b\x1c\r", [Frame(b"MSH|a\r", "not_framed"), Frame(b"MSH|b")]),
        (b"\x05\x0bMSH|b\x1c\r\x05", [Frame(b"MSH|b")]),
    ],
)
def test_a_message_without_a_frame_is_named_and_other_bytes_are_counted(data, expected, cuts):
    assert fed(data, cuts) == expected
    frames = Frames()
    list(frames.feed(data))
    assert frames.strays > 0


def test_a_peer_that_never_frames_is_answered_for_the_beginning_of_what_it_sent():
    given_up = Frames().feed(b"MSH|^~\\&|A\r" * 6000)
    frame = next(given_up)
    assert (frame.fault, frame.content[:8]) == ("not_framed", b"MSH|^~\\&")
    with pytest.raises(NotFramed):
        next(given_up)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", False),
        (b"\r\n", False),
        (b"GET /", True),
        (b"MS", True),
        (b"\x05\x0bMSH|b", False),
        (b"\x0bMSH|b\x1c\r\x05", False),
        (b"\x0bMSH|b\x1c\rMSH|", True),
    ],
)
def test_a_peer_has_strayed_before_its_first_frame_or_with_a_message_that_has_none(data, expected):
    frames = Frames()
    list(frames.feed(data))
    assert frames.has_strayed is expected
