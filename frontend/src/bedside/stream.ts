/* The live stream of alarms, and whether it can still be trusted. */
import type { Priority } from "./sound";

export interface Alarm { number: number; alarm: string; session: string; priority: Priority; advice: string }

/* A beat comes every 5 s; without one for this long the connection counts as lost, within the 10 s that are allowed. */
const LOST_AFTER = 8000;

export class Stream {
  private source: EventSource | null = null;
  private beatAt = performance.now();
  private hears = true;

  constructor(
    private readonly address: string,
    private number: number,
    private readonly told: (alarm: Alarm) => void,
  ) {
    this.open();
  }

  /* True while beats arrive and the server itself still listens. */
  get isLive(): boolean {
    return this.hears && performance.now() - this.beatAt < LOST_AFTER;
  }

  /* Open the stream again when the browser has given up. */
  mend(): void {
    if (this.source?.readyState === EventSource.CLOSED || !this.isLive) this.open();
  }

  private open(): void {
    this.source?.close();
    const source = new EventSource(`${this.address}?after=${this.number}`);
    this.source = source;
    source.addEventListener("beat", (event) => {
      this.beatAt = performance.now();
      this.hears = (JSON.parse(event.data as string) as { hears: boolean }).hears;
    });
    source.addEventListener("alarm", (event) => {
      const alarm = JSON.parse(event.data as string) as Alarm;
      this.number = Math.max(this.number, alarm.number);
      this.told(alarm);
    });
  }
}
