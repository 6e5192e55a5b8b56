"""Every definition of resistance against an oracle that tries every way in which the unknown may turn out."""

from decimal import Decimal
from itertools import product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from daybreak.rulebook.public import Electroconvulsive, History, Resistance, Trial, stage
from tests.definitions.shipped import library

DEFINITIONS = {each.id: each for each in library().active("resistance") if isinstance(each, Resistance)}
GROUPS = ("ssri", "snri", "tricyclic", "mao_inhibitor")
SEVERITIES = ("subsyndromal", "mild", "moderate", "severe_without_psychosis", "severe_with_psychosis")
UNSTAGED = {"not stageable", "unknown"}
FAILED = Trial(
    drug="sertraline",
    group="ssri",
    adequate=True,
    failed=True,
    present_episode=True,
    optimised=False,
    augmented=False,
)

maybe = st.sampled_from([True, False, None])
trials = st.builds(
    Trial,
    group=st.sampled_from([*GROUPS, ""]),
    adequate=maybe,
    failed=maybe,
    present_episode=maybe,
    optimised=maybe,
    augmented=maybe,
)
series = st.builds(Electroconvulsive, failed=maybe, bilateral=maybe)
histories = st.builds(
    History,
    trials=st.lists(trials, max_size=12).map(tuple),
    electroconvulsive=st.lists(series, max_size=2).map(tuple),
    complete=maybe,
    episode_months=st.none() | st.integers(0, 60).map(Decimal),
    severity=st.sampled_from([*SEVERITIES, ""]),
)
known = st.booleans()
known_histories = st.builds(
    History,
    trials=st.lists(
        st.builds(
            Trial,
            group=st.sampled_from(GROUPS),
            adequate=known,
            failed=known,
            present_episode=known,
            optimised=known,
            augmented=known,
        ),
        max_size=14,
    ).map(tuple),
    electroconvulsive=st.lists(st.builds(Electroconvulsive, failed=known, bilateral=known), max_size=2).map(tuple),
    complete=st.just(True),
    episode_months=st.integers(0, 60).map(Decimal),
    severity=st.sampled_from(SEVERITIES),
)


def failed_in(history, *, present=False):
    return [t for t in history.trials if t.adequate and t.failed and (t.present_episode or not present)]


def by_hand_one(history):
    return "met" if failed_in(history) else "not met"


def by_hand_two(history):
    return "met" if len(failed_in(history, present=True)) > 1 else "not met"


def by_hand_thase_rush(history):
    tried = {t.group for t in failed_in(history)}
    if not tried:
        return "no stage"
    if len(tried) == 1:
        return "I"
    if "tricyclic" not in tried:
        return "II"
    if "mao_inhibitor" not in tried:
        return "III"
    return "V" if any(s.failed and s.bilateral for s in history.electroconvulsive) else "IV"


def by_hand_mgh(history):
    halves = sum(2 + int(t.optimised) + int(t.augmented) for t in failed_in(history))
    return f"{(halves + (6 if history.electroconvulsive else 0)) / 2:g}"


def by_hand_maudsley(history):
    n = len(failed_in(history))
    if n == 0:
        return "not stageable"
    months = history.episode_months
    total = 1 + (months > 12) + (months > 24)
    total += 1 + SEVERITIES.index(history.severity)
    total += 1 + (n >= 3) + (n >= 5) + (n >= 7) + (n >= 11)
    total += any(t.augmented for t in history.trials) + bool(history.electroconvulsive)
    return str(int(total))


def by_hand_electroconvulsive(history):
    return "met" if any(s.failed for s in history.electroconvulsive) else "not met"


ORACLES = {
    "one_failed_trial": by_hand_one,
    "two_failed_trials": by_hand_two,
    "thase_rush": by_hand_thase_rush,
    "mgh_staging": by_hand_mgh,
    "maudsley": by_hand_maudsley,
    "electroconvulsive_failure": by_hand_electroconvulsive,
}


def test_each_shipped_definition_has_an_oracle():
    assert set(DEFINITIONS) == set(ORACLES)


@pytest.mark.parametrize("name", ORACLES)
@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(history=known_histories)
def test_what_is_wholly_known_is_staged_as_by_hand(name, history):
    answer = stage(DEFINITIONS[name], history)

    assert answer.word == ORACLES[name](history)
    assert answer.definite == (answer.word != "not stageable")


def completions(history):
    """Every way in which the unknown of a small history may turn out, with nothing added to its rows."""
    slots = [
        product(
            [t.group] if t.group else GROUPS,
            *([v] if v is not None else [True, False] for v in (t.adequate, t.failed, t.present_episode)),
            *([v] if v is not None else [True, False] for v in (t.optimised, t.augmented)),
        )
        for t in history.trials
    ]
    names = ("group", "adequate", "failed", "present_episode", "optimised", "augmented")
    rows = [[Trial(**dict(zip(names, values, strict=True))) for values in slot] for slot in slots]
    ect = [
        [
            Electroconvulsive(failed=f, bilateral=b)
            for f in ([s.failed] if s.failed is not None else [True, False])
            for b in ([s.bilateral] if s.bilateral is not None else [True, False])
        ]
        for s in history.electroconvulsive
    ]
    months = [history.episode_months] if history.episode_months is not None else [Decimal(6), Decimal(18), Decimal(40)]
    severity = [history.severity] if history.severity else SEVERITIES
    for chosen in product(product(*rows), product(*ect), months, severity):
        yield History(
            trials=chosen[0],
            electroconvulsive=chosen[1],
            episode_months=chosen[2],
            severity=chosen[3],
            complete=True,
        )


