"""The pages beside the dose, looked at: the emergency, the escort, the letter and the report are accessible in light and
dark, on a desk and on a phone.
"""

import os
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse

from daybreak.kernel.keys import new_key
from daybreak.kernel.scope import scoped
from daybreak.treat.actions.emergency import note_emergency
from tests.rooms.follow_up.browser import ORIGIN, PHONE, phone
from tests.rooms.treat.stage import planned
from tests.rooms.treat.tablet import address
from tests.rooms.treat.test_reports import FORM, _esketamine, given  # noqa: F401 – a fixture

pytestmark = pytest.mark.django_db
DESK = {"viewport": {"width": 1440, "height": 900}, "has_touch": False, "is_mobile": False}
SHOTS = os.environ.get("DAYBREAK_SCREENSHOTS")


def looked_at(client, pages):
    for scheme in ("light", "dark"):
        for size, options in (("desk", DESK), ("phone", PHONE)):
            with phone(client, color_scheme=scheme, **options) as (page, _):
                for name, there in pages.items():
                    page.goto(ORIGIN + there)
                    if SHOTS:
                        page.screenshot(path=str(Path(SHOTS) / f"beside-{name}-{size}-{scheme}.png"), full_page=True)
                    found = Axe().run(page)
                    assert not found.response["violations"], (name, size, scheme, found.generate_report())
                    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (name, size)


def test_an_emergency_under_way_and_the_letter_are_accessible(world, as_role):
    stage = planned(world).check_in()
    with scoped(stage.scope()) as scope:
        note_emergency(
            scope, key=new_key(), session=stage.session, entry="called", what="help_in_the_house", at=stage.at()
        )
    looked_at(
        as_role("clinician"),
        {
            "prepare": address("prepare", session=stage.session),
            "emergency": address("emergency", session=stage.session),
            "letter": address("letters", course=stage.look().course.key),
        },
    )


@pytest.mark.usefixtures("_esketamine")
def test_the_report_that_is_owed_and_the_message_to_the_escort_are_accessible(world, as_role):
    stage = given(world)
    looked_at(
        as_role("nurse"),
        {
            "reports": address("reports"),
            "report": address("report", session=stage.session, report=FORM),
            "escort": reverse("desk:escort", kwargs={"site": "dawn", "session": stage.session}),
        },
    )
