"""The frames of MLLP: where a message begins and ends in a stream of bytes. Two halves never make one message, and what
stands in no frame is no message.
"""

from collections.abc import Iterator
from dataclasses import dataclass

START, END, RETURN = 0x0B, 0x1C, 0x0D
MOST_BYTES = 1_000_000
"""A monitor's message has some thousand bytes; a longer one is not read."""
_KEPT_OF_A_LONG_ONE = 4_096
_MOST_BETWEEN = 65_536
_BLANK = b"\r\n\x1c \t\x00"


class NotFramed(Exception):
    """What arrives between the frames is no HL7: the peer speaks something else."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One message as it arrived. `fault` is empty, `broken_off`, `too_long` or `not_framed`; then `content` is its
    beginning.
    """

    content: bytes
    fault: str = ""


class Frames:
    """Takes bytes as they come and gives messages as they end."""

    def __init__(self, *, most_bytes: int = MOST_BYTES) -> None:
        self._most = most_bytes
        self._buffer = bytearray()
        self._inside = self._too_long = self._has_framed = False
        self._between = 0
        self._stray = bytearray()
        self.strays = 0
        """How many bytes stood in no frame so far, without the white space that peers put between them."""

    @property
    def in_a_message(self) -> bool:
        """Whether a frame has begun and not ended."""
        return self._inside

    @property
    def has_strayed(self) -> bool:
        """Whether the peer may never frame what it sends: a message has begun outside of a frame, or anything has
        before the first one. What stands between frames later is passed over.
        """
        return not self._inside and (self._stray.startswith(b"MSH") or (self.strays > 0 and not self._has_framed))

    def feed(self, data: bytes) -> Iterator[Frame]:
        """Yield the messages that end in `data`; raise NotFramed for a peer that sends something else.

        What stands in no frame and begins like a message is yielded too, so that it is answered and not lost.
        """
        while data:
            if not self._inside:
                data = self._skip_to_start(data)
                if self._inside or self._between > _MOST_BETWEEN:
                    yield from self._without_a_frame()
                if self._between > _MOST_BETWEEN:
                    raise NotFramed
                continue
            stop = _first(data, START, END)
            self._take(data if stop is None else data[:stop])
            if stop is None:
                return
            yield self._finish("" if data[stop] == END else "broken_off")
            self._inside = data[stop] == START
            data = data[stop + 1 :]

    def close(self) -> Iterator[Frame]:
        """Yield the message that the end of the stream broke off, or that had no frame, if there is one."""
        yield from self._without_a_frame()
        if self._inside:
            yield self._finish("broken_off")
            self._inside = False

    def _without_a_frame(self) -> Iterator[Frame]:
        stray, self._stray = bytes(self._stray), bytearray()
        if stray.startswith(b"MSH"):
            yield Frame(stray, "not_framed")

    def _skip_to_start(self, data: bytes) -> bytes:
        start = data.find(START)
        between = data if start < 0 else data[:start]
        told = between if self._stray else between.lstrip(_BLANK)
        self._stray += told[: _KEPT_OF_A_LONG_ONE - len(self._stray)]
        count = len(between.strip(_BLANK))
        self._between, self.strays = self._between + count, self.strays + count
        if start < 0:
            return b""
        self._inside = self._has_framed = True
        self._between = 0
        return data[start + 1 :]

    def _take(self, data: bytes) -> None:
        if not self._too_long:
            self._buffer += data
            self._too_long = len(self._buffer) > self._most
        if self._too_long:
            del self._buffer[_KEPT_OF_A_LONG_ONE:]

    def _finish(self, fault: str) -> Frame:
        frame = Frame(bytes(self._buffer), "too_long" if self._too_long else fault)
        self._buffer, self._too_long = bytearray(), False
        return frame


def _first(data: bytes, *wanted: int) -> int | None:
    found = [place for place in (data.find(byte) for byte in wanted) if place >= 0]
    return min(found, default=None)
