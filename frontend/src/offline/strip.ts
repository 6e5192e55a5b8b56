/* The quiet strip: what is safe on the server and what is not yet, each act with its state. */
export interface Waits { words: string; at: number; isKept: boolean; isStuck: boolean; isOwn: boolean }
export interface Done { words: string; at: number; state: "safe" | "tray"; sentence: string }
export interface Shown { waiting: Waits[]; recent: Done[]; needsSignIn: boolean; isCutOff: boolean; isReady: boolean }

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
  private readonly words: Record<string, string>;

  constructor(place: HTMLElement) {
    this.place = place;
    this.words = JSON.parse(place.dataset.words ?? "{}") as Record<string, string>;
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
    this.put(this.head, this.word("asking"));
    place.hidden = false;
  }

  /* What the server said about a form that stands on the page again. */
  say(sentence: string): void {
    this.sentence = sentence;
    this.put(this.note, sentence);
  }

  withoutKeys(): void {
    this.isDrawn = true;
    this.put(this.head, this.word("plain"));
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
      ? this.word("no_room")
      : shown.needsSignIn && this.hasUnsafe ? this.word("sign_in") : this.sentence;
    this.put(this.note, words);
    this.list.replaceChildren(...shown.waiting.map((each) => this.line(each.at, each.isOwn ? each.words : this.word("colleague"), this.word(stateOf(each)))), ...shown.recent.map((each) => this.done(each)));
    if (!this.list.children.length) this.list.replaceChildren(this.line(null, this.word(shown.isReady ? "kept" : "not_kept"), ""));
  }

  /* A sentence in the language of the page, which brings them all along. */
  word(name: string): string {
    return this.words[name] ?? "";
  }

  private headline(shown: Shown): string {
    const count = shown.waiting.length;
    const first = shown.waiting[0];
    if (!first) return this.word(shown.isCutOff ? "no_answer" : "all_safe");
    return this.word(count === 1 ? "one" : "many").replace("{n}", String(count)).replace("{when}", this.clock(first.at));
  }

  private done(each: Done): HTMLLIElement {
    const line = this.line(each.at, each.words || this.word("colleague"), this.word(each.state), each.sentence);
    if (each.state === "tray" && this.place.dataset.waiting) {
      const link = Object.assign(document.createElement("a"), { href: this.place.dataset.waiting, textContent: this.word("look") });
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

function stateOf(each: Waits): "tab" | "stuck" | "waits" {
  if (!each.isKept) return "tab";
  return each.isStuck ? "stuck" : "waits";
}
