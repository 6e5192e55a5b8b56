"""The Python evaluator of limits against the corpus that its twin in TypeScript runs too."""

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from daybreak.kernel.units import UnknownUnit
from daybreak.rulebook.bedside import Limit, Sign
from daybreak.rulebook.public import Reading, breaches, due, unjudged

CORPUS = json.loads((Path(__file__).parent / "limits_vectors.json").read_text(encoding="utf-8"), parse_float=Decimal)
SOURCED = {"source": "site", "reference": "own"}
LIMITS = [Limit.model_validate({**table, **SOURCED, "advise": "Look."}) for table in CORPUS["limits"]]
START = datetime(2026, 3, 1, 9, tzinfo=UTC)


def by_name(case):
    return case["name"]


def reading(sign, table):
    return Reading(sign, Decimal(table["value"]), table["unit"])


@pytest.mark.parametrize("case", CORPUS["readings"], ids=by_name)
def test_a_reading_breaches_what_the_corpus_says(case):
    baseline = {sign: reading(sign, table) for sign, table in case["baseline"].items()}
    read = reading(case["reading"]["sign"], case["reading"])
    if case.get("refused"):
        with pytest.raises(UnknownUnit):
            breaches(LIMITS, baseline, read)
        return
    assert [breach.limit.id for breach in breaches(LIMITS, baseline, read)] == case["breaches"]


@pytest.mark.parametrize("case", CORPUS["schedules"], ids=by_name)
def test_what_is_due_is_what_the_corpus_says(case):
    signs = [Sign.model_validate({**table, **SOURCED, "unit": "/min"}) for table in case["signs"]]
    read = {sign: [START + timedelta(minutes=m) for m in minutes] for sign, minutes in case["read_at_minutes"].items()}

    found = due(signs, started_at=START, read_at=read)

    assert [
        {
            "sign": each.sign,
            "due_minute": (each.due_at - START) / timedelta(minutes=1),
            "overdue_minute": (each.overdue_at - START) / timedelta(minutes=1),
        }
        for each in found
    ] == case["due"]


def test_change_limits_without_a_baseline_are_named():
    assert [limit.id for limit in unjudged(LIMITS, {})] == ["systolic_rise", "systolic_fall"]


def test_every_kind_of_limit_has_a_vector():
    assert {limit.test for limit in LIMITS} == {
        "above",
        "at_least",
        "below",
        "at_most",
        "rise_above",
        "fall_above",
    }
