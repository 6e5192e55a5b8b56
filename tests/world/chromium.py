"""One Chromium for every test of this process that opens pages of its own transaction: starting one takes a second."""

import asyncio
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from playwright.sync_api import Browser, Playwright, sync_playwright

ARGUMENTS = ["--no-sandbox", "--disable-background-networking"]


def chromium() -> str | None:
    """Return the path of a Chromium, or nothing."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return os.environ.get("DAYBREAK_CHROMIUM") or next(filter(None, map(shutil.which, names)), None)


@contextmanager
def one_browser() -> Iterator[Browser]:
    """Give the browser of this process, started when it is first asked for.

    Playwright keeps an event loop in this thread. Outside the block the thread seems to have none, as Django wants it.
    """
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    _, browser, loop = _started()
    asyncio._set_running_loop(loop)
    try:
        yield browser
    finally:
        asyncio._set_running_loop(None)
        if before is None:
            del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


def close_the_browser() -> None:
    """Stop the browser and what drives it, if they were started."""
    if _started.cache_info().currsize:
        playwright, browser, loop = _started()
        asyncio._set_running_loop(loop)
        browser.close()
        playwright.stop()
        asyncio._set_running_loop(None)
        _started.cache_clear()


@cache
def _started() -> tuple[Playwright, Browser, asyncio.AbstractEventLoop]:
    playwright = sync_playwright().start()
    browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
    return playwright, browser, asyncio.get_running_loop()
