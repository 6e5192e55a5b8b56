"""A bedside device: its token is issued on a page, its readings arrive over HTTP."""

import http.client
import json
from datetime import UTC, datetime
from urllib.parse import urlsplit
from uuid import uuid4

from playwright.sync_api import Page, expect

from tests.journeys.browsers import Browsers
from tests.journeys.walk.people import HOME_SITE, Patient

UNITS = {"systolic_pressure": "mm[Hg]", "diastolic_pressure": "mm[Hg]", "heart_rate": "/min", "oxygen_saturation": "%"}


def issue_token(seen: Browsers, page: Page, patient: Patient) -> str:
    """The site lead registers a device for the patient's chair and copies its token, which is shown once."""
    page.goto(f"/at/{HOME_SITE}/treat/setup/")
    devices = page.get_by_role("region", name="Devices")
    devices.get_by_text("Register a device with a token").click()
    devices.get_by_label("Chair", exact=True).fill(patient.chair)
    devices.get_by_label("Name of the device").fill(f"Monitor of {patient.chair}")
    devices.get_by_role("button", name="Register the device").click()
    token = page.locator("pre").inner_text()
    seen.look(page, "16-a-new-device")
    page.goto(f"/at/{HOME_SITE}/treat/setup/")
    expect(page.get_by_role("region", name="Devices")).to_contain_text(f"Monitor of {patient.chair}")
    expect(page.get_by_text(token)).to_have_count(0)
    return token


def send(address: str, token: str, **signs: int) -> None:
    """Send readings of this moment the way a device does, and demand that each is stored."""
    at = datetime.now(UTC).isoformat()
    readings = [
        {"key": str(uuid4()), "sign": sign, "value": value, "unit": UNITS[sign], "measured_at": at}
        for sign, value in signs.items()
    ]
    device = http.client.HTTPConnection(urlsplit(address).netloc, timeout=10)
    said = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    device.request("POST", "/api/readings", json.dumps({"readings": readings}), said)
    answers = json.load(device.getresponse())["answers"]
    device.close()
    assert [each["answer"] for each in answers] == ["stored"] * len(readings), answers
