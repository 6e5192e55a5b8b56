/* Alarms that the device raises itself, about readings that the server has not judged. They go when the server is heard again: its own
   stand in their place. */
import { type Priority, Sound } from "../bedside/sound";
import type { Breach } from "./story.ts";

const WORDS: Record<Priority, [string, string]> = { high: ["High priority alarm", "!!!"], medium: ["Medium priority alarm", "!!"], low: ["Low priority alarm", "!"] };
const SHAPES: Record<Priority, string> = { high: "M24 3 45 42H3z", medium: "M24 2 46 24 24 46 2 24z", low: "M4 10h40v28H4z" };
const SVG = "http://www.w3.org/2000/svg";

export class LocalAlarms {
  private readonly region = document.createElement("div");
  private readonly seen = new Set<string>();
  private sound: Sound | null = null;
  private shown = "";

  constructor(beside: HTMLElement | null) {
    this.region.className = "alarm-region";
    this.region.setAttribute("role", "region");
    this.region.setAttribute("aria-label", "Alarms raised on this device");
    this.region.setAttribute("aria-live", "assertive");
    this.region.hidden = true;
    beside?.after(this.region);
  }

  show(breaches: Breach[], labels: Record<string, string>, units: Record<string, string>): void {
    const open = breaches.filter((each) => !this.seen.has(nameOf(each)));
    const names = open.map(nameOf).join();
    if (names === this.shown) return;
    this.shown = names;
    this.region.hidden = open.length === 0;
    this.region.replaceChildren(...open.map((each) => this.card(each, labels, units)));
    this.sound ??= new Sound(() => undefined);
    void this.sound.open();
    this.sound.follow(open.map((each) => each.limit.priority));
  }

  clear(): void {
    if (this.shown) this.show([], {}, {});
  }

  private card(breach: Breach, labels: Record<string, string>, units: Record<string, string>): HTMLElement {
    const { reading, limit, bound, change } = breach;
    const card = document.createElement("section");
    card.className = `alarm alarm-${limit.priority} is-fresh`;
    card.setAttribute("role", "alert");
    const words = document.createElement("div");
    for (const [name, text] of [
      ["alarm-priority", WORDS[limit.priority][0]],
      ["alarm-title", `${labels[reading.sign] ?? reading.sign} ${reading.value} ${units[reading.unit] ?? reading.unit}${change === null ? ` (limit ${bound})` : `: ${change} away from baseline (limit ${bound})`}`],
      ["", `${limit.advise} Raised on this device alone: nobody else is told while there is no network.`],
    ] as const) {
      const line = document.createElement("p");
      line.className = name;
      line.textContent = text;
      words.append(line);
    }
    card.append(shapeOf(limit.priority), words, this.button(breach));
    return card;
  }

  private button(breach: Breach): HTMLElement {
    const actions = document.createElement("div");
    actions.className = "alarm-actions";
    const button = Object.assign(document.createElement("button"), { type: "button", className: "button button-secondary", textContent: "I have seen it" });
    button.addEventListener("click", () => {
      this.seen.add(nameOf(breach));
      button.closest(".alarm")?.remove();
      this.shown = "";
      this.region.hidden = this.region.children.length === 0;
      this.sound?.follow([]);
    });
    actions.append(button);
    return actions;
  }
}

function nameOf(breach: Breach): string {
  return `${breach.reading.key}/${breach.limit.id}`;
}

function shapeOf(priority: Priority): SVGElement {
  const shape = document.createElementNS(SVG, "svg");
  for (const [name, value] of Object.entries({ class: "alarm-shape", viewBox: "0 0 48 48", "aria-hidden": "true", focusable: "false" })) shape.setAttribute(name, value);
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", SHAPES[priority]);
  const sign = document.createElementNS(SVG, "text");
  for (const [name, value] of Object.entries({ x: "24", y: priority === "high" ? "37" : "31", "font-size": "19", "text-anchor": "middle" })) sign.setAttribute(name, value);
  sign.textContent = WORDS[priority][1];
  shape.append(path, sign);
  return shape;
}
