"""What a page of an open question shows, and to whom."""

import pytest

from daybreak.kernel.moments import now
from daybreak.register.folders import dataset_in
from daybreak.register.synthetic.keeping import keep_beside
from daybreak.register.synthetic.recipe import recipe
from daybreak.watch.questions.answering import answered
from daybreak.watch.questions.disclosure import curve_may_be_shown, numbers_may_be_shown
from daybreak.watch.questions.results import Answer, plain
from daybreak.watch.web.question_figures import question_figures
from daybreak.watch.web.question_words import published_rows, standing_words, who_is_missing
from tests.definitions.shipped import library

CLINIC = "synthetic-001"


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Answer]:
    made = keep_beside(tmp_path_factory.mktemp("few"), recipe(persons=500, seed=3), at=now(), progress=lambda *_: None)
    frozen = dataset_in(made)
    return {name: answered(library().question(name), frozen, library()) for name in ("dose", "lasting", "bladder")}


def figures(found: Answer, own: str | None):
    question = library().question(found.question)
    return question_figures(question, found, own=own, shown=numbers_may_be_shown(found, own), names={})


def test_the_centre_sees_every_figure_with_its_table(found: dict[str, Answer]) -> None:
    shown = figures(found["dose"], None)

    assert [each.name for each in shown] == ["shares", "difference", "balance"]
    for each in shown:
        assert not each.instead
        assert each.rows
        assert "<svg" in each.drawing
        assert all(len(row) == len(each.heads) for row in each.rows)
    assert [each.name for each in figures(found["lasting"], None)] == ["curve", "tried"]


def test_a_clinic_reads_no_count_below_eleven(found: dict[str, Answer]) -> None:
    answer = found["bladder"]
    assert answer.comparison is not None
    assert 0 < answer.comparison.group.with_outcome < 11, "this cohort is made so that a cell is small"

    assert numbers_may_be_shown(answer, None)
    assert not numbers_may_be_shown(answer, CLINIC)
    assert all(each.instead and not each.rows for each in figures(answer, CLINIC))
    said = standing_words(library().question("bladder"), answer, shown=False, every=True)
    assert not any(sign.isdigit() for sign in said)


def test_a_clinic_does_not_read_what_others_steps_of_a_curve_would_tell(found: dict[str, Answer]) -> None:
    assert not curve_may_be_shown(found["lasting"], CLINIC)
    assert curve_may_be_shown(found["lasting"], None)


def test_a_clinic_reads_no_other_sites_name(found: dict[str, Answer]) -> None:
    answer = found["dose"]
    balance = next(each for each in question_figures(
        library().question("dose"), answer, own=CLINIC, shown=True, names={CLINIC: "North"}) if each.name == "balance")  # fmt: skip

    names = {str(row[0]) for row in balance.rows if str(row[0]).startswith("site")}
    assert names == {"site: North", "site: another site"}


def test_counts_of_sites_stay_in_the_house(found: dict[str, Answer]) -> None:
    assert "places" not in plain(found["dose"])["comparison"]


def test_the_published_trials_and_who_is_missing_are_told(found: dict[str, Answer]) -> None:
    question = library().question("dose")

    rows = published_rows(question, library())

    assert {"Su 2017", "Fava 2018"} <= {title for title, _, _ in rows}
    assert all(words for _, _, words in rows)
    assert "have no outcome" in who_is_missing(question, found["dose"])[0]
