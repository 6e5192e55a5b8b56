"""A treatment that is not in the repository is a file: it is checked, evaluated, dosed, scheduled, shown."""

import shutil
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from daybreak.kernel.truth import Truth
from daybreak.rulebook.public import (
    SESSIONS,
    Decision,
    Fact,
    Library,
    NoDose,
    check,
    choices_for,
    dose_for,
    evaluate,
    ideal_kilograms,
    lock,
    phase_on,
    planned,
    report_due,
    shipped_folder,
    slots,
)

NOW = datetime(2026, 3, 30, 15, tzinfo=UTC)
FILE = "protocols/lunaprazine_drip/1.toml"


@pytest.fixture
def folder(tmp_path):
    return Path(shutil.copytree(Path(__file__).parent / "made_up", tmp_path / "made_up"))


@pytest.fixture
def protocol(folder):
    return Library.load(shipped_folder(), folder).protocol("lunaprazine_drip")


def sessions(*days_ago):
    return {SESSIONS: Fact(tuple((NOW - timedelta(days=day)).isoformat() for day in days_ago), "", NOW)}


def answers(protocol, facts, stage="before_each_dose"):
    return {answer.id: answer for answer in evaluate(protocol, stage, facts, at=NOW).criteria}


def test_it_is_checked_and_locked_beside_the_shared_ones(folder):
    assert lock(folder, beside=shipped_folder()) == ["protocols/lunaprazine_drip/1"]
    report = check(shipped_folder(), folder)

    assert [fault for fault in report.errors if fault.file.startswith("made_up/")] == []
    assert report.kinds["protocols"] == check(shipped_folder()).kinds["protocols"] + 1


def test_its_answers_are_a_tree_with_facts_dates_and_sources(protocol):
    facts = {"diagnosis": Fact("other", at=NOW), "age": Fact(30, "a", NOW)}

    answer = answers(protocol, facts, "screening")["one_way_or_the_other"]

    assert answer.truth is Truth.UNKNOWN
    assert answer.group == "any"
    assert [part.truth for part in answer.parts] == [Truth.NOT_MET, Truth.UNKNOWN]
    assert [(used.name, used.at) for used in answer.used] == [("diagnosis", NOW)]
    assert [(missing.name, missing.who_can_supply) for missing in answer.missing] == [
        ("antidepressant_trials", ("clinician",))
    ]
    assert (answer.source, answer.reference) == ("site", "own:trial")


@pytest.mark.parametrize(("hours", "truth"), [(19, Truth.NOT_MET), (20, Truth.MET), (21, Truth.MET), (-1, Truth.MET)])
def test_hours_apart_has_its_boundary(protocol, hours, truth):
    facts = {SESSIONS: Fact(((NOW - timedelta(hours=hours)).isoformat(),), "", NOW)}

    assert answers(protocol, facts)["rest"].truth is truth


@pytest.mark.parametrize(
    ("days_ago", "truth", "words"),
    [
        ((), Truth.MET, "applies from day 29"),
        ((27, 1), Truth.MET, "this is day 28"),
        ((28, 6), Truth.NOT_MET, "2 sessions in 7 days"),
        ((28, 7), Truth.MET, "1 session in 7 days"),
    ],
)
def test_at_most_once_a_week_from_the_second_month(protocol, days_ago, truth, words):
    answer = answers(protocol, sessions(*days_ago))["weekly_later"]

    assert (answer.truth, answer.otherwise) == (truth, "stop")
    assert words in answer.reason


@pytest.mark.parametrize("value", ["yesterday", ("yesterday",), ("2026-03-01T09:00:00",), True, 3, (4,)])
def test_moments_that_cannot_be_read_are_unknown(protocol, value):
    for answer in answers(protocol, {SESSIONS: Fact(value, "", NOW)}).values():
        assert answer.truth is Truth.UNKNOWN


def test_days_are_counted_where_the_patient_is(protocol):
    # Half past eleven at night and half past midnight are an hour apart, and a day.
    facts = {SESSIONS: Fact(("2026-03-29T23:30:00-05:00", "2026-03-02T12:00:00-05:00"), "", NOW)}
    at = datetime.fromisoformat("2026-03-30T12:00:00-05:00")

    answer = evaluate(protocol, "before_each_dose", facts, at=at).criteria[2]

    assert "2 sessions in 7 days" in answer.reason


def test_stop_is_the_gravest(protocol):
    facts = {**sessions(28, 6, 0.1), "moon_phase": Fact("full", at=NOW)}

    assert evaluate(protocol, "before_each_dose", facts, at=NOW).decision is Decision.STOP


@pytest.mark.parametrize(("last", "offered"), [(None, (1,)), (1, (1, 2)), (2, (1, 2, 3)), (3, (1, 2, 3))])
def test_titration_goes_one_step_at_a_time(protocol, last, offered):
    known = None if last is None else Decimal(last)

    found = choices_for(protocol, facts={"age": Fact(40, "a", NOW)}, session=2, last=known)

    assert found.amounts == offered


