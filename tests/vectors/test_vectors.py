"""One corpus, two tongues: the rules in Python and the evaluators of the bedside give the written answers, and the same ones."""

import json

import pytest

from tests.vectors.generated import questions
from tests.vectors.tongues import HERE, corpus, in_python, in_typescript

CHANGES = ("rise_above", "fall_above")


def written():
    """Every hand-written case as a question, with the answer that stands beside it."""
    limits, due, news, amount = (corpus(name) for name in ("limits", "due", "news", "amount"))
    for case in limits["readings"]:
        answer = "refused" if case.get("refused") else case["breaches"]
        yield {"ask": "breaches", "limits": limits["limits"], **case}, answer
    for case in due["schedules"]:
        answer = [[each["sign"], each["due_at"], each["overdue_at"]] for each in case["due"]]
        yield {"ask": "due", "started_at": "0", **case}, answer
    for case in news["news"]:
        yield {"ask": "news", "limits": news["limits"], **case}, case["news"]
    for case in news["stages"]:
        yield {"ask": "limits_at", "during": news["limits"][:1], "after": news["limits"][1:], **case}, case["limits_at"]
    for case in amount["amounts"]:
        yield {"ask": "given", **case}, case["given"]
    yield {"ask": "unjudged", "limits": limits["limits"], "baseline": {}}, ["systolic_rise", "systolic_fall"]


WRITTEN = list(written())


@pytest.fixture(scope="module")
def told():
    """What TypeScript answers to every hand-written case: node is started once."""
    return in_typescript([question for question, _ in WRITTEN])


def as_written(question, answer):
    """Of a breach the corpus of limits names the limit only."""
    named = question["ask"] == "breaches" and answer != "refused"
    return [limit for limit, _, _ in answer] if named else answer


@pytest.mark.parametrize("place", range(len(WRITTEN)), ids=lambda place: WRITTEN[place][0].get("name", "unjudged"))
def test_both_tongues_give_the_written_answer(place, told):
    question, answer = WRITTEN[place]
    assert as_written(question, in_python(question)) == answer
    assert as_written(question, told[place]) == answer


def test_both_tongues_agree_on_what_was_made_by_chance():
    asked = [*questions(7, 2000), *(json.loads(line) for line in (HERE / "generated.jsonl").read_text().splitlines())]
    different = [
        (question, mine, its)
        for question, its in zip(asked, in_typescript(asked), strict=True)
        if (mine := in_python(question)) != its or mine != question.get("answer", mine)
    ]
    assert different == []


def test_both_tongues_know_the_same_units_of_the_same_size():
    assert in_typescript([{"ask": "units"}]) == [in_python({"ask": "units"})]


def test_every_kind_of_limit_has_a_vector():
    tests = {name for limit in corpus("limits")["limits"] for name in limit}
    assert tests - {"id", "sign", "unit", "priority"} == {"above", "at_least", "below", "at_most", *CHANGES}
