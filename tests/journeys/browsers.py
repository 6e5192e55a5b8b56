"""Real browsers, one for each person, and what is demanded of every page that somebody looks at."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.world.chromium import ARGUMENTS, chromium

SCREENSHOTS = Path(__file__).parents[1] / "screenshots"
DESK = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
# What another theme can spoil.
COLOURS = ["color-contrast", "link-in-text-block"]
PATIENCE_MS = 15_000


@contextmanager
def browsers(address: str) -> Iterator["Browsers"]:
    """Open a browser for visits to the house at `address`."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        yield Browsers(browser, address)
        browser.close()


class Browsers:
    """Opens a browser's window for each person, remembers where they went, and looks at pages."""

    def __init__(self, browser: Browser, address: str) -> None:
        self.browser = browser
        self.address = address
        self.visited: list[tuple[str, str]] = []
        self.troubles: list[str] = []

    def open(self, *, size: dict[str, int] = DESK, **options: object) -> Page:
        """Return a window of somebody who is not signed in."""
        page = self.browser.new_context(viewport=size, base_url=self.address, **options).new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.on("console", lambda said: said.type == "error" and self.troubles.append(f"{page.url}: {said.text}"))
        page.on("pageerror", lambda fault: self.troubles.append(f"{page.url}: {fault}"))
        page.on("request", lambda asked: self._remember(asked.method, asked.url))
        return page

    def sign_in(self, name: str) -> Page:
        """Return the window of a member of staff, signed in with one click, on their home page."""
        page = self.open()
        page.goto("/")
        page.get_by_role("button", name=name).click()
        expect(page.get_by_role("navigation", name="Main")).to_be_visible()
        return page

    def _remember(self, method: str, url: str) -> None:
        asked = (method, urlsplit(url).path)
        if asked not in self.visited:
            self.visited.append(asked)

    @contextmanager
    def refusal(self) -> Iterator[None]:
        """Within it, a browser's complaint about an answer of 4xx is no trouble."""
        before = list(self.troubles)
        yield
        self.troubles[:] = before + [
            each for each in self.troubles[len(before) :] if "the server responded with a status of 4" not in each
        ]

    def look(self, page: Page, name: str, *, everywhere: bool = False, whole: bool = True) -> None:
        """Look at a page: nothing sticks out, everybody can use it, nothing complains; keep a picture.

        `everywhere` looks in the dark and on a phone too. `whole` pictures the page to its end, and not only what the screen
        shows.
        """
        self._picture(page, name, whole=whole)
        if everywhere:
            self._in_the_dark(page, name, whole=whole)
            size = page.viewport_size
            page.set_viewport_size(PHONE)
            self._picture(page, f"{name}-phone", whole=whole)
            self._in_the_dark(page, f"{name}-phone", whole=whole)
            page.set_viewport_size(size)
        assert self.troubles == [], name

    def _picture(self, page: Page, name: str, *, whole: bool, rules: list[str] | None = None) -> None:
        SCREENSHOTS.mkdir(exist_ok=True)
        page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=whole, animations="disabled")
        assert barriers(page, rules) == [], name
        wide = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
        assert wide[0] <= wide[1], f"{name} sticks out: {wide}"

    def _in_the_dark(self, page: Page, name: str, *, whole: bool) -> None:
        page.emulate_media(color_scheme="dark")
        self._picture(page, f"{name}-dark", whole=whole, rules=COLOURS)
        page.emulate_media(color_scheme="light")


def barriers(page: Page, rules: list[str] | None) -> list[str]:
    """Return what keeps people out of a page, serious or worse, by all rules of axe or by some of them."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)
    options = {"resultTypes": ["violations"], **({"runOnly": rules} if rules else {})}
    found = page.evaluate("options => axe.run(options)", options)["violations"]
    return [
        f"{each['id']} ({each['impact']}): {[node['html'][:200] for node in each['nodes'][:3]]}"
        for each in found
        if each["impact"] in ("serious", "critical")
    ]
