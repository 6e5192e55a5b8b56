"""Questionnaires in FHIR: answers, totals, and what cannot be."""

from pathlib import Path
from typing import Any

import pytest

from daybreak.interop.fhir.records import AnswersRecord, Rejected
from tests.rooms.interop.world import LOINC, coded, observation, outcome_of, phq9


def test_a_phq9_response_becomes_its_answers(tmp_path: Path) -> None:
    (found,) = outcome_of(tmp_path, phq9())

    assert isinstance(found, AnswersRecord)
    assert (found.instrument, found.version, found.total) == ("phq9", 1, None)
    assert list(found.answers.items())[:3] == [("interest", 3), ("mood", 2), ("sleep", 1)]
    assert len(found.answers) == 9


def test_a_missing_answer_stays_missing_and_groups_are_opened(tmp_path: Path) -> None:
    group = [{"linkId": "g", "item": phq9(answers=(3, 2))["item"]}]
    (found,) = outcome_of(tmp_path, phq9(item=group))

    assert dict(found.answers) == {"interest": 3, "mood": 2}


def test_answers_may_be_numbers_and_items_may_go_by_their_own_names(tmp_path: Path) -> None:
    items = [{"linkId": "interest", "answer": [{"valueInteger": 2}]}]
    (found,) = outcome_of(tmp_path, phq9(questionnaire="https://example.org/Questionnaire/phq9|1.0", item=items))

    assert dict(found.answers) == {"interest": 2}


@pytest.mark.parametrize(("code", "instrument"), [("44261-6", "phq9"), ("70274-6", "gad7")])
def test_a_total_alone_is_kept_as_a_total(tmp_path: Path, code: str, instrument: str) -> None:
    (found,) = outcome_of(tmp_path, observation(code, 14, "{score}"))

    assert (found.instrument, found.total, dict(found.answers)) == (instrument, 14, {})


def test_a_panel_observation_gives_answers_and_total(tmp_path: Path) -> None:
    parts: list[dict[str, Any]] = [
        {"code": coded(code), "valueCodeableConcept": coded(answer)}
        for code, answer in zip(["44250-9", "44255-8"], ["LA6571-9", "LA6569-3"], strict=True)
    ]
    parts.append({"code": coded("44261-6"), "valueInteger": 9})
    (found,) = outcome_of(tmp_path, observation("44249-1", 0, valueQuantity=None, component=parts))

    assert (dict(found.answers), found.total) == ({"interest": 3, "mood": 1}, 9)


def items_with(**extra: Any) -> list[dict[str, Any]]:
    return [*phq9()["item"], {"linkId": "/44261-6", "answer": [extra]}]


@pytest.mark.parametrize(
    ("resource", "reason"),
    [
        (phq9(item=items_with(valueInteger=12)), "says a total of 12, and its answers add up to 13."),
        (phq9(item=items_with(valueInteger=99)), "says a total of 99; phq9 goes from 0 to 27."),
        (
            phq9(item=items_with(valueDecimal=12.5)),
            ".item[9].answer.valueDecimal is 12.5, which is not a score.",
        ),
        (phq9(item=phq9()["item"] + phq9()["item"][:1]), ".item[9].answer answers interest a second time."),
        (
            phq9(item=[{"linkId": "/44250-9", "answer": [{"valueInteger": 4}]}]),
            ".item.answer answers interest with",
        ),
        (
            phq9(item=[{"linkId": "/44250-9", "answer": [{"valueString": "x"}]}]),
            ".item.answer.value[x] is missing",
        ),
        (
            phq9(item=[{"linkId": "/44250-9", "answer": [{"valueCoding": {"system": LOINC, "code": "LA0"}}]}]),
            ".item.answer.valueCoding is not one of the answers of phq9.",
        ),
        (phq9(item=[]), "holds no answer to a question of phq9."),
        (phq9(authored=None), ".authored is missing."),
        (phq9(authored="2026"), "was answered in “2026”"),
        (phq9(status=None), ".status is missing."),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_answers_that_cannot_be_are_rejected(tmp_path: Path, resource: dict[str, Any], reason: str) -> None:
    found = outcome_of(tmp_path, resource)

    assert isinstance(found, Rejected)
    assert found.reason.removeprefix("QuestionnaireResponse").strip().startswith(reason)
