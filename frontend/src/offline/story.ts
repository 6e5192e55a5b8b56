/* The open session as the device knows it: what the server said last, and what was done here since. Pure: the same answer
   under node and in a browser. Moments are whole microseconds since 1970, as in the evaluators of bedside/. */
import { fallsShort, given } from "../bedside/amount.ts";
import { decimal } from "../bedside/decimal.ts";
import { due, isOverdue } from "../bedside/due.ts";
import { type Breach as LimitBreach, breaches, type Limit, limitsAt, MINUTE, type Reading, type Sign, testOf } from "../bedside/limits.ts";
import { worst, type Worst } from "../bedside/worst.ts";
import type { Act } from "./envelope.ts";

export interface KeptReading extends Reading { key: string; at: number }
export interface KeptMedicine { key: string; at: number; words: string }
export interface KeptPlan { drug: string; label: string; due_at: number; overdue_at: number }
export interface KeptStep { key: string; step: string; at: number; rate_ml_per_hour: string | null; drawn_ml?: string | null; part_mg?: string | null }
/* What is reckoned with; the page brings it along. */
export interface Told {
  session: string; state: string; steps: KeptStep[]; readings: KeptReading[];
  watch: Record<"during" | "after", { signs: Sign[]; limits: Limit[] }>;
  order: { dose_mg: string; volume_ml: string; concentration_mg_per_ml: string; rate_ml_per_hour: string } | null;
  labels: Record<string, string>; units: Record<string, string>; /* Not there in what was kept before these were. */
  medicines?: KeptMedicine[]; planned?: KeptPlan[];
}
/* What is kept on the device: with it the page of each state that can be reached. */
export interface Kept extends Told { pages: Record<string, string> }
export interface Tile { sign: string; value: string | null; when: string; change: string; stale: boolean; beyond?: boolean }
export interface Breach { reading: KeptReading; limit: Limit; bound: string; change: string | null }

/* What each step's form is called, and where the step leads. */
const STEPS: Record<string, string> = { pause: "paused", resume: "resumed", rate: "rate_changed", complete: "completed", stop: "stopped", recovery: "recovery", give: "given", syringe: "syringe_changed" };
const STATES: Record<string, string> = { given: "running", rate_raised: "running", syringe_changed: "paused", started: "running", resumed: "running", rate_changed: "running" };
const SECOND = 1_000_000;

/* What was done here, beside what the server knew. An act that the server has is not counted twice. */
export class Story {
  readonly kept: Told;
  readonly steps: KeptStep[];
  readonly readings: KeptReading[];
  /* Readings that the server has not judged. */
  readonly own: KeptReading[];
  readonly medicines: KeptMedicine[];
  /* What the order gives beside the dose, without what was given here meanwhile. */
  private readonly planned: KeptPlan[];

  constructor(kept: Told, acts: Act[]) {
    const known = new Set(kept.steps.map((step) => step.key));
    const fresh = acts.filter((act) => !known.has(act.key));
    this.kept = kept;
    this.steps = asBefore(byTime([...kept.steps, ...fresh.flatMap(stepOf)]));
    this.own = fresh.flatMap((act) => readingsOf(act, kept));
    const taken = fresh.filter((act) => act.kind === "medicine");
    const told = new Set((kept.medicines ?? []).map((each) => each.key));
    this.medicines = byTime([...(kept.medicines ?? []), ...taken.filter((act) => !told.has(act.key)).map((act) => ({ key: act.key, at: act.believed * 1000, words: act.words }))]);
    this.planned = (kept.planned ?? []).filter((plan) => !taken.some((act) => act.fields.some(([field, value]) => field === "medicine" && value === plan.drug)));
    const typed = new Set(kept.readings.map((each) => `${each.sign}@${each.at}`));
    this.readings = byTime([...kept.readings, ...this.own.filter((each) => !typed.has(`${each.sign}@${each.at}`))]);
  }

  get state(): string {
    const last = this.steps.at(-1)?.step ?? "";
    return STATES[last] ?? last;
  }

  get startedAt(): number | null {
    return this.last("started");
  }

  get endedAt(): number | null {
    return this.last("completed", "stopped");
  }

  /* The last reading of each sign before the start. */
  baseline(): Record<string, KeptReading> {
    const start = this.startedAt ?? Infinity;
    return Object.fromEntries(this.readings.filter((each) => each.at < start).map((each) => [each.sign, each]));
  }

