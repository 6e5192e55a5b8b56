"""Whether a consent is in force, case by case."""

from datetime import UTC, datetime, timedelta

import pytest

from daybreak.consent.rules import Signed, State, state_of

AT = datetime(2026, 3, 1, tzinfo=UTC)


def signed(signer: str, hour: int, *, answer: str = "agreed", text: str = "a", version: int = 1) -> Signed:
    """Return a signature `hour` hours after AT."""
    return Signed(signer, answer, "t", version, text, "en", ("patient", "clinician"), AT + timedelta(hours=hour))


PATIENT, CLINICIAN = signed("patient", 1), signed("clinician", 2)


@pytest.mark.parametrize(
    ("said", "withdrawn", "renewed", "state"),
    [
        ([], [], None, State.NEVER_ASKED),
        ([PATIENT], [], None, State.WAITS),
        ([PATIENT, CLINICIAN], [], None, State.CURRENT),
        ([PATIENT, signed("clinician", 0)], [], None, State.WAITS),
        ([PATIENT, signed("clinician", 2, text="b")], [], None, State.WAITS),
        ([signed("patient", 1, answer="declined")], [], None, State.DECLINED),
        ([PATIENT, CLINICIAN, signed("patient", 3, answer="declined")], [], None, State.DECLINED),
        ([PATIENT, CLINICIAN], [3], None, State.WITHDRAWN),
        ([PATIENT, CLINICIAN], [0], None, State.CURRENT),
        ([PATIENT, CLINICIAN, signed("patient", 4), signed("clinician", 5)], [3], None, State.CURRENT),
        ([PATIENT, CLINICIAN], [], 1, State.CURRENT),
        ([PATIENT, CLINICIAN], [], 2, State.OUTDATED),
        ([PATIENT, CLINICIAN], [99], None, State.CURRENT),
        ([signed("patient", 99)], [], None, State.NEVER_ASKED),
    ],
)
def test_where_a_consent_stands(said, withdrawn, renewed, state):
    moments = [AT + timedelta(hours=hour) for hour in withdrawn]

    newer = {"t": renewed} if renewed else {}
    found = state_of("treatment", signed=said, withdrawn=moments, renewed_from=newer, at=AT + timedelta(hours=10))

    assert found.state is state


def test_it_is_in_force_from_the_last_signature_that_was_needed():
    found = state_of(
        "treatment",
        signed=[PATIENT, CLINICIAN, signed("clinician", 5)],
        withdrawn=[],
        renewed_from={},
        at=AT + timedelta(hours=9),
    )

    assert found.granted_at == CLINICIAN.signed_at
    assert found.current is True


def test_never_asked_is_neither_yes_nor_no():
    assert state_of("treatment", signed=[], withdrawn=[], renewed_from={}, at=AT).current is None
