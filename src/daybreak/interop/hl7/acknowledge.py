"""The answer to a message: taken, taken with a warning, or refused with its reason."""

from dataclasses import dataclass
from datetime import datetime

from daybreak.interop.hl7.message import Head

TAKEN, FAULT, REFUSED = "A", "E", "R"


@dataclass(frozen=True, slots=True)
class Said:
    """Something to tell the sender: where (SEGMENT^number^field), a code of table 0357, a sentence; `warns` only."""

    place: str
    code: str
    sentence: str
    warns: bool = False


def acknowledgement(head: Head, *, outcome: str, said: list[Said], control_id: str, at: datetime) -> bytes:
    """Return the acknowledgement of a message: MSH, MSA and an ERR for each thing to tell (HL7 2.5 and later).

    Where the sender wants the commit acknowledgement only (MSH-15 without MSH-16), the answer is one.
    """
    commit = head.accept in ("AL", "SU", "ER") and head.answer in ("", "NE")
    code = ("C" if commit else "A") + outcome
    version = _clean(head.version)
    lines = [
        "|".join([
            "MSH", "^~\\&", "DAYBREAK", _clean(head.receiving_facility), _clean(head.application),
            _clean(head.facility), at.strftime("%Y%m%d%H%M%S%z"), "", "ACK^R01^ACK" if version >= "2.4" else "ACK^R01",
            control_id, _clean(head.processing), version, "", "", "", "", "", "UNICODE UTF-8",
        ]),
        "|".join(["MSA", code, _clean(head.control_id), _clean(said[0].sentence) if said else ""]).rstrip("|"),
    ]  # fmt: skip
    for each in said:
        severity = "W" if each.warns else "E"
        lines.append("|".join(["ERR", "", each.place, each.code, severity, "", "", "", _clean(each.sentence)]))
    return b"\x0b" + "".join(f"{line}\r" for line in lines).encode() + b"\x1c\r"


def _clean(text: str) -> str:
    """Return text that cannot be read as a separator."""
    for mark, escaped in (("\\", "\\E\\"), ("|", "\\F\\"), ("^", "\\S\\"), ("~", "\\R\\"), ("&", "\\T\\")):
        text = text.replace(mark, escaped)
    return text.replace("\r", " ").replace("\n", " ")
