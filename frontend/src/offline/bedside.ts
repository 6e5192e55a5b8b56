/* The bedside page without the server: its forms go through the outbox, its figures come from the device where the server does
   not answer, and a quiet strip says what is safe on the server and what is not yet. */
import { DeviceClock } from "./clock.ts";
import { type Act, openAct, seal, type SignIn, signInOf } from "./envelope.ts";
import { boundOf, openKept } from "./kept.ts";
import { type Answer, type Held, NotTaken, Outbox, Unreachable } from "./outbox.ts";
import * as server from "./server.ts";
import { Drawer } from "./shelf.ts";
import { type Kept, Story, type Told } from "./story.ts";
import { type Done, SafeStrip } from "./strip.ts";
import { LocalAlarms } from "./alarms.ts";
import { valuesOf, type DeviceValues } from "./figures.ts";

interface House { drawer: Drawer; outbox: Outbox; signIn: SignIn }

const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 30_000;
const KEEP_EVERY_MS = 60_000;
/* A page that missed an answer or two is as good as new; after a longer silence it is loaded again, since others went on meanwhile. */
const LONG_SILENCE_MS = 30_000;
/* How long a page of the device stays, though the server answers: one that is slow to draw pages would send it back again and again. */
const STAYS_MS = 30_000;
/* A page that is still here after so long could not leave, and takes touches again. */
const NEVER_LEFT_MS = 15_000;
/* What is entered one after another; a refusal brings the form back with what was typed. */
const ENTERED = new Set(["reading", "effect", "note", "emergency", "medicine"]);

const place = document.querySelector<HTMLElement>("[data-safe]");
const here = { account: place?.dataset.account ?? "", site: place?.dataset.site ?? "", session: place?.dataset.session ?? "" };
const strip = place ? new SafeStrip(place) : null;
const alarms = new LocalAlarms(document.querySelector<HTMLElement>("[data-alarms]"));
const recent: Done[] = [];
const refusedHere = new Set<string>();
/* Acts that somebody has touched and that are not written down yet: the page waits for them before it leaves. */
const writing = new Set<Promise<unknown>>();

let story: Story | null = null;
let record: Told | null = null;
let isPutAway = wasFromDevice();
let keptAt = -Infinity;
let isCutOff = false;
let wasCutOff = wasFromDevice();
let heardAt = performance.now();
let isMovingOn = false;
let isKeeping = false;
let needsSignIn = false;
let failures = 0;
let nextTry = 0;

const ready: Promise<House | null> = place && globalThis.crypto?.subtle ? begin().catch(() => null) : Promise.resolve(null);
for (const each of document.querySelectorAll<HTMLElement>(".disclosure[open]")) each.dataset.broughtOpen = "";
if (place) {
  document.addEventListener("submit", intercept);
  addEventListener("beforeunload", (event) => {
    if (!isMovingOn && strip?.hasUnsafe) event.preventDefault();
  });
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
  for (const name of ["online", "visibilitychange"]) addEventListener(name, () => { nextTry = 0; }, { capture: true });
  setInterval(() => void tick(), 1000);
  void tick();
}

/* Ask the server for the values of this second, and where it does not answer reckon them here. `heard` says who answered. */
export async function values<Values>(ask: () => Promise<Response>): Promise<{ values: Values; heard: boolean } | null> {
  const found = await heard<Values & { state?: string; turn?: string }>(ask);
  isCutOff = found === null;
  if (found) {
    heardAt = performance.now();
    alarms.clear();
    if (wasCutOff && !isFresh() && !strip?.hasUnsafe && !writing.size && !isTyping()) moveOn(() => location.reload());
    /* What waits here is about to be told: until then the page stays with what was done, and is not loaded again and again. */
    if (strip && (strip.hasUnsafe || !strip.isDrawn || writing.size || isFresh())) Object.assign(found, { state: document.body.dataset.state, turn: document.body.dataset.turn });
    return { values: found, heard: true };
  }
  const house = await ready;
  if (!house || !(await tell(house)) || !story) return null;
  wasCutOff ||= strip?.hasUnsafe === true || performance.now() - heardAt > LONG_SILENCE_MS;
  const reckoned: DeviceValues = valuesOf(story, house.outbox.clock.believed() ?? Date.now(), document.body.dataset.zone || "UTC");
  alarms.show(story.breaches(), story.kept.labels, story.kept.units);
  /* A step that is taken here opens the page of its state by itself. */
  reckoned.state = document.body.dataset.state ?? reckoned.state;
  return { values: reckoned as Values, heard: false };
}

