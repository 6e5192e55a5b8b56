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

export function helpNow(): void {
  document.addEventListener("toggle", (event) => opened(event.target), true);
  document.addEventListener("submit", (event) => {
    const form = event.target instanceof Element ? event.target.closest<HTMLFormElement>("[data-help-form]") : null;
    if (!form) return;
    event.preventDefault();
    press(form);
  });
  addEventListener("online", () => void sendAll());
  void sendAll();
}

function opened(target: EventTarget | null): void {
  const form = target instanceof HTMLDetailsElement && target.open ? target.querySelector<HTMLFormElement>("[data-help-form]") : null;
  if (form) press(form);
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
    keep(PREFIX + key, { key, address: new URL(form.getAttribute("action") || "", location.href).href, pressedAt: Date.now(), fields });
    if (waiting().length === 0) return void send({ key, address: form.action, pressedAt: Date.now(), fields });
  }
  void sendAll();
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
  say("sending");
  const waited = Math.max(0, Math.round((Date.now() - call.pressedAt) / MINUTE_MS));
  const answered = await post(call.address, { ...call.fields, key: call.key, waited: String(waited) });
  if (answered === null && Date.now() - call.pressedAt < KEPT_FOR_MS) return say("waiting");
  forget(PREFIX + call.key);
  if (answered?.ok) sentAt = Date.now();
  say(answered?.ok ? "sent" : "refused");
}

function say(what: "sending" | "sent" | "waiting" | "refused"): void {
  const place = document.querySelector<HTMLElement>("[data-help-says]");
  if (!place) return;
  place.hidden = false;
  place.textContent = place.dataset[what] || "";
}

/* A page that was open for hours says no more that somebody reads until five. */
function readingNow(): void {
  const place = document.querySelector<HTMLElement>("[data-reading]");
  if (place?.dataset.until && Date.now() >= Date.parse(place.dataset.until)) place.textContent = place.dataset.then || "";
}
