"""The banner says on every page of a patient that a consent which was given no longer stands."""

from datetime import timedelta

import pytest

from daybreak.consent.public import withdraw
from daybreak.kernel.keys import new_key
from daybreak.kernel.scope import scoped
from tests.rooms.treat.stage import planned

pytestmark = pytest.mark.django_db
WORDS = "Consent to treatment"


def test_a_consent_that_was_taken_back_stands_on_the_banner_and_before_the_session(world, as_role):
    stage = planned(world)
    pages = [f"/at/dawn/patients/{stage.patient}/", f"/at/dawn/screen/{stage.patient}/"]
    clinician = as_role("clinician")
    assert all(f"<dt>{WORDS}</dt>" not in clinician.get(page).text for page in pages)

    with scoped(stage.scope("clinician")) as scope:
        said = {"patient": stage.patient, "consent": "treatment", "reason": "Not today."}
        withdraw(scope, key=new_key(), **said, at=stage.now - timedelta(minutes=1))

    for page in pages:
        assert f"<dt>{WORDS}</dt><dd>withdrawn</dd>" in clinician.get(page).text
    assert "A session is planned, but consent to treatment is not in force." in clinician.get(pages[0]).text
