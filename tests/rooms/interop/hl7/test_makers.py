"""Whole messages in the shapes that makers publish for their monitors and gateways, written by hand with invented values."""

import json

import pytest

from daybreak.desk.tray import shown
from tests.rooms.interop.hl7.test_intake import stage, stored, take, tray

__all__ = ["stage"]
pytestmark = pytest.mark.django_db

CARESCAPE = r"""MSH|^~\&|VSP^080019FFFE000001^EUI-64|GE Healthcare|||NOW||ORU^R01^ORU_R01|080019FFFE0000010001|P|2.6|||NE|AL||UNICODE UTF-8|||PCD_DEC_001^IHE PCD^1.3.6.1.4.1.19376.1.6.1.1.1^ISO
PID|||INV12^^^PID^MR||TEST^ANNA^^^^^L
PV1||R|INF^1^CHAIR 1
OBR|1|1^VSP^080019FFFE000001^EUI-64|1^VSP^080019FFFE000001^EUI-64|182777000^monitoring of patient^SCT|||NOW
OBX|1||69965^MDC_DEV_MON_PHYSIO_MULTI_PARAM_MDS^MDC|1.0.0.0|||||||X|||||||080019FFFE000001^^080019FFFE000001^EUI-64
OBX|2||69798^MDC_DEV_ECG_VMD^MDC|1.6.0.0|||||||X
OBX|3|NM|147842^MDC_ECG_HEART_RATE^MDC|1.6.1.147842|74|264864^MDC_DIM_BEAT_PER_MIN^MDC|||||R
OBX|4|NM|150456^MDC_PULS_OXIM_SAT_O2^MDC|1.1.1.150456|97|262688^MDC_DIM_PERCENT^MDC|||||R
OBX|5|NM|150301^MDC_PRESS_CUFF_SYS^MDC|1.1.9.150301|128|266016^MDC_DIM_MMHG^MDC|||||R|||NOW|||^APERIODIC^MDC"""
OPEN_LINES = r"""MSH|^~\&|PIIC iX|NORTH|HIS|CLINIC|NOW||ORU^R01^ORU_R01|7|P|2.4|||AL|NE||8859/1
PID|||INV12||Möller^Zoë
PV1||I|INF^1^CHAIR 1
OBR|1|||VITALS|||NOW
NTE|1||no segment that is read here
OBX|1|NM|8867-4^Heart rate^LN|0|74|/min^^UCUM|50-120||||R
OBX|2|NM|59408-5^SpO2^LN|0|97|%^^UCUM|90-100||||R
OBX|3|ST|8480-6^Systolic^LN|0|128|mm[Hg]^^UCUM|90-160||||R
ZVP|1|a segment of the maker's own"""
SHARED_DATA = r"""MSH|^~\&|Mindray|Gateway|||NOW||ORU^R01|204|P|2.3.1|
PID|||INV12||TEST
PV1||I|INF^1^CHAIR 1|||||||||||||||A|||
OBR||||Mindray Monitor|||0|
OBX||NM|101^HR|2101|74||||||F
OBX||NM|160^SpO2|2102|97||||||F
OBX||NM|170^NIBP_S|2104|128||||||F||APERIODIC|NOW"""
VITALS_BY_NAME = r"""MSH|^~\&|QP-983P^^|NIHON KOHDEN|CLIENT||NOW||ORU^R01|12|P|2.4|||NE|AL||ASCII
PID|||INV12
PV1||I|INF^1^CHAIR 1
ORC|RE
OBR|1|||VITAL|||NOW
OBX|1|NM|HR^HR^L||74|/min^/min^ISO+|||||F|||NOW
OBX|2|NM|SpO2^SpO2^L||97|%^%^ISO+|||||F|||NOW"""
NOT_KNOWN = "None of these codes is known here, so nothing of it is stored"


def sent(stage, text: str, charset: str = "utf-8") -> bytes:
    moment = stage.now.astimezone().strftime("%Y%m%d%H%M%S+0000")
    return text.replace("NOW", moment).replace("\n", "\r").encode(charset)


@pytest.mark.parametrize(("text", "charset", "code"), [(CARESCAPE, "utf-8", "AA"), (OPEN_LINES, "latin-1", "CA")])
def test_what_speaks_a_standard_nomenclature_is_stored_whatever_stands_around_it(stage, text, charset, code):
    said, answer = take(stage, sent(stage, text, charset))
    assert (said, "ERR|" in answer) == (code, False)
    assert {sign: value for sign, value, _ in stored(stage)} == {
        "heart_rate": 74.0, "oxygen_saturation": 97.0, "systolic_pressure": 128.0,
    }  # fmt: skip
    assert tray(stage) == []


@pytest.mark.parametrize(
    ("text", "codes"),
    [(SHARED_DATA, {"101": "74", "160": "97", "170": "128"}), (VITALS_BY_NAME, {"HR": "74", "SpO2": "97"})],
)
def test_a_monitor_of_codes_of_its_own_stores_no_reading_and_is_told_which_list_is_missing(stage, text, codes):
    said, answer = take(stage, sent(stage, text))
    assert said == "AA"
    assert NOT_KNOWN in answer
    assert stored(stage) == []
    (item,) = tray(stage)
    kept = json.loads(item.content["sent"])
    assert {each["code"]: each["value"] for each in kept} == codes
    assert "TEST" not in str(kept)


@pytest.mark.parametrize("named", ["", "ASCII", "UNICODE UTF-8"])
def test_a_name_in_other_letters_than_the_message_says_costs_no_reading(stage, named):
    """Nothing is read of the segment that names the patient; where a reading itself is in doubt, the message is refused."""
    raw = sent(stage, CARESCAPE.replace("UNICODE UTF-8", named).replace("TEST^ANNA", "M\xf6ller^Zo\xeb"), "latin-1")
    said, answer = take(stage, raw)
    assert (said, "ERR|" in answer, len(stored(stage)), tray(stage)) == ("AA", False, 3, [])
    assert take(stage, raw.replace(b"CHAIR 1", b"CHAIR \xc4"))[0] == "AE"
    assert take(stage, raw.replace(b"MDC_DIM_PERCENT", b"MDC_DIM_\xa7"))[0] == "AE"


@pytest.mark.parametrize("charset", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_a_message_of_wide_letters_is_refused_with_the_reason_and_kept(stage, charset):
    said, answer = take(stage, sent(stage, CARESCAPE, charset))
    assert said == "AE"
    assert "MSA|AE|080019FFFE0000010001|The message is in UTF-16" in answer
    assert stored(stage) == []
    assert [len(json.loads(item.content["sent"])["numbers"]) for item in tray(stage)] == [3]
    about, *numbers = shown(tray(stage)[0], "UTC")
    assert about.startswith("bytes ")
    assert [number.split("|")[1] for number in numbers] == ["74", "97", "128"], "a person sees each of them"


@pytest.mark.parametrize("without", ["PID", "PV1", "OBR"])
def test_a_segment_that_is_missing_never_makes_a_guess(stage, without):
    lines = [line for line in CARESCAPE.split("\n") if not line.startswith(without)]
    said, answer = take(stage, sent(stage, "\n".join(lines)))
    read = {sign for sign, _, _ in stored(stage)}
    why = {item.reason for item in tray(stage)}
    assert said == "AA"
    if without == "PID":
        assert len(read) == 3
    if without == "PV1":
        assert (read, len(why)) == (set(), 1)
        assert "It names no place" in answer
    if without == "OBR":  # only the pressure says itself when it was measured
        assert read == {"systolic_pressure"}
        assert why == {"The message does not say when it was measured."}
