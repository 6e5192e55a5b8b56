"""`daybreak estimate cox` on files of strangers."""

import pytest

from tests.stats.pins import pinned

CASES = pinned("cox")["cases"]
ROWS = ["5,1,40,f", "8,0,50,m", "9,1,61,f", "9,0,38,m", "12,1,45,m", "3,1,70,f", "4,1,41,m", "7,1,52,f"]
FILE = "\n".join(["days,died,age,sex", *ROWS])


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_a_file_gives_the_model_of_r(desk, case):
    columns = {"time": case["time"], "event": case["event"], **case["covariates"]}
    columns |= {name: case[name] for name in ("entry", "strata", "cluster") if case[name]}
    rows = [",".join(map(str, row)) for row in zip(*columns.values(), strict=True)]
    path = desk.file("\n".join([",".join(columns), *rows]))
    others = [word for name in ("entry", "strata", "cluster") if case[name] for word in (f"--{name}", name)]

    found = desk.ask(
        "estimate",
        "cox",
        path,
        "--time",
        "time",
        "--event",
        "event",
        "--covariates",
        ",".join(case["covariates"]),
        "--json",
        *others,
    ).json

    terms = found["terms"]
    assert [terms[name]["estimate"] for name in case["covariates"]] == pytest.approx(case["coefficients"], abs=1e-8)
    assert [terms[name]["se"] for name in case["covariates"]] == pytest.approx(case["error"], rel=1e-6)
    assert found["criterion"] == pytest.approx(-2 * case["log_likelihood"])


def test_a_column_of_words_has_a_term_for_each_word_but_the_first(desk):
    asked = ("--time", "days", "--event", "died", "--covariates", "age, sex")
    found = desk.ask("estimate", "cox", desk.file(FILE), *asked, "--json")

    assert list(found.json["terms"]) == ["age", "sex=m"]
    assert set(found.json["terms"]["age"]) >= {"estimate", "se", "lower", "upper"}
    assert "8 rows, 6 events" in desk.ask("estimate", "cox", desk.file(FILE), *asked).said


def test_a_column_with_a_comma_in_its_name_stands_in_quotation_marks(desk):
    path = desk.file(FILE.replace("age,sex", '"age, at start",sex'))
    found = desk.ask(
        "estimate", "cox", path, "--time", "days", "--event", "died", "--covariates", '"age, at start", sex', "--json"
    )
    assert list(found.json["terms"]) == ["age, at start", "sex=m"]


@pytest.mark.parametrize(
    ("content", "covariates", "sentence"),
    [
        (FILE, "agee", "Did you mean “age”?"),
        (FILE, ",", "Name at least one column"),
        (FILE.replace(",f", ",m"), "sex", "“sex” is the same in every row"),
        ("days,died,age\n1,0,3\n2,0,4\n", "age", "Nobody had the event"),
        ("days,died,age\n1,1,3\n2,0,old\n", "age", "“age” holds “old” in row 2"),
        ("days,died,since\n1,1,2024-01-05\n2,0,2024-02-05\n3,1,2024-01-05\n", "since", "“since” holds dates"),
        (FILE.replace("age,sex", "age,'a, b'").replace("'", '"'), '"a, c"', "no column “a, c”"),
    ],
)
def test_what_cannot_be_asked_is_refused_in_one_sentence(desk, content, covariates, sentence):
    asked = ("--time", "days", "--event", "died", "--covariates", covariates)
    assert sentence in desk.refused("estimate", "cox", desk.file(content), *asked)
