/* The sheet in which readings are entered: a touch on a tile opens it, large keys fill it, one touch records.
   What is recorded is sent by the form itself; nothing here stores or sends. */
import { filled, wordsOf } from "./words";
import { around, change, isComplete, isSlip, number, stepped, typed } from "./typing";

const panel = document.querySelector<HTMLElement>("[data-entry]");
const all = <E extends HTMLElement>(selector: string): E[] => (panel ? [...panel.querySelectorAll<E>(selector)] : []);
const TYPING = "input, textarea, select, [contenteditable='true']";
const LETTERS = "daybreak-letters";

let opener: HTMLElement | null = null;
let openings = 0;
let sentAt = 0;
let active: HTMLInputElement | null = null;
/* The values around the last one, and how far they were moved; somebody may prefer digits for as long as the page is open. */
const REACH = 10;
let shift = 0;
let prefersDigits = false;

/* Make the form a sheet. Without this it stays an ordinary form. Nothing hangs on a single field: a refused form is
   replaced by the one that says what is wrong. */
export function enter(): void {
  if (!panel) return;
  document.body.classList.add("has-sheet");
  panel.classList.add("is-sheet");
  panel.setAttribute("role", "dialog");
  panel.tabIndex = -1;
  panel.addEventListener("focusin", (event) => { if (isField(event.target)) turnTo(event.target); });
  panel.addEventListener("input", (event) => { if (isField(event.target)) judge(event.target); });
  panel.addEventListener("submit", sendOnce, { capture: true });
  panel.addEventListener("recorded", recorded);
  document.addEventListener("click", touchedSomething);
  document.addEventListener("keydown", pressed);
  new MutationObserver(() => { prepare(); openRefused(); }).observe(panel, { childList: true });
  prepare();
  if (panel.dataset.refused === "readings") openRefused();
  else if (panel.dataset.refused) open(panel.dataset.refused);
  else if (location.hash.startsWith("#enter-")) open(location.hash.slice("#enter-".length));
  letterSwitch();
}

function prepare(): void {
  for (const part of all("[data-tabs], [data-pad], [data-close]")) part.hidden = false;
  if (matchMedia("(pointer: coarse)").matches) for (const input of inputs()) input.inputMode = "none";
}

/* What was refused is shown where it was typed. */
function openRefused(): void {
  open(groupOf(all<HTMLInputElement>("input[aria-invalid]")[0] ?? inputs()[0])?.dataset.group ?? "");
}

/* The form's act is stored, here or at the server: the fields are empty again and the numbers can be seen. */
function recorded(event: Event): void {
  if (event.target instanceof HTMLElement) delete event.target.dataset.sent;
  for (const sure of all('input[name="sure"]')) sure.remove();
  for (const input of inputs()) { input.value = ""; judge(input); }
  if (openings === sentAt) close(); /* opened again meanwhile: it stays open for the next */
}

function isField(target: EventTarget | null): target is HTMLInputElement {
  return target instanceof HTMLInputElement && target.dataset.sign !== undefined;
}

function inputs(): HTMLInputElement[] {
  return all<HTMLInputElement>("input[data-sign]");
}

function groupOf(input: Element | undefined): HTMLElement | null {
  return input?.closest<HTMLElement>("[data-group]") ?? null;
}

function open(id: string): void {
  const group = all(`[data-group="${CSS.escape(id)}"]`)[0];
  if (!panel || !group) return;
  openings += 1;
  shift = 0;
  panel.classList.add("is-open");
  document.body.classList.add("is-entering");
  for (const each of all("[data-group]")) each.classList.toggle("is-active", each === group);
  const isReading = group.matches("fieldset");
  panel.classList.toggle("is-reading", isReading);
  panel.classList.toggle("is-levels", group.classList.contains("has-levels"));
  for (const tab of all("[data-tab]")) {
    tab.setAttribute("aria-current", String(tab.dataset.tab === id));
    if (tab.dataset.tab === id) tab.scrollIntoView({ block: "nearest", inline: "center" });
  }
  const own = [...group.querySelectorAll<HTMLInputElement>("input[data-sign]")];
  const wanting = (each: HTMLInputElement): boolean => each.value === "" && each.dataset.optional === undefined;
  active = own.find((each) => each.hasAttribute("aria-invalid")) ?? own.find(wanting) ?? own[0] ?? null;
  const target = active ?? group.querySelector("textarea") ?? panel; /* never a value that a stray key would record */
  target.focus({ preventScroll: true });
  panel.scrollTop = 0;
  if (active) turnTo(active);
  sayTyped();
}

