/* The values of this second as the device reckons them: the same form in which the server tells them. */
import { boundOf, type Story, type Tile } from "./story.ts";

export interface DeviceValues {
  at: number; after: number; readings: { key: string; sign: string; value: number; unit: string; at: number }[]; dose: [number, number][]; given: { at: number; words: string }[];
  alarms: string[]; state: string; state_words: string; elapsed: string; observed: string; tiles: Tile[];
  amount: { given: string; of: string; rate: string; note: string }; due: { label: string; when: string; late: boolean }[];
  worst: { sign: string; value: string; limit: string; beyond: boolean };
}

const SECOND = 1_000_000;
const NOT_SHOWN = "Reckoned on this device.";

export function valuesOf(story: Story, milliseconds: number, zone: string): DeviceValues {
  const at = milliseconds * 1000;
  const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: zone });
  const amount = story.amount(at);
  const unit = (code: string): string => story.kept.units[code] ?? code;
  return {
    at: at / SECOND,
    after: 0,
    readings: story.readings.map((each) => ({ key: each.key, sign: each.sign, value: Number(each.value), unit: unit(each.unit), at: each.at / SECOND })),
    dose: story.dosePoints(at),
    given: story.medicines.map((each) => ({ at: each.at / SECOND, words: each.words })),
    alarms: [],
    state: story.state,
    state_words: story.state.charAt(0).toUpperCase() + story.state.slice(1),
    elapsed: since(story.startedAt, story.endedAt ?? at),
    observed: since(story.endedAt, at),
    tiles: story.tiles(at, (moment) => clock.format(moment / 1000)),
    amount: { given: amount.given, of: amount.of, rate: amount.rate, note: NOT_SHOWN },
    due: story.due(at),
    worst: worstOf(story, unit, (moment) => clock.format(moment / 1000)),
  };
}

function worstOf(story: Story, unit: (code: string) => string, clock: (moment: number) => string): DeviceValues["worst"] {
  const found = story.worst();
  if (!found) return { sign: story.isRead ? "none" : "not read yet", value: "–", limit: story.isRead ? "nothing nearer a limit than before" : "", beyond: false };
  const { seen, limit, beyond } = found;
  const words = [unit(seen.unit), `${beyond ? "beyond" : "limit"} ${boundOf(limit)}`, clock(seen.at)];
  return { sign: story.kept.labels[seen.sign] ?? seen.sign, value: seen.value, limit: words.filter(Boolean).join(", "), beyond };
}

function since(start: number | null, at: number): string {
  if (start === null || at < start) return "–";
  const seconds = Math.floor((at - start) / SECOND);
  const [hours, rest] = [Math.floor(seconds / 3600), seconds % 3600];
  const two = (count: number): string => String(count).padStart(2, "0");
  return hours ? `${hours}:${two(Math.floor(rest / 60))}:${two(rest % 60)}` : `${Math.floor(rest / 60)}:${two(rest % 60)}`;
}
