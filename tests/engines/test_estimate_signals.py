"""`daybreak estimate signals` and `daybreak estimate funnel` on files of strangers."""

import random

import pytest

from tests.stats.pins import pinned

SITES = "site,observed,expected\nnorth,10,9.5\nsouth,30,12\nsouth,1,0.5\neast,3,4\n"


def reports(pairs):
    rows = [f"{report},{drug},{event}" for report, (drug, event) in enumerate(pairs)]
    return "\n".join(["id,drug,reaction", *rows])


def many():
    chance = random.Random(4)
    drugs, events = "abcdef", ["nausea", "rash", "cough", "fall", "panic"]
    return (
        [(chance.choice(drugs), chance.choice(events)) for _ in range(600)]
        + [("a", "cystitis")] * 25
        + [("b", "cystitis")]
    )


ASKED = ("--report", "id", "--drug", "drug", "--event", "reaction")


def test_the_planted_pair_comes_first_with_the_keys_that_were_promised(desk):
    found = desk.ask("estimate", "signals", desk.file(reports(many())), *ASKED, "--json").json

    first = found["rows"][0]
    assert (first["drug"], first["event"], first["n"]) == ("a", "cystitis", 25)
    assert {"n", "expected", "prr", "ror", "ebgm", "eb05", "eb95", "ic", "ic025"} <= set(first)
    assert first["eb05"] > 2
    assert sum(row["n"] for row in found["rows"]) == found["reports"] == 626


def test_a_file_gives_what_the_published_formulas_give_in_r(desk):
    pins = pinned("signals")
    content = "\n".join(
        ["id,drug,reaction", *(",".join(map(str, row)) for row in zip(*pins["rows"].values(), strict=True))]
    )
    found = desk.ask("estimate", "signals", desk.file(content), *ASKED, "--json").json

    told = {(row["drug"], row["event"]): row for row in found["rows"]}
    names = ("n", "expected", "prr", "prr_lower", "prr_upper", "ror", "ror_lower", "ror_upper", "ic", "ic025")
    assert found["reports"] == pins["reports"]
    assert len(told) == len(pins["pairs"]["n"])
    for place, pair in enumerate(zip(pins["pairs"]["drug"], pins["pairs"]["event"], strict=True)):
        row = told[pair]
        assert [row[name] for name in names] == pytest.approx([pins["pairs"][name][place] for name in names], rel=1e-9)
        shrunk = [row[name] for name in ("ebgm", "eb05", "eb95")]
        assert shrunk == pytest.approx(
            [pins["pairs"][f"learned.{n}"][place] for n in ("ebgm", "eb05", "eb95")], rel=1e-4
        )


def test_rows_of_one_report_count_once(desk):
    content = reports(many()) + "\n0,a,cystitis\n0,a,cystitis\n"
    first = desk.ask("estimate", "signals", desk.file(content), *ASKED, "--json").json["rows"][0]

    assert first["n"] == 26


def test_few_pairs_have_ratios_and_no_prior(desk):
    content = reports([("a", "x"), ("a", "y"), ("b", "x"), ("b", "x")])
    found = desk.ask("estimate", "signals", desk.file(content), *ASKED, "--json").json

    assert found["prior"] is None
    assert {row["ebgm"] for row in found["rows"]} == {None}
    assert any("too little to learn" in note for note in found["notes"])


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (reports([("a", "x"), ("a", "y")]), "holds one drug only"),
        (reports([("a", "x"), ("b", "x")]), "holds one event only"),
        ("id,drug,reactions\n1,a,b\n", "Did you mean “reactions”?"),
    ],
)
def test_reports_without_a_comparison_are_refused(desk, content, sentence):
    assert sentence in desk.refused("estimate", "signals", desk.file(content), *ASKED)


FUNNEL = ("--site", "site", "--observed", "observed", "--expected", "expected")


def test_a_funnel_adds_a_sites_rows_up_and_names_who_is_outside(desk):
    rows = {
        row["site"]: row for row in desk.ask("estimate", "funnel", desk.file(SITES), *FUNNEL, "--json").json["rows"]
    }

    assert rows["south"]["observed"] == 31
    assert rows["south"]["outside"] == "99.8 %"
    assert (rows["north"]["outside"], rows["east"]["outside"]) == (None, None)
    assert "sites are not ranked" in desk.ask("estimate", "funnel", desk.file(SITES), *FUNNEL).said


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (SITES.replace("10,9.5", "10,0"), "Nothing was expected at “north”"),
        (SITES.replace("10,9.5", "1.5,9.5"), "“observed” holds “1.5” in row 1"),
        (SITES.replace("10,9.5", "10,-1"), "“expected” holds “-1” in row 1"),
    ],
)
def test_a_funnel_that_cannot_be_drawn_is_refused(desk, content, sentence):
    assert sentence in desk.refused("estimate", "funnel", desk.file(content), *FUNNEL)