async function heard<Values>(ask: () => Promise<Response>): Promise<Values | null> {
  try {
    const answer = await ask();
    const isOurs = answer.ok && !answer.redirected && answer.headers.get("Content-Type")?.startsWith("application/json");
    return isOurs ? ((await answer.json()) as Values) : null;
  } catch {
    return null;
  }
}

async function begin(): Promise<House | null> {
  const drawer = await Drawer.open();
  const device = await drawer.device();
  const hands = { wall: () => Date.now(), running: () => performance.now() };
  const clock = new DeviceClock(hands, crypto.randomUUID(), device.offset);
  const signIn = await arrive(drawer, clock, device.id);
  if (!signIn) return null;
  void navigator.storage?.persist?.();
  void navigator.serviceWorker?.register("/worker.js", { scope: "/at/", updateViaCache: "none" }).catch(() => undefined);
  return { drawer, signIn, outbox: new Outbox(drawer, server.send, clock) };
}

/* Take the keys of this sign-in; without the server, those that this person was given before. Another person's keys go first. */
async function arrive(drawer: Drawer, clock: DeviceClock, device: string): Promise<SignIn | null> {
  const before = await drawer.signIn();
  try {
    const sent = performance.now();
    const released = await server.keys(here.site, device);
    clock.hear(released.server, sent);
    if (released.account !== here.account) return null;
    if (before?.account !== released.account || before.site !== released.site) await drawer.wipe();
    const signIn = await signInOf(released, device);
    await drawer.keepSignIn(signIn);
    await drawer.noteOffset(clock.offset ?? 0);
    return signIn;
  } catch (fault) {
    if (!(fault instanceof Unreachable)) throw fault;
    const isTheirs = before && before.account === here.account && before.site === here.site;
    return isTheirs && before.until > (clock.believed() ?? Infinity) ? before : null;
  }
}

function intercept(event: SubmitEvent): void {
  const form = event.target instanceof HTMLFormElement ? event.target : null;
  if (!form?.dataset.act || form.method !== "post" || event.defaultPrevented) return;
  event.preventDefault();
  const submitter = event.submitter instanceof HTMLButtonElement ? event.submitter : null;
  if (form.dataset.sending) return;
  form.dataset.sending = "yes";
  const written = ready.then((house) => (house ? write(house, form, submitter) : sendPlainly(form, submitter)));
  writing.add(written);
  void written.catch((fault: unknown) => { free(form); throw fault; }).finally(() => writing.delete(written));
}

/* Without keys or storage a form is sent as any form is. */
function sendPlainly(form: HTMLFormElement, submitter: HTMLButtonElement | null): void {
  if (submitter?.name) {
    const said = Object.assign(document.createElement("input"), { type: "hidden", name: submitter.name, value: submitter.value });
    form.append(said);
  }
  isMovingOn = true;
  HTMLFormElement.prototype.submit.call(form);
}

/* Write the act down and show that it waits; then the server is asked, and nobody waits for that. */
async function write(house: House, form: HTMLFormElement, submitter: HTMLButtonElement | null): Promise<void> {
  const data = new FormData(form);
  if (submitter?.name) data.append(submitter.name, submitter.value);
  const fields = [...data.entries()].filter(([name]) => name !== "csrfmiddlewaretoken" && name !== "key");
  const address = new URL(form.action).pathname;
  if (address.endsWith("/step/complete/") && isCutOff && (await isShort(house)) && !fields.some(([name]) => name === "short")) {
    if (!confirm(strip?.word("short") ?? "")) return free(form);
    fields.push(["short", "1"]);
  }
  const held = await house.outbox.write(house.signIn, here.session, {
    kind: form.dataset.act ?? "",
    address,
    fields: fields.map(([name, value]) => [name, String(value)]),
    words: wordsOf(form, submitter),
  });
  await draw(house);
  if (ENTERED.has(form.dataset.act ?? "")) taken(form, held, false); /* the next one is not kept waiting, nor lost, while this one is sent */
  void send(house, [held.envelope.key]).then((answers) => told(house, form, held, answers)).finally(() => free(form));
}

function free(form: HTMLFormElement): void {
  delete form.dataset.sending;
}

