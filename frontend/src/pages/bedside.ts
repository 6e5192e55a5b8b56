/* The chair and recovery: new readings each second, alarms at once, and a plain word when either of them stops coming. */
import { Chart, type Reading } from "../bedside/chart";
import { type Priority, Sound } from "../bedside/sound";
import { Stream } from "../bedside/stream";
import { drawTrend } from "../bedside/trend";
import { values } from "../offline/bedside";

interface Tile { sign: string; value: string | null; when: string; change: string; stale: boolean }
interface Values {
  at: number; after: number; readings: Reading[]; dose: [number, number][]; alarms: string[]; state: string;
  state_words: string; elapsed: string; observed: string; tiles: Tile[];
  amount: { given: string; of: string; rate: string; note: string };
  due: { label: string; when: string; late: boolean }[];
  worst: { sign: string; value: string; limit: string; beyond: boolean };
}

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
  chart?.add(values.readings);
  chart?.draw(values.dose, values.at);
  put("elapsed", values.elapsed);
  put("observed", values.observed);
  put("worst_sign", values.worst.sign);
  put("worst", values.worst.value);
  put("worst_limit", values.worst.limit);
  part("[data-worst]")?.classList.toggle("is-beyond", values.worst.beyond);
  put("given", values.amount.given);
  put("rate", values.amount.rate);
  put("note", values.amount.note);
  put("state_words", values.state_words);
  for (const tile of values.tiles) { showTile(tile); showGhost(tile); }
  showTrends();
  showDue(values.due);
  for (const reading of values.readings.slice(-50)) addRow(reading);
  if (values.alarms.join() !== cardsShown) void renewCards(values.alarms.join());
  if (values.state !== given("state") && !isTyping()) location.reload();
}

function put(name: string, words: string): void {
  const place = part(`[data-value="${name}"]`);
  if (place && place.textContent !== words) place.textContent = words;
}

function showTile(tile: Tile): void {
  const place = document.getElementById(`tile-${tile.sign}`);
  if (!place) return;
  place.classList.toggle("is-stale", tile.stale);
  const words: Record<string, string> = { "[data-value]": tile.value ?? "–", "[data-when]": tile.when, "[data-change]": tile.change };
  for (const [selector, text] of Object.entries(words)) {
    const inner = place.querySelector(selector);
    if (inner && inner.textContent !== text) inner.textContent = text;
  }
}

/* The last value stands as a ghost where the next one is typed in, and is where the step buttons begin. */
function showGhost(tile: Tile): void {
  const input = part<HTMLInputElement>(`[data-sign="${tile.sign}"]`);
  if (input && tile.value !== null) input.placeholder = tile.value;
}

/* Each sign's way so far, drawn small under its value. */
function showTrends(): void {
  for (const place of document.querySelectorAll<HTMLElement>("[data-tiles] .reading")) {
    const points = chart?.trend(place.id.replace("tile-", "")) ?? [];
    if (points.length > 1) drawTrend(place, points);
  }
}

function showDue(due: Values["due"]): void {
  const list = part("[data-due]");
  if (!list) return;
  list.replaceChildren(
    ...due.map((each) => {
      const line = document.createElement("li");
      line.classList.toggle("is-late", each.late);
      const when = document.createElement("strong");
      when.textContent = each.when;
      line.append(when, ` ${each.label}`);
      return line;
    }),
  );
}

const rowsShown = new Set<string>();
let firstAnswer = true;

function addRow(reading: Reading): void {
  const rows = part<HTMLTableSectionElement>("#chart ~ details tbody, .panel:has(#live-chart) tbody");
  if (!rows || rowsShown.has(reading.key)) return;
  rowsShown.add(reading.key);
  if (firstAnswer) return;
  const row = rows.insertRow(0);
  const when = new Date(reading.at * 1000).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: given("zone") || "UTC" });
  for (const words of [when, reading.sign.replaceAll("_", " "), String(reading.value), reading.unit]) row.insertCell().textContent = words;
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
  const typed = [...document.querySelectorAll<HTMLInputElement>("[data-sign]")].some((each) => each.value !== "");
  const chosen = [...document.querySelectorAll<HTMLSelectElement>("[data-alarms] select")].some((each) => each.value !== "");
  return typed || chosen || part("details.act[open], .disclosure[open] form") !== null;
}

function stepButtons(): void {
  for (const [name, by] of [["more", 1], ["less", -1]] as const) {
    for (const button of document.querySelectorAll<HTMLButtonElement>(`[data-${name}]`)) {
      button.hidden = false;
      button.addEventListener("click", () => {
        const input = part<HTMLInputElement>(`[data-sign="${button.dataset[name] ?? ""}"]`);
        if (!input) return;
        const start = Number((input.value || input.placeholder || "0").replace(",", "."));
        input.value = String(input.value === "" ? start : start + by);
      });
    }
  }
}

for (const button of document.querySelectorAll<HTMLButtonElement>("[data-test]")) {
  button.addEventListener("click", () => {
    void sound.open().then(() => sound.burst(button.dataset.test as Priority));
  });
}
stepButtons();
part("[data-ask]")?.focus();
saySound();
void sound.open();
followCards();
void poll().then(() => { firstAnswer = false; });
setInterval(() => void poll(), 1000);
setInterval(sayState, 1000);
