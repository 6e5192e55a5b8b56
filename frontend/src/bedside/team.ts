/* A page of the team: hears every alarm of the site, sounds it, says what is wrong with its own path, and tells the server that it is there. */
import type { Priority } from "./limits.ts";
import { Paths, type Trouble, type Watched } from "./paths.ts";
import { Presence } from "./presence.ts";
import { Sound } from "./sound.ts";
import { type Alarm, Stream } from "./stream.ts";

const PRIORITIES: Priority[] = ["high", "medium", "low"];
const part = <E extends HTMLElement>(selector: string): E | null => document.querySelector<E>(selector);

export class Team {
  readonly sound = new Sound(() => this.saySound());
  private readonly place: HTMLElement;
  private readonly region: HTMLElement | null;
  private readonly paths: Paths;
  private readonly stream: Stream;
  private readonly watched: Watched;
  private shown = "";
  private readonly opened = performance.now();

  constructor(place: HTMLElement) {
    this.place = place;
    this.region = part("[data-alarms]");
    this.watched = JSON.parse(place.dataset.watched ?? "{}") as Watched;
    this.paths = new Paths(performance.now(), Date.now());
    this.stream = new Stream(place.dataset.live ?? "", Number(place.dataset.number), {
      told: (alarm) => { this.sound.follow([alarm.priority, ...this.loud()]); this.show(alarm); void this.renew(); },
      changed: () => void this.renew(),
      beat: (hears) => this.paths.beat(performance.now(), hears),
    });
    new Presence(place.dataset.beat ?? "", place.dataset.session ?? "", () => ({
      visible: document.visibilityState === "visible", sound: this.sound.isOpen,
      hears: this.paths.lives(performance.now()), heard: this.stream.number,
    }), (told) => { this.paths.answered(performance.now()); this.sayOthers(told.others); });
    for (const button of document.querySelectorAll<HTMLButtonElement>("[data-test]")) {
      button.addEventListener("click", () => void this.sound.open().then(() => this.sound.burst(button.dataset.test as Priority)));
    }
    document.addEventListener("pointerdown", () => this.paths.seen(), { capture: true });
    void this.sound.open();
    this.follow();
    window.setInterval(() => this.round(), 1000);
  }

  /* The page was answered and shows these alarms; where they are others than before, the cards are drawn anew. */
  answered(alarms: string[]): void {
    this.paths.answered(performance.now());
    const known = alarms.join();
    if (known !== this.shown) void this.renew(known);
  }

  private round(): void {
    const now = performance.now();
    this.paths.run(now, Date.now());
    this.paths.sound(this.sound.isOpen || now - this.opened < 3000);
    this.stream.mend(this.paths.lives(now));
    this.sayTroubles(this.paths.troubles(now));
    this.follow();
  }

  /* The card comes with the alarm, so that it is seen when it is heard; `renew` then draws what is around it. */
  private show(alarm: Alarm): void {
    const region = this.region;
    if (!region || region.querySelector(`[data-alarm="${alarm.alarm}"]`)) return;
    const rank = PRIORITIES.indexOf(alarm.priority);
    const slots = [...region.querySelectorAll<HTMLElement>(".alarm-slot")];
    const next = slots.find((each) => PRIORITIES.indexOf(each.dataset.priority as Priority) >= rank);
    if (next) next.insertAdjacentHTML("beforebegin", alarm.card);
    else region.insertAdjacentHTML("beforeend", alarm.card);
    this.follow();
  }

  /* The cards are drawn by the server, so that they are the same with and without a script. */
  private async renew(known?: string): Promise<void> {
    const region = this.region;
    if (!region) return;
    try {
      const answer = await fetch(this.place.dataset.cards ?? "", { signal: AbortSignal.timeout(4000) });
      if (!answer.ok) return;
      const cards = await answer.text();
      keepingChoices(region, () => { region.innerHTML = cards; });
      if (known !== undefined) this.shown = known;
      this.follow();
    } catch {
      /* The next answer or beat asks again. */
    }
  }

  /* The priorities that sound now: open alarms whose sound nobody paused, and what is wrong with this page itself. */
  private loud(): Priority[] {
    const slots = [...document.querySelectorAll<HTMLElement>("[data-priority]")];
    return slots.filter((each) => Number(each.dataset.quietUntil ?? 0) * 1000 <= Date.now()).map((each) => each.dataset.priority as Priority);
  }

  private follow(): void {
    const all = [...document.querySelectorAll<HTMLElement>("[data-priority]")].map((each) => each.dataset.priority as Priority);
    document.body.dataset.alarm = PRIORITIES.find((each) => all.includes(each)) ?? "";
    for (const slot of document.querySelectorAll<HTMLElement>("[data-quiet-until]")) {
      const quiet = Number(slot.dataset.quietUntil) * 1000 > Date.now();
      slot.querySelector(".alarm")?.classList.toggle("is-fresh", !quiet);
    }
    this.sound.follow(this.loud());
  }

  private sayTroubles(found: Trouble[]): void {
    const place = part("#live-state");
    if (!place) return;
    const grave = found.filter((each) => each !== "sound_blocked");
    const words = grave.map((each) => this.place.getAttribute(`data-${each}`) ?? this.watched[each]?.[1] ?? "").join(" ");
    const priority = PRIORITIES.find((one) => grave.some((each) => this.watched[each]?.[0] === one));
    place.hidden = words === "";
    if (place.textContent !== words) place.textContent = words;
    if (priority) place.dataset.priority = priority;
    else delete place.dataset.priority;
  }

  private sayOthers(others: number): void {
    const place = part("[data-others]");
    if (!place) return;
    const words = (others === 0 ? place.dataset.alone : others === 1 ? place.dataset.one : place.dataset.many?.replace("{n}", String(others))) ?? "";
    if (place.textContent !== words) place.textContent = words;
    place.classList.toggle("is-alone", others === 0);
  }

  private saySound(): void {
    const place = part("[data-sound-state]");
    const words = (this.sound.isOpen ? this.place?.dataset.soundOn : this.place?.dataset.soundOff) ?? "";
    if (place && words) place.textContent = words;
    document.body.toggleAttribute("data-silent", !this.sound.isOpen);
  }
}

/* A new alarm waits for nobody, and what somebody is just choosing in another card is not thrown away by it. */
function keepingChoices(place: HTMLElement, renew: () => void): void {
  const chosen = new Map([...place.querySelectorAll("select")].map((each) => [each.id, each.value]));
  const held = document.activeElement;
  const action = place.contains(held) ? held?.closest("form")?.getAttribute("action") : null;
  renew();
  for (const select of place.querySelectorAll("select")) select.value = chosen.get(select.id) ?? "";
  if (held && action) place.querySelector<HTMLElement>(`form[action="${action}"] ${held.tagName}`)?.focus();
}

export function joinTeam(): Team | null {
  const place = part("[data-team]");
  return place ? new Team(place) : null;
}