/* The form has its answer, or none: then the act waits, and the page goes on from the device. */
async function told(house: House, form: HTMLFormElement, held: Held, answers: Answer[] | null): Promise<void> {
  const answer = answers?.find((each) => each.key === held.envelope.key);
  const changes = form.dataset.act === "step";
  if (answer?.answer === "refused" || answer?.answer === "asks") {
    await house.outbox.withdraw(held.envelope.key);
    await draw(house);
    if (answer.go) return moveOn(() => location.assign(answer.go ?? ""));
    return refuse(form, answer);
  }
  /* What cannot be right waits for a person: who typed it is told so, beside what is safe. */
  strip?.say(answer?.answer === "tray" ? (answer.sentence ?? "") : "");
  keptAt = answer ? -Infinity : keptAt;
  if (!ENTERED.has(form.dataset.act ?? "")) taken(form, held, Boolean(answer));
  if (answer ? form.dataset.act !== "reading" && form.dataset.act !== "acknowledge" : changes) {
    moveOn(() => location.assign(`/at/${here.site}/treat/sessions/${here.session}/`));
  }
}

/* The act is kept on this device: its form is empty again, and free for the next. */
function taken(form: HTMLFormElement, held: Held, safe: boolean): void {
  free(form);
  form.closest<HTMLDetailsElement>("details.act, details.disclosure")?.removeAttribute("open");
  form.closest(".alarm")?.remove();
  form.reset();
  form.dispatchEvent(new CustomEvent("recorded", { bubbles: true, detail: { key: held.envelope.key, safe } }));
}

/* The page that the server drew for the refused form holds it with what was typed and what is wrong. */
function refuse(form: HTMLFormElement, answer: Answer): void {
  const page = new DOMParser().parseFromString(answer.page ?? "", "text/html");
  const theirs = [...page.querySelectorAll<HTMLFormElement>("form[data-act]")].find((each) => each.getAttribute("action") === form.getAttribute("action") && each.querySelector("[aria-invalid], [data-error-summary], .error-summary"));
  strip?.say(answer.sentence ?? "");
  if (!theirs) return;
  form.replaceWith(document.adoptNode(theirs));
  theirs.querySelector<HTMLElement>("[data-error-summary], [aria-invalid]")?.focus();
}

async function tick(): Promise<void> {
  const house = await ready;
  if (!house) return strip?.withoutKeys();
  const waiting = await house.outbox.waiting();
  if (waiting.length && performance.now() >= nextTry) await send(house, []);
  await tell(house);
  if (!isCutOff && performance.now() - keptAt > KEEP_EVERY_MS) await keep(house);
  await draw(house);
}

/* Send everything that waits, one tab at a time; nothing where the server was not reached. */
async function send(house: House, fresh: string[]): Promise<Answer[] | null> {
  return navigator.locks.request("daybreak-outbox", async () => {
    const groups = new Map((await house.outbox.waiting()).map((each) => [`${each.site}/${each.envelope.session}`, each]));
    const answers: Answer[] = [];
    let reached = true;
    for (const each of groups.values()) {
      try {
        const got = await house.outbox.exchange(each.site, each.envelope.session, fresh);
        for (const answer of got) await remember(house, answer);
        answers.push(...got);
        needsSignIn = false;
      } catch (fault) {
        if (fault instanceof NotTaken) for (const key of [each.envelope.key]) refusedHere.add(key);
        else if (!(fault instanceof Unreachable)) throw fault;
        else reached = false;
        needsSignIn = fault instanceof server.SignedOut;
      }
    }
    failures = reached ? 0 : failures + 1;
    const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(failures, 10));
    nextTry = failures ? performance.now() + wait * (0.75 + Math.random() / 2) : 0;
    if (reached) await house.drawer.noteOffset(house.outbox.clock.offset ?? 0);
    return reached || answers.length ? answers : null;
  });
}

async function remember(house: House, answer: Answer): Promise<void> {
  if (answer.answer === "refused" || answer.answer === "asks") return;
  const act = opened.get(answer.key);
  recent.unshift({ words: act?.words ?? "", at: act?.believed ?? house.outbox.clock.believed() ?? 0, state: answer.answer === "tray" ? "tray" : "safe", sentence: answer.sentence ?? "" });
  recent.length = Math.min(recent.length, 5);
  opened.delete(answer.key);
}

const opened = new Map<string, Act | null>();

/* What this person's own waiting acts say; a colleague's cannot be opened here. */
async function own(house: House): Promise<Act[]> {
  const found: Act[] = [];
  for (const { envelope } of await house.outbox.waiting()) {
    if (!opened.has(envelope.key)) opened.set(envelope.key, envelope.account === house.signIn.account ? await openAct(house.signIn, envelope) : null);
    const act = opened.get(envelope.key);
    if (act && envelope.session === here.session) found.push(act);
  }
  return found;
}

/* Put the story together from what the page brought or the device keeps, and what was done since; whether there is one. */
async function tell(house: House): Promise<boolean> {
  record ??= brought() ?? (await openKept(house.drawer, house.signIn, here.session));
  story = record ? new Story(record, await own(house)) : null;
  return story !== null;
}