def test_a_choice_must_be_made_where_there_is_one(protocol):
    weight, facts = Fact(Decimal(50), "kg"), {"age": Fact(40, "a", NOW)}
    with pytest.raises(NoDose, match="Choose the amount: 1 or 2 or 3 mg/kg"):
        dose_for(protocol, weight=weight, facts=facts)
    with pytest.raises(NoDose, match="is not offered"):
        dose_for(protocol, weight=weight, facts=facts, chosen=Decimal(4))
    with pytest.raises(NoDose, match="How old is the patient"):
        dose_for(protocol, weight=weight, chosen=Decimal(1))


@pytest.mark.parametrize(
    ("inches", "sex", "kilograms"), [(60, "female", 40), (65, "female", 50), (60, "male", 50), (72, "male", 74)]
)
def test_the_ideal_weight_follows_its_formula(protocol, inches, sex, kilograms):
    height = Fact(Decimal(inches) * Decimal("2.54"), "cm")

    assert ideal_kilograms(protocol.dose.ideal_weight, height=height, sex=Fact(sex)) == kilograms


@pytest.mark.parametrize(("inches", "sex"), [("59.9", "female"), ("65", "other")])
def test_the_ideal_weight_is_not_guessed(protocol, inches, sex):
    with pytest.raises(NoDose):
        ideal_kilograms(protocol.dose.ideal_weight, height=Fact(Decimal(inches), "[in_i]"), sex=Fact(sex))


def test_the_choice_of_the_weight_is_recorded_and_never_makes_a_dose_larger(protocol):
    facts = {"age": Fact(70, "a"), "height": Fact(Decimal(200), "cm"), "sex": Fact("male")}

    dose = dose_for(protocol, weight=Fact(Decimal(60), "kg"), facts=facts, weight_used="ideal")

    assert (dose.weight_used, dose.weight_kg) == ("ideal", 60)
    assert "the lower one is used" in dose.steps[0]


def test_the_schedule_is_planned_from_the_file(protocol):
    first = date(2026, 3, 2)

    found = slots(protocol, first, until=first + timedelta(days=27))

    assert [(slot.phase.id, (slot.first_day - first).days + 1, slot.sessions) for slot in found] == [
        ("first_weeks", 1, 2),
        ("first_weeks", 8, 2),
        ("later_weeks", 15, 1),
        ("later_weeks", 22, 1),
    ]
    assert [phase_on(protocol, day).id for day in (1, 14, 15, 400)] == ["first_weeks"] * 2 + ["later_weeks"] * 2


def test_follow_up_and_reports_are_due(protocol):
    due = planned(protocol, [NOW, NOW + timedelta(days=3)])

    assert [each.due_at - NOW for each in due] == [timedelta(weeks=week) for week in (4, 8, 12)]
    assert due[0].due_at - due[0].opens_at == timedelta(days=1)
    assert report_due(protocol.reports[0], NOW) == NOW + timedelta(days=7)


BLANKS = [
    ("amounts = [0.5]", 'amounts = "blank"', "amounts"),
    ("at_most = 150", 'at_most = "blank"', "at_most"),
    ("hours_apart = 20", 'hours_apart = "blank"', "hours_apart"),
    ("between = [18, 90]", 'between = "blank"', "between"),
    ("minimum_observation_minutes = 60", 'minimum_observation_minutes = "blank"', "minimum_observation_minutes"),
    ("due_days = 7", 'due_days = "blank"', "due_days"),
    ("times = 2", 'times = "blank"', "times"),
    ("every_minutes = 15", 'every_minutes = "blank"', "every_minutes"),
    ("above = 140", 'above = "blank"', "above"),
]


@pytest.mark.parametrize(("old", "new", "name"), BLANKS)
def test_a_blank_blocks_activation_and_not_a_draft(folder, old, new, name):
    text = (folder / FILE).read_text()
    assert old in text
    (folder / FILE).write_text(text.replace(old, new, 1))
    line = text[: text.index(old)].count("\n") + 1

    faults = Library.load(shipped_folder(), folder).faults

    assert [(fault.line, f"“{name}” is blank" in fault.message) for fault in faults] == [(line, True)]
    (folder / FILE).write_text(text.replace(old, new, 1).replace('"active"', '"draft"', 1))
    assert Library.load(shipped_folder(), folder).faults == ()


def test_a_blank_is_unknown_and_gives_no_dose(folder):
    text = (folder / FILE).read_text().replace('"active"', '"draft"', 1)
    text = text.replace("hours_apart = 20", 'hours_apart = "blank"').replace("at_most = 150", 'at_most = "blank"')
    (folder / FILE).write_text(text)
    draft = Library.load(shipped_folder(), folder).protocol("lunaprazine_drip", 1)

    assert answers(draft, sessions())["rest"].truth is Truth.UNKNOWN
    with pytest.raises(NoDose, match="blank"):
        dose_for(draft, weight=Fact(Decimal(50), "kg"), facts={"age": Fact(40, "a")}, chosen=Decimal(1))
