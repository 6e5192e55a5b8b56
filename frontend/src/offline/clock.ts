/* The clocks of a device. One can be set by anybody and may be days wrong; one counts since the page was opened and cannot
   be set. Each exchange with the server says how far off they are. Everything is in milliseconds. */

export interface Clocks { wall: number; running: number; opened: string }
export interface Hands { wall(): number; running(): number }

/* How far a clock may run wrong: a tenth of a millisecond in a second. */
const DRIFT = 1e-4;

export class DeviceClock {
  private readonly hands: Hands;
  private readonly opened: string;
  private heard: { server: number; running: number; within: number } | null = null;
  /* The server's time minus the wall clock's, as the last exchange measured it; it survives the page. */
  offset: number | null;

  constructor(hands: Hands, opened: string, offset: number | null) {
    this.hands = hands;
    this.opened = opened;
    this.offset = offset;
  }

  /* What the clocks show now: it goes with every act and every sending. */
  show(): Clocks {
    return { wall: Math.round(this.hands.wall()), running: Math.round(this.hands.running()), opened: this.opened };
  }

  /* The server answered `server` to what was sent when the running clock stood at `sent`. Half the way has passed since, give or take
     the other half: a quick answer is trusted more than a slow one, until it is old or the two cannot both be true. */
  hear(server: number, sent: number): void {
    const now = this.hands.running();
    const within = (now - sent) / 2;
    const told = server + within;
    const before = this.heard;
    const age = before ? now - before.running : 0;
    const believed = before ? before.server + age : 0;
    const spread = before ? before.within + age * DRIFT : Infinity;
    if (within <= spread || Math.abs(told - believed) > within + spread) this.heard = { server: told, running: now, within };
    this.offset = (this.believed() ?? told) - this.hands.wall();
  }

  /* What the server's clock is believed to show; nothing on a device that has never heard it. */
  believed(): number | null {
    if (this.heard) return Math.round(this.heard.server + (this.hands.running() - this.heard.running));
    return this.offset === null ? null : Math.round(this.hands.wall() + this.offset);
  }
}
