"""Messages of the shapes in which monitors of several makers are known to speak, written by hand: what is understood is stored,
and what is not waits or is warned of.
"""

import pytest

from daybreak.interop.hl7.intake import UNKNOWN_CODES
from tests.rooms.interop.hl7.monitor import message
from tests.rooms.interop.hl7.test_intake import stage, stored, take, tray

__all__ = ["stage"]
pytestmark = pytest.mark.django_db
MMHG, BEATS, PERCENT = "266016^MDC_DIM_MMHG^MDC", "264864^MDC_DIM_BEAT_PER_MIN^MDC", "262688^MDC_DIM_PERCENT^MDC"
PRESSURES = {"systolic_pressure": 131.0, "diastolic_pressure": 78.0}


def line(
    code: str, value: str, unit: str, when: str, *, kind: str = "NM", part: str = "", status: str = "R", flags: str = ""
) -> str:
    return f"OBX||{kind}|{code}|{part}|{value}|{unit}||{flags}|||{status}|||{when}"


def heard(stage, *lines: str, **more: object) -> tuple[dict[str, float], list[str], str]:
    """Take a message in; return what was stored, why anything waits, and the answer."""
    moment = stage.now.strftime("%Y%m%d%H%M%S.0000+0000")
    _, answer = take(stage, message(*(each.replace("NOW", moment) for each in lines), **more))
    return {sign: value for sign, value, _ in stored(stage)}, [item.reason for item in tray(stage)], answer


def test_a_gateway_that_sends_cuff_codes_and_a_facility_behind_the_bed(stage):
    found, waits, _ = heard(
        stage,
        line("150301^MDC_PRESS_CUFF_SYS^MDC", "131", MMHG, "NOW|||^APERIODIC", part="1.1.9.150301"),
        line("150302^MDC_PRESS_CUFF_DIA^MDC", "78", MMHG, "NOW|||^APERIODIC", part="1.1.9.150302"),
        line("151562^MDC_RESP_RATE^MDC", "14", "264928^MDC_DIM_RESP_PER_MIN^MDC", "NOW", part="1.7.1.151562"),
        place="INF^1^CHAIR 1^NORTH HOSPITAL^^^^^00-0F",
    )
    assert (found, waits) == ({**PRESSURES, "respiratory_rate": 14.0}, [])


def test_a_code_of_the_makers_own_is_understood_by_its_alternate(stage):
    found, waits, _ = heard(
        stage,
        line("0002-4a05^NBPs^MDIL^150021^MDC_PRESS_BLD_NONINV_SYS^MDC", "131", "0004-0f20^mmHg^MDIL", "NOW"),
        line("0002-4182^HR^MDIL", "71", "0004-0aa0^bpm^MDIL", "NOW"),
    )
    assert found == {"systolic_pressure": 131.0}, "a unit of the maker's own is understood by its words"
    assert waits == [UNKNOWN_CODES], "of the rate nothing is known, so its code waits"
    found, _, _ = heard(stage, line("NBPd^^L^150022^^MDC", "78", "mm[Hg]^mmHg^UCUM", "NOW"))
    assert found == {"systolic_pressure": 131.0, "diastolic_pressure": 78.0}


@pytest.mark.parametrize(
    ("unit", "value", "expected"),
    [
        ("0004-0f20^mmHg^MDIL", "131", {"systolic_pressure": 131.0}),
        ("0004-0f20^^MDIL^266016^MDC_DIM_MMHG^MDC", "131", {"systolic_pressure": 131.0}),
        ("265987^MDC_DIM_KILO_PASCAL^MDC", "17.5", {"systolic_pressure": 131.0}),
        ("0004-0f03^kPa^MDIL", "17.5", {"systolic_pressure": 131.0}),  # as every page shows it
        ("0004-0f20^beats^MDIL", "131", {}),
        ("0004-0f20^^MDIL", "131", {}),
    ],
)
def test_a_unit_of_the_makers_own_is_understood_by_its_alternate_or_by_its_words(stage, unit, value, expected):
    found, waits, _ = heard(stage, line("150021^MDC_PRESS_BLD_NONINV_SYS^MDC", value, unit, "NOW"))
    assert ({sign: round(each) for sign, each in found.items()}, len(waits)) == (expected, 0 if expected else 1)


def test_two_reports_in_one_message_have_their_own_times(stage):
    found, waits, _ = heard(
        stage,
        f"OBX||NM|147842^MDC_ECG_HEART_RATE^MDC|1|71|{BEATS}|||||F",
        "OBR|2|||PCD|||19700101000000+0000",
        f"OBX||NM|150456^MDC_PULS_OXIM_SAT_O2^MDC|1|97|{PERCENT}|||||F",
        f"OBX||NM|150456^MDC_PULS_OXIM_SAT_O2^MDC|1|98|{PERCENT}|||||F|||NOW",
    )
    assert found == {"oxygen_saturation": 98.0}
    assert len(waits) == 2, "the first report's time is not of this session, and that of the second is 1970"