/* A page of the server brings its record along; one that the device kept has it beside. */
function brought(): Told | null {
  return JSON.parse(document.querySelector("[data-record]")?.textContent ?? "null") as Told | null;
}

function isFresh(): boolean {
  return wasFromDevice() && performance.now() < STAYS_MS;
}

function wasFromDevice(): boolean {
  return document.documentElement.hasAttribute("data-from-device");
}

async function isShort(house: House): Promise<boolean> {
  await tell(house);
  return story?.amount((house.outbox.clock.believed() ?? 0) * 1000).short ?? false;
}

/* One at a time: a slow server is not asked again while it still draws the first answer. */
async function keep(house: House): Promise<void> {
  if (isKeeping) return;
  isKeeping = true;
  try {
    const sent = performance.now();
    const found = await server.kept<Kept>(here.site, here.session);
    house.outbox.clock.hear(found.server, sent);
    keptAt = performance.now();
    record = found.kept;
    isPutAway &&= found.kept !== null;
    if (!found.kept) return house.drawer.forgetKept();
    const closed = await seal(house.signIn.sealing, JSON.stringify(found.kept), boundOf(house.signIn, here.session));
    await house.drawer.keep({ account: here.account, session: here.session, ...closed });
    isPutAway = true;
  } catch {
    /* Kept anew at the next try; a device without room keeps acts before anything else. */
  } finally {
    isKeeping = false;
  }
}

async function draw(house: House): Promise<void> {
  const waiting = await house.outbox.waiting();
  await own(house);
  strip?.draw({
    waiting: waiting.map(({ envelope, since }) => ({
      words: opened.get(envelope.key)?.words ?? "",
      at: since,
      isKept: house.outbox.isKept(envelope.key),
      isStuck: refusedHere.has(envelope.key),
      isOwn: envelope.account === house.signIn.account,
    })),
    recent,
    needsSignIn,
    isCutOff,
    isReady: isPutAway,
  });
}

function wordsOf(form: HTMLFormElement, submitter: HTMLButtonElement | null): string {
  const said: string[] = [];
  for (const field of form.querySelectorAll<HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement>("input:not([type=hidden]), select, textarea")) {
    const isChoice = field instanceof HTMLInputElement && ["radio", "checkbox"].includes(field.type);
    if (!field.name || !field.value || (isChoice && !(field as HTMLInputElement).checked)) continue;
    const label = field.labels?.[0]?.textContent?.trim().replace(/\s+/g, " ") ?? "";
    said.push(isChoice ? label : field instanceof HTMLSelectElement ? (field.selectedOptions[0]?.textContent?.trim() ?? "") : `${label} ${field.value}`);
  }
  const pressed = submitter?.textContent?.trim().replace(/\s+/g, " ") ?? "";
  const title = form.dataset.words === undefined ? pressed : [form.dataset.words, submitter?.name ? pressed : ""].filter(Boolean).join(" ");
  return [title, said.join(", ")].filter(Boolean).join(": ").slice(0, 300);
}

/* Whether somebody is about to say something here: the page is then not loaded again under their fingers. What the page itself
   brought open, such as the record of an emergency, keeps nobody from seeing what the others did. */
export function isTyping(): boolean {
  const isOpen = document.body.classList.contains("is-entering") || document.querySelector("details.act[open], .disclosure[open]:not([data-brought-open]) form") !== null;
  return isOpen || [...document.querySelectorAll<Field>("form :is(input:not([type=hidden], [type=search]), select, textarea)")].some(isChanged);
}

type Field = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

function isChanged(field: Field): boolean {
  if (field instanceof HTMLSelectElement) return field.value !== ([...field.options].find((each) => each.defaultSelected) ?? field.options[0])?.value;
  const isChoice = field instanceof HTMLInputElement && ["radio", "checkbox"].includes(field.type);
  return isChoice ? field.checked !== field.defaultChecked : field.value !== field.defaultValue;
}

/* Leave this page for another: what was touched is written down first, and what is touched from now on would be lost with the
   page, so it takes no more touches. */
export function moveOn(go: () => void): void {
  if (isMovingOn) return;
  setLeaving(true);
  void Promise.allSettled([...writing]).then(go);
  setTimeout(() => setLeaving(false), NEVER_LEFT_MS);
}

function setLeaving(leaving: boolean): void {
  isMovingOn = leaving;
  const main = document.querySelector<HTMLElement>("main");
  if (main) main.inert = leaving;
}