small_histories = st.builds(
    History,
    trials=st.lists(
        st.builds(
            Trial,
            group=st.sampled_from([*GROUPS, ""]),
            adequate=st.sampled_from([True, True, None]),
            failed=st.sampled_from([True, True, False]),
            present_episode=st.sampled_from([True, False, None]),
            optimised=st.sampled_from([True, False, None]),
            augmented=st.sampled_from([True, False]),
        ),
        max_size=2,
    ).map(tuple),
    electroconvulsive=st.lists(series, max_size=1).map(tuple),
    complete=st.just(True),
    episode_months=st.none() | st.integers(0, 60).map(Decimal),
    severity=st.sampled_from([*SEVERITIES, ""]),
)


@pytest.mark.parametrize("name", ORACLES)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(history=small_histories)
def test_an_answer_is_definite_exactly_when_every_way_it_may_turn_out_agrees(name, history):
    answer = stage(DEFINITIONS[name], history)
    possible = {ORACLES[name](each) for each in completions(history)}

    if answer.word in UNSTAGED:
        assert len(possible) > 1 or possible == {"not stageable"}
        assert answer.missing
    else:
        assert possible == {answer.word}


@pytest.mark.parametrize("name", ORACLES)
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(history=histories, group=st.sampled_from([*GROUPS, ""]), optimised=maybe, augmented=maybe)
def test_another_failed_adequate_trial_never_lowers_a_stage(name, history, group, optimised, augmented):
    more = FAILED.model_copy(update={"group": group, "optimised": optimised, "augmented": augmented})
    before = stage(DEFINITIONS[name], history)

    after = stage(DEFINITIONS[name], history.model_copy(update={"trials": (*history.trials, more)}))

    assert after.least >= before.least
    assert after.most is None or (before.most is not None and after.most >= before.most)
    assert not (before.word == "met" and after.word != "met")


@st.composite
def with_something_forgotten(draw):
    history = draw(histories)
    ways = ["complete", "episode_months", "severity"]
    ways += [("trial", i) for i in range(len(history.trials))]
    ways += [("row", i) for i in range(len(history.trials))]
    ways += [(kind, i) for kind in ("series", "series row") for i in range(len(history.electroconvulsive))]
    way = draw(st.sampled_from(ways))
    if isinstance(way, str):
        return history, history.model_copy(update={way: "" if way == "severity" else None})
    kind, place = way
    if kind == "series row":
        rows = [each for number, each in enumerate(history.electroconvulsive) if number != place]
        return history, history.model_copy(update={"electroconvulsive": tuple(rows), "complete": None})
    if kind == "series":
        rows = list(history.electroconvulsive)
        rows[place] = rows[place].model_copy(update={draw(st.sampled_from(["failed", "bilateral"])): None})
        return history, history.model_copy(update={"electroconvulsive": tuple(rows)})
    rows = list(history.trials)
    if kind == "row":  # forgetting a row is forgetting, too, that the list was complete
        del rows[place]
        return history, history.model_copy(update={"trials": tuple(rows), "complete": None})
    field = draw(st.sampled_from(["group", "adequate", "failed", "present_episode", "optimised", "augmented"]))
    rows[place] = rows[place].model_copy(update={field: "" if field == "group" else None})
    return history, history.model_copy(update={"trials": tuple(rows)})


@pytest.mark.parametrize("name", ORACLES)
@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(both=with_something_forgotten())
def test_forgetting_something_never_makes_an_answer_more_definite(name, both):
    knew, knows = (stage(DEFINITIONS[name], each) for each in both)

    assert knows.least <= knew.least
    assert knows.most is None or (knew.most is not None and knows.most >= knew.most)
    assert not knows.definite or knows.word == knew.word


@pytest.mark.parametrize(("n", "points"), [(1, 1), (2, 1), (3, 2), (4, 2), (5, 3), (6, 3), (7, 4), (10, 4), (11, 5)])
def test_the_boundaries_of_failed_antidepressants_in_the_maudsley_model(n, points):
    history = History(trials=(FAILED,) * n, complete=True, episode_months=Decimal(6), severity="subsyndromal")

    assert stage(DEFINITIONS["maudsley"], history).word == str(2 + points)


def test_the_six_definitions_disagree_about_one_patient():
    trials = tuple(
        FAILED.model_copy(update={"group": g, "present_episode": p}) for g, p in [("ssri", False), ("snri", True)]
    )
    history = History(trials=trials, complete=True, episode_months=Decimal(30), severity="moderate")

    assert {name: stage(each, history).word for name, each in DEFINITIONS.items()} == {
        "one_failed_trial": "met",
        "two_failed_trials": "not met",
        "thase_rush": "II",
        "mgh_staging": "2",
        "maudsley": "7",
        "electroconvulsive_failure": "not met",
    }
