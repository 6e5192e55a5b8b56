"""What is shipped holds together, and says where every number comes from."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daybreak.rulebook.course import Phase
from daybreak.rulebook.crossing import walk
from daybreak.rulebook.form import Sourced
from daybreak.rulebook.gate import TIME_TESTS, Criterion
from daybreak.rulebook.public import Equipment, check, score, shipped_folder
from tests.definitions.shipped import library

CONSENSUS_STATEMENT = "doi:10.1001/jamapsychiatry.2017.0080"


def test_every_definition_holds_and_every_example_runs():
    report = check(shipped_folder())

    assert report.errors == []
    assert report.kinds["protocols"] >= 1
    assert report.examples >= 150


def test_a_report_can_be_printed_as_plain_data():
    report = check(shipped_folder()).as_json()

    assert set(report) == {"kinds", "examples", "errors"}


def test_the_consensus_statement_is_given_no_number_but_its_own():
    """It names no threshold; the one number that is its own is how often sessions are given."""
    for protocol in library().every("protocols"):
        statement = [each for each in protocol.provenance.references if each.id == CONSENSUS_STATEMENT]
        excepted = {name for reference in statement for name in reference.but_for}
        for _, form in walk(protocol):
            if getattr(form, "reference", "") != CONSENSUS_STATEMENT:
                continue
            assert not form.verified or form.note, "a rule that was read says where"
            if form.id in excepted:
                assert isinstance(form, Phase) or {gate.test for gate in form.gates} <= {*TIME_TESTS}
            elif isinstance(form, Criterion):
                assert {gate.test for gate in form.gates} <= {"is_", "one_of", "consented_to", "certified_in"}
            else:
                assert isinstance(form, Equipment) or "text" in type(form).model_fields


def test_every_sourced_rule_names_a_reference_of_its_own_file():
    for kind in ("protocols", "instruments", "measures"):
        for definition in library().every(kind):
            known = {reference.id for reference in definition.provenance.references}
            used = {form.reference for _, form in walk(definition) if isinstance(form, Sourced)}
            assert used <= known


def test_the_dose_is_half_a_milligram_for_each_kilogram_over_forty_minutes():
    rule = library().protocol("ketamine_iv_40min").dose

    assert (rule.amount, rule.over_minutes, rule.route) == (Decimal("0.5"), 40, "intravenous")


def test_gad7_says_not_at_all_and_nothing_more():
    first = library().instrument("gad7").choices_of("nervous")[0]

    assert first.text["en"] == "Not at all"


@settings(max_examples=1000)
@given(st.lists(st.integers(0, 3), min_size=9, max_size=9))
def test_phq9_agrees_with_an_independent_sum(values):
    instrument = library().instrument("phq9")
    bands = ["minimal", "mild", "moderate", "moderately_severe", "severe", "severe"]

    total = score(instrument, dict(zip(instrument.scores[0].items, values, strict=True))).score("total")

    assert (total.value, total.band.name) == (sum(values), bands[sum(values) // 5])


@settings(max_examples=1000)
@given(st.lists(st.integers(0, 3), min_size=7, max_size=7))
def test_gad7_agrees_with_an_independent_sum(values):
    instrument = library().instrument("gad7")
    bands = ["minimal", "mild", "moderate", "severe", "severe"]

    total = score(instrument, dict(zip(instrument.scores[0].items, values, strict=True))).score("total")

    assert (total.value, total.band.name) == (sum(values), bands[sum(values) // 5])


def test_the_older_blood_pressure_panel_is_known():
    signs = library().codelist("vital_signs")

    assert signs.means("http://loinc.org", "55284-4") == signs.means("http://loinc.org", "85354-9")
    assert signs.find("http://loinc.org", "8480-6").unit == "mm[Hg]"


@pytest.mark.parametrize("name", ["vital_signs", "monitor_ieee11073"])
def test_a_loinc_code_that_nobody_verified_is_not_in_use(name):
    in_use = [codes for codes in library().active("codelists") if codes.id == name]

    assert in_use
    assert [codes.version for codes in in_use if codes.find("http://loinc.org", "19891-1")] == []
    assert library().codelist(name).means("http://loinc.org", "19891-1") is None


@pytest.mark.parametrize("name", ["ketamine_treatment", "registry"])
def test_a_consent_says_what_withdrawal_does_before_it_is_signed(name):
    consent = library().consent(name)

    assert "withdraw" in consent.sections[-1].text
    assert consent.withdrawal
    assert len(consent.checks) >= 3


@pytest.mark.parametrize("name", ["phq9", "gad7"])
def test_the_code_list_and_the_instrument_agree(name):
    instrument, codes = library().instrument(name), library().codelist(name)

    for item in instrument.items:
        if item.code:
            assert codes.means("http://loinc.org", item.code) == item.id
    for choice in instrument.choices["usual"]:
        assert codes.means("http://loinc.org", choice.code) == f"answer_{choice.value}"
    assert codes.means("http://loinc.org", instrument.scores[0].code) == "total"