/* A field's turn has come: the values around its last one stand where the digits stood, where there is one and nobody asked for digits. */
function turnTo(input: HTMLInputElement): void {
  if (input !== active) shift = 0;
  active = input;
  const place = all("[data-near-pad]")[0];
  const pad = all("[data-pad]")[0];
  if (!place || !pad) return;
  const values = isPressure(input) && !prefersDigits ? around(input.placeholder, shift, REACH, Number(input.dataset.highest || "999")) : [];
  place.hidden = values.length === 0;
  pad.hidden = values.length > 0;
  if (values.length === 0) return;
  const last = number(input.placeholder);
  const chips = values.map((value) => chip(String(value), { value: String(value), ...(value === last ? { last: "" } : {}) }));
  const same = together(groupOf(input)).map((each) => each.placeholder);
  const words = place.dataset;
  place.replaceChildren(...chips, chip("−10", { shift: String(-REACH) }, words.lower), chip("+10", { shift: String(REACH) }, words.higher), chip(words.digits ?? "", { digits: "" }),
    ...(same.every((each) => each !== "") ? [chip(`${words.same ?? ""} ${same.join("/")}`, { same: "" })] : []));
}

function chip(words: string, data: Record<string, string>, label = ""): HTMLButtonElement {
  const made = Object.assign(document.createElement("button"), { type: "button", className: "near-value", textContent: words });
  for (const [name, value] of Object.entries(data)) made.dataset[name] = value;
  if (label) made.setAttribute("aria-label", label);
  return made;
}

function isPressure(input: HTMLInputElement): boolean {
  return groupOf(input)?.dataset.group === "pressure" && input.dataset.optional === undefined;
}

/* The fields of a group that are read together. */
function together(group: HTMLElement | null): HTMLInputElement[] {
  return [...(group?.querySelectorAll<HTMLInputElement>("input[data-sign]:not([data-optional])") ?? [])];
}

/* One touch on a value around the last one: it is the field's, and the last field's touch records them together. */
function touchedNear(near: HTMLElement): void {
  const own = together(groupOf(active ?? undefined));
  if (near.dataset.digits !== undefined) { prefersDigits = true; active?.focus({ preventScroll: true }); if (active) turnTo(active); return; }
  if (near.dataset.shift !== undefined) { shift += Number(near.dataset.shift); if (active) turnTo(active); return; }
  if (near.dataset.same !== undefined) for (const each of own) { each.value = each.placeholder; judge(each); }
  else fill(near.dataset.value ?? "");
  const missing = own.find((each) => each.value === "");
  const doubt = own.some((each) => panel?.querySelector<HTMLElement>(`[data-error-of="${each.dataset.sign ?? ""}"]`)?.hidden === false);
  if (missing) missing.focus({ preventScroll: true });
  else if (!doubt) active?.form?.requestSubmit();
}

function close(): void {
  panel?.classList.remove("is-open");
  document.body.classList.remove("is-entering");
  if (location.hash.startsWith("#enter-")) history.replaceState(null, "", location.pathname + location.search);
  opener?.focus();
}

function touchedSomething(event: MouseEvent): void {
  if (!(event.target instanceof Element)) return;
  const opens = event.target.closest<HTMLElement>("[data-open]");
  if (opens) {
    event.preventDefault();
    opener = opens;
    open(opens.dataset.open ?? "");
  }
  const tab = event.target.closest<HTMLElement>("[data-tab]");
  if (tab) open(tab.dataset.tab ?? "");
  const key = event.target.closest<HTMLElement>("[data-key]")?.dataset.key;
  if (key === "next") goOn();
  else if (key) press(key);
  const by = event.target.closest<HTMLElement>("[data-by]")?.dataset.by;
  const near = event.target.closest<HTMLElement>("[data-near-pad] button");
  if (near) touchedNear(near);
  if (by && active) fill(stepped(active.value, active.placeholder, Number(by)));
  if (event.target.closest("[data-close]")) close();
}

function press(key: string): void {
  if (!active) return;
  fill(typed(active.value, key));
  if (key !== "back" && isComplete(active.value, Number(active.dataset.highest || "9999"))) stepToSibling(active);
}

function fill(value: string): void {
  if (!active) return;
  active.value = value;
  judge(active);
}

/* Within a pressure the second number's turn comes by itself; to another sign one goes on purpose. */
function stepToSibling(input: HTMLInputElement): void {
  const own = together(groupOf(input));
  const next = own[own.indexOf(input) + 1];
  next?.focus({ preventScroll: true });
}

function goOn(): void {
  const groups = all("fieldset[data-group]");
  const at = groups.findIndex((each) => each.classList.contains("is-active"));
  open(groups[(at + 1) % groups.length]?.dataset.group ?? "");
}

