/* The chair and recovery: new readings each second, alarms at once, and a plain word when either of them stops coming. */
import { Chart } from "../bedside/chart";
import { draw } from "../bedside/drawn";
import { enter, isEntering } from "../bedside/entry";
import { type Priority, Sound } from "../bedside/sound";
import { Stream } from "../bedside/stream";
import type { Reading, Values } from "../bedside/values";
import { values } from "../offline/bedside";

const body = document.body;
const given = (name: string): string => body.dataset[name] ?? "";
const part = <E extends HTMLElement>(selector: string): E | null => document.querySelector<E>(selector);

const region = part("[data-alarms]");
const chartPlace = part("#live-chart");
const dosePlace = part("#live-dose");
const chart = chartPlace && dosePlace ? new Chart(chartPlace, dosePlace, given("zone") || "UTC") : null;
const sound = new Sound(saySound);
const stream = new Stream(given("live"), Number(given("number")), (alarm) => {
  sound.follow([alarm.priority, ...shownPriorities()]);
  void renewCards();
});

let after = 0;
let heardAt = performance.now();
let cardsShown = "";

async function poll(): Promise<void> {
  const ask = (): Promise<Response> => fetch(`${given("readings")}?after=${after}`, { headers: { Accept: "application/json" }, signal: AbortSignal.timeout(4000) });
  const found = await values<Values>(ask);
  if (!found) return;
  show(found.values);
  if (found.heard) heardAt = performance.now();
}

function show(values: Values): void {
  after = values.after;
  draw(values, chart);
  for (const reading of values.readings.slice(-50)) addRow(reading);
  if (values.alarms.join() !== cardsShown) void renewCards(values.alarms.join());
  if (values.state !== given("state") && !isTyping()) location.reload();
}

const rowsShown = new Set<string>();
let firstAnswer = true;

function addRow(reading: Reading): void {
  const rows = part<HTMLTableSectionElement>("[data-rows]");
  if (!rows || rowsShown.has(reading.key)) return;
  rowsShown.add(reading.key);
  if (firstAnswer) return;
  const row = rows.insertRow(0);
  const when = new Date(reading.at * 1000).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: given("zone") || "UTC" });
  const from = reading.corrects ? `${reading.mark || "corrected"}: ${reading.why}` : "";
  for (const words of [when, reading.sign.replaceAll("_", " "), String(reading.value), reading.unit, "", from]) row.insertCell().textContent = words;
  row.cells[2]?.classList.add("number");
}

/* The cards are drawn by the server, so that they are the same with and without a script. */
async function renewCards(known?: string): Promise<void> {
  if (!region) return;
  try {
    const answer = await fetch(given("cards"), { signal: AbortSignal.timeout(4000) });
    if (!answer.ok) return;
    const cards = await answer.text();
    keepingChoices(region, () => { region.innerHTML = cards; });
    if (known !== undefined) cardsShown = known;
    followCards();
  } catch {
    /* The next poll asks again. */
  }
}

/* A new alarm waits for nobody, and what somebody is just choosing in another card is not thrown away by it. */
function keepingChoices(place: HTMLElement, renew: () => void): void {
  const chosen = new Map([...place.querySelectorAll("select")].map((each) => [each.id, each.value]));
  const held = document.activeElement;
  const action = place.contains(held) ? held?.closest("form")?.getAttribute("action") : null;
  renew();
  for (const select of place.querySelectorAll("select")) select.value = chosen.get(select.id) ?? "";
  if (held && action) place.querySelector<HTMLElement>(`form[action="${action}"] ${held.tagName}`)?.focus();
}

function shownPriorities(): Priority[] {
  return (["high", "medium", "low"] as const).filter((each) => region?.querySelector(`.alarm-${each}`));
}

function followCards(): void {
  const priorities = shownPriorities();
  body.dataset.alarm = priorities[0] ?? "";
  sound.follow(priorities);
}

function sayState(): void {
  const place = part("#live-state");
  if (!place) return;
  const silent = performance.now() - heardAt > 8000;
  const words = silent
    ? "No new readings reach this page: look at the bedside monitor. What you see is old."
    : stream.isLive
      ? ""
      : "The live connection for alarms is lost: look at the bedside monitor. This page tries again.";
  place.hidden = words === "";
  if (place.textContent !== words) place.textContent = words;
  if (!stream.isLive) stream.mend();
}

function saySound(): void {
  const place = part("[data-sound-state]");
  if (!place) return;
  place.textContent = sound.isOpen
    ? "Sound is on. Press a test and listen before the session."
    : "Sound is blocked by the browser: touch this page once, then test it.";
  part("[data-sound]")?.toggleAttribute("hidden", false);
  body.toggleAttribute("data-silent", !sound.isOpen);
}

function isTyping(): boolean {
  const chosen = [...document.querySelectorAll<HTMLSelectElement>("[data-alarms] select")].some((each) => each.value !== "");
  return isEntering() || chosen || part("details.act[open], .disclosure[open] form") !== null;
}

/* The sheet ends where the strip and the alarms begin: neither is ever covered. */
function measureBanner(): void {
  const banner = part(".banner-slot");
  const acts = part(".acts");
  if (!banner) return;
  const measure = (): void => {
    document.documentElement.style.setProperty("--banner-foot", `${Math.max(0, banner.getBoundingClientRect().bottom)}px`);
    document.documentElement.style.setProperty("--acts-height", `${acts?.offsetHeight ?? 0}px`);
  };
  new ResizeObserver(measure).observe(banner);
  window.addEventListener("scroll", measure, { passive: true });
  measure();
}

/* Two quick touches on one button never reach the reason that appears under the finger. */
function settleActs(): void {
  for (const act of document.querySelectorAll<HTMLDetailsElement>("details.act")) {
    let openedAt = 0;
    act.addEventListener("toggle", () => { openedAt = performance.now(); });
    act.addEventListener("click", (event) => {
      if (event.target instanceof Element && event.target.closest("form") && performance.now() - openedAt < 400) event.preventDefault();
    });
  }
}

/* Paper shows the tables that the screen hides; it has no use for a form. */
function openForPrint(): void {
  const closed = [...document.querySelectorAll<HTMLDetailsElement>(".disclosure:not([open])")].filter((each) => !each.querySelector("form"));
  window.addEventListener("beforeprint", () => { for (const each of closed) each.open = true; });
  window.addEventListener("afterprint", () => { for (const each of closed) each.open = false; });
}

for (const button of document.querySelectorAll<HTMLButtonElement>("[data-test]")) {
  button.addEventListener("click", () => {
    void sound.open().then(() => sound.burst(button.dataset.test as Priority));
  });
}
enter();
measureBanner();
settleActs();
openForPrint();
part("[data-ask]")?.focus();
saySound();
void sound.open();
followCards();
void poll().then(() => { firstAnswer = false; });
setInterval(() => void poll(), 1000);
setInterval(sayState, 1000);
