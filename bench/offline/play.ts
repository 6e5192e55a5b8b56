/* Plays schedules of three devices and two nurses with the outbox of the pages. Time is invented; the server is asked over standard output,
   one line of JSON each way. What a schedule does comes from its seed. */
import { createInterface } from "node:readline";
import { DeviceClock } from "../../frontend/src/offline/clock.ts";
import { type Envelope, type SignIn, openAct, sealAct, signInOf } from "../../frontend/src/offline/envelope.ts";
import { newKey } from "../../frontend/src/offline/keys.ts";
import { type Answer, type Held, type Message, Outbox, type Shelf, Unreachable } from "../../frontend/src/offline/outbox.ts";
import { type Kept, Story } from "../../frontend/src/offline/story.ts";

interface Done { key: string; kind: string; step: string; value: number; at: number; nurse: string; device: number; told: boolean }
interface Begun { session: string; from: number }

const DEVICES = 3;
const HOURS_48 = 48 * 3_600_000;
const LASTS_MS = 34 * 60_000;
const LEADS: Record<string, Record<string, string>> = { running: { pause: "paused", rate: "running" }, paused: { resume: "running" } };

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
async function ask<Found>(what: object): Promise<Found> {
  process.stdout.write(`${JSON.stringify(what)}\n`);
  const { value } = await lines.next();
  return JSON.parse(value as string) as Found;
}

