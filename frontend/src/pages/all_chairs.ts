/* All chairs: the values of each every two seconds; the cards anew when their order or an alarm has changed. */
import { filled, wordsOf } from "../bedside/words";
import { countdown } from "../bedside/drawn";
import { joinTeam } from "../bedside/team";
import type { Waiting } from "../bedside/values";

interface Figure { sign: string; value: string; late: boolean; beyond: boolean }
interface Chair {
  key: string; state_words: string; since: string; given: string; figures: Figure[]; wants: string;
  worst: { sign: string; value: string; limit: string; beyond: boolean };
  next: Waiting; calls: { key: string; priority: string; words: string }[];
}

const EVERY = 2000;
const address = document.body.dataset.chairs ?? "";
const grid = document.querySelector<HTMLElement>("[data-grid]");
const team = joinTeam();

let shown = "";

async function poll(): Promise<void> {
  try {
    const answer = await fetch(address, { headers: { Accept: "application/json" }, signal: AbortSignal.timeout(4000) });
    if (!answer.ok) return;
    const { at, chairs } = (await answer.json()) as { at: number; chairs: Chair[] };
    await order(chairs);
    for (const each of chairs) draw(each, at);
    team?.answered([]);
  } catch {
    /* The page of the team says that nothing arrives. */
  }
}

/* The server draws the cards, so that they are the same with and without a script. */
async function order(chairs: Chair[]): Promise<void> {
  const now = chairs.map((each) => [each.key, each.wants, ...each.calls.map((call) => call.key)].join()).join(";");
  const first = shown === "";
  if (now === shown || !grid) return;
  shown = now;
  if (first) { follow(); return; }
  const answer = await fetch(`${address}&part=grid`, { signal: AbortSignal.timeout(4000) });
  if (!answer.ok) { shown = "again"; return; }
  const held = document.activeElement?.closest<HTMLElement>("[data-chair]")?.dataset.chair;
  grid.innerHTML = await answer.text();
  if (held) grid.querySelector<HTMLElement>(`[data-chair="${held}"] a`)?.focus();
  follow();
}

function draw(chair: Chair, at: number): void {
  const card = grid?.querySelector<HTMLElement>(`[data-chair="${chair.key}"]`);
  if (!card) return;
  const said = wordsOf(card.querySelector("[data-next]"));
  const words: Record<string, string> = {
    state_words: chair.state_words, since: chair.since, given: chair.given,
    next_words: chair.next.late ? (said.late ?? "Late:") : (said.next ?? "Next:"), next_short: chair.next.short ?? "", next_count: chair.next.due_at ? countdown(chair.next.due_at - at) : "–",
    worst_sign: chair.worst.sign, worst: chair.worst.value, worst_limit: chair.worst.limit,
  };
  for (const [name, text] of Object.entries(words)) put(card.querySelector(`[data-value="${name}"]`), text);
  card.querySelector("[data-next]")?.classList.toggle("is-late", chair.next.late);
  card.querySelector("[data-worst]")?.classList.toggle("is-beyond", chair.worst.beyond);
  for (const figure of chair.figures) {
    const place = card.querySelector(`[data-figure="${figure.sign}"]`);
    place?.classList.toggle("is-late", figure.late);
    place?.classList.toggle("is-beyond", figure.beyond);
    put(place?.querySelector("[data-value]") ?? null, figure.value);
  }
}

function put(place: Element | null, words: string): void {
  if (place && place.textContent !== words) place.textContent = words;
}

/* What a screen reader says: how many alarms are open, when that changes, and nothing else. */
function follow(): void {
  const open = grid?.querySelectorAll(".alarm").length ?? 0;
  const place = document.querySelector("[data-said]");
  const said = wordsOf(place);
  const sentence = open === 0 ? said.none : open === 1 ? said.one : filled(said.many ?? "", { n: open });
  put(place, sentence ?? "");
}

void poll();
setInterval(() => void poll(), EVERY);
