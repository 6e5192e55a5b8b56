/* Which limits a reading breaches, and when a breach is news: the twin of rulebook/limits.py and treat/rules/alarms.py.

   Values are decimals written as text. Moments are whole microseconds since 1970, exact in JavaScript's numbers until 2255. */
import { type Decimal, decimal } from "./decimal.ts";

export type Priority = "high" | "medium" | "low";
export type Test = "above" | "at_least" | "below" | "at_most" | "rise_above" | "fall_above";

export interface Reading { sign: string; value: string; unit: string }
export interface Limit extends Partial<Record<Test, string | null>> { id: string; sign: string; unit: string; priority: Priority; advise: string }
export interface Breach { limit: Limit; compared: Decimal; bound: Decimal }
export interface Call { raised_at: number; acknowledged_at: number | null }
export interface Sign { sign: string; every_minutes?: number | null; at_minutes?: number[]; grace_minutes: number }

/* A unit that cannot be turned into the wanted one: a reading that cannot be read is never silently fine. */
export class UnknownUnit extends Error {}

export const TESTS: Test[] = ["above", "at_least", "below", "at_most", "rise_above", "fall_above"];
export const MINUTE = 60_000_000;
const RANK: Record<Priority, number> = { high: 0, medium: 1, low: 2 };

/* UCUM spelling; what each measures and its size in that: the same table as kernel/units.py, which a test compares. */
export const UNITS: Record<string, [string, string]> = {
  "kg": ["kg", "1"], "g": ["kg", "0.001"], "[lb_av]": ["kg", "0.45359237"],
  "cm": ["cm", "1"], "m": ["cm", "100"], "[in_i]": ["cm", "2.54"],
  "mg": ["mg", "1"], "ug": ["mg", "0.001"],
  "mm[Hg]": ["mm[Hg]", "1"], "kPa": ["mm[Hg]", "7.500615758456564"],
  "/min": ["/min", "1"], "{beats}/min": ["/min", "1"],
  "%": ["%", "1"], "a": ["a", "1"], "min": ["min", "1"], "Cel": ["Cel", "1"], "{score}": ["{score}", "1"], "kg/m2": ["kg/m2", "1"],
  "ng/mL": ["ug/L", "1"], "ug/L": ["ug/L", "1"], "mg/L": ["ug/L", "1000"], "g/L": ["ug/L", "1000000"], "mg/dL": ["ug/L", "10000"], "g/dL": ["ug/L", "10000000"],
  "mmol/L": ["mmol/L", "1"], "umol/L": ["mmol/L", "0.001"], "U/L": ["U/L", "1"], "mU/L": ["U/L", "0.001"],
  "10*9/L": ["10*9/L", "1"], "mL/min/{1.73_m2}": ["mL/min/{1.73_m2}", "1"], "mL": ["mL", "1"], "L/min": ["L/min", "1"],
};

/* Return `value` of `unit` in `into`; throws UnknownUnit where the two do not measure the same thing. */
export function convert(value: Decimal, unit: string, into: string): Decimal {
  const [source, target] = [UNITS[unit], UNITS[into]];
  if (!source || !target || source[0] !== target[0]) throw new UnknownUnit(`A value in “${unit}” cannot be read as ${into}.`);
  return value.times(decimal(source[1])).over(decimal(target[1]));
}

/* Return the limits that `reading` breaches, the most urgent first, else in the order of the limits. */
export function breaches(limits: Limit[], baseline: Record<string, Reading>, reading: Reading): Breach[] {
  const found: Breach[] = [];
  for (const limit of limits) {
    if (limit.sign !== reading.sign) continue;
    const value = convert(decimal(reading.value), reading.unit, limit.unit);
    const first = baseline[limit.sign];
    const start = first ? convert(decimal(first.value), first.unit, limit.unit) : null;
    const breach = breachOf(limit, value, start);
    if (breach) found.push(breach);
  }
  return found.sort((one, other) => RANK[one.limit.priority] - RANK[other.limit.priority]);
}

/* Return the limits of a change that cannot be judged, because the baseline lacks their sign. */
export function unjudged(limits: Limit[], baseline: Record<string, Reading>): Limit[] {
  return limits.filter((limit) => isChange(testOf(limit)) && !(limit.sign in baseline));
}

/* Return the limits that hold at a moment: none before the start, then those of the dose, then those after it. */
export function limitsAt(during: Limit[], after: Limit[], measured: number, started: number | null, ended: number | null): Limit[] {
  if (started === null || measured < started) return [];
  return ended === null || measured < ended ? during : after;
}

/* Return the breaches of `reading` that call for someone now. `before` is the reading of the same sign just before it; `calls` the newest alarm of each limit. */
export function news(
  limits: Limit[],
  signs: Sign[],
  said: { baseline: Record<string, Reading>; reading: Reading; measured_at: number; before: Reading | null; calls: Record<string, Call> },
): Breach[] {
  const before = new Set(said.before ? breaches(limits, said.baseline, said.before).map((each) => each.limit.id) : []);
  return breaches(limits, said.baseline, said.reading).filter(({ limit }) => {
    const call = said.calls[limit.id];
    if (!call) return true;
    if (call.acknowledged_at === null) return false;
    return !before.has(limit.id) || said.measured_at - call.acknowledged_at >= intervalOf(signs, limit.sign);
  });
}

export function testOf(limit: Limit): Test {
  const test = TESTS.find((each) => limit[each] !== undefined && limit[each] !== null);
  if (!test) throw new RangeError(`“${limit.id}” has no test`);
  return test;
}

function isChange(test: Test): boolean {
  return test === "rise_above" || test === "fall_above";
}

function breachOf(limit: Limit, value: Decimal, start: Decimal | null): Breach | null {
  const test = testOf(limit);
  const bound = decimal(limit[test] ?? "");
  if (isChange(test)) {
    if (!start) return null;
    const change = test === "rise_above" ? value.minus(start) : start.minus(value);
    return change.compare(bound) > 0 ? { limit, compared: change, bound } : null;
  }
  const side = value.compare(bound);
  const beyond = test === "above" ? side > 0 : test === "at_least" ? side >= 0 : test === "below" ? side < 0 : side <= 0;
  return beyond ? { limit, compared: value, bound } : null;
}

/* The shortest interval at which a sign is read; where it is read at named minutes only, none is ever long enough. */
function intervalOf(signs: Sign[], name: string): number {
  const minutes = signs.filter((each) => each.sign === name && each.every_minutes).map((each) => each.every_minutes ?? 0);
  return minutes.length ? Math.min(...minutes) * MINUTE : Infinity;
}
