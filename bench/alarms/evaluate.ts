/* The evaluators of the bedside over infusions: one a line in, its calls a line out. The first line holds the limits. */
import { createInterface } from "node:readline";
import { type Call, breaches, type Limit, limitsAt, news, type Reading, type Sign } from "../../frontend/src/bedside/limits.ts";

interface Watch { during: Limit[]; after: Limit[]; during_signs: Sign[]; after_signs: Sign[]; units: Record<string, string>; dose: number }
interface Infusion { baseline: Record<string, string>; readings: [number, string, string][]; waits: number[] }

const SECOND = 1_000_000;
let watch: Watch | null = null;

function calls({ during, after, during_signs, after_signs, units, dose }: Watch, infusion: Infusion): [number, string, string][] {
  const reading = (sign: string, value: string): Reading => ({ sign, value, unit: units[sign] ?? "" });
  const baseline = Object.fromEntries(Object.entries(infusion.baseline).map(([sign, value]) => [sign, reading(sign, value)]));
  const last: Record<string, Reading> = {};
  const called: Record<string, { raised: number; seen: number }> = {};
  const found: [number, string, string][] = [];
  for (const [second, sign, value] of infusion.readings) {
    const now = reading(sign, value);
    const before = last[sign] ?? null;
    last[sign] = now;
    const limits = limitsAt(during, after, second * SECOND, 0, dose * SECOND);
    if (!limits.length || !breaches(limits, baseline, now).length) continue;
    const known: Record<string, Call> = Object.fromEntries(
      Object.entries(called).map(([name, each]) => [name, { raised_at: each.raised * SECOND, acknowledged_at: each.seen <= second ? each.seen * SECOND : null }]),
    );
    const signs = second < dose ? during_signs : after_signs;
    for (const each of news(limits, signs, { baseline, reading: now, measured_at: second * SECOND, before, calls: known })) {
      const name = each.limit.id;
      called[name] = { raised: second, seen: second + (infusion.waits[(second * 31 + name.length) % infusion.waits.length] ?? 0) };
      found.push([second, sign, name]);
    }
  }
  return found;
}

for await (const line of createInterface({ input: process.stdin })) {
  if (!watch) watch = JSON.parse(line) as Watch;
  else process.stdout.write(`${JSON.stringify(calls(watch, JSON.parse(line) as Infusion))}\n`);
}
