"""The open questions, put to invented cohorts: the command, what is honest, and what is reproduced."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from daybreak.config.commands.question_ import command
from daybreak.kernel.moments import now
from daybreak.kernel.refusal import Refusal
from daybreak.register.folders import dataset_in
from daybreak.register.synthetic.keeping import keep_beside
from daybreak.register.synthetic.recipe import recipe
from daybreak.rulebook.public import UnknownDefinition
from daybreak.watch.questions.answering import NoSuchPlace, answered
from daybreak.watch.questions.words import line_words, told
from tests.definitions.shipped import library

PERSONS = 3000


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = recipe(persons=PERSONS, seed=4)
    return keep_beside(tmp_path_factory.mktemp("cohorts"), made, at=now(), progress=lambda *_: None)


def run(*arguments: str) -> str:
    done = CliRunner().invoke(command, arguments)
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.output


def test_the_list_names_every_question() -> None:
    listed = json.loads(run("list", "--json"))

    assert {each["id"] for each in listed} == {each.id for each in library().active("questions")}
    assert "Which dose?" in run("list")


def test_the_same_command_gives_the_same_answer_with_its_fingerprint(folder: Path) -> None:
    once = json.loads(run("run", "dampening_drugs", "--snapshot", str(folder), "--json"))
    again = json.loads(run("run", "dampening_drugs", "--snapshot", str(folder), "--json"))

    assert once == again
    assert once["fingerprint"] == dataset_in(folder).manifest.fingerprint
    assert once["definition"] == library().question("dampening_drugs").fingerprint
    sides = once["comparison"]["group"], once["comparison"]["compared"]
    for side in sides:
        assert side["people"] == side["with_outcome"] + side["without"] + side["missing"]
    inside = sum(side["people"] for side in sides)
    known = once["comparison"]
    assert known["eligible"] == inside + known["neither"] + known["unrecorded"] + known["no_counterpart"]
    assert known["eligible"] + sum(known["left_out"].values()) == PERSONS


def test_the_command_says_everything_in_words_and_no_cause(folder: Path) -> None:
    said = run("run", "dose", "--snapshot", str(folder))

    for part in (
        "95 % interval",
        "missing",
        "Balance:",
        "Negative control",
        "Tried otherwise:",
        "fingerprint",
        "synthetic",
    ):
        assert part in said
    for cause in ("causes", "because of the dose", "leads to", "effect of"):
        assert cause not in said


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("resistance", "nobody recorded how many treatments had failed before"),
        ("cognition", "nobody recorded checks of “moca” after the first one"),
        ("misuse", "nobody recorded checks of “craving” after the first one"),
        ("duration", "nobody in this snapshot is in the group “an hour or longer”"),
        ("route", "nobody in this snapshot is in the group “by nose, muscle, skin or mouth”"),
        ("training_and_monitoring", "people of 1 site in one group, and at least 5 are asked for"),
    ],
)
def test_what_cannot_be_answered_says_why(folder: Path, name: str, says: str) -> None:
    question = library().question(name)

    answer = answered(question, dataset_in(folder), library())

    assert answer.verdict == "not_enough"
    assert says in line_words(question, answer)
    assert list(told(question, answer))


def test_a_design_that_no_register_can_mend_is_named_whatever_was_seen(folder: Path) -> None:
    question = library().question("maintenance_interval")

    answer = answered(question, dataset_in(folder), library())

    assert (answer.verdict, answer.reasons) == ("needs_trial", ("design",))


def test_a_snapshot_without_anybody_is_answered(folder: Path) -> None:
    frozen = dataset_in(folder)

    for question in library().active("questions"):
        answer = answered(question, frozen, library(), leave_out=frozen.manifest.sites)

        assert answer.verdict in ("not_enough", "needs_trial")
        assert answer.main is None
        assert list(told(question, answer))


def test_what_is_not_there_is_refused_in_a_sentence(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(UnknownDefinition, match="did you mean “dose”"):
        run("run", "doze", "--snapshot", str(folder))
    with pytest.raises(NoSuchPlace, match="holds no site “nowhere”"):
        run("run", "dose", "--snapshot", str(folder), "--leave-out", "nowhere")
    with pytest.raises(Refusal, match="holds no snapshot"):
        run("run", "dose", "--snapshot", str(tmp_path))
