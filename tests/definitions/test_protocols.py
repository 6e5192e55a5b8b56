"""Every shipped protocol: nothing unknown is a yes, and ten thousand patients are decided in a second."""

from datetime import UTC, datetime
from itertools import cycle, islice
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daybreak.kernel.truth import Truth
from daybreak.rulebook.deciding import decide_all
from daybreak.rulebook.protocol_examples import facts_of_example
from daybreak.rulebook.public import STAGES, Decision, Fact, evaluate
from tests.definitions.shipped import library

NOON = datetime(2026, 1, 15, 12, tzinfo=UTC)
PROTOCOLS = library().every("protocols")
ODD = (True, False, 0, -1, 999, "", "yes", "clear", (), ("acls",), ("yesterday",), (3,), NOON.date())


def of(protocol):
    return f"{protocol.id}-{protocol.version}"


def patients(protocol, stage):
    return [facts_of_example(protocol, each) for each in protocol.examples if each.stage == stage]


def stages(protocol):
    return [stage for stage in STAGES if patients(protocol, stage)]


@pytest.mark.parametrize("protocol", PROTOCOLS, ids=of)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_with_any_facts_removed_the_answer_is_never_more_permissive(protocol, data):
    stage = data.draw(st.sampled_from(stages(protocol)))
    facts = data.draw(st.sampled_from(patients(protocol, stage)))
    kept = {name: facts[name] for name in data.draw(st.sets(st.sampled_from(sorted(facts) or [""]))) if name in facts}

    whole, less = (evaluate(protocol, stage, known, at=NOON) for known in (facts, kept))

    for before, after in zip(whole.criteria, less.criteria, strict=True):
        assert after.truth in (before.truth, Truth.UNKNOWN)
        assert after.blocks or not before.blocks
    assert whole.decision is Decision.ALLOW or less.decision is not Decision.ALLOW


@pytest.mark.parametrize("protocol", PROTOCOLS, ids=of)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_deciding_for_many_is_deciding_for_each(protocol, data):
    stage = data.draw(st.sampled_from(stages(protocol)))
    facts = dict(data.draw(st.sampled_from(patients(protocol, stage))))
    for name in data.draw(st.sets(st.sampled_from(sorted(facts) or [""]))):
        if name in facts:
            moment = data.draw(st.sampled_from([NOON, None, NOON.replace(day=16), NOON.replace(year=2020)]))
            unit = data.draw(st.sampled_from([facts[name].unit, "", "kPa"]))
            value = data.draw(st.sampled_from([facts[name].value, *ODD]))
            facts[name] = Fact(value, unit, moment)

    assert decide_all(protocol, stage, [facts], at=NOON) == [evaluate(protocol, stage, facts, at=NOON).decision]


@pytest.mark.parametrize("protocol", PROTOCOLS, ids=of)
def test_ten_thousand_patients_are_decided_in_a_second(protocol):
    people = {stage: list(islice(cycle(patients(protocol, stage)), 10_000)) for stage in stages(protocol)}

    def seconds():
        began = process_time()
        for stage, each in people.items():
            decide_all(protocol, stage, each, at=NOON)
        return process_time() - began

    assert any(seconds() < 1 for _ in range(5))
