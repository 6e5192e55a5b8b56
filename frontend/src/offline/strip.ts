/* The quiet strip: what is safe on the server and what is not yet, each act with its state. */
export interface Waits { words: string; at: number; isKept: boolean; isStuck: boolean; isOwn: boolean }
export interface Done { words: string; at: number; state: "safe" | "tray"; sentence: string }
export interface Shown { waiting: Waits[]; recent: Done[]; needsSignIn: boolean; isCutOff: boolean; isReady: boolean }

const STATES = { safe: "safe on the server", tray: "waits for a person" };

export class SafeStrip {
  hasUnsafe = false;
  isDrawn = false;
  private drawn = "";
  private sentence = "";
  private readonly place: HTMLElement;
  private readonly head = document.createElement("p");
  private readonly note = document.createElement("p");
  private readonly list = document.createElement("ul");
  private readonly details = document.createElement("details");
  private readonly zone: string;

  constructor(place: HTMLElement) {
    this.place = place;
    this.zone = document.body.dataset.zone || "UTC";
    const summary = document.createElement("summary");
    summary.append(this.head);
    this.head.className = "safe-words";
    this.head.setAttribute("role", "status");
    this.note.className = "safe-note";
    this.note.setAttribute("role", "alert");
    this.list.className = "plain-list safe-list";
    this.details.append(summary, this.list);
    place.replaceChildren(this.details, this.note);
    this.put(this.head, "Asking what is safe …");
    place.hidden = false;
  }

  /* What the server said about a form that stands on the page again. */
  say(sentence: string): void {
    this.sentence = sentence;
    this.put(this.note, sentence);
  }

  withoutKeys(): void {
    this.isDrawn = true;
    this.put(this.head, "Nothing is kept on this device: each form is sent at once.");
  }

  draw(shown: Shown): void {
    this.hasUnsafe = shown.waiting.length > 0;
    this.isDrawn = true;
    const key = JSON.stringify(shown);
    if (key === this.drawn) return;
    this.drawn = key;
    this.place.classList.toggle("is-waiting", this.hasUnsafe);
    this.put(this.head, this.headline(shown));
    const loose = shown.waiting.some((each) => !each.isKept);
    const words = loose
      ? "This device has no room left: what you do is only in this tab. Do not close it, and write it on paper too."
      : shown.needsSignIn && this.hasUnsafe ? "Sign in again to send what waits." : this.sentence;
    this.put(this.note, words);
    this.list.replaceChildren(...shown.waiting.map((each) => this.line(each.at, each.isOwn ? each.words : "An act of a colleague", stateOf(each))), ...shown.recent.map((each) => this.done(each)));
    if (!this.list.children.length) this.list.replaceChildren(this.line(null, shown.isReady ? "This session is kept on the device, sealed: it opens and goes on without the network." : "This session is not kept on the device yet.", ""));
  }

  private headline(shown: Shown): string {
    const count = shown.waiting.length;
    const first = shown.waiting[0];
    if (!first) return shown.isCutOff ? "All that was done here is safe on the server, which does not answer now" : "All safe on the server";
    return `${count === 1 ? "1 act waits" : `${count} acts wait`} on this device since ${this.clock(first.at)}`;
  }

  private done(each: Done): HTMLLIElement {
    const line = this.line(each.at, each.words || "An act of a colleague", STATES[each.state], each.sentence);
    if (each.state === "tray" && this.place.dataset.waiting) {
      const link = Object.assign(document.createElement("a"), { href: this.place.dataset.waiting, textContent: "Look at it" });
      line.append(" ", link);
    }
    return line;
  }

  private line(at: number | null, words: string, state: string, sentence = ""): HTMLLIElement {
    const line = document.createElement("li");
    const strong = document.createElement("strong");
    strong.textContent = state;
    line.append(at === null ? "" : `${this.clock(at)} `, words, state ? ": " : "", strong, sentence ? `. ${sentence}` : "");
    return line;
  }

  private clock(milliseconds: number): string {
    return new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: this.zone }).format(milliseconds);
  }

  private put(place: HTMLElement, words: string): void {
    if (place.textContent !== words) place.textContent = words;
  }
}

function stateOf(each: Waits): string {
  if (!each.isKept) return "only in this tab";
  return each.isStuck ? "the server does not understand it: tell whoever runs it" : "waits on this device";
}
