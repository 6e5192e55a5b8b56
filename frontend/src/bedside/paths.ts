/* What this page knows of its own alert path, by clocks of its own: pure, so that it can be tried with any clock.

   Times are milliseconds of a clock that nobody sets (performance.now()); wall clock and that clock must go on together. */
import type { Priority } from "./limits.ts";

export type Trouble = "device_lost" | "tab_asleep" | "sound_blocked" | "listener_dead" | "clock_jumped";
export type Watched = Partial<Record<string, [Priority, string]>>;

/* The server beats every 2 s on the stream; a page polls readings every second. Without either for this long the path is dead. */
export const SILENT_AFTER = 6000;
/* A page that did not run for this long was asleep, or its device was. */
export const ASLEEP_AFTER = 6000;
export const JUMP = 5000;

export interface State { beat: number; answered: number; hears: boolean; ran: number; wall: number; sound: boolean; opened: number }

export class Paths {
  private state: State;
  private slept = false;
  private jumped = false;

  constructor(now: number, wall: number) {
    this.state = { beat: now, answered: now, hears: true, ran: now, wall: wall - now, sound: true, opened: now };
  }

  /* A beat came on the stream; `hears` says whether the server's own listener lives. */
  beat(now: number, hears: boolean): void {
    this.state.beat = now;
    this.state.hears = hears;
  }

  /* The server answered a question of this page. */
  answered(now: number): void {
    this.state.answered = now;
  }

  sound(open: boolean): void {
    this.state.sound = open;
  }

  /* Call often: notes that the page runs, and whether it slept or its clock moved since the last time. */
  run(now: number, wall: number): void {
    if (now - this.state.ran > ASLEEP_AFTER) this.slept = true;
    if (Math.abs(wall - now - this.state.wall) > JUMP) this.jumped = true;
    this.state.ran = now;
    this.state.wall = wall - now;
  }

  /* Somebody has seen that the page slept, or that its clock moved. */
  seen(): void {
    this.slept = false;
    this.jumped = false;
  }

  get hears(): boolean {
    return this.state.hears;
  }

  /* Whether alarms of the team reach this page now. */
  lives(now: number): boolean {
    return this.state.hears && now - this.state.beat < SILENT_AFTER;
  }

  /* What is wrong with the path of this page, the gravest first. */
  troubles(now: number): Trouble[] {
    const found: Trouble[] = [];
    if (now - this.state.answered >= SILENT_AFTER && now - this.state.beat >= SILENT_AFTER) found.push("device_lost");
    else if (!this.lives(now) || now - this.state.answered >= SILENT_AFTER) found.push("listener_dead");
    if (this.slept) found.push("tab_asleep");
    if (!this.state.sound) found.push("sound_blocked");
    if (this.jumped) found.push("clock_jumped");
    return found;
  }
}
