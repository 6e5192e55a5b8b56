"""How long an alarm takes until a nurse sees and hears it, beside a page that asks once a second.

A browser has a page of the team open, and another page that asks the server for the open alarms once a second and draws
them. Each alarm is acknowledged before the next is planted, so that each begins the sound anew.
"""

import multiprocessing as mp
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from multiprocessing.queues import Queue

from bench.infusions import SITE, Chair

# Times are the browser's clock, in seconds since 1970. What is drawn is painted once the frame that drew it is over.
RECORD = """
window.painted = {};
window.sounded = [];
const now = () => (performance.timeOrigin + performance.now()) / 1000;
const start = OscillatorNode.prototype.start;
OscillatorNode.prototype.start = function (...at) { window.sounded.push(now()); return start.apply(this, at); };
function note() {
  const drawn = [...document.querySelectorAll("select.alarm-act[id^='act-']")].map((each) => each.id.slice(4));
  const fresh = drawn.filter((key) => !(key in window.painted));
  if (window.behind) for (const key of fresh) window.painted[key] = now();
  else if (fresh.length) requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => { for (const key of fresh) window.painted[key] ??= now(); };
    port2.postMessage(0);
  });
}
addEventListener("DOMContentLoaded", () => {
  new MutationObserver(note).observe(document.documentElement, { subtree: true, childList: true });
  note();
});
"""
# The page that asks lies behind the other, where nothing is painted: what it has drawn counts as painted at once.
POLL = """(address) => {
  window.behind = true;
  const place = document.body.appendChild(document.createElement("div"));
  setInterval(async () => { place.innerHTML = await (await fetch(address)).text(); }, 1000);
}"""


@dataclass(frozen=True, slots=True)
class Seen:
    """When each alarm, by its key, was painted on the team's page and on the one that asks; and when tones began."""

    painted: dict[str, float]
    polled: dict[str, float]
    sounded: list[float]


@contextmanager
def watching(site: str, chair: Chair) -> Iterator[list[Seen]]:
    """Hold a browser with both pages open; after the block the list holds what they saw."""
    context = mp.get_context("spawn")
    told: Queue = context.Queue()
    ends = context.Event()
    process = context.Process(target=_watch, args=(told, ends, site, chair.nurse))
    process.start()
    if told.get(timeout=120) != "open":
        raise RuntimeError("The browser shows no page.")
    found: list[Seen] = []
    try:
        yield found
        ends.set()
        found.append(told.get(timeout=60))
    finally:
        ends.set()
        process.join(30)


def _watch(told: Queue, ends, site: str, cookie: str) -> None:
    from playwright.sync_api import sync_playwright

    from tests.world.chromium import ARGUMENTS, chromium

    name, value = cookie.split("=", 1)
    arguments = [*ARGUMENTS, "--autoplay-policy=no-user-gesture-required"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=arguments)
        context = browser.new_context(viewport={"width": 1440, "height": 900})
        context.add_cookies([{"name": name, "value": value, "url": site}])
        context.add_init_script(RECORD)
        team, asking = context.new_page(), context.new_page()
        team.goto(f"{site}/at/{SITE}/treat/")
        team.locator("[data-team]").wait_for(state="attached")
        asking.goto(f"{site}/at/{SITE}/")
        asking.evaluate(POLL, f"{site}/at/{SITE}/treat/alarms/")
        team.bring_to_front()
        team.wait_for_timeout(4_000)
        told.put("open")
        while not ends.is_set():
            team.wait_for_timeout(200)
        team.wait_for_timeout(2_000)
        told.put(Seen(team.evaluate("painted"), asking.evaluate("painted"), team.evaluate("sounded")))
        browser.close()


def acknowledge(*, older_than: float) -> None:
    """Let a nurse acknowledge every open alarm of the site that was raised so many seconds ago or earlier."""
    from daybreak.kernel.keys import new_key
    from daybreak.kernel.moments import now
    from daybreak.kernel.scope import scoped
    from daybreak.treat import public as treat
    from daybreak.treat.queries.alarms import open_alarms
    from tests.world.people import the_world

    with scoped(the_world().scope("nurse", SITE)) as scope:
        for each in open_alarms(scope):
            if (now() - each.alarm.raised_at).total_seconds() < older_than:
                continue
            treat.acknowledge(scope, key=new_key(), alarm=each.alarm.key, act="measured_again", at=now())


@contextmanager
def acknowledging(*, after: float) -> Iterator[None]:
    """Let a nurse acknowledge each alarm so many seconds after it was raised, while the block lasts."""
    from django.db import connection

    acknowledge(older_than=0)
    ends = threading.Event()

    def go_on() -> None:
        while not ends.wait(0.2):
            acknowledge(older_than=after)
        connection.close()

    nurse = threading.Thread(target=go_on)
    nurse.start()
    try:
        yield
    finally:
        ends.set()
        nurse.join()


def delays(seen: Seen, alarms: Sequence[tuple[str, datetime]]) -> tuple[list[float], list[float], list[float]]:
    """Return how many seconds after it was due each alarm was painted, sounded, and painted by the page that asks."""
    never = float("inf")
    painted, sounded, polled = [], [], []
    for key, due in alarms:
        at = due.timestamp()
        painted.append(seen.painted.get(key, never) - at)
        polled.append(seen.polled.get(key, never) - at)
        sounded.append(min((each for each in seen.sounded if each >= at), default=never) - at)
    return painted, sounded, polled