  amount(at: number): { given: string; of: string; rate: string; short: boolean } {
    const order = this.kept.order;
    if (!order || this.startedAt === null) return { given: "–", of: order ? plain(order.dose_mg) : "–", rate: "–", short: false };
    const drawn = decimal(order.volume_ml);
    const soFar = given(this.steps, at, decimal(order.concentration_mg_per_ml), drawn);
    const runs = this.state === "running";
    return {
      given: tenth(String(soFar.dose_mg)),
      of: plain(order.dose_mg),
      rate: runs ? String(soFar.rate_ml_per_hour) : "0",
      short: runs && fallsShort(soFar, drawn, decimal(order.rate_ml_per_hour)),
    };
  }

  dosePoints(at: number): [number, number][] {
    const order = this.kept.order;
    const start = this.startedAt;
    if (!order || start === null) return [];
    const end = Math.min(at, this.endedAt ?? at);
    const moments = [...new Set([...this.steps.map((step) => step.at).filter((each) => each >= start && each <= end), end])];
    const [concentration, drawn] = [decimal(order.concentration_mg_per_ml), decimal(order.volume_ml)];
    return moments.sort((one, other) => one - other).map((each) => [each / SECOND, Number(String(given(this.steps, each, concentration, drawn).dose_mg))]);
  }

  due(at: number): { label: string; when: string; late: boolean }[] {
    const since = this.endedAt ?? this.startedAt;
    if (since === null) return [];
    const read: Record<string, number[]> = {};
    for (const each of this.readings) (read[each.sign] ??= []).push(each.at);
    const lines = new Map<string, { labels: string[]; due_at: number; overdue_at: number; late: boolean }>();
    for (const each of due(this.watched.signs, since, read)) {
      const line = lines.get(`${each.due_at}/${each.overdue_at}`) ?? { labels: [], due_at: each.due_at, overdue_at: each.overdue_at, late: isOverdue(each, at) };
      line.labels.push(each.sign.replaceAll("_", " "));
      lines.set(`${each.due_at}/${each.overdue_at}`, line);
    }
    for (const each of this.endedAt === null ? this.planned : []) lines.set(each.drug, { labels: [each.label], due_at: each.due_at, overdue_at: each.overdue_at, late: at >= each.overdue_at });
    return [...lines.values()].sort((one, other) => one.due_at - other.due_at).map((line) => ({ label: capital(line.labels.join(", ")), when: whenDue(line, at), late: line.late }));
  }

  tiles(at: number, clock: (moment: number) => string): Tile[] {
    const latest = Object.fromEntries(this.readings.map((each) => [each.sign, each]));
    const late = new Set(this.due(at).filter((each) => each.late).flatMap((each) => each.label.toLowerCase().split(", ")));
    const names = new Set([...this.watched.signs.map((each) => each.sign), ...Object.keys(latest)]);
    return [...names].map((sign) => {
      const reading = latest[sign];
      const stale = late.has(sign.replaceAll("_", " "));
      if (!reading) return { sign, value: null, when: "not read yet", change: "", stale: true };
      const beyond = this.breachesOf(reading)[0];
      const change = [this.change(reading), ...(beyond ? [`beyond ${boundOf(beyond.limit)}`] : [])].join(", ");
      return { sign, value: reading.value, when: stale ? `${clock(reading.at)}, late` : clock(reading.at), change, stale, beyond: beyond !== undefined };
    });
  }

  /* Which of the readings that the server has not judged go beyond a limit: the last of each sign, the most urgent first. */
  breaches(): Breach[] {
    const last = Object.values(Object.fromEntries(this.own.map((each) => [each.sign, each])));
    return last.flatMap((reading) => this.breachesOf(reading).map(({ limit, bound, compared }) => ({
      reading, limit, bound: String(bound), change: String(compared) === reading.value ? null : String(compared),
    })));
  }

  /* The worst reading since the start, each by the limits that held when it was measured. */
  worst(): Worst<KeptReading> | null {
    const { during, after } = this.kept.watch;
    const [dose, later] = [this.sinceStart.filter((each) => !this.isAfter(each)), this.sinceStart.filter((each) => this.isAfter(each))];
    return worst([[during.limits, dose], [after.limits, later]], this.baseline());
  }

