"""The network is cut in the middle of an infusion, the server is killed, the page is loaded again, nurses change: nothing is
lost, nothing is doubled, and nothing of the patient can be read on the device.
"""

import json

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from tests.journeys.bedside import Bedside, wait_until_put_away
from tests.journeys.browsers import DESK, SCREENSHOTS, barriers, chromium

pytestmark = pytest.mark.skipif(chromium() is None, reason="no Chromium")
PATIENCE_MS = 60_000
SETTLED_MS = 500
EVERYTHING_ON_THE_DEVICE = """async () => {
  const base = await new Promise((done) => { const asked = indexedDB.open("daybreak-bedside"); asked.onsuccess = () => done(asked.result); });
  const found = { local: { ...localStorage }, session: { ...sessionStorage }, caches: [], base: {} };
  for (const name of base.objectStoreNames) {
    found.base[name] = await new Promise((done) => { const asked = base.transaction(name).objectStore(name).getAll(); asked.onsuccess = () => done(asked.result); });
  }
  base.close();
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const asked of await cache.keys()) if (asked.url.endsWith("/offline/")) found.caches.push(await (await cache.match(asked)).text());
    else found.caches.push(asked.url);
  }
  const sealing = found.base.signIn[0]?.sealing;
  found.extractable = sealing?.extractable ?? null;
  return JSON.stringify(found);
}"""


@pytest.fixture(scope="module")
def bedside(tmp_path_factory):
    """A clinic with one running infusion."""
    place = Bedside(tmp_path_factory.mktemp("bedside"))
    place.session = place.make()["session"]
    place.start()
    yield place
    place.stop()


class Tablet:
    """A nurse's window on the chair."""

    def __init__(self, page: Page, bedside: Bedside) -> None:
        self.page, self.bedside = page, bedside
        self.chair = f"/at/dawn/treat/sessions/{bedside.session}/chair/"
        self.strip = page.locator("[data-safe]")
        page.set_default_timeout(PATIENCE_MS)
        page.on("dialog", lambda asked: asked.accept())

    def sign_in(self, name: str) -> None:
        self.page.goto("/")
        self.page.get_by_role("button", name=name).first.click()
        expect(self.page.get_by_role("navigation", name="Main")).to_be_visible(timeout=PATIENCE_MS)
        self.open()

    def open(self) -> None:
        self.page.goto(self.chair)
        self.says("All safe on the server")
        wait_until_put_away(self.page)

    def says(self, words: str) -> None:
        expect(self.strip).to_contain_text(words, timeout=PATIENCE_MS)

    def read(self, **signs: int) -> None:
        first = self.page.locator(f"[data-sign={next(iter(signs))}]")
        group = first.evaluate("field => field.closest('[data-group]').dataset.group")
        self.page.locator(f"[data-tiles] [data-open={group}]").first.click()
        for sign, value in signs.items():
            self.page.locator(f"[data-sign={sign}]").fill(str(value))
        self.page.locator("form[data-act=reading]").get_by_role("button", name="Record").first.click()

    def pause(self) -> None:
        box = self.page.locator("details.act").filter(has=self.page.locator("summary", has_text="Pause"))
        box.locator("summary").click()
        self.page.wait_for_timeout(SETTLED_MS)
        box.get_by_role("button", name="Nausea").click()

    def kept(self) -> dict:
        """Return what the server holds of the session."""
        there = f"/at/dawn/treat/sessions/{self.bedside.session}/kept/"
        return self.page.evaluate("async (there) => (await (await fetch(there)).json()).kept", there)

    def on_the_device(self) -> str:
        return self.page.evaluate(EVERYTHING_ON_THE_DEVICE)


