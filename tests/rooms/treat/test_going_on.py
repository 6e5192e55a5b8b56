"""Whether a course should go on is asked from its second session on, where the protocol asks it; then it must be met."""

from uuid import uuid4

import pytest

from daybreak.kernel.truth import Truth
from daybreak.rulebook.public import Decision, Verdict
from daybreak.treat.rules.start import may_start
from tests.rooms.treat.test_rules import criterion, start_facts


def going_on(truth: Truth, otherwise: str = "review") -> Verdict:
    answer = criterion("benefit", truth, otherwise=otherwise)
    return Verdict(Decision.REVIEW, (answer,), "before_going_on", "p", 1, "f")


@pytest.mark.parametrize(
    ("verdict", "allowed"),
    [
        (None, True),
        (going_on(Truth.MET), True),
        (going_on(Truth.NOT_MET), False),
        (going_on(Truth.UNKNOWN), False),
        (going_on(Truth.NOT_MET, "inform"), True),
    ],
)
def test_a_course_that_should_not_go_on_is_in_the_way(verdict, allowed):
    may = may_start(start_facts(going_on=verdict))
    assert may.allowed is allowed
    assert all((blocker.what, blocker.stage) == ("benefit?", "before_going_on") for blocker in may.blockers)


def test_a_clinician_may_sign_for_going_on_and_a_signature_of_another_stage_does_not_count():
    signed = {"benefit": frozenset({uuid4()})}
    facts = {"going_on": going_on(Truth.NOT_MET)}
    assert may_start(start_facts(signed_for_going_on=signed, **facts)).allowed
    assert not may_start(start_facts(signed_for=signed, **facts)).allowed
