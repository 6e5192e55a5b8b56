"""The frames of MLLP: where a message begins and ends in a stream of bytes. Two halves never make one message."""

from collections.abc import Iterator
from dataclasses import dataclass

START, END, RETURN = 0x0B, 0x1C, 0x0D
MOST_BYTES = 1_000_000
"""A monitor's message has some thousand bytes; a longer one is not read."""
_KEPT_OF_A_LONG_ONE = 4_096
_MOST_BETWEEN = 65_536


class NotFramed(Exception):
    """What arrives between the frames is no HL7: the peer speaks something else."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One message as it arrived. `fault` is empty, `broken_off` or `too_long`; then `content` is its beginning."""

    content: bytes
    fault: str = ""


class Frames:
    """Takes bytes as they come and gives messages as they end."""

    def __init__(self, *, most_bytes: int = MOST_BYTES) -> None:
        self._most = most_bytes
        self._buffer = bytearray()
        self._inside = self._too_long = False
        self._between = 0

    @property
    def in_a_message(self) -> bool:
        """Whether a message has begun and not ended."""
        return self._inside

    def feed(self, data: bytes) -> Iterator[Frame]:
        """Yield the messages that end in `data`; raise NotFramed for a peer that sends something else."""
        while data:
            if not self._inside:
                data = self._skip_to_start(data)
                continue
            stop = _first(data, START, END)
            self._take(data if stop is None else data[:stop])
            if stop is None:
                return
            yield self._finish("" if data[stop] == END else "broken_off")
            self._inside = data[stop] == START
            data = data[stop + 1 :]

    def close(self) -> Iterator[Frame]:
        """Yield the message that the end of the stream broke off, if there is one."""
        if self._inside:
            yield self._finish("broken_off")
            self._inside = False

    def _skip_to_start(self, data: bytes) -> bytes:
        start = data.find(START)
        between = data if start < 0 else data[:start]
        self._between += len(between.strip(b"\r\n\x1c \t\x00"))
        if self._between > _MOST_BETWEEN:
            raise NotFramed
        if start < 0:
            return b""
        self._inside, self._between = True, 0
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
