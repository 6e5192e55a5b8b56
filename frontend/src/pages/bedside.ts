/* The chair and recovery: new readings each second, alarms at once, and a plain word when either of them stops coming. */
import { Chart } from "../bedside/chart";
import { draw } from "../bedside/drawn";
import { enter } from "../bedside/entry";
import { joinTeam } from "../bedside/team";
import type { Reading, Values } from "../bedside/values";
import { isTyping, moveOn, values } from "../offline/bedside";

const body = document.body;
const given = (name: string): string => body.dataset[name] ?? "";
const part = <E extends HTMLElement>(selector: string): E | null => document.querySelector<E>(selector);

const chartPlace = part("#live-chart");
const dosePlace = part("#live-dose");
const chart = chartPlace && dosePlace ? new Chart(chartPlace, dosePlace, given("zone") || "UTC") : null;
const team = joinTeam();

let after = 0;

async function poll(): Promise<void> {
  const ask = (): Promise<Response> => fetch(`${given("readings")}?after=${after}`, { headers: { Accept: "application/json" }, signal: AbortSignal.timeout(4000) });
  const found = await values<Values>(ask);
  if (!found) return;
  show(found.values);
  if (found.heard) team?.answered(found.values.alarms);
}

function show(values: Values): void {
  after = values.after;
  draw(values, chart);
  for (const reading of values.readings.slice(-50)) addRow(reading);
  const isSame = values.state === given("state") && (values.turn ?? given("turn")) === given("turn");
  if (!isSame && !isTyping()) moveOn(() => location.reload());
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

enter();
measureBanner();
settleActs();
openForPrint();
part("[data-ask]")?.focus();
void poll().then(() => { firstAnswer = false; });
setInterval(() => void poll(), 1000);
