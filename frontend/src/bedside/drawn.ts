/* Puts the values of one moment into the page. It asks nobody and keeps nothing, so that it can draw what a device worked out alone. */
import type { Chart } from "./chart";
import { drawTrend } from "./trend";
import { wordsOf } from "./words";
import type { Tile, Values, Waiting } from "./values";

const part = <E extends Element>(selector: string): E | null => document.querySelector<E>(selector);

export function draw(values: Values, chart: Chart | null): void {
  chart?.add(values.readings);
  chart?.draw(values.dose, values.pauses ?? [], values.given ?? [], values.at);
  put("elapsed", values.elapsed);
  put("observed", values.observed);
  put("given", values.amount.given);
  put("rate", values.amount.rate);
  put("note", values.amount.note);
  put("state_words", values.state_words);
  put("worst_sign", values.worst.sign);
  put("worst", values.worst.value);
  put("worst_limit", values.worst.limit);
  part("[data-worst]")?.classList.toggle("is-beyond", values.worst.beyond);
  for (const tile of values.tiles) { showTile(tile); showGhost(tile); }
  showTrends(chart);
  showDue(values.due, values.at);
}

function put(name: string, words: string): void {
  const place = part(`[data-value="${name}"]`);
  if (place && place.textContent !== words) place.textContent = words;
}

function showTile(tile: Tile): void {
  const place = document.getElementById(`tile-${tile.sign}`);
  if (!place) return;
  place.classList.toggle("is-stale", tile.stale);
  place.classList.toggle("is-beyond", tile.beyond === true);
  const words: Record<string, string> = { "[data-value]": tile.value ?? "–", "[data-when]": tile.when, "[data-change]": tile.change };
  for (const [selector, text] of Object.entries(words)) {
    const inner = place.querySelector(selector);
    if (inner && inner.textContent !== text) inner.textContent = text;
  }
}

/* The last value stands as a ghost where the next one is typed in, and is where the steps begin. */
function showGhost(tile: Tile): void {
  const input = part<HTMLInputElement>(`input[data-sign="${tile.sign}"]`);
  if (input && tile.value !== null) input.placeholder = tile.value;
}

/* Each sign's way so far, drawn small under its value. */
function showTrends(chart: Chart | null): void {
  for (const place of document.querySelectorAll<HTMLElement>("[data-sign-tile]")) {
    const points = chart?.trend(place.dataset.signTile ?? "") ?? [];
    if (points.length > 1) drawTrend(place, points);
  }
}

/* What is read next stands in the strip with its countdown; all of it stands in the list. */
function showDue(due: Waiting[], at: number): void {
  const next = due[0];
  const said = wordsOf(part("[data-next]"));
  put("next_label", next ? (next.short ?? next.label) : (said.nothing ?? "nothing is due"));
  put("next_count", next === undefined ? "–" : next.due_at === undefined ? next.when : countdown(next.due_at - at));
  put("next_words", next?.late ? (said.late ?? "Late:") : (said.next ?? "Next:"));
  part("[data-next]")?.classList.toggle("is-late", next?.late === true);
  const list = part("[data-due]");
  const words = due.map((each) => `${each.when} ${each.label}`).join();
  if (!(list instanceof HTMLElement) || list.dataset.words === words) return;
  list.dataset.words = words;
  list.replaceChildren(...due.map(line));
}

function line(each: Waiting): HTMLLIElement {
  const item = document.createElement("li");
  item.classList.toggle("is-late", each.late);
  const when = document.createElement("strong");
  when.textContent = each.when;
  item.append(when, ` ${each.label}`);
  return item;
}

export function countdown(seconds: number): string {
  const whole = Math.floor(Math.abs(seconds));
  const words = `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
  return seconds < 0 ? `+${words}` : words;
}