@pytest.mark.parametrize(
    ("value", "kind"),
    [("131~118", "NM"), (">^131", "SN"), ("^131^-^140", "SN"), ("131/78", "ST"), ("-100", "NM"), ("8388607", "NM")],
)
def test_what_is_not_one_number_of_a_body_waits(stage, value, kind):
    found, waits, answer = heard(stage, line("150021^MDC_PRESS_BLD_NONINV_SYS^MDC", value, MMHG, "NOW", kind=kind))
    assert (found, len(waits)) == ({}, 1)
    assert "ERR||OBX^1^5|102|W|" in answer


@pytest.mark.parametrize(("value", "kind"), [("^131", "SN"), ("=^131", "SN"), ("131", "ST"), ("+131.0", "NM")])
def test_one_number_is_one_number_however_it_is_typed(stage, value, kind):
    assert heard(stage, line("150021^^MDC", value, "mm[Hg]", "NOW", kind=kind))[:2] == (
        {"systolic_pressure": 131.0},
        [],
    )


@pytest.mark.parametrize("unit", ["{beats}/min^^UCUM", "/min{beats}^^UCUM", "bpm", BEATS, ""])
def test_a_remark_in_a_unit_changes_nothing(stage, unit):
    assert heard(stage, line("8867-4^Heart rate^LN", "71", unit, "NOW"))[:2] == ({"heart_rate": 71.0}, [])


def test_two_probes_with_two_values_wait_and_with_one_value_are_one_reading(stage):
    probes = [
        line("150456^MDC_PULS_OXIM_SAT_O2^MDC", each, PERCENT, "NOW", part=f"1.3.{n}")
        for n, each in ((1, "97"), (2, "88"))
    ]
    found, waits, _ = heard(stage, *probes)
    assert (found, waits) == ({}, ["The message tells several values of one moment."] * 2)
    found, waits, _ = heard(stage, *(each.replace("|88|", "|97|") for each in probes))
    assert (found, len(waits)) == ({"oxygen_saturation": 97.0}, 2)


@pytest.mark.parametrize("value", ["", '""'])
def test_a_line_without_a_value_fills_no_tray(stage, value):
    found, waits, answer = heard(
        stage,
        "OBX|1||69965^MDC_DEV_MON_PHYSIO_MULTI_PARAM_MDS^MDC|1.0.0.0|||||||X",
        line("150456^MDC_PULS_OXIM_SAT_O2^MDC", value, PERCENT, "NOW"),
    )
    assert (found, waits, "ERR" in answer) == ({}, [], False)


def test_a_monitor_of_other_codes_is_warned_that_nothing_of_it_is_stored(stage):
    found, waits, answer = heard(
        stage,
        "OBX||NM|101^|2101|60||||||F",
        "OBX||CE|2302^Blood||0^N||||||F",
        head={3: "", 4: "", 7: "", 10: "204", 12: "2.3.1"},
    )
    assert (found, waits) == ({}, [UNKNOWN_CODES])
    assert "MSA|AA|204" in answer
    assert "None of these codes is known here" in answer


def test_two_beds_that_only_a_sub_component_tells_apart_are_two_places(stage):
    found, waits, _ = heard(stage, line("8867-4^^LN", "71", "bpm", "NOW"), place="INF^1^CHAIR 1&2&3232237756")
    assert (found, len(waits)) == ({}, 1)
    assert "CHAIR 1&2&3232237756" in waits[0]


@pytest.mark.parametrize(
    ("charset", "name"),
    [("UNICODE UTF-8", "Zoë"), ("8859/1", "Zoë"), ("8859/1~ISO IR87", "Zoë"), ("", "Zoe"), ("~ISO IR87", "\x1b$B$\"\x1b(B")],
)  # fmt: skip
@pytest.mark.parametrize("ending", [b"\r", b"\n", b"\r\n"])
def test_names_in_other_letters_and_other_line_ends_keep_no_reading_back(stage, charset, name, ending):
    when = stage.now.strftime("%Y%m%d%H%M%S+0000")
    raw = message(line("8867-4^^LN", "71", "bpm", when), head={18: charset}, pid=f"PID|||P1||{name}").decode()
    take(stage, raw.encode("latin-1" if charset.startswith("8859") else "utf-8").replace(b"\r", ending))
    assert [value for _, value, _ in stored(stage)] == [71.0]
