"""Nothing unknown is taken for a yes, boundaries are on the file's side, each answer carries its reason."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daybreak.kernel.truth import Truth
from daybreak.rulebook.evaluation import evaluate
from daybreak.rulebook.gate import Criterion
from daybreak.rulebook.public import Decision, Fact
from tests.definitions.shipped import library

NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)
PROTOCOL = library().protocol("ketamine_iv_40min", 1)
STAGES = ("screening", "before_each_dose", "before_leaving")


def facts_of(stage, **changed):
    example = next(each for each in PROTOCOL.examples if each.stage == stage and not each.base)
    known = {**example.given, **changed}
    return {name: Fact(value, PROTOCOL.fact(name).unit, NOW) for name, value in known.items()}


def with_criterion(**table):
    base = {"id": "it", "question": "Is it?", "otherwise": "refuse", "source": "site", "reference": "own"}
    return PROTOCOL.model_copy(update={"screening": (Criterion.model_validate({**base, **table}),)})


def answer_to(facts, **table):
    return evaluate(with_criterion(**table), "screening", facts, at=NOW).criteria[0]


@pytest.mark.parametrize("stage", STAGES)
def test_everything_known_and_met_allows(stage):
    verdict = evaluate(PROTOCOL, stage, facts_of(stage), at=NOW)

    assert verdict.decision is Decision.ALLOW
    assert verdict.decisive == ()
    assert (verdict.protocol, verdict.version) == ("ketamine_iv_40min", 1)
    assert len(verdict.fingerprint) == 64


@pytest.mark.parametrize("stage", STAGES)
def test_nothing_known_asks_and_names_who_can_supply_it(stage):
    verdict = evaluate(PROTOCOL, stage, {}, at=NOW)

    assert verdict.decision is Decision.ASK
    for answer in verdict.criteria:
        assert answer.truth is Truth.UNKNOWN
        assert answer.missing[0].who_can_supply


@given(st.data())
def test_taking_facts_away_never_makes_the_answer_more_permissive(data):
    stage = data.draw(st.sampled_from(STAGES))
    pressure = data.draw(st.integers(120, 200))
    facts = facts_of(stage, **({"systolic_pressure": Decimal(pressure)} if stage == "before_each_dose" else {}))
    kept = data.draw(st.sets(st.sampled_from(sorted(facts))))

    whole = evaluate(PROTOCOL, stage, facts, at=NOW)
    less = evaluate(PROTOCOL, stage, {name: facts[name] for name in kept}, at=NOW)

    for before, after in zip(whole.criteria, less.criteria, strict=True):
        assert after.truth in (before.truth, Truth.UNKNOWN)
        assert after.blocks or not before.blocks
    if kept != set(facts):
        assert less.decision is not Decision.ALLOW


ODD = [
    True,
    False,
    0,
    -1,
    999,
    "",
    "yes",
    "clear",
    (),
    ("acls",),
    Decimal("NaN"),
    Decimal("1E+30"),
    NOW.date(),
]


@given(st.dictionaries(st.sampled_from([fact.id for fact in PROTOCOL.facts]), st.sampled_from(ODD)))
def test_no_answer_however_odd_breaks_the_evaluation(values):
    facts = {name: Fact(value, PROTOCOL.fact(name).unit, NOW) for name, value in values.items()}
    for stage in STAGES:
        assert evaluate(PROTOCOL, stage, facts, at=NOW).decision is not Decision.ALLOW


@pytest.mark.parametrize(
    ("test", "value", "met"),
    [
        ({"below": Decimal(150)}, "149.9", True),
        ({"below": Decimal(150)}, "150", False),
        ({"at_most": Decimal(150)}, "150", True),
        ({"at_most": Decimal(150)}, "150.1", False),
        ({"at_least": Decimal(150)}, "150", True),
        ({"at_least": Decimal(150)}, "149.9", False),
        ({"between": (Decimal(100), Decimal(150))}, "100", True),
        ({"between": (Decimal(100), Decimal(150))}, "150", True),
        ({"between": (Decimal(100), Decimal(150))}, "150.1", False),
        ({"between": (Decimal(100), Decimal(150))}, "99.9", False),
    ],
)
def test_each_boundary_is_on_its_side(test, value, met):
    facts = {"systolic_pressure": Fact(Decimal(value), "mm[Hg]", NOW)}

    answer = answer_to(facts, ask="systolic_pressure", unit="mm[Hg]", **test)

    assert answer.truth is (Truth.MET if met else Truth.NOT_MET)
    assert value in answer.reason
    assert answer.used[0].at == NOW


@pytest.mark.parametrize(
    ("fact", "reason"),
    [
        (None, "Not known yet."),
        (Fact(Decimal(120), "kg", NOW), "cannot be read as mmHg"),
        (Fact(Decimal(120), "", NOW), "no unit"),
        (Fact("high", "mm[Hg]", NOW), "not a number"),
        (Fact(True, "mm[Hg]", NOW), "not a number"),
        (Fact(Decimal("NaN"), "mm[Hg]", NOW), "not a number"),
        (Fact(Decimal(1200), "mm[Hg]", NOW), "cannot be right"),
        (Fact(Decimal(120), "mm[Hg]", NOW + timedelta(seconds=1)), "in the future"),
        (Fact(Decimal(120), "mm[Hg]", NOW - timedelta(minutes=31)), "older than 30 minutes"),
        (Fact(Decimal(120), "mm[Hg]", None), "not known when"),
    ],
)
def test_a_fact_that_cannot_be_used_is_unknown_and_says_why(fact, reason):
    facts = {} if fact is None else {"systolic_pressure": fact}

    answer = answer_to(facts, ask="systolic_pressure", unit="mm[Hg]", at_most=140, within_minutes=30)

    assert answer.truth is Truth.UNKNOWN
    assert reason in answer.reason
    assert answer.missing[0].name == "systolic_pressure"


def test_kilopascals_are_converted():
    facts = {"systolic_pressure": Fact(Decimal("18.6"), "kPa", NOW)}

    assert answer_to(facts, ask="systolic_pressure", unit="mm[Hg]", at_most=140).truth is Truth.MET


@pytest.mark.parametrize(("days", "truth"), [(13, Truth.MET), (14, Truth.MET), (15, Truth.NOT_MET)])
def test_within_days_counts_the_last_day(days, truth):
    facts = {"depression_score": Fact(Decimal(18), "{score}", NOW - timedelta(days=days))}

    assert answer_to(facts, ask="depression_score", within_days=14).truth is truth


YES, NO = Fact(True, "", NOW), Fact(False, "", NOW)


@pytest.mark.parametrize(
    ("group", "first", "second", "truth"),
    [
        ("any", YES, None, Truth.MET),
        ("any", NO, None, Truth.UNKNOWN),
        ("any", NO, NO, Truth.NOT_MET),
        ("all", YES, None, Truth.UNKNOWN),
        ("all", NO, None, Truth.NOT_MET),
        ("all", YES, YES, Truth.MET),
        ("none", NO, NO, Truth.MET),
        ("none", NO, None, Truth.UNKNOWN),
        ("none", YES, None, Truth.NOT_MET),
    ],
)
def test_groups_follow_three_valued_logic(group, first, second, truth):
    names = ("psychotic_features", "psychotic_disorder")
    facts = {name: fact for name, fact in zip(names, (first, second), strict=True) if fact}

    answer = answer_to(facts, **{group: [{"ask": name, "is": True} for name in names]})

    assert answer.truth is truth
    assert bool(answer.missing) is (truth is Truth.UNKNOWN)


def test_the_gravest_answer_wins():
    facts = facts_of("screening", psychotic_features=True, uncontrolled_hypertension=True)
    assert evaluate(PROTOCOL, "screening", facts, at=NOW).decision is Decision.POSTPONE
    del facts["pregnancy"]
    assert evaluate(PROTOCOL, "screening", facts, at=NOW).decision is Decision.POSTPONE
    facts["uncontrolled_hypertension"] = NO
    assert evaluate(PROTOCOL, "screening", facts, at=NOW).decision is Decision.ASK
    facts["ketamine_hypersensitivity"] = YES
    assert evaluate(PROTOCOL, "screening", facts, at=NOW).decision is Decision.REFUSE


def test_what_only_informs_is_said_and_stops_nothing_but_must_be_known():
    facts = facts_of("before_each_dose", body_mass_index=Decimal(31))
    verdict = evaluate(PROTOCOL, "before_each_dose", facts, at=NOW)
    assert verdict.decision is Decision.ALLOW
    assert [notice.id for notice in verdict.notices] == ["body_mass_index_considered"]

    del facts["body_mass_index"]
    assert evaluate(PROTOCOL, "before_each_dose", facts, at=NOW).decision is Decision.ASK


def test_every_answer_names_its_source():
    for stage in STAGES:
        for answer in evaluate(PROTOCOL, stage, {}, at=NOW).criteria:
            assert answer.source in ("label", "rems", "guideline", "practice", "site")
            assert answer.reference
            assert answer.verified or answer.reference != "doi:10.1001/jamapsychiatry.2017.0078"
