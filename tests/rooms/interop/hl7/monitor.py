"""Messages as monitors send them."""

from datetime import datetime

CODES = {
    "systolic_pressure": ("150021^MDC_PRESS_BLD_NONINV_SYS^MDC", "266016^MDC_DIM_MMHG^MDC"),
    "diastolic_pressure": ("150022^MDC_PRESS_BLD_NONINV_DIA^MDC", "266016^MDC_DIM_MMHG^MDC"),
    "heart_rate": ("147842^MDC_ECG_HEART_RATE^MDC", "264864^MDC_DIM_BEAT_PER_MIN^MDC"),
    "oxygen_saturation": ("150456^MDC_PULS_OXIM_SAT_O2^MDC", "262688^MDC_DIM_PERCENT^MDC"),
}


def message(
    *observations: str, place: str = "INF^1^CHAIR 1", visit: str = "", head: dict[int, str] | None = None, pid: str = ""
) -> bytes:
    """Return an ORU^R01 with the OBX given; `head` replaces fields of MSH by their number."""
    fields = {
        3: "MONITOR^0011^EUI-64", 4: "WARD", 5: "GATEWAY", 6: "CLINIC", 7: "20270112140000+0000",
        9: "ORU^R01^ORU_R01", 10: "C1", 11: "P", 12: "2.6", 15: "NE", 16: "AL", 18: "UNICODE UTF-8", **(head or {}),
    }  # fmt: skip
    msh = "|".join(["MSH", "^~\\&", *(fields.get(n, "") for n in range(3, 22))])
    pv1 = f"PV1||I|{place}" + ("|" * 16 + visit if visit else "")
    lines = [msh, pid or "PID|||PAT1^^^H||Doe^Jane", pv1, "OBR|1|||X|||20270112140000+0000", *observations]
    return "\r".join(lines).encode() + b"\r"


def obx(sign: str, value: object, at: datetime | None, *, number: int = 1, unit: str | None = None, **more: str) -> str:
    """Return an OBX of a sign; `kind`, `flags`, `status` and `code` may be named."""
    code, usual = CODES[sign]
    when = at.strftime("%Y%m%d%H%M%S.%f%z") if at else ""
    return "|".join([
        "OBX", str(number), more.get("kind", "NM"), more.get("code", code), f"1.0.0.{number}", str(value),
        usual if unit is None else unit, "", more.get("flags", ""), "", "", more.get("status", "F"), "", "", when,
    ])  # fmt: skip


def framed(*messages: bytes) -> bytes:
    """Return messages as MLLP frames them."""
    return b"".join(b"\x0b" + each + b"\x1c\r" for each in messages)
