/* The outbox: an act is written down before it is sent, sent in order, and forgotten only when the server has acknowledged
   the same content. It knows no page, no database and no network: those are handed to it, and the fault tests hand it worse ones. */
import type { DeviceClock } from "./clock.ts";
import { type Act, type Envelope, hashOf, sealAct, type SignIn } from "./envelope.ts";
import { newKey } from "./keys.ts";

export interface Held { envelope: Envelope; hash: string; site: string; since: number }
/* Where acts are written down. `add` rejects where there is no room. */
export interface Shelf {
  number(): Promise<number>;
  add(held: Held): Promise<void>;
  all(): Promise<Held[]>;
  remove(key: string): Promise<void>;
  makeRoom(): Promise<void>;
}
export type Word = "stored" | "same" | "tray" | "refused" | "asks" | "again";
export interface Answer { key: string; hash: string; answer: Word; sentence?: string; page?: string; go?: string }
export interface Message { clocks: ReturnType<DeviceClock["show"]>; fresh: string[]; again: string[]; acts: Envelope[] }
/* The way to the server: rejects with Unreachable where there is none, and with NotTaken where what was sent is not understood. */
export type Send = (site: string, session: string, message: Message) => Promise<{ server: number; answers: Answer[] }>;

export class Unreachable extends Error {}
export class NotTaken extends Error {}

const SAFE = new Set<Word>(["stored", "same", "tray"]);

export class Outbox {
  /* Acts for which the device has no room: they are only in this tab, which says so, until they are sent. */
  private readonly loose = new Map<string, Held>();
  /* Whether envelopes that the server cannot read stand in the way; each is then sent alone. */
  /* Acts that the server asked for once more, since it did not know when they were done: the message came late, or a clock was set. */
  private readonly again = new Set<string>();
  private readonly shelf: Shelf;
  private readonly send: Send;
  readonly clock: DeviceClock;

  constructor(shelf: Shelf, send: Send, clock: DeviceClock) {
    this.shelf = shelf;
    this.send = send;
    this.clock = clock;
  }

  /* Write an act down. Throws RangeError on a device that has never heard the server's time. */
  async write(signIn: SignIn, session: string, said: Pick<Act, "kind" | "address" | "fields" | "words">): Promise<Held> {
    const [clocks, believed] = [this.clock.show(), this.clock.believed()];
    if (believed === null) throw new RangeError("This device has not heard the server's time yet.");
    const act: Act = { ...said, key: newKey(believed), clocks, believed, signed_in: signIn.signedIn };
    const envelope = await sealAct(signIn, session, await this.nextNumber(), act);
    const held = { envelope, hash: await hashOf(envelope), site: signIn.site, since: believed };
    if (!(await this.keep(held))) this.loose.set(envelope.key, held);
    return held;
  }

  /* Whether an act outlives this tab. */
  isKept(key: string): boolean {
    return !this.loose.has(key);
  }

  /* Everything that the server has not acknowledged, in the order it was done. */
  async waiting(): Promise<Held[]> {
    const held = new Map([...this.loose.values(), ...(await this.shelf.all())].map((each) => [each.envelope.key, each]));
    return [...held.values()].sort((one, other) => one.envelope.number - other.envelope.number);
  }

  /* Send what waits of one session, all together and in order; what was just done is `fresh` while somebody waits for its answer.
     Rejects as `Send` does. */
  async exchange(site: string, session: string, fresh: string[] = []): Promise<Answer[]> {
    const held = (await this.waiting()).filter((each) => each.site === site && each.envelope.session === session);
    try {
      return await this.hand(site, session, held, fresh);
    } catch (fault) {
      if (!(fault instanceof NotTaken) || held.length < 2) throw fault;
    }
    const answers: Answer[] = [];
    for (const each of held) answers.push(...(await this.hand(site, session, [each], fresh).catch(unlessUnreachable)));
    return answers;
  }

  /* Somebody has read why their act was refused, and has it before them on the form again. */
  async withdraw(key: string): Promise<void> {
    this.loose.delete(key);
    await this.shelf.remove(key);
  }

  private async hand(site: string, session: string, held: Held[], fresh: string[]): Promise<Answer[]> {
    const clocks = this.clock.show();
    const again = held.map((each) => each.envelope.key).filter((key) => this.again.has(key));
    const heard = await this.send(site, session, { clocks, fresh, again, acts: held.map((each) => each.envelope) });
    this.clock.hear(heard.server, clocks.running);
    for (const answer of heard.answers) {
      const mine = held.find((each) => each.envelope.key === answer.key);
      if (mine && SAFE.has(answer.answer) && mine.hash === answer.hash) await this.withdraw(answer.key);
      if (answer.answer === "again") this.again.add(answer.key);
    }
    return heard.answers.filter((each) => each.answer !== "again");
  }

  private async keep(held: Held): Promise<boolean> {
    try {
      await this.shelf.add(held);
      return true;
    } catch {
      /* There is no room: what can be asked of the server again makes way. */
    }
    try {
      await this.shelf.makeRoom();
      await this.shelf.add(held);
      return true;
    } catch {
      return false;
    }
  }

  private async nextNumber(): Promise<number> {
    try {
      return await this.shelf.number();
    } catch {
      return Math.max(0, ...(await this.waiting()).map((each) => each.envelope.number)) + 1;
    }
  }
}

function unlessUnreachable(fault: unknown): Answer[] {
  if (fault instanceof NotTaken) return [];
  throw fault;
}
