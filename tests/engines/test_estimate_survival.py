"""`daybreak estimate survival` on files of strangers."""

import pytest

from tests.stats.pins import pinned

FILE = "days,died,since,arm\n5,1,0,a\n8,0,1,a\n9,1,2,b\n9,0,0,b\n12,1,6,a\n"


def test_a_curve_for_each_group_with_the_keys_that_were_promised(desk):
    found = desk.ask(
        "estimate", "survival", desk.file(FILE), "--time", "days", "--event", "died", "--by", "arm", "--json"
    )

    groups = found.json["groups"]
    assert list(groups) == ["a", "b"]
    assert groups["a"]["time"] == [5, 8, 12]
    assert groups["a"]["at_risk"] == [3, 2, 1]
    assert groups["a"]["survival"] == [pytest.approx(2 / 3), pytest.approx(2 / 3), 0]
    assert {"events", "lower", "upper"} <= set(groups["a"])


@pytest.mark.parametrize("case", pinned("curves")["curves"], ids=lambda case: case["name"])
def test_a_file_gives_the_curve_of_r(desk, case):
    rows = [
        f"{entry},{time},{status}"
        for entry, time, status, weight in zip(
            case["entry"] or [0] * len(case["time"]), case["time"], case["status"], case["weight"], strict=True
        )
        for _ in range(int(weight))
    ]
    path = desk.file("\n".join(["entry,time,status", *rows]))
    late = ("--entry", "entry") if case["entry"] else ()
    found = desk.ask(
        "estimate", "survival", path, "--time", "time", "--event", "status", "--until", case["until"], "--json", *late
    )

    curve = found.json["groups"]["all"]
    assert curve["time"] == case["times"]
    assert curve["at_risk"] == case["at_risk"]
    assert curve["survival"] == pytest.approx(case["survival"], rel=1e-12, abs=1e-12)
    assert curve["restricted_mean"] == pytest.approx(case["mean"], rel=1e-12)


def test_the_table_for_people_says_what_was_left_out_and_what_cannot_be(desk):
    path = desk.file("days,died,arm\n5,0,a\n8,0,a\n,1,a\n")

    said = desk.ask(
        "estimate", "survival", path, "--time", "days", "--event", "died", "--by", "arm", "--until", "90"
    ).said

    assert "1 row was left out because a value is missing." in said
    assert "“arm” holds one group only" in said
    assert "Nobody in a had the event" in said
    assert "Nobody in a was observed until 90" in said


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--time", "day", "--event", "died"), "Did you mean “days”?"),
        (("--time", "arm", "--event", "died"), "“arm” holds “a” in row 1"),
        (("--time", "days", "--event", "days"), "it should be an event, 0 or 1"),
        (("--time", "since", "--event", "died", "--entry", "days"), "“days” does not lie before “since”"),
    ],
)
def test_what_cannot_be_asked_is_refused_in_one_sentence(desk, options, sentence):
    assert sentence in desk.refused("estimate", "survival", desk.file(FILE), *options)
