"""Whoever belongs to another clinic, or to none, finds nothing of this patient anywhere."""

import re

from playwright.sync_api import Page

from tests.journeys.browsers import Browsers
from tests.journeys.walk.people import HOME_SITE, OTHER_SITE, Patient

KEY = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}")
# These ask, of every patient alike, that the device be handed over first.
HANDED_OVER = ("/read/", "/sign/", "/give-back/", "/take-back/")
FOUND_NOWHERE, MOVED = 404, 302


def patients_addresses(seen: Browsers, patient: Patient) -> list[tuple[str, str]]:
    """Return what was asked for on the way that names the patient or something of theirs."""
    asked = [each for each in seen.visited if each[1].startswith(f"/at/{HOME_SITE}/") and KEY.search(each[1])]
    assert len(asked) > 40, asked
    assert all(any(key in path for _, path in asked) for key in (patient.key, patient.session))
    return asked


def find_nothing(page: Page, asked: list[tuple[str, str]]) -> None:
    """A colleague of another clinic gets 404 for each, under the patient's site and under their own."""
    token = page.locator("input[name=csrfmiddlewaretoken]").first.input_value()
    for method, path in asked:
        at_their_own_site = path.replace(HOME_SITE, OTHER_SITE, 1)
        for address in [path] if any(each in path for each in HANDED_OVER) else [path, at_their_own_site]:
            said = page.request.fetch(address, method=method, headers={"X-CSRFToken": token}, max_redirects=0)
            assert said.status == FOUND_NOWHERE, (method, address, said.status)


def be_sent_to_sign_in(page: Page, asked: list[tuple[str, str]]) -> None:
    """A browser without a sign-in is sent to it."""
    for address in (path for method, path in asked if method == "GET"):
        said = page.request.get(address, max_redirects=0)
        assert (said.status, said.headers.get("location", "").split("?")[0]) == (MOVED, "/accounts/login/"), address