def test_nothing_is_lost_and_nothing_doubled_through_a_cut_network_and_a_killed_server(bedside):
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium(), args=["--no-sandbox", "--disable-background-networking"]
        )
        context = browser.new_context(viewport=DESK, base_url=bedside.address)
        page, tile = context.new_page(), "#tile-systolic_pressure [data-value]"
        nurse = Tablet(page, bedside)
        nurse.sign_in("Noor Haddad")
        nurse.read(systolic_pressure=133, diastolic_pressure=80)
        expect(page.locator(tile)).to_have_text("133", timeout=PATIENCE_MS)

        context.set_offline(True)
        nurse.read(systolic_pressure=190)
        nurse.says("1 act waits on this device since")
        expect(page.locator(tile)).to_have_text("190", timeout=PATIENCE_MS)
        expect(page.locator(".alarm-high", has_text="190 mmHg (limit 180)")).to_be_visible(timeout=PATIENCE_MS)

        bedside.cut_power()
        context.set_offline(False)
        nurse.pause()
        nurse.says("2 acts wait on this device since")
        expect(page.locator("body")).to_have_attribute("data-state", "paused", timeout=PATIENCE_MS)
        page.reload()
        nurse.says("2 acts wait on this device since")
        expect(page.get_by_text("Resume", exact=True).first).to_be_visible(timeout=PATIENCE_MS)
        assert page.locator("form[action*='/start/']").count() == 0, "a session is never started without the server"
        SCREENSHOTS.mkdir(exist_ok=True)
        page.screenshot(path=SCREENSHOTS / "offline-chair.png")
        assert barriers(page, None) == []
        here = nurse.on_the_device()
        assert all(words not in here for words in ("Sommer", "systolic", "nausea", "Haddad")), (
            "something lies there in clear"
        )
        assert json.loads(here)["extractable"] is False

        bedside.start()
        nurse.says("All safe on the server")
        expect(page.locator("html")).not_to_have_attribute("data-from-device", "", timeout=PATIENCE_MS)
        kept = nurse.kept()
        assert [float(each["value"]) for each in kept["readings"]].count(190) == 1
        assert [each["step"] for each in kept["steps"]][-2:] == ["started", "paused"]

        context.set_offline(True)
        nurse.read(heart_rate=99)
        nurse.says("1 act waits")
        page.set_viewport_size({"width": 1024, "height": 768})  # a tablet on its side, with an alarm: the way out stays
        page.locator("details.menu", has_text="Noor Haddad").locator("summary").click()
        page.get_by_role("button", name="Sign out").click()
        expect(page.get_by_text("Nobody is signed in on this device")).to_be_visible(timeout=PATIENCE_MS)
        left = json.loads(nurse.on_the_device())["base"]
        assert (len(left["acts"]), left["kept"], left["signIn"]) == (1, [], [])

        context.set_offline(False)
        page.wait_for_url("**/accounts/login/**")
        nurse.sign_in("Clara Okafor")
        kept = nurse.kept()
        assert [float(each["value"]) for each in kept["readings"]].count(99) == 1, (
            "the nurse's act was sent by the clinician"
        )
        assert json.loads(nurse.on_the_device())["base"]["acts"] == []
        browser.close()


def test_a_page_that_loses_the_network_before_its_session_is_put_away_goes_on_from_what_it_brought(bedside):
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium(), args=["--no-sandbox", "--disable-background-networking"]
        )
        context = browser.new_context(viewport=DESK, base_url=bedside.address)
        context.route("**/kept/", lambda route: route.abort())
        page = context.new_page()
        nurse = Tablet(page, bedside)
        page.goto("/")
        page.get_by_role("button", name="Noor Haddad").first.click()
        expect(page.get_by_role("navigation", name="Main")).to_be_visible(timeout=PATIENCE_MS)
        page.goto(nurse.chair)
        nurse.says("All safe on the server")

        context.set_offline(True)
        nurse.read(systolic_pressure=188)
        nurse.says("1 act waits on this device since")
        expect(page.locator("#tile-systolic_pressure [data-value]")).to_have_text("188", timeout=PATIENCE_MS)
        expect(page.locator(".alarm-high", has_text="188 mmHg (limit 180)")).to_be_visible(timeout=PATIENCE_MS)
        page.locator("[data-safe] summary").click()
        expect(page.locator("[data-safe]")).to_contain_text("188")
        browser.close()


def test_while_an_emergency_is_open_a_page_still_follows_what_another_device_does(bedside):
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium(), args=["--no-sandbox", "--disable-background-networking"]
        )
        nurse, clinician = (
            Tablet(browser.new_context(viewport=DESK, base_url=bedside.address).new_page(), bedside) for _ in range(2)
        )
        nurse.sign_in("Noor Haddad")
        nurse.page.get_by_role("button", name="Emergency: help was called now").click()
        expect(nurse.page.get_by_text("Under way since")).to_be_visible(timeout=PATIENCE_MS)
        before = nurse.page.locator("body").get_attribute("data-state")
        act, reason, after = ("Resume", "Settled", "running") if before == "paused" else ("Pause", "Nausea", "paused")
        clinician.sign_in("Clara Okafor")
        box = clinician.page.locator("details.act").filter(has=clinician.page.locator("summary", has_text=act))
        box.locator("summary").click()
        clinician.page.wait_for_timeout(SETTLED_MS)
        box.get_by_role("button", name=reason).click()
        expect(nurse.page.locator("body")).to_have_attribute("data-state", after, timeout=PATIENCE_MS)
        browser.close()
