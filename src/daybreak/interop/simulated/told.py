"""What a simulated monitor sees, in the words of HL7 v2 and of the interface for devices."""

from collections.abc import Sequence
from datetime import datetime

from daybreak.interop.simulated.body import Seen
from daybreak.kernel.keys import key_from

_CODES = {
    "systolic_pressure": "150021^MDC_PRESS_BLD_NONINV_SYS^MDC",
    "diastolic_pressure": "150022^MDC_PRESS_BLD_NONINV_DIA^MDC",
    "mean_pressure": "150023^MDC_PRESS_BLD_NONINV_MEAN^MDC",
    "heart_rate": "147842^MDC_ECG_HEART_RATE^MDC",
    "respiratory_rate": "151562^MDC_RESP_RATE^MDC",
    "oxygen_saturation": "150456^MDC_PULS_OXIM_SAT_O2^MDC",
}
_UNITS = {"mm[Hg]": "266016^MDC_DIM_MMHG^MDC", "%": "262688^MDC_DIM_PERCENT^MDC", "/min": "264864^MDC_DIM_PER_MIN^MDC"}


def as_message(seen: Sequence[Seen], *, place: str, facility: str, control_id: str, at: datetime) -> bytes:
    """Return an ORU^R01 (HL7 2.6, as IHE PCD-01 shapes it), marked as training data."""
    when = at.strftime("%Y%m%d%H%M%S.%f%z")
    lines = [
        f"MSH|^~\\&|SIMULATED^0000^LOCAL|{facility}|||{when}||ORU^R01^ORU_R01|{control_id}|T|2.6|||NE|AL||"
        "UNICODE UTF-8",
        "PID|||SYNTHETIC^^^LOCAL||Synthetic^Person",
        f"PV1||O|{place}",
        f"OBR|1|||182777000^monitoring of patient^SCT|||{when}",
    ]
    for number, each in enumerate(seen, start=1):
        value, status = ("", "X") if each.value is None else (f"{each.value:g}", "R")
        lines.append(
            f"OBX|{number}|NM|{_CODES[each.sign]}|1.0.0.{number}|{value}|{_UNITS[each.unit]}||{each.flag}|||"
            f"{status}|||{when}"
        )
    return b"\x0b" + "".join(f"{line}\r" for line in lines).encode() + b"\x1c\r"


def as_readings(seen: Sequence[Seen], *, chair: str, at: datetime) -> list[dict[str, object]]:
    """Return the batch for `POST /api/readings`: what the monitor itself doubts is not sent, since it has no word for
    doubt there.
    """
    return [
        {
            "key": str(key_from("simulated", chair, each.sign, at.isoformat())),
            "sign": each.sign,
            "value": each.value,
            "unit": each.unit,
            "measured_at": at.isoformat(),
        }
        for each in seen
        if each.value is not None and not each.flag
    ]
