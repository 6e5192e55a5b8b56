"""Scores on worked examples: reverse keys, prorating, bands, flags, and answers that cannot be."""

from decimal import Decimal

import pytest

from daybreak.kernel.truth import Truth
from daybreak.rulebook.instrument import Instrument
from daybreak.rulebook.public import ImpossibleAnswer, problems_with, score
from tests.definitions.shipped import library

PHQ9 = library().instrument("phq9")


def invented(**rule):
    items = [{"id": name, "text": {"en": name}} for name in ("one", "two", "three", "four")]
    choices = {"usual": [{"value": value, "text": {"en": str(value)}} for value in range(1, 6)]}
    table = {"id": "total", "title": "Total", "rule": "sum", "items": ["one", "two", "three", "four"]}
    provenance = {
        "references": [{"id": "own", "title": "own"}],
        "authored_by": "a",
        "checked_by": "b",
        "next_review": "2027-01-01",
    }
    return Instrument.model_validate(
        {
            "id": "invented",
            "version": 1,
            "status": "draft",
            "title": "Invented",
            "licence": "own",
            "rater": "patient",
            "look_back_days": 7,
            "languages": ["en"],
            "instruction": {"en": "Answer."},
            "choices": choices,
            "items": items,
            "scores": [{**table, "lowest": 4, "highest": 20, **rule}],
            "provenance": provenance,
            "examples": [{"name": "one", "answers": [1, 1, 1, 1], "expect": {}}],
        }
    )


def total(instrument, **answers):
    return score(instrument, answers).score("total")


def test_a_reversed_item_counts_from_the_other_end():
    instrument = invented(reverse=["two"])

    assert total(instrument, one=1, two=1, three=1, four=1).value == 8
    assert total(instrument, one=1, two=5, three=1, four=1).value == 4


def test_a_prorated_sum_scales_the_mean_of_what_was_answered():
    instrument = invented(rule="prorated_sum", missing_at_most=1)

    scored = total(instrument, one=5, two=4, three=3)

    assert (scored.value, scored.prorated, scored.missing) == (Decimal(16), True, ("four",))


def test_more_missing_than_the_rule_takes_leaves_the_score_open():
    scored = total(invented(rule="prorated_sum", missing_at_most=1), one=5, two=4)

    assert (scored.value, scored.band, scored.prorated) == (None, None, False)


def test_nothing_answered_is_no_score_even_where_all_may_be_missing():
    assert total(invented(rule="prorated_sum", missing_at_most=4)).value is None


def test_phq9_is_never_prorated():
    answers = {item.id: 3 for item in PHQ9.items if item.id not in ("difficulty", "sleep")}

    assert total(PHQ9, **answers).value is None
    assert total(PHQ9, **answers).missing == ("sleep",)


def test_the_safety_flag_needs_no_total():
    result = score(PHQ9, {"self_harm": 1})

    assert [flag.id for flag in result.raised] == ["thoughts_of_self_harm"]


def test_an_unanswered_safety_item_is_unknown_not_safe():
    assert score(PHQ9, {"mood": 0}).flags[0].raised is Truth.UNKNOWN
    assert score(PHQ9, {"self_harm": 0}).flags[0].raised is Truth.NOT_MET


@pytest.mark.parametrize("value", [4, -1, True])
def test_an_answer_that_is_not_offered_is_refused_with_a_sentence(value):
    with pytest.raises(ImpossibleAnswer, match="is not one of the answers 0, 1, 2, 3"):
        score(PHQ9, {"mood": value})


def test_an_item_that_does_not_exist_is_refused_with_the_nearest():
    assert "did you mean “mood”" in problems_with(PHQ9, {"moood": 1})["moood"]


def test_a_result_keeps_its_definition_and_its_cut_offs():
    result = score(PHQ9, {})

    assert (result.instrument, result.version, result.fingerprint) == ("phq9", 1, PHQ9.fingerprint)
    assert result.cut_offs[0].remission_below == 5
    assert result.cut_offs[0].response_fall_percent == 50
