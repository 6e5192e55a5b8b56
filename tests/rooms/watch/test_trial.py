"""The monitor, tried: no harm, more harm, and what cannot be tried."""

import json
from dataclasses import asdict

import pytest
from click.testing import CliRunner

from daybreak.config.commands.watch_ import command
from daybreak.watch.definitions import surveillance
from daybreak.watch.surveillance.standing import standing
from daybreak.watch.surveillance.trial import HARMS, CannotTry, tried


@pytest.mark.parametrize("harm", HARMS)
def test_where_nothing_is_wrong_false_alarms_come_as_seldom_as_allowed(harm: str) -> None:
    found = tried(surveillance(), harm, size=2, runs=100, seed=7)

    assert found.false_alarms_per_year < found.nominal * 1.3


@pytest.mark.parametrize(("harm", "sizes"), [("batch", (2, 5)), ("monitoring", (2, 4)), ("dose", (1.5, 3))])
def test_a_larger_harm_is_seen_sooner_and_oftener(harm: str, sizes: tuple[float, float]) -> None:
    small, large = (tried(surveillance(), harm, size=size, runs=60, seed=3) for size in sizes)

    assert large.detection.median_weeks < small.detection.median_weeks
    assert large.detection.power >= small.detection.power
    for found in (small, large):
        assert found.best.median_weeks <= found.detection.median_weeks + 1


def test_a_slow_harm_at_all_sites_is_seen_against_the_past_and_late() -> None:
    small, large = (tried(surveillance(), "bladder", size=size, runs=60, seed=3) for size in (2, 8))

    assert large.detection.power > small.detection.power
    assert large.best.power >= large.detection.power
    assert large.test == "rates"


def test_the_same_seed_gives_the_same_answer_and_another_another() -> None:
    one, again, other = (tried(surveillance(), "dose", size=2, runs=60, seed=seed) for seed in (1, 1, 2))

    assert asdict(one) == asdict(again)
    assert one.detection != other.detection


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"harm": "plague"}, "There is no harm “plague” to plant. It is one of: batch, monitoring, bladder, dose."),
        ({"size": 1.0}, "The size is how many times the odds are multiplied: above 1, at most 50."),
        ({"size": float("nan")}, "The size is how many times the odds are multiplied: above 1, at most 50."),
        ({"runs": 0}, "A trial has 1 to 20000 runs."),
    ],
)
def test_what_cannot_be_tried_is_said_in_a_sentence(asked: dict[str, object], sentence: str) -> None:
    with pytest.raises(CannotTry) as no:
        tried(surveillance(), **{"harm": "dose", "size": 2.0, "runs": 5, "seed": 1} | asked)
    assert str(no.value) == sentence


def test_the_figures_on_the_page_are_what_their_command_answers() -> None:
    kept = next(each for each in standing() if each["harm"] == "batch")

    answer = CliRunner().invoke(command, kept["command"].split()[2:])

    assert answer.exit_code == 0
    told = json.loads(answer.output)
    assert told == {name: value for name, value in kept.items() if name not in ("command", "fingerprint")}
    assert {each["fingerprint"] for each in standing()} == {surveillance().fingerprint}
