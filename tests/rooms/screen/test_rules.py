"""Which decision may be taken on a verdict, and how facts come from records."""

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from daybreak.kernel.truth import Truth
from daybreak.measure.public import fact_definition, library
from daybreak.rulebook.public import Answer, Decision, Verdict
from daybreak.screen.rules import (
    MayNotAccept,
    Override,
    OverrideRefused,
    demand_acceptable,
    least_age,
    needs_second,
    turned_against,
    word_for_trial,
)
from daybreak.screen.web.presenters import place_of


def answer(name: str, truth: Truth, *, otherwise: str = "review", override: str = "clinician") -> Answer:
    """Return one answer."""
    return Answer(name, f"Is {name} so?", truth, "", (), (), "site", "own", True, "", otherwise, override, "")


def verdict(*answers: Answer) -> Verdict:
    """Return a verdict of these answers."""
    return Verdict(Decision.ASK, answers, "screening", "p", 1, "f")


MET = answer("met", Truth.MET)
UNMET = answer("unmet", Truth.NOT_MET)
UNKNOWN = answer("unknown", Truth.UNKNOWN)
INFORMS = answer("informs", Truth.NOT_MET, otherwise="inform")
UNKNOWN_NOTICE = answer("unknown_notice", Truth.UNKNOWN, otherwise="inform")
FIXED = answer("fixed", Truth.NOT_MET, override="nobody")
GRAVE = answer("grave", Truth.NOT_MET, override="two_clinicians")


@pytest.mark.parametrize("answers", [(MET,), (MET, INFORMS)])
def test_a_patient_is_accepted_when_every_gate_is_met(answers):
    assert demand_acceptable(verdict(*answers), None) == ()


@pytest.mark.parametrize("against", [UNMET, UNKNOWN, UNKNOWN_NOTICE, FIXED])
def test_a_gate_that_is_not_met_or_not_known_refuses_acceptance_by_name(against):
    with pytest.raises(MayNotAccept, match=against.question.replace("?", r"\?")):
        demand_acceptable(verdict(MET, against), None)


def test_an_override_that_names_what_it_overrides_with_a_reason_is_accepted():
    assert demand_acceptable(verdict(MET, UNMET, UNKNOWN), Override(("unmet", "unknown"), "because")) == (
        UNMET,
        UNKNOWN,
    )


def test_an_override_of_one_leaves_the_other_standing():
    with pytest.raises(MayNotAccept, match="Is unknown so"):
        demand_acceptable(verdict(UNMET, UNKNOWN), Override(("unmet",), "because"))


@pytest.mark.parametrize(
    ("override", "sentence"),
    [
        (Override((), "because"), "Name what"),
        (Override(("unmet",), "  "), "needs a reason"),
        (Override(("unmet", "met"), "because"), "nothing to override"),
        (Override(("unmet", "nonsense"), "because"), "nothing to override"),
        (Override(("unmet", "fixed"), "because"), "Nobody can override"),
    ],
)
def test_an_unsound_override_is_refused(override, sentence):
    with pytest.raises(OverrideRefused, match=sentence):
        demand_acceptable(verdict(MET, UNMET, FIXED), override)


def test_some_overrides_need_two_clinicians():
    assert needs_second([UNMET, GRAVE])
    assert not needs_second([UNMET])


@pytest.mark.parametrize(
    ("adequate", "outcome", "word"),
    [
        (True, "no response", "adequate_failed"),
        (True, "partial response", "adequate_failed"),
        (True, "response", "adequate_helped"),
        (True, "not tolerated", "unsure"),
        (True, "unknown", "unsure"),
        (False, "no response", "inadequate"),
        (None, "no response", "unsure"),
    ],
)
def test_only_an_adequate_treatment_with_a_known_outcome_counts(adequate, outcome, word):
    assert word_for_trial(adequate, outcome) == word


@pytest.mark.parametrize(("born", "age"), [(None, None), (2008, 17), (2007, 18), (1984, 41)])
def test_the_age_is_the_one_that_was_certainly_reached(born, age):
    assert least_age(born, datetime(2026, 6, 1, tzinfo=UTC)) == age


@pytest.mark.parametrize(
    ("fact", "place"),
    [
        ("lab_potassium", "measure:labs"),
        ("oxygen_saturation", "measure:vital_signs"),
        ("body_mass_index", "measure:vital_signs"),
        ("depression_score", "measure:take"),
        ("allergies_known", "measure:allergies"),
        ("psychotic_features", None),
        ("age", None),
    ],
)
def test_what_is_measured_leads_to_where_it_is_recorded(fact, place):
    found = place_of(fact_definition(library(), fact))

    assert (found[0] if found else None) == place


@dataclass(frozen=True)
class Accepted:
    """A frozen acceptance."""

    answers: tuple[dict, ...] = ()
    overridden: tuple[str, ...] = ()


WAITS = answer("waits", Truth.NOT_MET, otherwise="postpone")


@pytest.mark.parametrize(
    ("now", "accepted", "turned"),
    [
        ((MET, UNMET), Accepted(({"id": "unmet", "truth": "met"},)), (UNMET,)),
        ((UNMET,), Accepted(({"id": "unmet", "truth": "unknown"},)), (UNMET,)),
        ((UNMET,), Accepted(), (UNMET,)),  # a criterion of a newer version
        ((UNMET,), Accepted(({"id": "unmet", "truth": "not_met"},), ("unmet",)), ()),
        ((FIXED, GRAVE), Accepted(({"id": "grave", "truth": "met"},)), (FIXED, GRAVE)),
        ((UNKNOWN, INFORMS, WAITS, MET), Accepted(), ()),
    ],
)
def test_an_acceptance_does_not_cover_what_turned_against_it_since(now, accepted, turned):
    assert turned_against(verdict(*now), accepted) == turned
