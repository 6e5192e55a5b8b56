"""The coordinating centre: a frozen snapshot, and what the monitor reads from it."""

import re

from playwright.sync_api import Page, expect

from tests.journeys.browsers import Browsers
from tests.journeys.walk.people import follow, press

INTERVAL = re.compile(r"95 % interval \d+.*to \d+")


def freeze(seen: Browsers, page: Page) -> str:
    """The data manager freezes the register; return the snapshot's fingerprint."""
    follow(page, "Open the register")
    people = page.get_by_role("row").nth(1).get_by_role("cell").nth(2).inner_text()
    press(page, "Freeze a snapshot")
    expect(page.get_by_text("It is what was frozen")).to_be_visible()
    seen.look(page, "29-snapshot")
    fingerprint = page.locator("dt", has_text="Fingerprint").locator("+ dd").inner_text()
    page.go_back()
    page.reload()
    newest = page.get_by_role("row").nth(1)
    expect(newest).to_contain_text(fingerprint[:12])
    assert int(newest.get_by_role("cell").nth(2).inner_text()) > int(people), "the new patient is not in the register"
    newest.get_by_role("link").click()
    return fingerprint


def read_the_monitor(seen: Browsers, page: Page, fingerprint: str) -> None:
    """Exposure, response and remission have denominators and intervals; relapse is a curve; all name their snapshot."""
    follow(page, "See the figures")
    for name in ("Response after a week", "Remission after a week"):
        stat = page.locator(".stat", has_text=name)
        expect(stat).to_contain_text(re.compile(r"\d+ of \d+ assessed"))
        expect(stat).to_contain_text(INTERVAL)
    expect(page.locator(".stat", has_text="People treated")).to_contain_text(re.compile(r"of \d+ in the register"))
    curve = page.locator("figure", has_text=re.compile("relapse", re.IGNORECASE)).first
    expect(curve.locator("svg").first).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text(fingerprint)
    seen.look(page, "30-monitor", everywhere=True)