/* Letters open entries unless somebody types or has switched them off. Escape closes the sheet. */
function pressed(event: KeyboardEvent): void {
  if (event.key === "Escape" && panel?.classList.contains("is-open")) { close(); return; }
  if (event.ctrlKey || event.metaKey || event.altKey || localStorage.getItem(LETTERS) === "off") return;
  if (event.target instanceof Element && event.target.closest("textarea, select, input:not([data-sign])")) return;
  const inField = event.target instanceof Element && event.target.closest(TYPING) !== null;
  const level = inField ? undefined : all<HTMLButtonElement>(".is-active .level").find((each) => each.value === event.key);
  if (level) { level.click(); return; }
  const group = all("[data-letter]").find((each) => each.dataset.letter === event.key.toLowerCase());
  if (!group || event.key === "" || (inField && !/^[a-z]$/i.test(event.key))) return;
  event.preventDefault();
  if (!inField) opener = document.activeElement instanceof HTMLElement ? document.activeElement : null;
  open(group.dataset.group ?? "");
}

/* Beside the field: the change, and a question where the value may be a slip. Asked once, it is sent as meant. */
function judge(input: HTMLInputElement): void {
  const said = wordsOf(panel);
  const value = number(input.value);
  const last = number(input.placeholder);
  const first = number(input.dataset.first ?? "");
  const says = panel?.querySelector(`[data-change-of="${input.dataset.sign ?? ""}"]`);
  if (says) says.textContent = value === null ? "" : [change(value, last, said.last ?? "last"), change(value, first, said.baseline ?? "baseline")].filter(Boolean).join(", ");
  const slip = value !== null && isSlip(value, last, number(input.dataset.step ?? ""));
  const question = slip ? filled(said.slip ?? "Really {value}? The last one was {last}.", { value, last }) : upsideDown();
  ask(input, slip ? question : "");
  const low = panel?.querySelector<HTMLInputElement>('input[data-sign="diastolic_pressure"]');
  if (low && (input === low || input.dataset.sign === "systolic_pressure") && !slip) ask(low, upsideDown());
  mean(input, slip ? `${input.dataset.sign}=${value}` : "");
  sayTyped();
}

function upsideDown(): string {
  const [high, low] = ["systolic", "diastolic"].map((name) => number(panel?.querySelector<HTMLInputElement>(`input[data-sign="${name}_pressure"]`)?.value ?? ""));
  return high != null && low != null && low >= high ? (wordsOf(panel).upside_down ?? "The diastolic pressure is not below the systolic one: check both.") : "";
}

function ask(input: HTMLInputElement, question: string): void {
  const place = panel?.querySelector<HTMLElement>(`[data-error-of="${input.dataset.sign ?? ""}"]`);
  const words = place?.querySelector("span");
  if (!place || !words) return;
  place.hidden = question === "";
  words.textContent = question;
  input.closest(".field")?.classList.toggle("has-error", question !== "");
}

/* A value that was asked about beside its field, and is sent all the same, is meant. */
function mean(input: HTMLInputElement, words: string): void {
  const form = input.form;
  if (!form) return;
  form.querySelector(`input[name="sure"][value^="${input.dataset.sign ?? ""}="]`)?.remove();
  if (words === "") return;
  const sure = document.createElement("input");
  Object.assign(sure, { type: "hidden", name: "sure", value: words });
  form.append(sure);
}

/* Each tab says what was typed for its signs, so that a round is seen whole before it is recorded. */
function sayTyped(): void {
  for (const place of all("[data-typed]")) {
    const own = all<HTMLInputElement>(`[data-group="${place.dataset.typed ?? ""}"] input[data-sign]`).filter((each) => each.dataset.optional === undefined || each.value !== "");
    const values = own.map((each) => each.value || "·");
    place.textContent = own.some((each) => each.value !== "") ? values.join("/") : "";
  }
}

function sendOnce(event: Event): void {
  const form = event.target as HTMLFormElement;
  if (form.dataset.sent !== undefined) { event.preventDefault(); event.stopPropagation(); }
  form.dataset.sent = "";
  sentAt = openings;
  window.setTimeout(() => delete form.dataset.sent, 800);
}

/* Single letters can be in the way of a screen reader or of speech: they can be switched off. */
function letterSwitch(): void {
  const box = document.querySelector<HTMLInputElement>("[data-letters]");
  const apply = (): void => { document.body.classList.toggle("no-letters", localStorage.getItem(LETTERS) === "off"); };
  apply();
  if (!box) return;
  box.closest<HTMLElement>("[hidden]")?.removeAttribute("hidden");
  box.checked = localStorage.getItem(LETTERS) !== "off";
  box.addEventListener("change", () => { localStorage.setItem(LETTERS, box.checked ? "on" : "off"); apply(); });
}
