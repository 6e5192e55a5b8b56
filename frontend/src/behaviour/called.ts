/* Alarms that nobody took and that are told to this person's role, on whatever page they are; pages of the team hear them anyway. */
import { type Priority, Sound } from "../bedside/sound";

interface Called { title: string; words: string; priority: Priority; address: string | null; go: string }

const EVERY = 5000;

export function sayWhatCalls(): void {
  const place = document.querySelector<HTMLElement>("[data-called]");
  if (!place || document.querySelector("[data-team]")) return;
  let sound: Sound | null = null;
  const ask = async (): Promise<void> => {
    try {
      const answer = await fetch(place.dataset.called ?? "", { headers: { Accept: "application/json" }, signal: AbortSignal.timeout(4000) });
      if (!answer.ok) return;
      const { called } = (await answer.json()) as { called: Called[] };
      show(place, called);
      if (called.length) void (sound ??= new Sound(() => undefined)).open();
      sound?.follow(called.map((each) => each.priority));
    } catch {
      /* The next question may be answered. */
    }
  };
  void ask();
  window.setInterval(() => void ask(), EVERY);
}

function show(place: HTMLElement, called: Called[]): void {
  const known = JSON.stringify(called);
  if (place.dataset.shown === known) return;
  place.dataset.shown = known;
  place.hidden = called.length === 0;
  place.replaceChildren(...called.map(line));
}

function line(each: Called): HTMLElement {
  const row = document.createElement("p");
  row.className = `called-line alarm-${each.priority}`;
  const priority = document.createElement("strong");
  priority.textContent = each.words;
  row.append(priority, ` ${each.title} `);
  if (each.address) {
    const link = document.createElement("a");
    link.href = each.address;
    link.textContent = each.go;
    row.append(link);
  }
  return row;
}
