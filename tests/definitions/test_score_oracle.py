"""Every shipped instrument scores as an independent calculation does, on a thousand random sets of answers each."""

import random
from functools import cache

import pytest

from daybreak.rulebook.public import Instrument, Library, pack_folder, score, shipped_folder
from tests.definitions.score_oracle import ORACLES, RANGES

SETS = 1000
EVEN_ONLY = {"audit": (8, 9)}


@cache
def library() -> Library:
    """Return the shipped definitions with the pack for non-commercial use."""
    return Library.load(shipped_folder(), pack_folder("noncommercial"))


def instruments() -> list[Instrument]:
    return [each for each in library().active("instruments") if isinstance(each, Instrument)]


def random_answers(name: str, chance: random.Random) -> list[int | None]:
    """Return random answers in order: all of them, or some left out, or nearly all the lowest, or nearly all the highest."""
    missing, pull = (
        chance.choice([(0, 0), (0, 0), (0.08, 0), (0.5, 0), (0.1, 0.8), (0, 0.9)]),
        chance.choice(["low", "high", "none"]),
    )
    answers: list[int | None] = []
    for place, (low, high) in enumerate(RANGES[name]):
        step = 2 if place in EVEN_ONLY.get(name, ()) else 1
        value = chance.choice(range(low, high + 1, step))
        if pull != "none" and chance.random() < missing[1]:
            value = low if pull == "low" else high
        answers.append(None if chance.random() < missing[0] else value)
    return answers


def test_every_shipped_instrument_has_an_oracle_and_there_are_at_least_nineteen():
    assert {each.id for each in instruments()} == set(ORACLES) == set(RANGES)
    assert len(ORACLES) >= 19


@pytest.mark.parametrize("name", sorted(ORACLES))
def test_scores_agree_with_an_independent_calculation(name):
    instrument, chance = library().instrument(name), random.Random(name)
    items = [item.id for item in instrument.items][: len(RANGES[name])]
    complete = 0
    for _ in range(SETS):
        answers = random_answers(name, chance)
        result = score(
            instrument, {item: value for item, value in zip(items, answers, strict=True) if value is not None}
        )
        expected = ORACLES[name](answers)
        found = {each.id: each for each in result.scores}
        assert set(found) == set(expected)
        for score_id, (value, band) in expected.items():
            said, bands = found[score_id], instrument.score_named(score_id).bands
            assert (said.value is None) == (value is None), (answers, score_id)
            if value is not None:
                assert said.value == round(value, 3), (answers, score_id)
                complete += 1
            if bands and band is not None:
                assert said.band == bands[band], (answers, score_id)
    assert complete >= SETS / 4


@pytest.mark.parametrize("name", sorted(ORACLES))
def test_an_item_offers_the_range_that_was_published(name):
    instrument = library().instrument(name)
    offered = [instrument.values_of(item.id) for item in instrument.items]

    assert [(min(each), max(each)) for each in offered[: len(RANGES[name])]] == RANGES[name]
    assert all(item.optional for item in instrument.items[len(RANGES[name]) :])