/* Chance from a seed (mulberry32). */
function chance(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

class Room implements Shelf {
  isFull = false;
  readonly acts = new Map<string, Held>();
  private readonly numbers: { next: number };
  constructor(numbers: { next: number }) { this.numbers = numbers; }
  async number(): Promise<number> { this.numbers.next += 1; return this.numbers.next; }
  async add(held: Held): Promise<void> { if (this.isFull) throw new Error("full"); this.acts.set(held.envelope.key, structuredClone(held)); }
  async all(): Promise<Held[]> { return [...this.acts.values()]; }
  async remove(key: string): Promise<void> { this.acts.delete(key); }
  async makeRoom(): Promise<void> { /* The kept session is small here. */ }
}

class Device {
  skew: number;
  origin: number;
  isOnline: boolean;
  nurse: number;
  room: Room;
  outbox!: Outbox;
  offset: number | null = null;
  kept: Kept | null = null;
  readonly place: number;
  readonly world: World;
  constructor(world: World, place: number) {
    this.world = world;
    this.place = place;
    this.skew = (world.random() * 2 - 1) * HOURS_48;
    this.origin = world.random() * 1e6;
    this.isOnline = true;
    this.nurse = world.random() < 0.5 ? 0 : 1;
    this.room = new Room(world.numbers[place] ?? { next: 0 });
    this.open();
  }
  /* A page is opened: what is only in a tab would be lost, so nobody closes one that says so. */
  open(): void {
    const from = this.world.now;
    const hands = { wall: () => this.world.now + this.skew, running: () => this.world.now - from + this.origin };
    const clock = new DeviceClock(hands, `${this.place}/${from}`, this.offset);
    this.outbox = new Outbox(this.room, (site, session, message) => this.world.carry(this, site, session, message), clock);
  }
  get signIn(): SignIn { return this.world.signIns[this.nurse]?.[this.place] as SignIn; }
  async isSafeToClose(): Promise<boolean> { return (await this.outbox.waiting()).every((each) => this.outbox.isKept(each.envelope.key)); }
}

class World {
  now = 0;
  session = "";
  readonly random: () => number;
  readonly signIns: SignIn[][];
  readonly numbers: { next: number }[];
  readonly devices: Device[] = [];
  readonly done: Done[] = [];
  readonly later: { device: Device; site: string; session: string; message: Message }[] = [];
  readonly withoutKeys: boolean;
  contradicts = false;
  jumps = false;
  pump = "running";
  constructor(seed: number, signIns: SignIn[][], numbers: { next: number }[], withoutKeys: boolean) {
    this.random = chance(seed);
    this.signIns = signIns;
    this.numbers = numbers;
    this.withoutKeys = withoutKeys;
    this.contradicts = this.random() < 0.3;
    this.jumps = this.random() < 0.1;
  }

  /* The network: it loses what is sent, loses the answer, and delivers again what it had delivered before, later and out of order. */
  async carry(device: Device, site: string, session: string, message: Message): Promise<{ server: number; answers: Answer[] }> {
    const fate = this.random();
    if (!device.isOnline || fate < 0.1) throw new Unreachable("lost");
    const sent = this.withoutKeys ? { ...message, acts: await Promise.all(message.acts.map((each) => this.renamed(device, each))) } : message;
    if (fate > 0.75) this.later.push({ device, site, session, message: sent });
    const answer = await ask<{ server: number; answers: Answer[] }>({ ask: "acts", by: device.nurse, session, at: this.now, message: sent });
    if (fate < 0.25) throw new Unreachable("the answer was lost");
    if (!this.withoutKeys) return answer;
    return { ...answer, answers: answer.answers.map((each, place) => ({ ...each, key: message.acts[place]?.key ?? "", hash: device.room.acts.get(message.acts[place]?.key ?? "")?.hash ?? each.hash })) };
  }

  /* The control: an act gets a new key whenever it is sent, as if the server gave the keys. */
  private async renamed(device: Device, envelope: Envelope): Promise<Envelope> {
    const signIn = this.signIns.flat().find((each) => each.account === envelope.account && each.device === envelope.device) as SignIn;
    const act = await openAct(signIn, envelope);
    if (!act) throw new Error("cannot be opened");
    return sealAct(signIn, envelope.session, envelope.number, { ...act, key: newKey(this.now) });
  }

  async replay(): Promise<void> {
    const [again] = this.later.splice(Math.floor(this.random() * this.later.length), 1);
    if (again) await ask({ ask: "acts", by: again.device.nurse, session: again.session, at: this.now, message: { ...again.message, fresh: [] } });
  }
}

async function act(world: World, device: Device): Promise<void> {
  const isStep = world.random() < 0.5;
  let [name, fields, step, value] = ["readings", [] as [string, string][], "", 0];
  if (isStep) {
    const state = await viewOf(world, device);
    const offered = Object.keys(LEADS[state] ?? {});
    if (!offered.length || (!world.contradicts && state !== world.pump)) return;
    step = offered[Math.floor(world.random() * offered.length)] as string;
    name = `step/${step}`;
    fields = step === "rate" ? [["reason", "distress"], ["rate", String(10 + Math.floor(world.random() * 20))]] : [["reason", step === "pause" ? "nausea" : "settled"]];
    world.pump = LEADS[world.pump]?.[step] ?? world.pump;
  } else {
    value = world.done.length * 0.001 + 90;
    fields = [["heart_rate", value.toFixed(3)]];
  }
  const address = `/at/dawn/treat/sessions/${world.session}/${name}/`;
  const held = await device.outbox.write(device.signIn, world.session, { kind: isStep ? "step" : "reading", address, fields, words: "" });
  const row: Done = { key: held.envelope.key, kind: isStep ? "step" : "reading", step, value, at: world.now, nurse: device.signIn.account, device: device.place, told: false };
  world.done.push(row);
  const answers = device.isOnline ? await device.outbox.exchange("dawn", world.session, [row.key]).catch(unreached) : [];
  if (answers.some((each) => each.key === row.key && each.answer === "refused")) {
    row.told = true;
    await device.outbox.withdraw(row.key);
  }
}

/* Which state a page shows: the server's, or without it what was kept and done here since. */
async function viewOf(world: World, device: Device): Promise<string> {
  if (device.isOnline) {
    device.kept = (await ask<{ kept: Kept }>({ ask: "kept", session: world.session, at: world.now })).kept;
    device.offset = device.outbox.clock.offset;
  }
  if (!device.kept) return "";
  const own = [];
  for (const { envelope } of await device.outbox.waiting()) if (envelope.account === device.signIn.account) own.push(await openAct(device.signIn, envelope));
  return new Story(device.kept, own.filter((each) => each !== null)).state;
}

function unreached(fault: unknown): Answer[] {
  if (fault instanceof Unreachable) return [];
  throw fault;
}

async function happen(world: World): Promise<void> {
  const device = world.devices[Math.floor(world.random() * DEVICES)] as Device;
  const what = world.random();
  if (what < 0.5) await act(world, device);
  else if (what < 0.68) device.isOnline = !device.isOnline;
  else if (what < 0.76) { device.nurse = 1 - device.nurse; device.kept = null; if (await device.isSafeToClose()) device.open(); }
  else if (what < 0.84) { if (await device.isSafeToClose()) device.open(); }
  else if (what < 0.9) device.room.isFull = !device.room.isFull;
  else if (what < 0.93 && world.jumps) device.skew = (world.random() * 2 - 1) * HOURS_48;
  else await world.replay();
}

async function play(seed: number, signIns: SignIn[][], numbers: { next: number }[], withoutKeys: boolean): Promise<void> {
  const world = new World(seed, signIns, numbers, withoutKeys);
  const begun = await ask<Begun>({ ask: "begin" });
  world.session = begun.session;
  world.now = begun.from + 60_000;
  for (let place = 0; place < DEVICES; place += 1) world.devices.push(new Device(world, place));
  for (const device of world.devices) await hear(world, device);
  const events = 12 + Math.floor(world.random() * 10);
  for (let count = 0; count < events; count += 1) {
    world.now += 15_000 + Math.floor(world.random() * ((2 * LASTS_MS) / events - 30_000));
    await happen(world);
    for (const device of world.devices) if (device.isOnline && world.random() < 0.5 && (await device.outbox.waiting()).length) await device.outbox.exchange("dawn", world.session).catch(unreached);
  }
  while (world.later.length) { world.now += 1000; await world.replay(); }
  const ends: string[] = [];
  for (const device of world.devices) {
    device.isOnline = true;
    for (let tries = 0; (await device.outbox.waiting()).length && tries < 60; tries += 1) { world.now += 2000; await device.outbox.exchange("dawn", world.session).catch(unreached); }
  }
  for (const device of world.devices) {
    const { kept } = await ask<{ kept: Kept }>({ ask: "kept", session: world.session, at: world.now });
    const story = new Story(kept, []);
    ends.push(JSON.stringify([story.state, story.steps, story.readings, story.amount(world.now * 1000), (await device.outbox.waiting()).length]));
  }
  await ask({ ask: "end", seed, done: world.done, ends, contradicts: world.contradicts, jumps: world.jumps });
}

/* Every page hears the server's time when it is opened with a network. */
async function hear(world: World, device: Device): Promise<void> {
  const sent = device.outbox.clock.show().running;
  device.outbox.clock.hear(world.now, sent);
  device.offset = device.outbox.clock.offset;
}

const order = await ask<{ seeds: number[]; withoutKeys: boolean; keys: { released: Parameters<typeof signInOf>[0]; device: string }[][] }>({ ask: "order" });
const signIns = await Promise.all(order.keys.map((nurse) => Promise.all(nurse.map((each) => signInOf(each.released, each.device)))));
const numbers = Array.from({ length: DEVICES }, () => ({ next: 0 }));
for (const seed of order.seeds) await play(seed, signIns, numbers, order.withoutKeys);
await ask({ ask: "bye" });
process.exit(0);
