/* “I need help now”: the numbers stand on the page and open at once. The call to the clinic is written down on the phone first, then sent, and
   sent again until the clinic has it, from whatever page of the phone is open. */
import { KEPT_FOR_MS, RETRY_MS, forget, keep, namesBelow, newKey, post, read } from "./kept.ts";

interface Call {
  key: string;
  address: string;
  pressedAt: number;
  fields: Record<string, string>;
}

const PREFIX = "daybreak-help:";
const MINUTE_MS = 60_000;
const SAME_CALL_MS = 15 * MINUTE_MS;
let sentAt = 0;
let isSending = false;
let last: Call | null = null;

export function helpNow(): void {
  document.addEventListener("toggle", (event) => opened(event.target), true);
  document.addEventListener("submit", (event) => {
    const form = event.target instanceof Element ? event.target.closest<HTMLFormElement>("[data-help-form]") : null;
    if (!form) return;
    event.preventDefault();
    press(form);
  });
  document.querySelector("[data-help-mistaken]")?.addEventListener("click", () => void mistaken());
  addEventListener("online", () => void sendAll());
  void sendAll();
}

function opened(target: EventTarget | null): void {
  const form = target instanceof HTMLDetailsElement && target.open ? target.querySelector<HTMLFormElement>("[data-help-form]") : null;
  if (!form) return;
  press(form);
  form.closest("details")?.scrollIntoView({ block: "start" }); // the button stands at the lower edge, and the numbers below it
}

/* Opening and pressing are one call; one that was made a moment ago, or still waits, is not made again. */
function press(form: HTMLFormElement): void {
  readingNow();
  form.hidden = true;
  if (Date.now() - sentAt < SAME_CALL_MS) return say("sent");
  if (waiting().length === 0) {
    const fields: Record<string, string> = {};
    new FormData(form).forEach((value, name) => (fields[name] = String(value)));
    const key = newKey();
    last = { key, address: new URL(form.getAttribute("action") || "", location.href).href, pressedAt: Date.now(), fields };
    keep(PREFIX + key, last);
    if (waiting().length === 0) return void send(last);
  }
  void sendAll();
}

/* The same call is sent again, as one that was pressed by mistake: whatever of the two arrives, it is one task, which a person closes. */
async function mistaken(): Promise<void> {
  const call = last || waiting()[0];
  if (!call) return;
  call.fields.mistaken = "1";
  keep(PREFIX + call.key, call);
  if (waiting().length === 0) return send(call);
  await sendAll();
}

function waiting(): Call[] {
  return namesBelow(PREFIX)
    .map((name) => read<Call>(name))
    .filter((call): call is Call => call !== null);
}

async function sendAll(): Promise<void> {
  if (isSending) return;
  isSending = true;
  for (const call of waiting()) await send(call);
  isSending = false;
  if (waiting().length > 0) setTimeout(() => void sendAll(), RETRY_MS);
}

async function send(call: Call): Promise<void> {
  const wasMistaken = call.fields.mistaken === "1";
  say("sending");
  const waited = Math.max(0, Math.round((Date.now() - call.pressedAt) / MINUTE_MS));
  const answered = await post(call.address, { ...call.fields, key: call.key, waited: String(waited) });
  if (answered === null && Date.now() - call.pressedAt < KEPT_FOR_MS) return say("waiting");
  const since = read<Call>(PREFIX + call.key);
  if (answered?.ok && since?.fields.mistaken && !wasMistaken) return send(since);
  forget(PREFIX + call.key);
  if (answered?.ok) sentAt = wasMistaken ? 0 : Date.now();
  last = wasMistaken ? null : call;
  const form = document.querySelector<HTMLFormElement>("[data-help-form]");
  if (wasMistaken && form) form.hidden = false;
  say(answered?.ok ? (wasMistaken ? "mistaken" : "sent") : "refused");
}

function say(what: "sending" | "sent" | "waiting" | "refused" | "mistaken"): void {
  const place = document.querySelector<HTMLElement>("[data-help-says]");
  if (!place) return;
  place.hidden = false;
  place.textContent = place.dataset[what] || "";
  const mistake = document.querySelector<HTMLElement>("[data-help-mistaken]");
  if (mistake) mistake.hidden = what === "mistaken" || what === "refused" || !(last || waiting()[0]);
}

/* A page that was open for hours says no more that somebody reads until five. */
function readingNow(): void {
  const place = document.querySelector<HTMLElement>("[data-reading]");
  if (place?.dataset.until && Date.now() >= Date.parse(place.dataset.until)) place.textContent = place.dataset.then || "";
}
