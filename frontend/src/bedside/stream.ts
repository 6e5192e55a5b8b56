/* The live stream of alarms. Whether it can be trusted is for `Paths` to say, which is told of each beat. */
import type { Priority } from "./limits.ts";

export interface Alarm { number: number; alarm: string; session: string; priority: Priority; advice: string; card: string }
export interface Ears { told: (alarm: Alarm) => void; changed: () => void; beat: (hears: boolean) => void }

export class Stream {
  private source: EventSource | null = null;
  private openedAt = 0;
  private readonly address: string;
  private readonly ears: Ears;
  number: number;

  constructor(address: string, number: number, ears: Ears) {
    this.address = address;
    this.number = number;
    this.ears = ears;
    this.open();
  }

  /* Open the stream again when the browser has given up, or nothing has come through it for a while. */
  mend(isLive: boolean): void {
    const waited = performance.now() - this.openedAt > 5000;
    if (waited && (this.source?.readyState === EventSource.CLOSED || !isLive)) this.open();
  }

  private open(): void {
    this.source?.close();
    this.openedAt = performance.now();
    const source = new EventSource(`${this.address}&after=${this.number}`);
    this.source = source;
    source.addEventListener("beat", (event) => this.ears.beat((JSON.parse(event.data as string) as { hears: boolean }).hears));
    source.addEventListener("changed", () => this.ears.changed());
    source.addEventListener("alarm", (event) => {
      const alarm = JSON.parse(event.data as string) as Alarm;
      this.number = Math.max(this.number, alarm.number);
      this.ears.told(alarm);
    });
  }
}
