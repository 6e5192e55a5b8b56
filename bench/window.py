"""A nurse at a browser that is killed: what its page promised to keep is on the server in the end, once."""

import os
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from playwright.sync_api import Error, Page, sync_playwright

from bench.infusions import SITE, Chair
from bench.senders import Ledger, Told
from tests.journeys.bedside import wait_until_put_away
from tests.world.chromium import ARGUMENTS, chromium

SAFE, WAITS = "All safe on the server", "on this device since"
PRESSURES = [(systolic, diastolic) for diastolic in range(50, 100) for systolic in range(100, 124)]  # neighbours differ
PATIENCE_MS = 60_000
PAUSE = 2.0
_STARTING_SECONDS = 60


class Window(threading.Thread):
    """A page of one chair in a browser of its own. It types blood pressures, each pair once, and writes down outside
    those which the page said it keeps or the server has. It is without a network for the first `offline` seconds.
    """

    def __init__(self, chair: Chair, port: int, ledger: Ledger, stop: threading.Event, *, offline: float) -> None:
        super().__init__(daemon=True)
        self.chair, self.ledger, self.stop, self.offline = chair, ledger, stop, offline
        self.site = f"http://127.0.0.1:{port}"
        self.number = self.openings = 0
        self.fault: BaseException | None = None
        self.hindered: Error | None = None
        self._profile = tempfile.mkdtemp(prefix="daybreak-window-")
        self._process: subprocess.Popen[bytes] | None = None
        self._is_over = False
        self._is_cut = False

    def run(self) -> None:
        """Type until told to stop, then wait until the page says that all of it is on the server."""
        try:
            with sync_playwright() as playwright:
                is_safe = False
                while not (is_safe or self._is_over):
                    try:
                        with self._opened(playwright) as page:
                            is_safe = self._typed(page)
                    except Error as hindered:  # the browser was killed, or the server is away: begin again
                        self.hindered = hindered
        except BaseException as fault:  # told to whoever waits for this thread
            self.fault = fault
        finally:
            self.kill()
            shutil.rmtree(self._profile, ignore_errors=True)

    def kill(self) -> None:
        """Kill the browser with all its processes."""
        if self._process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    def give_up(self) -> None:
        """End, whatever is not on the server yet."""
        self._is_over = True
        self.stop.set()
        self.kill()

    def _typed(self, page: Page) -> bool:
        """Type and wait, until told to stop and all is safe; a browser that dies raises Error."""
        began = time.monotonic()
        while not self.stop.is_set() or self._is_cut:
            if self._is_cut and self.offline <= 0:
                self._cut(page, cut=False)
            systolic, diastolic = PRESSURES[self.number]
            self.number += 1
            self.ledger.attempts += 1
            _type(page, systolic, diastolic)
            self.ledger.note([(str(self.chair.session), "pressure", "", f"{systolic}/{diastolic}")])
            page.wait_for_timeout(PAUSE * 1000)
            now = time.monotonic()
            self.offline -= now - began
            began = now
        page.locator("[data-safe]", has_text=SAFE).wait_for(timeout=PATIENCE_MS * 4)
        return True

    @contextmanager
    def _opened(self, playwright) -> Iterator[Page]:
        """Start the browser with what its profile kept, and open the page of the chair."""
        self.kill()
        there = Path(self._profile, "DevToolsActivePort")
        there.unlink(missing_ok=True)
        words = ["--headless=new", f"--user-data-dir={self._profile}", "--remote-debugging-port=0", *ARGUMENTS]
        self._process = subprocess.Popen(
            [str(chromium()), *words, "about:blank"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        until = time.monotonic() + _STARTING_SECONDS
        while not (there.exists() and there.read_text().count("\n")):
            if time.monotonic() > until:
                raise RuntimeError("The browser does not start.")
            time.sleep(0.05)
        port = there.read_text().split("\n", 1)[0]
        browser = playwright.chromium.connect_over_cdp(f"http://127.0.0.1:{port}")
        context = browser.contexts[0]
        name, value = self.chair.nurse.split("=", 1)
        context.add_cookies([{"name": name, "value": value, "url": self.site}])
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.on("dialog", lambda asked: asked.accept())
        self._cut(page, cut=self._is_cut)
        self._load(page)
        if not self.openings:
            page.locator("[data-safe]", has_text=SAFE).wait_for()
            wait_until_put_away(page)
            self._cut(page, cut=self.offline > 0)
        self.openings += 1
        yield page

    def _load(self, page: Page) -> None:
        """Open the chair's page, again and again while the server is away and the first visit has kept nothing yet."""
        until = time.monotonic() + _STARTING_SECONDS
        while True:
            try:
                page.goto(f"{self.site}/at/{SITE}/treat/sessions/{self.chair.session}/chair/")
                page.locator("[data-safe]").wait_for(timeout=10_000)
                return
            except Error:
                if time.monotonic() > until or page.is_closed():
                    raise
                page.wait_for_timeout(500)

    def _cut(self, page: Page, *, cut: bool) -> None:
        self._is_cut = cut
        page.context.set_offline(cut)


def _type(page: Page, systolic: int, diastolic: int) -> None:
    """Record a blood pressure and wait until the page shows it and says where it is."""
    group = page.locator("[data-sign=systolic_pressure]").evaluate(
        "field => field.closest('[data-group]').dataset.group"
    )
    page.locator(f"[data-tiles] [data-open={group}]").first.click()
    page.locator("[data-sign=systolic_pressure]").fill(str(systolic))
    page.locator("[data-sign=diastolic_pressure]").fill(str(diastolic))
    page.locator("form[data-act=reading]").get_by_role("button", name="Record").first.click()
    page.locator("#tile-systolic_pressure [data-value]", has_text=str(systolic)).wait_for()
    page.wait_for_function(
        "words => words.some((each) => document.querySelector('[data-safe]').textContent.includes(each))",
        arg=[SAFE, WAITS],
    )


def pressures_in(rows: list[tuple[str, str, str]]) -> list[Told]:
    """Return what was stored of a nurse's pressures (session, systolic, diastolic), as the ledger writes it."""
    return [(session, "pressure", "", f"{systolic}/{diastolic}") for session, systolic, diastolic in rows]