  /* Whether anything was read since the start. */
  get isRead(): boolean {
    return this.sinceStart.length > 0;
  }

  get watched(): { signs: Sign[]; limits: Limit[] } {
    return this.endedAt === null ? this.kept.watch.during : this.kept.watch.after;
  }

  private get sinceStart(): KeptReading[] {
    const start = this.startedAt ?? Infinity;
    return this.readings.filter((each) => each.at >= start);
  }

  private isAfter(reading: KeptReading): boolean {
    return this.endedAt !== null && reading.at >= this.endedAt;
  }

  private breachesOf(reading: KeptReading): LimitBreach[] {
    const { during, after } = this.kept.watch;
    return breaches(limitsAt(during.limits, after.limits, reading.at, this.startedAt, this.endedAt), this.baseline(), reading);
  }

  private change(reading: KeptReading): string {
    const first = this.baseline()[reading.sign];
    if (!first || first.unit !== reading.unit) return "no baseline";
    if (first.key === reading.key) return "the baseline";
    const change = decimal(reading.value).minus(decimal(first.value));
    const side = change.compare(decimal("0"));
    if (side === 0) return "as at baseline";
    return `${side > 0 ? "▲ +" : "▼ −"}${String(change).replace("-", "")} from ${first.value}`;
  }

  private last(...steps: string[]): number | null {
    return this.steps.filter((each) => steps.includes(each.step)).at(-1)?.at ?? null;
  }
}

function stepOf(act: Act): KeptStep[] {
  const name = /\/(?:step\/)?([a-z_]+)\/$/.exec(act.address)?.[1] ?? "";
  const step = STEPS[name];
  if (!step) return [];
  const said = (name: string): string | null => numberOf(act.fields.find(([field]) => field === name)?.[1] ?? "");
  const flows = step === "resumed" || step === "rate_changed";
  return [{ key: act.key, step, at: act.believed * 1000, rate_ml_per_hour: flows ? said("rate") : null, drawn_ml: said("drawn_ml"), part_mg: said("part_mg") }];
}

/* A step that lets the pump run and names no rate goes on at the one before. */
function asBefore(steps: KeptStep[]): KeptStep[] {
  let before: string | null = null;
  return steps.map((each) => {
    const rate: string | null = each.rate_ml_per_hour ?? (each.step === "resumed" || each.step === "rate_changed" ? before : null);
    before = rate ?? before;
    return { ...each, rate_ml_per_hour: rate };
  });
}

function numberOf(words: string): string | null {
  const plainly = words.trim().replace(",", ".");
  return /^\d{1,6}(\.\d{1,3})?$/.test(plainly) ? plainly : null;
}

function readingsOf(act: Act, kept: Told): KeptReading[] {
  if (act.kind !== "reading") return [];
  const units: Record<string, string> = {};
  for (const each of [...kept.watch.during.signs, ...kept.watch.after.signs]) units[each.sign] = (each as Sign & { unit?: string }).unit ?? "";
  for (const each of kept.readings) units[each.sign] = each.unit;
  return act.fields
    .filter(([sign, value]) => sign in units && /^\d{1,4}([.,]\d{1,3})?$/.test(value.trim()))
    .map(([sign, value]) => ({ key: `${act.key}/${sign}`, sign, value: value.trim().replace(",", "."), unit: units[sign] ?? "", at: act.believed * 1000 }));
}

function byTime<Moment extends { at: number }>(rows: Moment[]): Moment[] {
  return rows.sort((one, other) => one.at - other.at);
}

function whenDue(line: { due_at: number; overdue_at: number }, at: number): string {
  const minutes = Math.floor(Math.abs(line.due_at - at) / MINUTE);
  const words = minutes === 1 ? "1 minute" : `${minutes} minutes`;
  if (at >= line.overdue_at) return `late by ${words}`;
  if (at >= line.due_at) return "now";
  return minutes ? `in ${words}` : "in less than a minute";
}

/* What a limit allows, as it is read: one on a change with its sign. */
export function boundOf(limit: Limit): string {
  const test = testOf(limit);
  return `${test === "rise_above" ? "+" : test === "fall_above" ? "−" : ""}${plain(limit[test] ?? "")}`;
}

function plain(value: string): string {
  return String(decimal(value));
}

function tenth(value: string): string {
  return (Math.round(Number(value) * 10) / 10).toFixed(1);
}

function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
