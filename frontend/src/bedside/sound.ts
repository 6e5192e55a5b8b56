/* Sounds that follow the three priorities. A browser may block sound until somebody touches the page: then the page says so. */
import type { Priority } from "./limits.ts";

export type { Priority };

/* Pulses of a burst in seconds from its start, and the pause until the next burst: more and faster means more urgent. */
const BURSTS: Record<Priority, { pulses: number[]; every: number; pitch: number }> = {
  high: { pulses: [0, 0.2, 0.4, 0.75, 0.95, 1.4, 1.6, 1.8, 2.15, 2.35], every: 5, pitch: 880 },
  medium: { pulses: [0, 0.3, 0.6], every: 9, pitch: 660 },
  low: { pulses: [0, 0.4], every: 24, pitch: 440 },
};
const RANK: Priority[] = ["high", "medium", "low"];

export class Sound {
  private context: AudioContext | null = null;
  private timer = 0;
  private sounding: Priority | null = null;

  private readonly changed: () => void;

  constructor(changed: () => void) {
    this.changed = changed;
    for (const event of ["pointerdown", "keydown"]) {
      document.addEventListener(event, () => void this.open(), { capture: true });
    }
  }

  /* True once the browser lets sound through. */
  get isOpen(): boolean {
    return this.context?.state === "running";
  }

  async open(): Promise<boolean> {
    try {
      this.context ??= new AudioContext();
      this.context.onstatechange = this.changed;
      await Promise.race([this.context.resume(), new Promise((done) => setTimeout(done, 400))]);
    } catch {
      /* A browser without sound: the state below says so. */
    }
    this.changed();
    return this.isOpen;
  }

  /* Sound the most urgent of `priorities` again and again until there is none. */
  follow(priorities: Priority[]): void {
    const urgent = RANK.find((each) => priorities.includes(each)) ?? null;
    if (urgent === this.sounding) return;
    this.sounding = urgent;
    window.clearInterval(this.timer);
    if (urgent === null) return;
    this.burst(urgent);
    this.timer = window.setInterval(() => this.burst(urgent), BURSTS[urgent].every * 1000);
  }

  burst(priority: Priority): void {
    if (!this.context || !this.isOpen) return;
    const { pulses, pitch } = BURSTS[priority];
    for (const start of pulses) this.pulse(this.context, this.context.currentTime + start, pitch);
  }

  private pulse(context: AudioContext, at: number, pitch: number): void {
    const loudness = context.createGain();
    loudness.gain.setValueAtTime(0, at);
    loudness.gain.linearRampToValueAtTime(0.35, at + 0.02);
    loudness.gain.setValueAtTime(0.35, at + 0.13);
    loudness.gain.linearRampToValueAtTime(0, at + 0.15);
    loudness.connect(context.destination);
    for (const overtone of [1, 2, 3, 4]) {
      const tone = context.createOscillator();
      tone.frequency.value = pitch * overtone;
      const share = context.createGain();
      share.gain.value = 1 / (overtone * 2);
      tone.connect(share).connect(loudness);
      tone.start(at);
      tone.stop(at + 0.16);
    }
  }
}
