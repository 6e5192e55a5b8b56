"""The open questions as files: every one of the commentary is there, slips are found, and verdicts stand at each bound."""

from decimal import Decimal
from pathlib import Path

import pytest

from daybreak.rulebook.page import page
from daybreak.rulebook.public import Enough, Seen, check, shipped_folder, verdict_on
from tests.definitions.shipped import library

ENOUGH = Enough(
    people_at_least=100,
    outcomes_at_least=30,
    sites_at_least=2,
    missing_at_most_percent=Decimal(30),
    difference_at_most=Decimal("0.1"),
    interval_at_most_points=Decimal(10),
    source="site",
    reference="own",
)
GOOD = {"people": 100, "sites": 2, "outcomes": 30, "missing_percent": 30.0, "largest_difference": 0.1, "control_holds": True, "interval_points": 10.0}  # fmt: skip


def test_what_the_commentary_leaves_open_is_asked():
    asked = {each.id for each in library().active("questions")}

    assert asked >= {
        "who_responds", "resistance", "dose", "duration", "route", "lasting", "maintenance_interval", "dampening_drugs",
        "cognition", "bladder", "misuse", "training_and_monitoring",
    }  # fmt: skip


def test_each_question_says_what_would_change_our_mind_and_reads_as_a_page():
    for each in library().active("questions"):
        read = page(each)

        assert each.question.split()[0] in read
        assert "WHEN IT IS AN ANSWER" in read
        assert "What would change our mind" in read


@pytest.mark.parametrize(
    ("change", "verdict", "reason"),
    [
        ({}, "enough", None),
        ({"people": 99}, "not_enough", "too_few_people"),
        ({"sites": 1}, "not_enough", "too_few_sites"),
        ({"outcomes": 29}, "not_enough", "too_few_outcomes"),
        ({"missing_percent": 30.1}, "not_enough", "too_much_missing"),
        ({"unrecorded": "dose"}, "not_enough", "not_recorded"),
        ({"people": 0}, "not_enough", "nobody"),
        ({"people": 0, "groups_empty": True}, "not_enough", "one_group"),
        ({"largest_difference": 0.11}, "needs_trial", "not_alike"),
        ({"overlaps": False}, "needs_trial", "no_overlap"),
        ({"control_holds": False}, "needs_trial", "control_differs"),
        ({"control_holds": None}, "enough", None),
        ({"interval_points": 10.1}, "not_enough", "too_wide"),
        ({"interval_points": None}, "not_enough", "too_wide"),
        ({"needs_trial": True}, "needs_trial", "design"),
        # Few people come before groups that are unlike: among few they always are.
        ({"people": 20, "largest_difference": 0.5}, "not_enough", "too_few_people"),
    ],
)
def test_a_verdict_changes_at_its_bound(change, verdict, reason):
    found, reasons = verdict_on(ENOUGH, Seen(**{**GOOD, **change}))

    assert (found, reasons[0] if reasons else None) == (verdict, reason)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("", "", None),
        ('variable = "dose_mg_per_kg"', 'variable = "dose_mg_per_kgs"', "did you mean “dose_mg_per_kg”"),
        ("compared_with = ", "compared_to = ", "did you mean “compared_with”"),
        ('cohort = "orka1_induction/1"', 'cohort = "orka_induction/1"', "did you mean “orka1_induction”"),
        ('trials = ["su_2017"', 'trials = ["sue_2017"', "did you mean “su_2017”"),
        ('line = "response"', 'line = "responses"', "did you mean “response”"),
        ('line = "remission"', 'line = "well_after_28_days"', "a share of people is asked for"),
        ('medicines = "effect_dampening"', 'medicines = "effect_damping"', "did you mean “effect_dampening”"),
        ('kind = "overlap"', 'kind = "curve"', "a comparison has an exposure, and a curve none"),
        ('variable = "pressure_before"', 'variable = "relapse"', "relapse needs within_days"),
        ("people_at_least = 100", "people_at_least = 101", "the verdict is"),
        ("interval_at_most_points = 10", "interval_at_most_points = 9", "the verdict is not_enough, too_wide"),
        ('reference = "ich:E9(R1)"', 'reference = "doi:10.1001/jamapsychiatry.2017.0077"', "is not in provenance.references"),
    ],
)  # fmt: skip
def test_a_slip_is_found_with_its_line_and_the_nearest_word(tmp_path: Path, old, new, says):
    text = (
        (shipped_folder() / "questions/dose/1.toml")
        .read_text(encoding="utf-8")
        .replace('status = "active"', 'status = "draft"')
    )
    text = text.replace('id = "dose"', 'id = "dose_again"', 1)
    path = tmp_path / "questions" / "dose_again" / "1.toml"
    path.parent.mkdir(parents=True)
    path.write_text(text.replace(old, new, 1) if old else text, encoding="utf-8")

    errors = [each for each in check(shipped_folder(), tmp_path).errors if each.file.startswith(tmp_path.name)]

    assert (says in " ".join(map(str, errors))) if says else errors == []
    if says and "verdict" not in says and "curve" not in says:  # these two are about the whole file
        assert all(each.line > 1 for each in errors)
